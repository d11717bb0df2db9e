"""Reports: what the hosts of an action say became of it."""

from datetime import datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convoca.actions.models import Action
from convoca.actions.models.action import DATED

EVENING = time(18)
"""From this hour on hosts are asked, by the clock of the place."""
LATE = time(22)
"""What is over after this hour is asked about the next evening."""
AGAIN_AFTER = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""How long after the first mail hosts are reminded, while there is no report."""
WAITED_FOR = timedelta(days=14)
"""How long after it was over "no report yet" is said; then "no report"."""
MOST_WORDS = 2000


class ReportQuerySet(models.QuerySet["Report"]):
    def sent(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def to_be_asked(self) -> Self:
        """Those whose hosts are to be written to now."""
        return self.filter(sent_at=None, ask_at__lte=timezone.now())


class Report(models.Model):
    """What became of an action, in its hosts' words. Until they have said it, when they are asked.

    How many people there were stands in the estimates of their claim: a report counts as what any
    other source says.
    """

    class Happened(models.TextChoices):
        YES = "yes", pgettext_lazy("did it take place", "Yes")
        OTHERWISE = "otherwise", pgettext_lazy("did it take place", "Yes, other than planned")
        NO = "no", pgettext_lazy("did it take place", "No")

    action = models.OneToOneField(Action, models.CASCADE, related_name="report")
    happened = models.CharField(max_length=9, choices=Happened.choices, blank=True)
    language = models.CharField(max_length=35, default="en")
    """The language in which it is written."""
    words = models.TextField(max_length=MOST_WORDS, blank=True)
    won = models.TextField(max_length=MOST_WORDS, blank=True)
    """What was won by it."""
    present = models.TextField(max_length=MOST_WORDS, blank=True)
    """Organisations that were there, one a line."""
    photos_agreed_at = models.DateTimeField(null=True, blank=True)
    """When the host last said that the photos may be shown."""
    hidden_at = models.DateTimeField(null=True, blank=True)
    """Since when a moderator lets nobody read its words; its figures have nothing to do with it."""
    ask_at = models.DateTimeField(null=True, blank=True)
    """When its hosts are written to next; None when nobody asks any more."""
    asked = models.PositiveSmallIntegerField(default=0)
    """How often they have been written to."""
    sent_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | ~Q(happened=""),
                name="a_report_says_whether_it_happened",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(ask_at=None), name="who_has_reported_is_not_asked"
            ),
        ]
        indexes = [
            models.Index(
                fields=["ask_at"], condition=Q(ask_at__isnull=False), name="reports_to_ask_for"
            )
        ]

    def __str__(self) -> str:
        return str(_("Report on %(action)s")) % {"action": self.action}

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def was_changed(self) -> bool:
        return self.changed_at != self.sent_at

    @property
    def all_words(self) -> list[str]:
        """Whatever its hosts wrote, part by part."""
        return [words for words in (self.words, self.won, self.present) if words]

    @property
    def has_words(self) -> bool:
        return bool(self.all_words)

    @property
    def organisations(self) -> list[str]:
        return [line for line in self.present.splitlines() if line.strip()]

    def page_tags(self) -> list[str]:
        return [f"claims:{self.action_id}", "claims"]


def is_reported_by_hosts(action: Action) -> bool:
    """Whether hosts say what became of it: it is over, stands here because they put it on, and was
    not called off. Also where it turned out to be another one: what they say counts there.
    """
    is_here = action.listed or action.same_as_id is not None
    return action.is_past and action.state in DATED and is_here and not action.is_told


def asked_from(action: Action) -> datetime:
    """The evening of the day on which it is over, by the clock of the place; not before it is over,
    and the next evening where that is late.
    """
    assert action.over_at is not None  # noqa: S101  only what has a day is asked about
    over = action.over_at.astimezone(ZoneInfo(action.zone))
    if over.time() > LATE:
        over = datetime.combine(over.date() + timedelta(days=1), EVENING, tzinfo=over.tzinfo)
    return max(over, datetime.combine(over.date(), EVENING, tzinfo=over.tzinfo))
