"""Places that something here uses: a committee, later an action. All others stay in the table."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.functional import cached_property
from django.utils.translation import get_language

from convoca.places import names


class Place(models.Model):
    """A town, village or quarter. Kept as the table had it when it was first used."""

    geonames_id = models.PositiveBigIntegerField(unique=True, null=True, blank=True)
    name = models.CharField(max_length=200)
    region = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True, db_index=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    zone = models.CharField(max_length=64)
    population = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__gte=-90, latitude__lte=90), name="latitude_on_the_globe"
            ),
            models.CheckConstraint(
                condition=Q(longitude__gte=-180, longitude__lte=180), name="longitude_on_the_globe"
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(country=Upper("country")),
                name="country_by_two_capitals",
            ),
        ]
        indexes = [
            models.Index(fields=["latitude", "longitude"], name="place_by_position"),
        ]
        ordering = ["name", "region", "pk"]

    def __str__(self) -> str:
        """The name with its country in the reader's language: "Asunción, Paraguay"."""
        return names.in_full(self.name, self.country_name)

    @property
    def country_name(self) -> str:
        return names.country_name(self.country, get_language() or "en")

    @cached_property
    def in_full(self) -> str:
        """With its region, to tell it from its namesakes: "San José, California, United States"."""
        return names.in_full(self.name, self.region, self.country_name)

    def page_tags(self) -> list[str]:
        return [f"place:{self.pk}", "places"]
