"""Who will come. What people tell is sealed, dated, and seen by the action's hosts alone."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from convoca.actions.models.action import Action
from convoca.network.models import Organisation
from convoca.vault.fields import SealedField
from convoca.vault.models import SealedQuerySet, SealedRow

KEPT = timedelta(days=14)
"""How long after the action a sign-up is kept. Told at the form."""
SHOWN_FROM = 5
"""Smaller counts are not published: they could be read as persons."""
MOST_PEOPLE = 50
"""In one sign-up; a larger group writes to the host."""


class Seats(models.Model):
    """How many come to an action: counts only. A row of its own, so that taking a seat waits for
    nobody who edits the action, and counts survive when people are deleted.
    """

    action = models.OneToOneField(Action, models.CASCADE, primary_key=True, related_name="seats")
    people = models.PositiveIntegerField(default=0)
    """All who come, with those they bring."""
    sign_ups = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    """People on the waiting list."""
    arrived = models.PositiveIntegerField(default=0)
    """People ticked on the day."""
    walk_ins = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.people} + {self.waiting}"

    @staticmethod
    def tag_of(code: str) -> str:
        """What pages carry that show how many come to an action, or that it is full."""
        return f"seats:{code}"

    def page_tags(self) -> list[str]:
        return [self.tag_of(self.action.code)]


class SignUpQuerySet(SealedQuerySet["SignUp"]):
    def coming(self) -> Self:
        return self.filter(state=SignUp.State.COMING)

    def waiting(self) -> Self:
        """The waiting list, in its order."""
        return self.filter(state=SignUp.State.WAITING).order_by("waits_since", "pk")

    def standing(self) -> Self:
        """Whoever is to be told when something changes."""
        return self.filter(state__in=[SignUp.State.COMING, SignUp.State.WAITING])


class SignUp(SealedRow):
    """Somebody will come, alone or with others."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Not confirmed by mail")
        COMING = "coming", _("Comes")
        WAITING = "waiting", _("On the waiting list")
        CANCELLED = "cancelled", _("Does not come")

    action = models.ForeignKey(Action, models.CASCADE, related_name="sign_ups")
    name = SealedField()
    email = SealedField()
    email_index = models.CharField(max_length=64, blank=True)
    answer = SealedField()
    people = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=35, default="en")
    state = models.CharField(max_length=11, choices=State.choices)
    digest = models.CharField(max_length=64, unique=True)
    """Of the secret in the link to change or cancel."""
    sent_once = models.CharField(max_length=64, blank=True)
    """A keyed hash of the sender's address and all that was typed: the same within half a minute
    is one."""
    tell_me = models.BooleanField(default=True)
    """Whether to write about this action: changes, and a reminder the day before."""
    arrived = models.PositiveSmallIntegerField(default=0)
    """How many of them were ticked on the day."""
    ticked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    waits_since = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = SignUpQuerySet.as_manager()  # type: ignore[misc]  # narrower than the base's

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(people__gte=1), name="at_least_one_comes"),
            models.CheckConstraint(
                condition=Q(arrived__lte=F("people")), name="no_more_arrive_than_were_to_come"
            ),
        ]
        indexes = [
            models.Index(fields=["action", "state", "created_at"], name="signups_of_an_action"),
            models.Index(fields=["action", "sent_once"], name="signups_sent_twice"),
            models.Index(fields=["email_index"], name="signups_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} · {self.action}"

    @property
    def trail_words(self) -> str:
        return str(self.action)

    @property
    def is_standing(self) -> bool:
        return self.state in (self.State.COMING, self.State.WAITING)


class WriteAgain(SealedRow):
    """Somebody lets one organisation write again, apart from any action. Given line by line,
    never ticked beforehand, and taken back with one press.
    """

    sign_up = models.ForeignKey(
        SignUp, models.SET_NULL, null=True, blank=True, related_name="allowed"
    )
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="readers")
    name = SealedField()
    email = SealedField()
    email_index = models.CharField(max_length=64, db_index=True)
    language = models.CharField(max_length=35, default="en")
    digest = models.CharField(max_length=64, unique=True)
    words = models.TextField(blank=True)
    """The sentence that was agreed to, as it stood there."""
    given_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email_index"], name="an_address_allows_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class TellingQuerySet(models.QuerySet["Telling"]):
    def unfinished(self) -> Self:
        """What still has readers to write to, in the order in which it was said."""
        return self.filter(finished_at=None).order_by("pk")


class Telling(models.Model):
    """Something that all who signed up must be told: a change, or the host's own words.

    Written with its cause; a task writes the mails, some hundreds at a time, and `after` says how
    far it has come: a crash repeats and loses nobody.
    """

    class Kind(models.TextChoices):
        MOVED = "moved", _("Another time or place")
        POSTPONED = "postponed", _("Put off")
        CANCELLED = "cancelled", _("Cancelled")
        BACK = "back", _("It takes place after all")
        TAKEN_OFF = "taken-off", _("Taken off these pages")
        SHOWN = "shown", _("On these pages again")
        DAY_SET = "day-set", _("The day is set")
        NEW_HOST = "new-host", _("Somebody else looks after it now")
        WORDS = "words", _("A message of its hosts")

    action = models.ForeignKey(Action, models.CASCADE, related_name="tellings")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    words = models.TextField(max_length=4000, blank=True)
    language = models.CharField(max_length=35, default="en")
    """Of the words, which are sent as they were written."""
    said_at = models.DateTimeField(default=timezone.now)
    after = models.UUIDField(null=True, blank=True)
    """The last sign-up that has been written to."""
    readers = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = TellingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at=None), name="tellings_unfinished"),
            models.Index(fields=["action", "-id"], name="tellings_of_an_action"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.action}"

    @property
    def trail_words(self) -> str:
        return str(self.action)


class ListAsked(models.Model):
    """Somebody asks for the sign-ups of more than one action at once: it takes a reason, a second
    person, and the hosts are told.
    """

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="+")
    actions = models.ManyToManyField(Action, related_name="+")
    reason = models.CharField(max_length=500)
    asked_under = models.ForeignKey("network.Mandate", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    allowed_under = models.ForeignKey(
        "network.Mandate", models.PROTECT, null=True, blank=True, related_name="+"
    )
    allowed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    """When the file was handed out, once."""
    mark = models.CharField(max_length=16, unique=True)
    """Stands in every row of the file, so that a copy can be traced."""

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.asked_at:%Y-%m-%d}"

    @property
    def trail_words(self) -> str:
        return str(self.campaign)

    @property
    def is_waiting(self) -> bool:
        return self.allowed_at is None and self.declined_at is None

    @property
    def is_to_take(self) -> bool:
        return self.allowed_at is not None and self.taken_at is None and self.declined_at is None

    @property
    def state_words(self) -> str:
        if self.taken_at:
            return pgettext("a list", "Handed out")
        if self.declined_at:
            return pgettext("a list", "Declined")
        return pgettext("a list", "Allowed") if self.allowed_at else pgettext("a list", "Waiting")
