"""News of the outbox."""

from django.dispatch import Signal

something_waits = Signal()
"""A mail was written or fell due; `urgency` says which worker should look. In a transaction."""
