"""What comes round: kept places follow the table and the operator's file."""

from convoca.core.tick import every_day
from convoca.places.services import name_anew

every_day(name_anew)
