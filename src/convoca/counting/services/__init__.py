"""The verbs of counting, in one place for the apps above."""

from convoca.counting.services.claiming import Taken, forget_unsaid, take
from convoca.counting.services.deciding import link, undo
from convoca.counting.services.foreseeing import foresee
from convoca.counting.services.founding import found_actions
from convoca.counting.services.linking import Linked, link_new
from convoca.counting.services.publishing import publish_totals
from convoca.counting.services.showing import show_totals

__all__ = [
    "Linked",
    "Taken",
    "foresee",
    "forget_unsaid",
    "found_actions",
    "link",
    "link_new",
    "publish_totals",
    "show_totals",
    "take",
    "undo",
]
