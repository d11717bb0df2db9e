"""The places of an action: what is true, and what may be shown of it."""

from typing import Any

from django.db import models
from django.db.models import Q

from convoca.actions.models.action import COUNTED
from convoca.places.models import Place


class Stop(models.Model):
    """One place of an action: most have one; a route has several, with times.

    `venue`, `street` and the pin are what is true; what may be shown of them is in the columns
    `shown_…`, which lists, maps, feeds and searches read and which a hidden address never enters.
    """

    action = models.ForeignKey(
        "actions.Action", models.CASCADE, related_name="stops", db_index=False
    )
    number = models.PositiveSmallIntegerField(default=0)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    venue = models.CharField(max_length=200, blank=True)
    venue_too = models.CharField(max_length=200, blank=True)
    """The same in a second script, as it is written on the spot."""
    street = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    clock = models.TimeField(null=True, blank=True)
    """When a route comes by here."""
    country = models.CharField(max_length=2, editable=False)
    shown_latitude = models.FloatField(null=True, editable=False)
    shown_longitude = models.FloatField(null=True, editable=False)
    shown_venue = models.CharField(max_length=200, blank=True, editable=False)
    shown_street = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["action", "number"]
        constraints = [
            models.UniqueConstraint(fields=["action", "number"], name="one_stop_a_number"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="a_stop_is_on_the_globe",
            ),
        ]
        # What one of these begins with has no index of its own: lists write thousands of rows.
        indexes = [
            models.Index(fields=["country", "action"], name="stops_by_country"),
            models.Index(fields=["place", "action"], name="stops_by_town"),
            models.Index(fields=["shown_latitude", "shown_longitude"], name="stops_by_position"),
        ]

    def __str__(self) -> str:
        return str(self.place)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.show_what_may_be_shown()
        super().save(*args, **kwargs)

    def page_tags(self) -> list[str]:
        return [f"action:{self.action_id}", "actions", COUNTED]

    def show_what_may_be_shown(self) -> None:
        """Derive the shown columns; a hidden address shows its town's middle, whatever the pin."""
        open_to_all = not self.action.hides_address
        has_pin = open_to_all and self.latitude is not None
        self.country = self.place.country
        self.shown_latitude = self.latitude if has_pin else self.place.latitude
        self.shown_longitude = self.longitude if has_pin else self.place.longitude
        self.shown_venue = self.venue if open_to_all else ""
        self.shown_street = self.street if open_to_all else ""
