"""Files that members give us, as we keep them: re-drawn or checked, named by their content."""

import builtins
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone

from convoca.media import store


class Kept(models.Model):
    """One file of ours. Rows that nothing refers to are deleted 30 days later, files with them."""

    file = models.CharField(max_length=60)
    """The name under which it is kept and served: a hash of its content, and its kind."""
    sha256 = models.CharField(max_length=64, db_index=True)
    bytes = models.PositiveBigIntegerField()
    kept_at = models.DateTimeField(default=timezone.now)
    kept_by = models.BigIntegerField(null=True, blank=True)
    """The person's number; no foreign key, because pictures outlive accounts."""
    unused_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file

    @property
    def files(self) -> set[str]:
        """Every file that this row needs."""
        return {self.file}

    def content(self) -> builtins.bytes:
        """The file itself."""
        return store.read(self.file)


class Picture(Kept):
    """A picture drawn anew by us in several sizes, without anything that a camera wrote into it."""

    alt = models.CharField(max_length=300, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sizes = models.JSONField(default=dict)
    """For each size its file, width, height and bytes."""

    @property
    def files(self) -> set[str]:
        return {self.file, *(size["file"] for size in self.sizes.values())}

    def size(self, name: str) -> dict[str, Any]:
        """The file, width and height of one size: small, medium, wide or full."""
        found: dict[str, Any] = self.sizes[name]
        return found

    def url(self, name: str = "wide") -> str:
        """The address of one size."""
        return reverse("media:file", args=[self.size(name)["file"]])

    @property
    def small_url(self) -> str:
        return self.url("small")

    @property
    def wide_url(self) -> str:
        return self.url("wide")

    @property
    def srcset(self) -> str:
        """Every size with its width, for the attribute of that name."""
        by_width = {size["width"]: size["file"] for size in self.sizes.values()}
        return ", ".join(
            f"{reverse('media:file', args=[file])} {width}w"
            for width, file in sorted(by_width.items())
        )


class Recording(Kept):
    """A short recording of sound, without the words and places that a device wrote into it."""

    kind = models.CharField(max_length=20)
    """What it is served as, from our table: `audio/ogg` and so on."""
    seconds = models.FloatField(null=True, blank=True)
    """How long it plays, where the file says so."""

    @property
    def url(self) -> str:
        return reverse("media:file", args=[self.file])


class Document(Kept):
    """A PDF or a plain text that was checked; it is always downloaded, never shown by us."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    """What the file is called when somebody downloads it."""

    @property
    def url(self) -> str:
        return reverse("media:file", args=[self.file])
