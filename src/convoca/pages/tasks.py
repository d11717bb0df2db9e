"""What comes round for kept pages."""

from convoca.core.tick import every_day, every_minute
from convoca.pages.services import copy_recent, store

KEPT_UNREAD = 30
"""Days after which a page that nobody has asked for leaves the file."""


@every_minute
def keep_up() -> None:
    """Copy what a crash or another host left behind, and empty the log of what has left."""
    copy_recent()
    kept = store()
    if kept is not None:
        kept.empty_log()


@every_day
def forget_unread() -> int:
    """Let go of pages that nobody asks for any more. Says how many."""
    kept, gone = store(), 0
    while kept is not None and (some := kept.forget_unread(KEPT_UNREAD)):
        gone += some
    return gone
