"""Tags of public pages, each with a version that grows when something it stands for changes."""

from django.db import models


class Tag(models.Model):
    """`campaign:7`, `organisation:3`, `text:12`, `site`: what a page shows."""

    name = models.CharField(max_length=80, primary_key=True)
    version = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"
