"""Start from a text: what `reading` finds in it and people confirm becomes a campaign's draft."""
