"""Tags of public pages, each with a version that grows when something it stands for changes."""

from django.db import models
from django.utils import timezone


class Tag(models.Model):
    """`campaign:7`, `organisation:3`, `text:12`, `site`: what a page shows."""

    name = models.CharField(max_length=80, primary_key=True)
    version = models.BigIntegerField(default=1)
    down = models.BigIntegerField(default=0)
    """The version at which it was last taken down: what was drawn before is shown to nobody."""
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"
