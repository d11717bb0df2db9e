"""The work screens of texts, and the one public form."""
