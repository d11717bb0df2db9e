"""The index of the one search, which holds what readers may find: names and texts, never people.
And what stewards have taken down by its address.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class SearchEntry(models.Model):
    """The words of one object in one language, folded; `kind` and `object_id` say which.

    Whether somebody may see the object is asked of its own queryset when it is found.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    language = models.CharField(max_length=35, blank=True)
    title = models.TextField()
    words = models.TextField()

    objects: ClassVar[models.Manager["SearchEntry"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "language"], name="one_entry_for_each_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.language}"


class Removal(models.Model):
    """Something that a steward took out of everybody's sight, and what brings it back."""

    class Kind(models.TextChoices):
        ACTION = "action"
        CAMPAIGN = "campaign"
        TRANSLATION = "translation"
        ABOUT = "about"
        FILE = "file"
        COPIES = "copies"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    of = models.CharField(max_length=60)
    """Its code, number or name of file."""
    name = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    under = models.ForeignKey("network.Mandate", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    back = models.JSONField(default=dict)
    """Where it was shown, to put it there again."""
    undone_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Removal"]] = models.Manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="removals_by_time")]

    def __str__(self) -> str:
        return self.name
