"""Photos of an action, as its hosts send them with their report."""

from typing import Self

from django.db import models
from django.utils import timezone

from convoca.counting.models.report import Report
from convoca.media.models import Picture

MOST_PHOTOS = 10


class PhotoQuerySet(models.QuerySet["Photo"]):
    def kept(self) -> Self:
        """Not those that a steward has taken down: what its host sees."""
        return self.filter(picture__isnull=False).select_related("picture")

    def shown(self) -> Self:
        """What everybody sees."""
        return self.kept().filter(hidden_at=None)


class Photo(models.Model):
    """One photo of a report. Its host says what can be seen on it, may cut it or take it away."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="photos")
    picture = models.ForeignKey(Picture, models.SET_NULL, null=True, related_name="+")
    sent_as = models.CharField(max_length=64)
    """The hash of what was sent, as drawn anew: the same sent twice is one photo."""
    hidden_at = models.DateTimeField(null=True, blank=True)
    """Since when a moderator lets nobody see it."""
    sent_at = models.DateTimeField(default=timezone.now)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "sent_as"], name="a_photo_is_sent_once")
        ]

    def __str__(self) -> str:
        return self.picture.alt if self.picture is not None else ""

    def page_tags(self) -> list[str]:
        return self.report.page_tags()
