"""A text in its source language, and its published versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from convoca.core.codes import public_code
from convoca.core.fold import fold
from convoca.core.languages import direction
from convoca.core.names import Names
from convoca.texts import registry
from convoca.texts.digests import digest

MOST_CHARACTERS = 200_000
MOST_PARAGRAPHS = 1_000
MOST_IN_ONE = 20_000
TITLE = 0
"""The key of the title, which is the first row of every translation."""


@dataclass(frozen=True)
class Source:
    """One paragraph of a source version, or its title (key 0)."""

    key: int
    body: str

    @cached_property
    def digest(self) -> str:
        return digest(self.body)

    @property
    def is_title(self) -> bool:
        return self.key == TITLE


class TextQuerySet(models.QuerySet["Text"]):
    def with_owners(self) -> Self:
        """Each text's current version and owner, in the same query."""
        return self.select_related("current", *registry.accessors())

    def listed(self) -> Self:
        """The same for lists: without the words of the texts, which may be long."""
        return self.with_owners().defer("draft", "current__paragraphs")

    def translatable(self) -> Self:
        """Texts with a published version whose owner still runs."""
        return self.filter(current__isnull=False, closed_at=None)

    def titled(self, words: str) -> Self:
        """Texts whose title, in any language, holds all these words."""
        found = self
        for word in fold(words).split():
            found = found.filter(search__contains=word)
        return found

    def from_languages(self, tags: list[str]) -> Self:
        """Texts written in one of these languages, or a regional form of one."""
        wanted = Q(pk__in=[])
        for tag in tags:
            wanted |= Q(source_language=tag) | Q(source_language__startswith=f"{tag}-")
        return self.filter(wanted)


class Text(models.Model):
    """What members write for readers, in the language it was first written in."""

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    source_language = models.CharField(max_length=35)
    authoritative_language = models.CharField(max_length=35, blank=True)
    draft = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    draft_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    draft_hand = models.CharField(max_length=16, blank=True)
    draft_at = models.DateTimeField(null=True, blank=True)
    current = models.ForeignKey(
        "texts.Version", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_revision = models.PositiveIntegerField(default=0)
    next_key = models.PositiveIntegerField(default=1)
    owner_kind = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200, blank=True)
    search = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = TextQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["source_language", "id"], name="texts_by_language"),
            models.Index(fields=["owner_kind", "id"], name="texts_by_owner_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source_language=""), name="a_text_has_a_source_language"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.code

    def page_tags(self) -> list[str]:
        """Its own, and that of lists of texts; owners' pages carry it too."""
        return [f"text:{self.code}", "texts"]

    @property
    def dir(self) -> str:
        return direction(self.source_language)

    @property
    def kind(self) -> registry.TextOwner | None:
        return registry.kind_of(self)

    @property
    def owner(self) -> Any:
        """What holds this text, or None while nothing does."""
        kind = self.kind
        return kind.of(self) if kind else None

    @property
    def names(self) -> Names:
        """The owner's title in every language it has."""
        kind, owner = self.kind, self.owner
        return kind.title(owner) if kind and owner is not None else Names()

    @property
    def has_unpublished_changes(self) -> bool:
        """Whether the working draft differs from what readers have."""
        return self.revision != self.published_revision

    def sources(self) -> list[Source]:
        """What translations are made of: the title, then the current version's paragraphs."""
        title = [Source(TITLE, self.title)] if self.title else []
        return title + (self.current.sources() if self.current else [])

    def address_in(self, language: str, chosen: Mapping[str, str] | None = None) -> str:
        """Where readers of this language find the text; empty while nothing holds it. `chosen`
        are the network's fallbacks, where the caller has them already."""
        kind, owner = self.kind, self.owner
        if kind is None or owner is None:
            return ""
        return kind.address(owner, language, registry.interface_language(language, chosen))

    @property
    def desk(self) -> str:
        """Where editors work on what holds the text; empty where that is the text itself."""
        kind, owner = self.kind, self.owner
        return kind.desk(owner) if kind and kind.desk and owner is not None else ""

    @property
    def is_public(self) -> bool:
        """Whether strangers may read what holds the text."""
        kind, owner = self.kind, self.owner
        return bool(kind and owner is not None and kind.is_public(owner))


class Version(models.Model):
    """What readers of the source language were given at one time. Never changed."""

    text = models.ForeignKey(Text, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    paragraphs = models.JSONField(default=list)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="one_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.text} · {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise ImproperlyConfigured("A published version is never changed.")
        super().save(*args, **kwargs)

    def sources(self) -> list[Source]:
        """The paragraphs with the keys they keep from version to version."""
        return [Source(int(part["key"]), str(part["body"])) for part in self.paragraphs]

    @property
    def markdown(self) -> str:
        return "\n\n".join(part["body"] for part in self.paragraphs)
