"""An action: what somebody puts on in a place at a time, and where in its life it stands."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import Case, DateTimeField, F, Prefetch, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convoca.accounts.models import Person
from convoca.campaigns.models import Campaign
from convoca.core.access import Visitor
from convoca.core.codes import public_code, uuid7
from convoca.core.flags import Flag
from convoca.core.names import Names, NamesField
from convoca.core.slugs import slug_of
from convoca.media.models import Picture
from convoca.network.models import Committee, Mandate, Organisation
from convoca.network.models.mandate import Role
from convoca.network.rules import is_steward
from convoca.pages.public import draw_again_at
from convoca.places.models import Place
from convoca.texts.models import Text

OPEN_ENDED = timedelta(hours=2)
"""How long an action lasts for calendars when nobody said when it ends (interop.md 3)."""
SHOWN_CANCELLED = timedelta(days=60)
"""How long a cancelled action stays in calendars, so that they take it out."""
TOLD_GONE = timedelta(days=90)
"""How long feeds and calendars say that something was taken off, so that they let it go."""
FAR = datetime(9000, 1, 1, tzinfo=UTC)
COUNTED = "actions:counted"
"""The tag of how many actions there are, where and when: other than `actions`, a new word in one of
them does not raise it.
"""
"""Where in the order of time what has no day yet stands: after everything that has one."""

NO_SLUGS = frozenset({"cards", "poster", "share"})
"""What follows an action's code in the addresses of other pages."""


class Kind(models.TextChoices):
    RALLY = "rally", pgettext_lazy("an action", "Rally")
    MARCH = "march", pgettext_lazy("an action", "March")
    VIGIL = "vigil", pgettext_lazy("an action", "Vigil")
    STRIKE = "strike", pgettext_lazy("an action", "Strike")
    WORKSHOP = "workshop", pgettext_lazy("an action", "Workshop")
    CONCERT = "concert", pgettext_lazy("an action", "Concert")
    STALL = "stall", pgettext_lazy("an action", "Stall")
    ONLINE = "online", pgettext_lazy("an action", "Online meeting")
    OTHER = "other", pgettext_lazy("an action", "Another kind")


class State(models.TextChoices):
    """Where an action stands. Past and moved are no states but facts: `is_past`, `moved_at`."""

    DRAFT = "draft", pgettext_lazy("an action", "Draft")
    """Written; its host has not yet confirmed by mail, or is asked for more."""
    WAITING = "waiting", pgettext_lazy("an action", "Waiting")
    """Confirmed; a moderator has to let it in."""
    PUBLISHED = "published", pgettext_lazy("an action", "Published")
    TENTATIVE = "tentative", pgettext_lazy("an action", "Tentative")
    """Public, with a day that its host has not confirmed."""
    STANDBY = "standby", pgettext_lazy("an action", "On standby")
    """Public, without a day: it takes place when its trigger is called."""
    POSTPONED = "postponed", pgettext_lazy("an action", "Postponed")
    """Public; the old day no longer holds and there is no new one yet."""
    CANCELLED = "cancelled", pgettext_lazy("an action", "Cancelled")
    REFUSED = "refused", pgettext_lazy("an action", "Refused")
    HIDDEN = "hidden", pgettext_lazy("an action", "Hidden")
    """Taken out of sight until a moderator has looked at what was reported."""


PUBLIC = (State.PUBLISHED, State.TENTATIVE, State.STANDBY, State.POSTPONED, State.CANCELLED)
DATED = (State.PUBLISHED, State.TENTATIVE)
UNDATED = (State.STANDBY, State.POSTPONED)


class Visibility(models.TextChoices):
    """Who may know where exactly it is. `Stop` keeps apart what is shown and what is true."""

    PUBLIC = "public", _("Everybody sees the address")
    CITY = "city", _("Only the town; who has signed up is told the address")
    REQUEST = "request", _("Only the town; the host tells the address to those who ask")


class Access(models.TextChoices):
    """What is there for people who need it."""

    STEP_FREE = "step-free", _("Step-free")
    SIGN_LANGUAGE = "sign-language", _("Sign language")
    QUIET = "quiet", _("A quiet space")
    CHILD_CARE = "child-care", _("Child care")
    SEATS = "seats", _("Places to sit")
    TOILET = "toilet", _("An accessible toilet")
    HEARING_LOOP = "hearing-loop", _("A hearing loop")
    CAPTIONS = "captions", _("Captions")
    TRANSPORT = "transport", _("Near public transport")


