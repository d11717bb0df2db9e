"""What a copy of the public site is told of it: every address, the door, whom to write to."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils import translation

from convoca.core.languages import UI_LANGUAGES, autonym, direction
from convoca.media import store as media
from convoca.network.models import Network
from convoca.pages.mirror.site import Site, tell
from convoca.web.context import PageLanguage
from convoca.web.context import Site as Shown
from convoca.web.sitemaps import SITEMAPS, TAGS


def addresses() -> Iterator[str]:
    """The path of every public page, as sitemap.xml has them."""
    for kind in SITEMAPS.values():
        pages = kind()
        for item in pages.items():
            if not pages.i18n:
                yield str(pages.location(item))
                continue
            for language in pages.get_languages_for_item(item):
                with translation.override(language):
                    yield str(pages.location(item))


def door() -> str:
    """`/` where nobody knows what a reader's browser asks for: the languages, to choose."""
    network = Network.load()
    tags = [tag for tag in network.languages if tag in UI_LANGUAGES] or ["en"]
    languages = [PageLanguage(tag, autonym(tag), direction(tag), f"/{tag}/") for tag in tags]
    with translation.override(tags[0]):
        context = {"site": Shown(None), "languages": languages}
        return render_to_string("web/door.html", context)


def mail() -> str:
    return Network.load().imprint_mail


tell(Site(addresses, TAGS, door, mail, media.path))
