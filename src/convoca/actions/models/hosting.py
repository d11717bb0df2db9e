"""In whose name an action is, and by which links and codes its people get at it."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convoca.accounts.models import Person
from convoca.actions.models.action import Action
from convoca.core.access import Visitor
from convoca.network.models import Committee, Mandate, Organisation
from convoca.vault.fields import SealedField
from convoca.vault.models import SealedQuerySet, SealedRow

LINK_KEPT = timedelta(days=60)
"""How long after its action a host's link, and the address it was sent to, are kept: reports of
what happened come in by it."""
DRAFT_KEPT = timedelta(days=7)
"""How long an action waits for its host to confirm by mail."""


class HostingQuerySet(models.QuerySet["Hosting"]):
    def standing(self) -> Self:
        return self.filter(state=Hosting.State.ACCEPTED)

    def asked(self) -> Self:
        """Those whose organisation or committee has not answered yet."""
        return self.filter(state=Hosting.State.ASKED)

    def of(self, visitor: Visitor) -> Self:
        """Those of organisations and committees for which the visitor holds a mandate."""
        if not isinstance(visitor, Person):
            return self.none()
        return self.filter(
            Q(organisation__in=Organisation.objects.of(visitor))
            | Q(committee__in=Committee.objects.of(visitor))
        )


class Hosting(models.Model):
    """An organisation or a committee hosts an action. The first one named is the action's own;
    others are asked and answer for themselves.

    A newcomer's committee does not exist before a moderator, or an organisation that vouches, lets
    it in: until then its name stands in `proposed`.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("a host", "Asked")
        ACCEPTED = "accepted", pgettext_lazy("a host", "Accepted")
        DECLINED = "declined", pgettext_lazy("a host", "Declined")
        ENDED = "ended", pgettext_lazy("a host", "No longer a host")

    action = models.ForeignKey(Action, models.CASCADE, related_name="hostings")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hostings",
        db_index=False,
    )
    committee = models.ForeignKey(
        Committee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hostings",
        db_index=False,
    )
    proposed = models.CharField(max_length=200, blank=True)
    is_first = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="+")
    """Under which it was accepted; none for one who came by mail or by a code."""
    vouched_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = HostingQuerySet.as_manager()

    class Meta:
        ordering = ["-is_first", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, committee=None, proposed="")
                | Q(organisation=None, committee__isnull=False)
                | Q(organisation=None, committee=None) & ~Q(proposed=""),
                name="a_host_is_an_organisation_or_a_committee",
            ),
            models.UniqueConstraint(
                fields=["action"], condition=Q(is_first=True), name="an_action_has_one_first_host"
            ),
            models.UniqueConstraint(
                fields=["action", "organisation"],
                condition=Q(organisation__isnull=False),
                name="an_organisation_hosts_an_action_once",
            ),
            models.UniqueConstraint(
                fields=["action", "committee"],
                condition=Q(committee__isnull=False),
                name="a_committee_hosts_an_action_once",
            ),
        ]
        # What one of these begins with has no index of its own: lists write thousands of rows.
        indexes = [
            models.Index(fields=["organisation", "state", "action"], name="hosted_by_organisation"),
            models.Index(fields=["committee", "state", "action"], name="hosted_by_committee"),
        ]

    def __str__(self) -> str:
        return self.name

    def page_tags(self) -> list[str]:
        return [f"action:{self.action_id}", "actions"]

    @property
    def host(self) -> "Organisation | Committee | str":
        """Whose name it is in; a name alone while it is only proposed."""
        return self.organisation or self.committee or self.proposed

    @property
    def name(self) -> str:
        return str(self.host)

    @property
    def is_shown(self) -> bool:
        return self.state == self.State.ACCEPTED

    @property
    def is_new(self) -> bool:
        """Whether it is a committee that nobody has let in yet."""
        return self.organisation_id is None and self.committee_id is None


class HostLinkQuerySet(SealedQuerySet["HostLink"]):
    def standing(self) -> Self:
        """Those that open the host page."""
        return self.filter(revoked_at=None)

    def confirmed(self) -> Self:
        return self.filter(revoked_at=None, confirmed_at__isnull=False)


