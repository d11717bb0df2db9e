"""Who signed on to a campaign, and who was asked to."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convoca.campaigns.models.campaign import Campaign
from convoca.core.codes import public_code
from convoca.network.models import Mandate, Organisation
from convoca.texts.models import Version

SILENT_AFTER = timedelta(days=7)
"""An invitation without an answer for so long counts as silent, and may be reminded once."""


WAITS = timedelta(days=30)
"""How long a signature through a link waits for a steward, with the name and address of who gave
it. Then they are deleted."""


class EndorsementQuerySet(models.QuerySet["Endorsement"]):
    def accepted(self) -> Self:
        """What the public sees, with those withdrawn since."""
        return self.filter(accepted_at__isnull=False)

    def standing(self) -> Self:
        """What counts: accepted and not withdrawn."""
        return self.filter(accepted_at__isnull=False, withdrawn_at=None)

    def latest_each(self) -> Self:
        """Each organisation's last word only: who has signed again is not shown as withdrawn, and
        who has withdrawn twice is shown once. Among those that count or counted."""
        later = Endorsement.objects.accepted().filter(
            campaign=OuterRef("campaign"), organisation=OuterRef("organisation"),
            pk__gt=OuterRef("pk"),
        )  # fmt: skip
        return self.accepted().filter(~Exists(later))

    def with_versions(self) -> Self:
        """With organisation and version of the call, but not the words of that version."""
        return self.select_related("organisation", "text_version").defer("text_version__paragraphs")

    def waiting(self) -> Self:
        """Given by an organisation that is not yet a member: a steward confirms it first."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def lapsed(self) -> Self:
        """Signed through a link, and no steward has answered in time."""
        return self.waiting().filter(how=Endorsement.How.LINK, given_at__lte=timezone.now() - WAITS)

    def how_given(self, how: str) -> Self:
        """Those given so: signed, recorded, link, to-confirm or withdrawn."""
        if how == "withdrawn":
            return self.filter(withdrawn_at__isnull=False)
        return self.to_confirm() if how == "to-confirm" else self.filter(how=how)

    def to_confirm(self) -> Self:
        """Recorded by the secretariat; the organisation itself has not yet said so."""
        return self.standing().filter(how=Endorsement.How.RECORDED, confirmed_at=None)


class Endorsement(models.Model):
    """An organisation signed on to a campaign. Withdrawn ones stay, as history."""

    class How(models.TextChoices):
        SIGNED = "signed", pgettext_lazy("an endorsement", "Signed here")
        RECORDED = "recorded", pgettext_lazy("an endorsement", "Recorded by the secretariat")
        LINK = "link", pgettext_lazy("an endorsement", "Signed by invitation")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="endorsements")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="endorsements")
    how = models.CharField(max_length=10, choices=How.choices, default=How.SIGNED)
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    """Under which it was given; for one recorded by the secretariat, the steward's."""
    text_version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    proof = models.CharField(max_length=300, blank=True)
    """Where one that was given elsewhere can be checked: a letter, minutes, a meeting."""
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_under = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_under = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organisation"],
                condition=Q(withdrawn_at=None),
                name="one_standing_endorsement_each",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="withdrawn_after_given",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(mandate__isnull=False),
                name="an_accepted_endorsement_names_a_mandate",
            ),
            models.CheckConstraint(
                condition=~Q(how="recorded") | ~Q(proof=""),
                name="a_recorded_endorsement_has_a_proof",
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "given_at"],
                condition=Q(accepted_at__isnull=False),
                name="endorsements_that_are_public",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.campaign}"

    def page_tags(self) -> list[str]:
        return [f"campaign:{self.campaign_id}", "campaigns", f"organisation:{self.organisation_id}"]

    @property
    def is_standing(self) -> bool:
        return self.accepted_at is not None and self.withdrawn_at is None

    @property
    def waits_until(self) -> datetime:
        """Until when a steward may confirm one that was signed through a link."""
        return self.given_at + WAITS

    @property
    def is_recorded(self) -> bool:
        """Given elsewhere and not yet confirmed by the organisation itself."""
        return self.how == self.How.RECORDED and self.confirmed_at is None


