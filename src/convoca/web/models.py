"""The index of the one search. It holds what readers may find: names and texts, never people."""

from typing import ClassVar

from django.db import models


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
