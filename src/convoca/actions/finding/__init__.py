"""Finding actions: one filtered set that list, map, calendar, feeds and embeds share."""

from convoca.actions.finding.wanted import Figures, Wanted

__all__ = ["Figures", "Wanted"]
