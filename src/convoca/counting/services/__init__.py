"""The verbs of counting, in one place for the apps above."""

from convoca.counting.services.claiming import Taken, forget_unsaid, take
from convoca.counting.services.deciding import keep_apart, link, undo
from convoca.counting.services.founding import found_actions
from convoca.counting.services.linking import Linked, link_new

__all__ = [
    "Linked",
    "Taken",
    "forget_unsaid",
    "found_actions",
    "keep_apart",
    "link",
    "link_new",
    "take",
    "undo",
]
