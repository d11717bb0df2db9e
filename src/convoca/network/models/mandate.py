"""Who may act for an organisation, a committee or the network, as what, from when to when."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convoca.network.models.committee import Committee, all_former
from convoca.network.models.organisation import Organisation


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    COMMUNICATOR = "communicator", _("Communicator")
    DELEGATE = "delegate", _("Delegate")
    HOST = "host", _("Host")
    STEWARD = "steward", _("Steward")
    MODERATOR = "moderator", _("Moderator")
    TRANSLATOR = "translator", _("Translator")
    PRESS = "press", _("Press")
    CREDENTIALS = "credentials", _("Credentials")


ORGANISATION_ROLES = (Role.COORDINATOR, Role.COMMUNICATOR, Role.DELEGATE)
COMMITTEE_ROLES = (Role.HOST,)
NETWORK_ROLES = (
    Role.STEWARD,
    Role.MODERATOR,
    Role.TRANSLATOR,
    Role.PRESS,
    Role.CREDENTIALS,
)

_FOR_ORGANISATION = Q(organisation__isnull=False, committee=None)
_FOR_COMMITTEE = Q(organisation=None, committee__isnull=False)
_FOR_NETWORK = Q(organisation=None, committee=None)


class MandateQuerySet(models.QuerySet["Mandate"]):
    def current(self, at: datetime | None = None) -> Self:
        """Begun and not ended, whatever became of the organisation."""
        now = at or timezone.now()
        return self.filter(Q(until_at=None) | Q(until_at__gt=now), from_at__lte=now)

    def unended(self) -> Self:
        """Standing now or beginning later."""
        return self.filter(Q(until_at=None) | Q(until_at__gt=timezone.now()))

    def standing(self, at: datetime | None = None) -> Self:
        """Those one may act under: begun, not ended, of an active person, for a member, for a
        committee that is active and not paused, or for the network.
        """
        acting = Q(committee__state=Committee.State.ACTIVE) & ~all_former("committee")
        return self.current(at).filter(
            Q(organisation=None) | Q(organisation__state=Organisation.State.MEMBER),
            Q(committee=None) | acting,
            person__is_active=True,
        )

    def to_settle(self) -> Self:
        """Ended by their date, and what follows from it is not done yet."""
        return self.filter(until_at__lte=timezone.now(), settled_at=None)

    def for_network(self) -> Self:
        return self.filter(organisation=None, committee=None)

    def stewards(self) -> Self:
        return self.for_network().filter(role=Role.STEWARD)

    def with_names(self) -> Self:
        """With person, organisation and committee in the same query, network roles first."""
        return self.select_related("person", "organisation", "committee").order_by(
            F("organisation").asc(nulls_first=True), F("committee").asc(nulls_first=True), "pk"
        )


class Mandate(models.Model):
    """A person acts for an organisation, a committee or (neither given) the network.

    Rows are history: they are ended, never deleted, and what a mandate covers never changes.
    """

    Role = Role

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mandates")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="mandates"
    )
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="mandates"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    countries = models.JSONField(_("countries"), default=list, blank=True)
    language_pairs = models.JSONField(_("language pairs"), default=list, blank=True)
    from_at = models.DateTimeField(default=timezone.now)
    until_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    granted_under = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="granted"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When what follows from its end was done: at once, or by the tick after its last day."""

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None) | Q(committee=None),
                name="a_mandate_is_for_one_of_organisation_committee_network",
            ),
            models.CheckConstraint(
                condition=(_FOR_ORGANISATION & Q(role__in=list(ORGANISATION_ROLES)))
                | (_FOR_COMMITTEE & Q(role__in=list(COMMITTEE_ROLES)))
                | (_FOR_NETWORK & Q(role__in=list(NETWORK_ROLES))),
                name="a_mandate_has_a_role_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")),
                name="a_mandate_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(role="moderator") | Q(countries=[]),
                name="only_moderators_have_countries",
            ),
            models.CheckConstraint(
                condition=Q(role="translator") | Q(language_pairs=[]),
                name="only_translators_have_language_pairs",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(until_at=None) & _FOR_ORGANISATION,
                name="one_open_mandate_per_person_organisation_and_role",
            ),
            models.UniqueConstraint(
                fields=["person", "committee", "role"],
                condition=Q(until_at=None) & _FOR_COMMITTEE,
                name="one_open_mandate_per_person_committee_and_role",
            ),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=Q(until_at=None) & _FOR_NETWORK,
                name="one_open_mandate_per_person_and_network_role",
            ),
        ]
        indexes = [
            models.Index(fields=["role", "person"], name="mandates_by_role"),
            models.Index(
                fields=["until_at"],
                condition=Q(until_at__isnull=False, settled_at=None),
                name="mandates_to_settle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.for_words}"

    @property
    def for_words(self) -> str:
        """For whom, in words: "for the network", "for Union of Port Workers"."""
        if self.whom is None:
            return gettext("for the network")
        return gettext("for %(name)s") % {"name": self.whom}

    @property
    def trail_words(self) -> str:
        """For whom, by name; empty for the network. Neither the person nor the role in words."""
        return str(self.whom or "")

    @property
    def whom(self) -> "Organisation | Committee | None":
        """The organisation or committee; None is the network."""
        return self.organisation or self.committee

    @property
    def is_for_network(self) -> bool:
        return self.organisation_id is None and self.committee_id is None

    @property
    def is_standing(self) -> bool:
        """Whether one may act under it now, by the database."""
        return type(self).objects.standing().filter(pk=self.pk).exists()

    @property
    def has_ended(self) -> bool:
        return self.until_at is not None and self.until_at <= timezone.now()
