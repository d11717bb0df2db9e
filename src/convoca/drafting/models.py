"""Texts that were handed in to be read, and what people have said of what was found in them."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from convoca.accounts.models import Person
from convoca.campaigns.models import Campaign
from convoca.core.access import Visitor
from convoca.core.codes import public_code
from convoca.core.languages import direction
from convoca.network.models import Organisation
from convoca.network.rules import is_steward

KEPT = timedelta(days=30)
"""How long a text is kept after somebody last worked at it."""


class ReadTextQuerySet(models.QuerySet["ReadText"]):
    def visible_to(self, visitor: Visitor) -> Self:
        """One's own; stewards see all, as they see all drafts of campaigns."""
        if is_steward(visitor):
            return self.all()
        if not isinstance(visitor, Person):
            return self.none()
        return self.filter(kept_by=visitor)

    def waiting(self) -> Self:
        """Those of which nothing has been made yet."""
        return self.filter(used_at=None)

    def old(self) -> Self:
        return self.filter(changed_at__lt=timezone.now() - KEPT)


class ReadText(models.Model):
    """A text between its reading and the campaign that is made of it.

    `facts` and `items` are what was found, as people have left it so far (`found`). Once it is
    used, its words and all that was found are gone, and the row says only what became of it.
    """

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    name = models.CharField(max_length=200, blank=True)
    """Of the file; empty where the text was pasted."""
    text = models.TextField()
    received_on = models.DateField()
    facts = models.JSONField(default=dict)
    items = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    like = models.ForeignKey(Campaign, models.SET_NULL, null=True, blank=True, related_name="+")
    """The campaign whose call it seems to be in another language."""
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)

    objects = ReadTextQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(text=""), name="a_used_text_is_forgotten"
            )
        ]

    def __str__(self) -> str:
        return str(self.facts.get("title") or self.name or self.code)

    @property
    def language(self) -> str:
        return str(self.facts.get("language") or "")

    @property
    def dir(self) -> str:
        return direction(self.language) if self.language else "auto"

    @property
    def kind(self) -> str:
        return str(self.facts.get("kind") or "")

    @property
    def issued_on(self) -> date | None:
        """The day that the text gives itself, where it gives a whole one."""
        try:
            return date.fromisoformat(str(self.facts.get("issued") or ""))
        except ValueError:
            return None

    @property
    def forgotten_at(self) -> datetime:
        return self.changed_at + KEPT

    def of(self, group: str) -> list[dict[str, Any]]:
        """The items of one group, in the order of the text, added ones last."""
        return [item for item in self.items if item["group"] == group]


class Named(models.Model):
    """An organisation that a campaign's text names, until somebody has asked it or let it be.

    Nothing is sent from here by itself: a person opens the list and writes to each.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="named")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The member that it is, or what was made of it for an invitation."""
    name = models.CharField(max_length=200)
    acronym = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=35)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="named_once_in_a_campaign")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    @property
    def is_known(self) -> bool:
        """Whether it is a member, who can be asked to endorse."""
        return self.organisation is not None and self.organisation.is_member
