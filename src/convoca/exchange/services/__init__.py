"""The verbs of exchange, in one place for the apps above."""

from convoca.exchange.services.handing_in import (
    begin,
    hand_in,
    put_away,
    say_what_columns_mean,
    take_up_again,
)
from convoca.exchange.services.importing import Report, import_list, remembered

__all__ = [
    "Report",
    "begin",
    "hand_in",
    "import_list",
    "put_away",
    "remembered",
    "say_what_columns_mean",
    "take_up_again",
]
