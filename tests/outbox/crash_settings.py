"""The product's own settings, with a lease short enough to see what follows a crash."""

from datetime import timedelta

from convoca.web.settings import *  # noqa: F403

OUTBOX_LEASE = timedelta(seconds=3)
