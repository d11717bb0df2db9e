"""The public site as files that any server can hold, with a signed list of them all."""
