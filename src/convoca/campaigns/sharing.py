"""Links that open a reader's own programs with a text; nothing is loaded before a tap."""

from urllib.parse import quote

from django.utils.translation import gettext as _


def links_to_share(*, title: str, text: str, url: str) -> list[tuple[str, str]]:
    """Label and address of each; `text` holds the address of the page already."""
    subject, words = quote(title, safe=""), quote(text, safe="")
    return [
        (_("By mail"), f"mailto:?subject={subject}&body={words}"),
        (_("As a text message"), f"sms:?&body={words}"),
        ("WhatsApp", f"https://wa.me/?text={words}"),
        ("Telegram", f"https://t.me/share/url?url={quote(url, safe='')}&text={subject}"),
    ]
