"""News for the worker."""

from django.dispatch import Signal

list_waits = Signal()
"""A list is to be taken in. Sent in the transaction that says so."""
