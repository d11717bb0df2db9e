"""Tasks and what comes round: they only say "look", the rows are the truth."""