class HostLink(SealedRow):
    """A private link to an action's host page, and the address of whoever holds it.

    It is looked up by the digest of its secret. The secret itself is sealed, so that later mails
    can lead to the page: the database alone opens nothing. A host who posted with a code may have
    no address at all.
    """

    class Role(models.TextChoices):
        HOST = "host", _("Host")
        CO_HOST = "co-host", _("Co-host")
        """May do all but delete, cancel, and invite or end others."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    secret = SealedField()
    role = models.CharField(max_length=7, choices=Role.choices, default=Role.HOST)
    name = SealedField()
    email = SealedField()
    email_index = models.CharField(max_length=64, blank=True, db_index=True)
    language = models.CharField(max_length=35, default="en")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    """Who took the action over with an account; others have none."""
    after_telling = models.ForeignKey(
        "actions.Telling", models.RESTRICT, null=True, blank=True, related_name="+"
    )
    """A successor sees the list of sign-ups when all on it have been told of the change."""
    made_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = HostLinkQuerySet.as_manager()  # type: ignore[misc]  # narrower than the base's

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["action", "revoked_at"], name="links_of_an_action")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.action}"

    @property
    def trail_words(self) -> str:
        return str(self.action)

    @property
    def is_standing(self) -> bool:
        return self.revoked_at is None

    @property
    def is_confirmed(self) -> bool:
        return self.is_standing and self.confirmed_at is not None

    @property
    def is_main(self) -> bool:
        return self.role == self.Role.HOST

    @property
    def sees_people(self) -> bool:
        told = self.after_telling is None or self.after_telling.finished_at is not None
        return self.is_confirmed and told


class HostCodeQuerySet(models.QuerySet["HostCode"]):
    def open(self) -> Self:
        """Those that can still be used: they end with the mandate under which they were made."""
        made = self.filter(made_under__in=Mandate.objects.standing())
        return made.filter(revoked_at=None, uses_left__gt=0, expires_at__gt=timezone.now())


class HostCode(models.Model):
    """A code with which people without mail post actions for an organisation or a committee."""

    digest = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=120, blank=True)
    """For whom it was made, in the coordinator's words: "Market hall group"."""
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="host_codes"
    )
    committee = models.ForeignKey(
        Committee, models.CASCADE, null=True, blank=True, related_name="host_codes"
    )
    uses = models.PositiveIntegerField(default=1)
    uses_left = models.PositiveIntegerField(default=1)
    made_under = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = HostCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, committee=None)
                | Q(organisation=None, committee__isnull=False),
                name="a_code_is_for_one_host",
            ),
            models.CheckConstraint(
                condition=Q(uses_left__lte=F("uses")), name="no_more_posts_left_than_given"
            ),
        ]

    def __str__(self) -> str:
        return self.note or self.host_name

    @property
    def host(self) -> "Organisation | Committee | None":
        return self.organisation or self.committee

    @property
    def host_name(self) -> str:
        return str(self.host or "")

    @property
    def is_open(self) -> bool:
        is_over = self.expires_at <= timezone.now() or self.made_under.has_ended
        return self.revoked_at is None and self.uses_left > 0 and not is_over


class KnownHost(models.Model):
    """An address whose actions were let in before: a keyed index, which cannot be read back."""

    scope = models.CharField(max_length=40)
    email_index = models.CharField(max_length=64)
    since = models.DateTimeField(default=timezone.now)
    lost_at = models.DateTimeField(null=True, blank=True)
    """When a moderator found something wrong: from then on it is new again."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "email_index"], name="a_host_is_known_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.since:%Y-%m-%d}"


def hosted_by(thing: "Organisation | Committee") -> dict[str, Any]:
    """The look-up of the hostings of an organisation or a committee."""
    return {"organisation": thing} if isinstance(thing, Organisation) else {"committee": thing}


class Nudge(models.Model):
    """A committee was asked whether it puts something on for a campaign."""

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="+")
    committee = models.ForeignKey(Committee, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["campaign", "committee", "-at"], name="nudges_of_a_committee"),
        ]

    def __str__(self) -> str:
        return f"{self.committee} · {self.at:%Y-%m-%d}"
