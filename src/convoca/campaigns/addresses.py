"""Whole addresses for mails, calendars and previews."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation


def root() -> str:
    """The site's own address, without a slash at its end."""
    return str(settings.CONFIG.url).rstrip("/")


def link_to(name: str, *args: object, language: str | None = None) -> str:
    """The whole address of a page, in this language (else the active one)."""
    with translation.override(interface_language(language)):
        return f"{root()}{reverse(name, args=args)}"


def interface_language(tag: str | None) -> str:
    """The nearest language that has an interface."""
    try:
        return translation.get_supported_language_variant(tag or translation.get_language() or "")
    except LookupError:
        return str(settings.LANGUAGE_CODE)
