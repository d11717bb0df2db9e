"""News for the apps above, each sent in the transaction in which it happened, with `action`."""

from django.dispatch import Signal

action_published = Signal()
"""The public reads it for the first time, or again."""
action_changed = Signal()
"""With `what`, a set of "words", "time", "place": a change that the public sees."""
action_cancelled = Signal()
action_hidden = Signal()
"""The public no longer reads it."""
something_to_tell = Signal()
"""With `telling`: `tasks` wakes a worker for it."""
