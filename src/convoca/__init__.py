"""Convoca: the server that a coalition runs."""

__version__ = "0.1.0"
