"""Convoca's settings, with the address of `_ready`."""

from convoca.web.settings import *  # noqa: F403  settings are a module

ROOT_URLCONF = "bench._ready"
