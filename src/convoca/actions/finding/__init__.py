"""Finding actions: one filtered set that list, map, calendar, feeds and embeds share."""

from convoca.actions.finding.wanted import ASKED, ASKED_ALONE, Figures, Wanted

__all__ = ["ASKED", "ASKED_ALONE", "Figures", "Wanted"]
