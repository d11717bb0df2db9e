"""Requests to campaigns: reading, files, answering, work."""
