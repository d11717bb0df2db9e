"""Addresses of our own pages, whole, in a person's language: for mails and for the console."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation


def page(name: str, *args: str, language: str) -> str:
    """The whole address of the page of that name."""
    with translation.override(language):
        return f"{settings.CONFIG.url.rstrip('/')}{reverse(name, args=args)}"
