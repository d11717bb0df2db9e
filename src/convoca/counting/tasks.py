"""What comes round: hosts are asked how it went."""

from convoca.core.tick import every_minute
from convoca.counting.services import reporting
from convoca.outbox import pace


@every_minute
def ask_how_it_went() -> None:
    """The evening after, and three times more while there is no report."""
    may_go_on = pace.for_seconds(5)
    reporting.expect_reports()
    while may_go_on() and reporting.ask_next():
        pass
