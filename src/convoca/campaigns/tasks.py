"""What comes round each day."""

from convoca.campaigns import services
from convoca.core.tick import every_day


@every_day
def forget_addresses() -> None:
    """Addresses of people who were invited go when nobody needs them any more."""
    services.forget_addresses()


@every_day
def lapse_waiting() -> None:
    """Who signed through a link and was not confirmed in time is forgotten."""
    services.lapse_waiting()


@every_day
def forget_materials() -> None:
    """Withdrawn files go when they can no longer come back."""
    services.forget_materials()
