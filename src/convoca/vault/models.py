"""Rows about people: sealed, with the day on which they are deleted, which people were told."""

from collections.abc import Collection, Iterable
from typing import Any, Self, TypeVar

from django.db import models
from django.utils import timezone

from convoca.core.codes import uuid7
from convoca.vault.fields import SealedField, Stored
from convoca.vault.keyring import week_of

R = TypeVar("R", bound=models.Model)


class SealedQuerySet(models.QuerySet[R]):
    """What decides about the key is changed row by row (`services.reseal`), never by `update`."""

    def update(self, **kwargs: Any) -> int:
        if wrong := {"scope", "delete_on", "id", "pk"} & set(kwargs):
            raise TypeError(f"{', '.join(wrong)}: sealed rows change this with vault.reseal")
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]


class SealedRow(models.Model):
    """Something that a person gave us. Its sealed fields open with the key of `scope` and the
    week of `delete_on`; the row ends on that day, and its key with the week at the latest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scope = models.CharField(max_length=40)
    """Whose key: `campaign:k7mq02xd`. Two scopes cannot be joined."""
    delete_on = models.DateField(db_index=True)
    """The day (UTC) that people were told: on it, the row is deleted."""

    _stored_under: tuple[str, str] | None = None

    objects = SealedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; where the key is another one now, everything sealed is sealed anew."""
        if not self._state.adding and self.key_name != self.stored_under:
            names = [field.attname for field in self.sealed_fields()]
            for name in names:
                getattr(self, name)
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "scope", "delete_on", *names}
        super().save(*args, **kwargs)
        self._stored_under = self.key_name

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any
    ) -> Self:
        row = super().from_db(db, field_names, values, **more)
        if "scope" in row.__dict__ and "delete_on" in row.__dict__:
            row._stored_under = row.key_name
            for value in row.__dict__.values():
                if isinstance(value, Stored):
                    value.under = row._stored_under
        return row

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Any] | None = None,
    ) -> None:
        names = list(fields) if fields is not None else None
        super().refresh_from_db(using=using, fields=names, from_queryset=from_queryset)
        if names is None or {"scope", "delete_on"} <= set(names):
            self._stored_under = self.key_name

    @property
    def key_name(self) -> tuple[str, str]:
        """Scope and week of the key that this row needs as it stands here."""
        return self.scope, week_of(self.delete_on)

    @property
    def stored_under(self) -> tuple[str, str]:
        """Scope and week of the key that opens what the database holds."""
        return self._stored_under or self.key_name

    @classmethod
    def sealed_fields(cls) -> list[SealedField]:
        return [field for field in cls._meta.concrete_fields if isinstance(field, SealedField)]


class Purge(models.Model):
    """That what had come to its day was deleted, in numbers; kept as long as the trail."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    day = models.DateField()
    """What was told to end on this day or before was due."""
    keys = models.PositiveIntegerField()
    due = models.PositiveIntegerField()
    deleted = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    """More than a day past the day that was told."""
    counts = models.JSONField(default=dict)
    """Of each kind of row that was due: due, deleted, late."""

    def __str__(self) -> str:
        return f"{self.day}: {self.deleted} of {self.due}"
