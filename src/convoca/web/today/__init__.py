"""Today: what waits for a person, what is late, and what happened since yesterday."""
