"""What comes round each day: old codes, windows and sessions go; who left is erased in time."""

from convoca.accounts import limits, services
from convoca.core.tick import every_day, every_minute


@every_minute
def sweep_limits() -> None:
    """Forget tries whose window is over."""
    limits.sweep()


@every_day
def sweep_accounts() -> None:
    """Delete what ended: codes, links and sessions; erase who left 30 days ago."""
    services.sweep_codes()
    services.sweep_sessions()
    services.sweep_devices()
    services.erase_who_left()
