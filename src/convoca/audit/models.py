"""Who did what, for whom. Rows are added and never changed; each minute's are sealed in a chain."""

import hashlib
import json
from datetime import datetime
from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class AppendOnly(Exception):
    """An audit row was about to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet["Entry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def about(self, thing: models.Model) -> "AppendOnlyQuerySet":
        """What happened to one object, newest first."""
        return self.filter(about_type=thing._meta.label_lower, about_id=str(thing.pk)).order_by(
            "-pk"
        )


class Entry(models.Model):
    """One thing that somebody did. No foreign keys: it must outlive what it speaks of."""

    at = models.DateTimeField(default=timezone.now)
    event = models.CharField(max_length=60)
    person_id = models.BigIntegerField(null=True, blank=True)
    mandate_id = models.BigIntegerField(null=True, blank=True)
    for_whom = models.CharField(max_length=200, blank=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    about_words = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["about_type", "about_id"], name="audit_by_object"),
            models.Index(fields=["person_id", "-id"], name="audit_by_person"),
            models.Index(fields=["event", "-id"], name="audit_by_event"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.about_words}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly
        self.digest = self.right_digest()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def right_digest(self) -> str:
        """SHA-256 over the row's fields as canonical JSON; `digest` must equal it."""
        row = [
            _instant(self.at),
            self.event,
            self.person_id,
            self.mandate_id,
            self.for_whom,
            self.about_type,
            self.about_id,
            self.about_words,
            self.details,
        ]
        text = json.dumps(row, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
        return hashlib.sha256(text.encode()).hexdigest()


class Seal(models.Model):
    """A link of the chain: the hash over one minute's rows and the link before.

    `digests` keeps each row's digest, so that a broken link can name its row. When rows pass
    their age, they go and the seals stay: the chain still holds.
    """

    first_entry = models.BigIntegerField()
    last_entry = models.BigIntegerField(unique=True)
    sealed_at = models.DateTimeField(default=timezone.now)
    previous = models.CharField(max_length=64)
    digests = models.JSONField(default=dict)
    pruned = models.BooleanField(default=False)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.first_entry}–{self.last_entry} {self.hash[:12]}"

    def right_hash(self) -> str:
        """SHA-256 over the link before and each row's number and digest."""
        row = [self.previous, self.first_entry, self.last_entry, _instant(self.sealed_at)]
        text = json.dumps([*row, self.digests], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _instant(at: datetime) -> str:
    return at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")