class AskedQuerySet(models.QuerySet["EndorsementInvitation"]):
    def unanswered(self) -> Self:
        return self.filter(answer="", withdrawn_at=None)

    def silent(self) -> Self:
        """Asked a week ago or longer, and no answer."""
        return self.unanswered().filter(invited_at__lte=timezone.now() - SILENT_AFTER)

    def to_remind(self) -> Self:
        """Silent and never reminded, and no former member: each is reminded once."""
        members = Q(organisation=None) | Q(organisation__state=Organisation.State.MEMBER)
        return self.silent().filter(members, reminded_at=None)

    def in_standing(self, standing: str) -> Self:
        """Those that stand so: invited, opened, endorsed, declined or silent."""
        late = Q(invited_at__lte=timezone.now() - SILENT_AFTER)
        wanted = {
            "invited": self.unanswered().filter(~late, opened_at=None),
            "opened": self.unanswered().filter(~late, opened_at__isnull=False),
            "silent": self.silent(),
            "endorsed": self.filter(answer="endorsed"),
            "declined": self.filter(answer="declined"),
        }
        return wanted.get(standing, self.none())


class EndorsementInvitation(models.Model):
    """An organisation, or an address that may become one, was asked to sign on."""

    class Answer(models.TextChoices):
        NONE = "", _("No answer")
        ENDORSED = "endorsed", pgettext_lazy("an invitation", "Endorsed")
        DECLINED = "declined", pgettext_lazy("an invitation", "Declined")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="invitations")
    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="+"
    )
    organisation_name = models.CharField(max_length=200, blank=True)
    """How the steward called one that is not in the network yet."""
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=35, default="en")
    endorsement = models.OneToOneField(
        Endorsement, models.SET_NULL, null=True, blank=True, related_name="invitation"
    )
    """What was given through its link."""
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    """Who signed through the link; emptied as soon as a steward has answered."""
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    """Under which a steward invited."""
    invited_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AskedQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organisation"],
                condition=Q(withdrawn_at=None, organisation__isnull=False),
                name="one_invitation_each",
            ),
            models.UniqueConstraint(
                fields=["campaign", "email"],
                condition=Q(withdrawn_at=None, organisation=None),
                name="one_invitation_an_address",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(email=""),
                name="an_invitation_reaches_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False),
                name="an_answer_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "answer", "invited_at"], name="invitations_by_answer"),
        ]

    def __str__(self) -> str:
        return self.whom

    @property
    def trail_words(self) -> str:
        """Who was asked, without the address."""
        return str(self.organisation or self.organisation_name)

    @property
    def whom(self) -> str:
        """Who was asked, in words."""
        if self.organisation is not None:
            return str(self.organisation)
        return self.organisation_name or self.email

    @property
    def standing(self) -> str:
        """`invited`, `opened`, `endorsed`, `declined` or `silent`."""
        if self.answer:
            return self.answer
        if self.invited_at <= timezone.now() - SILENT_AFTER:
            return "silent"
        return "opened" if self.opened_at else "invited"

    @property
    def token(self) -> str:
        """The secret of its link: derived from the site's key, so nothing stored opens it."""
        return f"{self.code}{_seal(self.code, settings.SECRET_KEY)}"

    @classmethod
    def with_token(cls, token: str) -> "EndorsementInvitation | None":
        """The invitation that this secret opens, if it is one and was not withdrawn."""
        code, seal = token[:8], token[8:]
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        if not any(constant_time_compare(seal, _seal(code, key)) for key in keys):
            return None
        return cls.objects.filter(code=code, withdrawn_at=None).first()


def _seal(code: str, key: str | bytes) -> str:
    return salted_hmac("campaigns.invitation", code, secret=key).hexdigest()[:32]
