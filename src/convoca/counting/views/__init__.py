"""What the public reads of what is counted, and what members do with it."""
