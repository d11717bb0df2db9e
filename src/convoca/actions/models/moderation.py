"""Who lets actions in, and what strangers report about them."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convoca.actions.models.action import Action
from convoca.campaigns.models import Campaign
from convoca.core.names import NamesField
from convoca.vault.fields import SealedField
from convoca.vault.models import SealedQuerySet, SealedRow

USUAL_FLOOD = 40
"""New actions an hour from newcomers, from which a campaign looks at every one by itself."""


FLOOD_WITHIN = timedelta(hours=1)
"""The time in which newcomers' actions are counted."""
UNDO_WITHIN = timedelta(days=30)
"""How long what was refused can be taken back; as long it is kept from which network it came."""
SECOND_THOUGHT = timedelta(minutes=5)
"""Mail about an answer leaves after this: what is undone before was never said."""


class Door(models.Model):
    """How a campaign lets actions in. One row each, made when it is first needed."""

    class Mode(models.TextChoices):
        OPEN = "open", _("Everything at once")
        TRUSTED = "trusted", _("Those we know at once, newcomers after a look")
        ALWAYS = "always", _("Everything after a look")

    campaign = models.OneToOneField(Campaign, models.CASCADE, primary_key=True, related_name="door")
    mode = models.CharField(max_length=7, choices=Mode.choices, default=Mode.TRUSTED)
    flood_at = models.PositiveIntegerField(default=USUAL_FLOOD)
    flooded_at = models.DateTimeField(null=True, blank=True)
    """When it turned to looking at everything by itself; a moderator turns it back."""
    mode_before = models.CharField(max_length=7, choices=Mode.choices, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_because = NamesField(blank=True)
    """What the public reads where the form would be."""

    def __str__(self) -> str:
        return f"{self.campaign}: {self.get_mode_display()}"

    def page_tags(self) -> list[str]:
        """The forms to host say which campaigns are paused; nothing else is public of it."""
        return ["doors"]

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def is_flooded(self) -> bool:
        return self.flooded_at is not None


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def of_newcomers(self, campaign: Campaign, since: datetime) -> Self:
        """What newcomers brought to a campaign from then on."""
        return self.filter(campaign=campaign, is_newcomer=True, at__gte=since)

    def unseen(self) -> Self:
        """Newcomers' actions that went in by an open door without anybody having looked."""
        return self.filter(is_newcomer=True, looked_at=None, action__listed=True)

    def to_forget(self) -> Self:
        """Those whose traces are no longer needed to compare with others."""
        return self.filter(at__lt=timezone.now() - UNDO_WITHIN).exclude(sender="", email_index="")


class Arrival(models.Model):
    """How an action came to the door, and what moderators compare it by: keyed and hashed traces
    that cannot be read back. They are emptied after thirty days.
    """

    action = models.OneToOneField(Action, models.CASCADE, primary_key=True, related_name="arrival")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    is_newcomer = models.BooleanField()
    sender = models.CharField(max_length=64, blank=True)
    """A keyed hash of the network from which it was posted."""
    email_index = models.CharField(max_length=64, blank=True)
    text_digest = models.CharField(max_length=64, blank=True)
    """Of the description's words, without figures; empty for a short one."""
    looked_at = models.DateTimeField(null=True, blank=True)
    """When a moderator first decided about it."""

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["campaign", "is_newcomer", "at"], name="arrivals_by_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.action} · {self.at:%Y-%m-%d %H:%M}"


class Reason(models.TextChoices):
    """Why an action is refused; each is a sentence to its host."""

    FAKE = "fake", _("It looks like a fake.")
    TWICE = "twice", _("It is here already.")
    ELSEWHERE = "elsewhere", _("It does not belong to this campaign.")
    UNSAFE = "unsafe", _("It calls for violence, or puts people in danger.")
    UNLAWFUL = "private", _("It shows private data of others.")
    ADVERT = "advert", _("It advertises something else.")
    OTHER = "other", _("For another reason.")


class Refused(models.Model):
    """Actions refused in one go, so that the whole lot can be taken back in one go."""

    Reason = Reason

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    actions = models.ManyToManyField(Action, related_name="refusals")
    reason = models.CharField(max_length=20)
    words = models.TextField(max_length=1000, blank=True)
    tells_hosts = models.BooleanField(default=True)
    by = models.ForeignKey("network.Mandate", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.at:%Y-%m-%d %H:%M}"

    @property
    def trail_words(self) -> str:
        return str(self.campaign)

    @property
    def reason_words(self) -> str:
        return str(Reason(self.reason).label) if self.reason in Reason.values else ""

    @property
    def can_be_undone(self) -> bool:
        return self.undone_at is None and self.at > timezone.now() - UNDO_WITHIN


class LetIn(models.Model):
    """Actions let in in one go, so that they can be taken out in one go before anybody was told."""

    actions = models.ManyToManyField(Action, related_name="+")
    by = models.ForeignKey("network.Mandate", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.by} · {self.at:%Y-%m-%d %H:%M}"

    @property
    def can_be_undone(self) -> bool:
        return self.undone_at is None and self.at > timezone.now() - SECOND_THOUGHT


class ProblemQuerySet(SealedQuerySet["Problem"]):
    def open(self) -> Self:
        """What nobody has answered yet, the oldest first."""
        return self.filter(settled_at=None).order_by("reported_at", "pk")


class Problem(SealedRow):
    """A stranger reports an action: fake, unsafe, private data, wrong."""

    class Kind(models.TextChoices):
        FAKE = "fake", _("It is a fake")
        UNSAFE = "unsafe", _("It is unsafe, or calls for violence")
        PRIVATE = "private", _("It shows private data")
        WRONG = "wrong", _("Something in it is wrong")

    action = models.ForeignKey(Action, models.CASCADE, related_name="problems")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    words = SealedField()
    email = SealedField()
    """Only if they want an answer."""
    email_index = models.CharField(max_length=64, blank=True, db_index=True)
    language = models.CharField(max_length=35, default="en")
    sender = models.CharField(max_length=64)
    """A keyed hash of the network from which it came: reports of one count once."""
    reported_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    was_right = models.BooleanField(null=True, blank=True)
    settled_under = models.ForeignKey(
        "network.Mandate", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ProblemQuerySet.as_manager()  # type: ignore[misc]  # narrower than the base's

    class Meta:
        indexes = [
            models.Index(fields=["action", "settled_at", "reported_at"], name="problems_of_action"),
            models.Index(fields=["settled_at", "reported_at"], name="problems_open"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.action}"

    @property
    def trail_words(self) -> str:
        return str(self.action)


class Duty(models.Model):
    """A moderator is on the rota of a campaign on a weekday: who is told of a flood first."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rota")
    mandate = models.ForeignKey("network.Mandate", models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "mandate", "weekday"], name="once_a_weekday_on_the_rota"
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="a_week_has_seven_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.weekday}"
