"""Texts and their versions; translations, paragraph by paragraph; what readers suggest."""

from convoca.texts.models.suggestion import Suggestion
from convoca.texts.models.text import MOST_CHARACTERS, MOST_PARAGRAPHS, Source, Text, Version
from convoca.texts.models.translation import CLAIM_LASTS, RESTORABLE, Paragraph, Translation

__all__ = [
    "CLAIM_LASTS",
    "MOST_CHARACTERS",
    "MOST_PARAGRAPHS",
    "RESTORABLE",
    "Paragraph",
    "Source",
    "Suggestion",
    "Text",
    "Translation",
    "Version",
]
