"""News of the vault."""

from django.dispatch import Signal

about_to_purge = Signal()
"""Sent with `rows` (up to 500, of the model that is the sender) in the transaction that deletes
them: the last moment to keep a count. Their keys are gone: only what is not sealed can be read."""
