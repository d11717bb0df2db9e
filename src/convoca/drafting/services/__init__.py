"""The verbs of drafting, in one place."""

from convoca.drafting.services.accepting import accept, accept_as_translation
from convoca.drafting.services.keeping import drop, keep, read_again, save
from convoca.drafting.services.naming import ask_members, let_be, prepare_invitation

__all__ = [
    "accept",
    "accept_as_translation",
    "ask_members",
    "drop",
    "keep",
    "let_be",
    "prepare_invitation",
    "read_again",
    "save",
]
