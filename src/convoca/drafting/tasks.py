"""What comes round for texts that were read."""

from convoca.core.tick import every_day
from convoca.drafting import services

every_day(services.forget_old)
