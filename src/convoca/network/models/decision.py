"""Decisions that take two stewards: one proposes, another confirms."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convoca.network.models.organisation import COMES_BACK, Organisation

NOTICE = timedelta(days=7)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def waiting(self) -> Self:
        """Proposed, and neither confirmed nor withdrawn."""
        return self.filter(confirmed_at=None, withdrawn_at=None)

    def under_notice(self) -> Self:
        """Confirmed appointments whose seven days are running."""
        return self.filter(
            kind=Decision.Kind.APPOINT,
            confirmed_at__isnull=False,
            carried_out_at=None,
            withdrawn_at=None,
        )


class Decision(models.Model):
    """Suspend an organisation, end its membership, or appoint a coordinator where nobody is left.

    Proposed, then confirmed by somebody else or withdrawn; undone within 30 days by one steward.
    """

    class Kind(models.TextChoices):
        SUSPEND = "suspend", _("Suspend the organisation")
        END = "end", _("End the membership")
        APPOINT = "appoint", _("Appoint a coordinator")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="decisions")
    reason = models.TextField(_("reason"), max_length=2000)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("mail"), blank=True)
    state_before = models.CharField(max_length=9, blank=True)
    until_before = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposed_decisions"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    carried_out_at = models.DateTimeField(null=True, blank=True)
    told = models.PositiveIntegerField(default=0)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="a_decision_is_confirmed_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="a_confirmed_decision_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(carried_out_at__isnull=False),
                name="only_what_was_done_is_undone",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(confirmed_at=None, withdrawn_at=None),
                name="one_waiting_decision_per_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.organisation}"

    @property
    def is_waiting(self) -> bool:
        return self.confirmed_at is None and self.withdrawn_at is None

    @property
    def is_under_notice(self) -> bool:
        return bool(self.confirmed_at and not self.carried_out_at and not self.withdrawn_at)

    @property
    def can_be_undone(self) -> bool:
        """Suspensions and endings, for 30 days."""
        return bool(
            self.kind != self.Kind.APPOINT
            and self.carried_out_at
            and self.undone_at is None
            and timezone.now() < self.carried_out_at + COMES_BACK
        )

    @property
    def state_words(self) -> str:
        if self.undone_at:
            return str(_("Undone"))
        if self.withdrawn_at:
            return str(_("Withdrawn"))
        if self.carried_out_at:
            return str(_("Carried out"))
        if self.confirmed_at:
            return str(_("Under notice"))
        return str(_("Waits for a second steward"))
