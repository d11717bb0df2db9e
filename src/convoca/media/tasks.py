"""What comes round for kept files."""

from convoca.core.tick import every_day
from convoca.media.services import sweep

every_day(sweep)
