"""A spreadsheet of members between its preview and its import."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Spreadsheet(models.Model):
    """What a steward uploaded; its text is forgotten after a day or once it is imported."""

    name = models.CharField(max_length=200)
    text = models.TextField()
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)
    imported_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
