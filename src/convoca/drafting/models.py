"""Texts that were handed in to be read, and what people have said of what was found in them."""

from datetime import date, timedelta
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
from convoca.vault.fields import SealedField, SealedJSONField
from convoca.vault.keyring import today
from convoca.vault.models import SealedQuerySet, SealedRow

KEPT = timedelta(days=30)
"""How long a text is kept after somebody last worked at it."""


def kept_until() -> date:
    """The day on which a text is deleted that somebody works at now."""
    return today() + KEPT


class ReadTextQuerySet(SealedQuerySet["ReadText"]):
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


class ReadText(SealedRow):
    """A text between its reading and the campaign that is made of it, sealed by a key of its own.

    `facts` and `items` are what was found, as people have left it so far (`found`). Once it is
    used, its words and all that was found are gone, and the row says only what became of it.
    """

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    delete_on = models.DateField(db_index=True, default=kept_until)
    name = SealedField()
    """Of the file; empty where the text was pasted."""
    text = SealedField()
    received_on = models.DateField()
    facts: Any = SealedJSONField(default=dict)
    items: Any = SealedJSONField(default=list)
    notes: Any = SealedJSONField(default=list)
    like = models.ForeignKey(Campaign, models.SET_NULL, null=True, blank=True, related_name="+")
    """The campaign whose call it seems to be in another language."""
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)

    objects = ReadTextQuerySet.as_manager()  # type: ignore[misc]  # narrower than the base's

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(text=""), name="a_used_text_is_forgotten"
            )
        ]

    def __str__(self) -> str:
        return self._fact("title") or self.name or self.code

    @property
    def trail_words(self) -> str:
        """The trail keeps nothing of a text."""
        return self.code

    @property
    def language(self) -> str:
        return self._fact("language")

    @property
    def dir(self) -> str:
        return direction(self.language) if self.language else "auto"

    @property
    def kind(self) -> str:
        return self._fact("kind")

    @property
    def issued_on(self) -> date | None:
        """The day that the text gives itself, where it gives a whole one."""
        try:
            return date.fromisoformat(self._fact("issued"))
        except ValueError:
            return None

    def of(self, group: str) -> list[dict[str, Any]]:
        """The items of one group, in the order of the text, added ones last."""
        return [item for item in self.items if item["group"] == group]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.scope = f"text:{self.code}"
        super().save(*args, **kwargs)

    def keep_on(self) -> None:
        """Somebody works at it: its days begin anew."""
        self.changed_at, self.delete_on = timezone.now(), kept_until()

    def _fact(self, name: str) -> str:
        """One of `facts`; empty where they are closed, or do not say."""
        return str((self.facts or {}).get(name) or "")


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