class ActionQuerySet(models.QuerySet["Action"]):
    def public(self) -> Self:
        """What strangers may read, cancelled ones too. `listed` is the column with an index."""
        return self.filter(listed=True)

    def visible_to(self, visitor: Visitor) -> Self:
        """What is public, and what is in the visitor's hands."""
        theirs = Action.objects.in_hands_of(visitor)
        return self.filter(Q(listed=True) | Q(pk__in=theirs.values("pk")))

    def in_hands_of(self, visitor: Visitor) -> Self:
        """At work: what one's organisations and committees host, what comes from the countries one
        moderates, and for stewards everything.
        """
        if is_steward(visitor):
            return self.all()
        accepted = self.model._default_manager.filter(
            Q(hostings__organisation__in=Organisation.objects.of(visitor))
            | Q(hostings__committee__in=Committee.objects.of(visitor)),
            hostings__state="accepted",
        )
        return self.filter(Q(pk__in=accepted.values("pk")) | _moderated_by(visitor))

    def dated(self) -> Self:
        """Public, with a day that holds or is only not confirmed."""
        return self.filter(listed=True, state__in=DATED)

    def to_come(self, now: datetime | None = None) -> Self:
        """Public and not over; what has no day yet is no part of it."""
        return self.filter(listed=True, over_at__gt=now or timezone.now())

    def past(self, now: datetime | None = None) -> Self:
        return self.filter(listed=True, over_at__lte=now or timezone.now())

    def undated(self) -> Self:
        return self.filter(listed=True, state__in=UNDATED)

    def taken_off(self) -> Self:
        """What was public not long ago and is out of sight now, the last first: programs that
        have it are told to let it go.
        """
        recent = timezone.now() - TOLD_GONE
        return self.filter(taken_off_at__gt=recent).order_by("-taken_off_at", "-pk")

    def waiting(self) -> Self:
        """For moderators: the longest waiting first."""
        return self.filter(state=State.WAITING).order_by("waiting_since", "pk")

    def in_calendars(self) -> Self:
        """What calendars are told: all that is public and has a day, and what was cancelled not
        long ago.
        """
        recent = timezone.now() - SHOWN_CANCELLED
        cancelled = Q(state=State.CANCELLED, cancelled_at__gt=recent)
        return self.filter(Q(state__in=DATED) | cancelled, listed=True, starts_at__isnull=False)

    def in_files(self) -> Self:
        """What the file of one action may say: as calendars, and what was put off, which whoever
        holds it has to take out.
        """
        recent = timezone.now() - SHOWN_CANCELLED
        gone = Q(state=State.CANCELLED, cancelled_at__lte=recent)
        return self.filter(listed=True).exclude(gone)

    def of_campaign(self, campaign: Campaign) -> Self:
        """Those that stand on a campaign's pages: its own, and those attached by both sides."""
        return self.filter(attachments__campaign=campaign, attachments__stands=True)

    def with_front(self) -> Self:
        """With what a row of a list shows: place, campaign and hosts, in a fixed number of
        queries.
        """
        return self.select_related("place", "campaign", "trigger").prefetch_related(
            "hostings__organisation",
            Prefetch("hostings__committee", Committee.objects.select_related("place")),
            "hostings__committee__organisations",
        )

    def in_time(self) -> Self:
        """The next first; what has no day yet stands at the end."""
        return self.order_by(F("starts_at").asc(nulls_last=True), "pk")

    def next_first(self) -> Self:
        """What is still to come, the next of it first, then what is over, the last of it first."""
        is_over = Q(shown_until__lte=timezone.now())
        to_come = Case(When(is_over, then=None), default="sorted_at", output_field=DateTimeField())
        return self.order_by(to_come.asc(nulls_last=True), "-sorted_at", "-pk")


def _moderated_by(visitor: Visitor) -> Q:
    """The actions of a moderator's countries; what is online only, for every moderator."""
    if not isinstance(visitor, Person):
        return Q(pk=None)
    held = Mandate.objects.filter(person=visitor, role=Role.MODERATOR).standing()
    countries = [one for (one,) in held.values_list("countries")]
    if any(not one for one in countries):
        return ~Q(state=State.DRAFT)
    if not countries:
        return Q(pk=None)
    return ~Q(state=State.DRAFT) & Q(country__in=["", *(code for row in countries for code in row)])


