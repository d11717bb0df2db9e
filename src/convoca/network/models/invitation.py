"""Invitations: somebody asks somebody to do something here, by mail or by a spoken code."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convoca.network.models.committee import Committee
from convoca.network.models.mandate import Mandate, Role
from convoca.network.models.organisation import Organisation

MAIL_LASTS = timedelta(days=30)
CODE_LASTS = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Those that can still be accepted."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), uses_left__gt=0)

    def with_names(self) -> Self:
        return self.select_related("organisation", "committee", "invited_by")


class Invitation(models.Model):
    """An open hand: accepted, declined, expired or revoked. Its secret is stored as a digest.

    `purpose` says what accepting does; apps above register further ones (`network.purposes`) and
    say in `about` which of their rows is meant.
    """

    class Way(models.TextChoices):
        MAIL = "mail", _("By mail")
        CODE = "code", _("By a code")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OPENED = "opened", _("Opened")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    purpose = models.CharField(max_length=30)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    role = models.CharField(max_length=12, choices=Role.choices, blank=True)
    countries = models.JSONField(default=list, blank=True)
    language_pairs = models.JSONField(default=list, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    """The last day of the mandate that accepting grants; none is without end."""
    about = models.CharField(max_length=80, blank=True)
    replaces = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="successions"
    )

    way = models.CharField(max_length=4, choices=Way.choices, default=Way.MAIL)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=35, default="en")
    message = models.TextField(max_length=1000, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    from_code = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="mailed"
    )

    uses = models.PositiveIntegerField(default=1)
    uses_left = models.PositiveIntegerField(default=1)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    under = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    was_declined = models.BooleanField(default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way="mail", uses=1) & ~Q(email="") | Q(way="code", email=""),
                name="a_mailed_invitation_has_one_address_and_one_use",
            ),
            models.CheckConstraint(
                condition=Q(uses_left__lte=models.F("uses")), name="no_more_uses_left_than_given"
            ),
            models.CheckConstraint(
                condition=Q(organisation=None) | Q(committee=None),
                name="an_invitation_is_for_one_of_organisation_committee_network",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="invitations_of_organisation"),
            models.Index(fields=["purpose", "about"], name="invitations_by_purpose"),
            models.Index(fields=["email"], name="invitations_by_mail"),
        ]

    def __str__(self) -> str:
        """What it is for, without the address."""
        parts = [self.get_role_display() if self.role else "", str(self.whom or "")]
        return " · ".join(part for part in parts if part) or self.purpose

    @property
    def trail_words(self) -> str:
        """For whom, by name; the role is put into words by who reads it."""
        return str(self.whom or "")

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now() and bool(self.uses_left)

    @property
    def state(self) -> str:
        """Where it stands. A code counts as accepted once it is used up."""
        if self.revoked_at:
            return self.State.REVOKED
        if not self.uses_left:
            return self.State.DECLINED if self.was_declined else self.State.ACCEPTED
        if self.expires_at <= timezone.now():
            return self.State.EXPIRED
        return self.State.OPENED if self.opened_at else self.State.WAITING

    @property
    def state_words(self) -> str:
        return str(self.State(self.state).label)

    @property
    def whom(self) -> "Organisation | Committee | None":
        return self.organisation or self.committee


class InvitationAnswer(models.Model):
    """What somebody answered: a code may be answered by several people."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="answers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="+")
    accepted = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.invitation}: {'yes' if self.accepted else 'no'}"
