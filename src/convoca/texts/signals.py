"""News of texts."""

from django.dispatch import Signal

version_published = Signal()
"""Sent with `text` and `version`, inside the transaction that published it."""

translation_published = Signal()
"""Sent with `translation`, inside the transaction that published it."""