class Action(models.Model):
    """What an organisation or a committee hosts, alone or with others, in one place or several.

    Wall clock and zone are what the host said; `starts_at` and `over_at` are derived from them
    and derived anew when zone data change (`derive_times`).
    """

    Kind, State, Visibility, Access = Kind, State, Visibility, Access

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    short_code = models.CharField(max_length=8, unique=True, null=True, editable=False)  # noqa: DJ001  none yet
    """What can be said aloud: `/a/7KQ2`. Given when it is first published."""
    sent_once = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001  none
    """A keyed hash of all that its host sent: an impatient thumb makes one action, not five."""
    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    """The same in every calendar, mail and file for ever, also when the site changes its name."""
    series = models.CharField(max_length=8, blank=True, db_index=True)
    """The code of the first of a row of repeated actions; empty for one that stands alone."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="actions", db_index=False)
    """The campaign through whose form it came and whose moderators let it in. On whose pages it
    stands, say its attachments."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    names = NamesField()
    language = models.CharField(max_length=35, default="en")
    """The language in which its host writes."""
    description = models.OneToOneField(
        Text, models.PROTECT, null=True, blank=True, related_name="action"
    )
    picture = models.ForeignKey(Picture, models.SET_NULL, null=True, blank=True, related_name="+")
    bring = NamesField(blank=True)
    contact = models.CharField(max_length=200, blank=True)
    """How the public reaches the hosts, as they wish it to be read."""
    access = models.JSONField(default=list, blank=True)
    spoken = models.JSONField(default=list, blank=True)
    """Tags of the languages that are spoken there."""
    online_url = models.CharField(max_length=500, blank=True)
    question = NamesField(blank=True)
    """The one question that its host asks those who sign up."""

    day = models.DateField(null=True, blank=True)
    clock = models.TimeField(null=True, blank=True)
    """None: the hour is not known yet."""
    fold = models.PositiveSmallIntegerField(default=0)
    """1 for the second of two equal clock hours when clocks go back (PEP 495)."""
    last_day = models.DateField(null=True, blank=True)
    last_clock = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=64)
    starts_at = models.DateTimeField(null=True, blank=True, editable=False)
    over_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When it is past: its end, two hours after the start, or the end of its day."""
    trigger = models.ForeignKey(
        "actions.Trigger",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        db_index=False,
    )

    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="actions", db_index=False
    )
    """The town of its first stop; none when it is online only."""
    country = models.CharField(max_length=2, blank=True, editable=False)
    visibility = models.CharField(
        max_length=7, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    capacity = models.PositiveIntegerField(null=True, blank=True)
    """How many people there is room for; None is no limit."""
    keeps_waiting_list = models.BooleanField(default=False)
    shows_count = models.BooleanField(default=False)
    """Whether the public reads how many come, from five up."""

    is_told = models.BooleanField(default=False, editable=False)
    """Whether it stands here because others told of it (`counting`): no host looks after it."""
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="duplicates"
    )
    """The action that it turned out to be: its page leads there, and no list has it."""

    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    listed = Flag(default=False, editable=False)
    """Whether its state is a public one; derived, because an index needs a column."""
    sorted_at = models.DateTimeField(default=FAR, editable=False)
    """Where it stands in lists: its start, or `FAR`; derived, because an index needs a column."""
    shown_until = models.DateTimeField(default=FAR, editable=False)
    """Until when lists of what is to come show it: its end; while it has no day, for long."""
    marks = models.CharField(max_length=1000, blank=True, editable=False)
    """What lists are narrowed by beside time and place, as words of one line: see `mark`."""
    state_before_hiding = models.CharField(max_length=9, blank=True, editable=False)
    waiting_since = models.DateTimeField(null=True, blank=True, editable=False)
    asked_for_more = models.TextField(max_length=1000, blank=True)
    """What a moderator wants to know before it is let in, or why it was refused."""
    cancel_reason = models.CharField(max_length=500, blank=True)
    still_on_asked_at = models.DateTimeField(null=True, blank=True)
    still_on_at = models.DateTimeField(null=True, blank=True)
    """When its host last said that it takes place."""
    moved_at = models.DateTimeField(null=True, blank=True)
    moved_from_starts_at = models.DateTimeField(null=True, blank=True)
    moved_from_zone = models.CharField(max_length=64, blank=True)
    moved_from_where = models.CharField(max_length=300, blank=True)
    """The old place in words, where it was public; the page shows it struck."""
    sequence = models.PositiveIntegerField(default=0)
    """For calendars: one more with each change of time, place or state."""
    sought = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    taken_off_at = models.DateTimeField(null=True, editable=False)
    """Since when what was public is out of everybody's sight; None while it is public or never
    was. Derived."""

    _counts_as_before = False
    """While it is saved: whether nothing is written by which lists count or sort."""

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("published", "tentative")) | Q(day__isnull=False),
                name="what_takes_place_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(day=None, starts_at=None, over_at=None)
                | Q(day__isnull=False, starts_at__isnull=False, over_at__gte=F("starts_at")),
                name="an_action_is_over_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=PUBLIC) | Q(published_at__isnull=False),
                name="a_public_action_was_published",
            ),
            models.CheckConstraint(
                condition=~Q(state="standby") | Q(trigger__isnull=False),
                name="standby_waits_for_a_trigger",
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1), name="room_for_at_least_one"
            ),
        ]
        # What one of these begins with has no index of its own: lists write thousands of rows.
        indexes = [
            models.Index(fields=["listed", "starts_at", "id"], name="actions_listed"),
            models.Index(fields=["listed", "over_at", "id"], name="actions_by_end"),
            models.Index(
                fields=["listed", "sorted_at", "id", "shown_until", "country", "state"],
                name="actions_in_lists",
            ),
            models.Index(  # lists of a country in their order, and how many there are in each
                fields=["listed", "country", "sorted_at", "id", "shown_until", "state"],
                name="actions_by_country",
            ),
            models.Index(
                fields=["campaign", "state", "waiting_since"], name="actions_in_the_queue"
            ),
            models.Index(fields=["state", "still_on_asked_at"], name="actions_asked"),
            models.Index(fields=["campaign", "created_at"], name="actions_by_arrival"),
            models.Index(fields=["place", "starts_at"], name="actions_by_town"),
            models.Index(fields=["trigger", "state"], name="actions_by_trigger"),
            models.Index(
                fields=["cancelled_at"],
                condition=Q(cancelled_at__isnull=False),
                name="actions_by_cancelling",
            ),
            models.Index(
                fields=["-taken_off_at", "-id"],
                condition=Q(taken_off_at__isnull=False),
                name="actions_taken_off",
            ),
        ]

    def __str__(self) -> str:
        return str(self.names)

    def save(self, *args: Any, **kwargs: Any) -> None:
        was_there = not self._state.adding
        self.derive()
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, *DERIVED}
        with transaction.atomic(savepoint=False):
            self._counts_as_before = was_there and self._counts_as_it_stands()
            super().save(*args, **kwargs)
            self._counts_as_before = False
            if was_there:
                self.attachments.follow(self)

    def get_absolute_url(self) -> str:
        return reverse("actions:detail", args=[self.code, self.slug()])

    def _counts_as_it_stands(self) -> bool:
        """Whether no list counts or sorts it otherwise than what is stored of it, now locked."""
        rows = Action.objects.filter(pk=self.pk).select_for_update()
        stored = rows.values_list(*COUNTED_BY).first()
        return stored == tuple(getattr(self, name) for name in COUNTED_BY)

    def own_words(self, field: str) -> str:
        """What stands in a field of names in the host's own language, else in another."""
        names: Names = getattr(self, field)
        return names.get(self.language, "") or str(names)

    def derive(self) -> None:
        """Set every column that follows from others. Whoever writes many at once calls it."""
        was_listed = self.listed
        self.listed = self.state in PUBLIC and self.same_as_id is None
        if self.listed:
            self.taken_off_at = None
        elif was_listed:
            self.taken_off_at = timezone.now()
        self.derive_times()
        self.country = self.place.country if self.place else ""
        self.sorted_at = self.starts_at or FAR
        self.shown_until = self.over_at or FAR
        if self.over_at is None and self.cancelled_at is not None:
            self.shown_until = self.cancelled_at + SHOWN_CANCELLED
        self.marks = mark_all(self)

    def derive_times(self) -> None:
        """Set `starts_at` and `over_at` from the wall clock and what is known of the zone today."""
        if self.day is None:
            self.starts_at = self.over_at = None
            return
        zone = _zone(self.zone)
        self.starts_at = _instant(self.day, self.clock or time(0), zone, self.fold)
        if self.last_clock is not None:
            self.over_at = _instant(self.last_day or self.day, self.last_clock, zone, self.fold)
        elif self.clock is None or self.last_day is not None:
            after = (self.last_day or self.day) + timedelta(days=1)
            self.over_at = _instant(after, time(0), zone, 0)
        else:
            self.over_at = self.starts_at + OPEN_ENDED
        self.over_at = max(self.over_at, self.starts_at)

    def slug(self) -> str:
        """The readable end of its address; never a word that is a page of its own there."""
        words = slug_of(str(self.names), "action")
        return f"{words}-action" if words in NO_SLUGS else words

    def page_tags(self) -> list[str]:
        """The action's own page, and the lists, maps and feeds in which it may stand."""
        counted = () if self._counts_as_before else (COUNTED,)
        same = (f"action:{self.same_as_id}",) if self.same_as_id else ()
        return [f"action:{self.pk}", "actions", *counted, *same]

    def all_tags(self) -> list[str]:
        """Every page on which a word of it stands: those to correct its description, too."""
        words = self.description
        return [*self.page_tags(), *(words.page_tags() if words is not None else ())]

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    @property
    def is_dated(self) -> bool:
        return self.state in DATED

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED

    @property
    def is_past(self) -> bool:
        """Over, by now; an action without a day is never past."""
        draw_again_at(self.over_at)
        return self.over_at is not None and self.over_at <= timezone.now()

    @property
    def is_online_only(self) -> bool:
        return self.place_id is None

    @property
    def starts_there(self) -> datetime | None:
        """The start by the wall clock of the place, with its zone."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)) if self.starts_at else None

    @property
    def over_there(self) -> datetime | None:
        return self.over_at.astimezone(ZoneInfo(self.zone)) if self.over_at else None

    @property
    def final_day(self) -> date | None:
        """The last day that somebody may still come to it, by the wall clock of the place."""
        return self.last_day or self.day

    @property
    def last_told_day(self) -> date | None:
        """The last day where it is another and people would say so: not the end of a night."""
        if not self.day or not self.last_day or self.last_day == self.day:
            return None
        is_one_night = (
            (self.last_day - self.day).days == 1
            and self.clock is not None
            and self.last_clock is not None
            and self.last_clock < self.clock
        )
        return None if is_one_night else self.last_day

    @property
    def unconfirmed_since(self) -> datetime | None:
        """Since when its host has been asked "still on?" without an answer."""
        asked, answered = self.still_on_asked_at, self.still_on_at
        return asked if asked and (answered is None or answered < asked) else None

    @property
    def hides_address(self) -> bool:
        return self.visibility != Visibility.PUBLIC

    @property
    def scope(self) -> str:
        """Whose key seals what people tell this action (`vault`)."""
        return f"campaign:{self.campaign.code}"

    @cached_property
    def stands_with(self) -> "list[Any]":
        """Its hosts that have accepted, organisations and committees, the first one first."""
        from_rows = [row for row in self.hostings.all() if row.is_shown]
        return [row.host for row in sorted(from_rows, key=lambda row: (not row.is_first, row.pk))]


DERIVED = (
    "listed",
    "taken_off_at",
    "starts_at",
    "over_at",
    "country",
    "sorted_at",
    "shown_until",
    "marks",
)


COUNTED_BY = (*DERIVED, "state", "cancelled_at", "day", "last_day", "code")
"""What lists count, sort and narrow by, and where the dots of maps lead."""


def mark(what: str, value: str) -> str:
    """A word of `Action.marks`, to be looked for with `contains`: " spoken:es "."""
    return f" {what}:{value} "


def mark_all(action: Action) -> str:
    """All that can be asked for by a mark: kind, languages spoken, access, online."""
    marks = [mark("kind", action.kind), *(mark("spoken", tag) for tag in action.spoken)]
    marks += [mark("access", code) for code in action.access]
    if action.online_url or action.kind == Kind.ONLINE:
        marks.append(mark("is", "online"))
    return "".join(marks)[:1000]


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    """Held: zoneinfo itself keeps eight, and reads the file of any other anew."""
    return ZoneInfo(name)


def _instant(day: date, clock: time, zone: ZoneInfo, fold: int) -> datetime:
    return datetime.combine(day, clock.replace(fold=fold), tzinfo=zone).astimezone(UTC)
