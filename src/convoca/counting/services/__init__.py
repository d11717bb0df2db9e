"""The verbs of counting, in one place for the apps above."""

from convoca.counting.services.claiming import Taken, forget_unsaid, take
from convoca.counting.services.deciding import keep_apart, link, undo
from convoca.counting.services.founding import found_actions

__all__ = ["Taken", "forget_unsaid", "found_actions", "keep_apart", "link", "take", "undo"]
