"""How many actions and people there were, as far as is known: each action once, as a range."""

from convoca.counting.tally.computing import Tally, total, totals_by
from convoca.counting.tally.reading import read
from convoca.counting.tally.rows import Counted, Figure, Ledger, Said, Voice

__all__ = [
    "Counted",
    "Figure",
    "Ledger",
    "Said",
    "Tally",
    "Voice",
    "read",
    "total",
    "totals_by",
]
