"""News for the apps above."""

from django.dispatch import Signal

campaign_published = Signal()
"""Sent with `campaign`, in the transaction that published it."""

campaign_withdrawn = Signal()
"""Sent with `campaign` when the public no longer reads it."""

endorsement_given = Signal()
"""Sent with `endorsement` when it counts for the first time."""

endorsement_withdrawn = Signal()
"""Sent with `endorsement`."""
