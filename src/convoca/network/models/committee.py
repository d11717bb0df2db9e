"""Committees: local groups with a place, of one or several organisations or of none."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convoca.accounts.models import Person
from convoca.core.access import Visitor
from convoca.core.codes import public_code
from convoca.core.fold import fold, terms
from convoca.core.names import NamesField
from convoca.core.slugs import slug_of
from convoca.network.models.organisation import (
    COUNTRY,
    SORTED_BY,
    Organisation,
    by_reader,
    folded,
    sort_keys,
)
from convoca.places.models import Place


def all_former(committee: str) -> Q:
    """Whether the committee of this field has organisations, and every one is suspended, ended or
    left: then it is paused.
    """
    theirs = Committee.organisations.through.objects.filter(committee=OuterRef(committee))
    former = Q(organisation__state__in=Organisation.FORMER)
    return Exists(theirs.filter(former)) & ~Exists(theirs.exclude(former))


PAUSED = pgettext_lazy("a committee", "Paused")


class CommitteeQuerySet(models.QuerySet["Committee"]):
    def acting(self) -> Self:
        """Active, and not paused."""
        return self.filter(~all_former("pk"), state=Committee.State.ACTIVE)

    def in_state(self, state: str) -> Self:
        """Those that stand so: active, paused or ended; all for any other word."""
        active = self.filter(state=Committee.State.ACTIVE)
        wanted = {
            "active": self.acting(),
            "paused": active.filter(all_former("pk")),
            "ended": self.filter(state=Committee.State.ENDED),
        }
        return wanted.get(state, self)

    def public(self) -> Self:
        """All of them: what has ended keeps its page, muted."""
        return self.all()

    def of(self, visitor: Visitor) -> Self:
        """The committees for which the visitor holds a standing mandate."""
        if not isinstance(visitor, Person):
            return self.none()
        now = timezone.now()
        return (
            self.acting()
            .filter(
                Q(mandates__until_at=None) | Q(mandates__until_at__gt=now),
                mandates__person=visitor,
                mandates__person__is_active=True,
                mandates__from_at__lte=now,
            )
            .distinct()
        )

    def visible_to(self, visitor: Visitor) -> Self:
        """Every visitor sees every committee."""
        return self.public()

    def by_name(self, *before: str) -> Self:
        """In the order of the names that the reader sees, after what is named in `before`."""
        return self.order_by(*before, *by_reader())

    def searching(self, text: str) -> Self:
        """Those in whose names or place each word of `text` occurs."""
        found = self.all()
        for word in terms(text)[:8]:
            found = found.filter(searched__contains=word)
        return found


class Committee(models.Model):
    """A local group. Its people look after its page, without any right over an organisation.

    While every organisation of which it is a committee is suspended, ended or has left, it is
    paused: nobody acts for it. A committee of no organisation stands by itself.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    names = NamesField(_("name"))
    organisations = models.ManyToManyField(
        Organisation, related_name="committees", blank=True, verbose_name=_("organisations")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="committees"
    )
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[COUNTRY])
    contact = models.CharField(_("how to reach it"), max_length=200, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.ACTIVE)
    state_since = models.DateTimeField(default=timezone.now)
    searched = models.TextField(editable=False, default="")
    sorted_by = models.CharField(max_length=SORTED_BY, editable=False, default="")
    sort_keys = models.JSONField(editable=False, default=dict)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "sorted_by", "id"], name="committees_listed"),
            models.Index(
                fields=["state", "country", "sorted_by", "id"], name="committees_by_country"
            ),
        ]

    def __str__(self) -> str:
        return str(self.names)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.country = self.place.country if self.place else self.country
        self.searched = folded(self.names)
        if self.place is not None:
            self.searched += f" {fold(self.place.name)} {fold(self.place.region)}"
        self.sorted_by = fold(next(iter(self.names.values()), ""))[:SORTED_BY]
        self.sort_keys = sort_keys(self.names)
        fields = kwargs.get("update_fields")
        if fields is not None and {"names", "place"} & set(fields):
            kwargs["update_fields"] = {*fields, "searched", "sorted_by", "sort_keys", "country"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("network:committee", args=[self.code, self.slug()])

    def slug(self) -> str:
        return slug_of(str(self.names), otherwise="committee")

    def get_work_url(self) -> str:
        return reverse("network:work-committee", args=[self.code])

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_paused(self) -> bool:
        """Active, but none of its organisations is a member any more. Lists prefetch them."""
        theirs = self.organisations.all()
        return self.is_active and bool(theirs) and all(one.is_former for one in theirs)

    @property
    def is_named_like_its_town(self) -> bool:
        """Whether its name alone would be read as a place: then its organisations are said too."""
        if self.place is None:
            return False
        town = fold(self.place.name)
        return any(fold(name) == town for name in self.names.values())

    @property
    def state_words(self) -> str:
        return str(PAUSED if self.is_paused else self.get_state_display())

    def page_tags(self) -> list[str]:
        return [f"committee:{self.pk}", "committees"]
