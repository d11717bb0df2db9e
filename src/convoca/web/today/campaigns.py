"""What campaigns have for Today: drafts, reviews, endorsements and who has not answered."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.accounts.models import Person
from convoca.campaigns.models import Campaign, Endorsement, EndorsementInvitation, Moment
from convoca.campaigns.models.campaign import State
from convoca.core.dates import day_words
from convoca.network.models import Mandate, Organisation
from convoca.web.today.items import Board, Item, yesterday

MOST = 50


def for_steward(person: Person, board: Board) -> None:
    """Campaigns in review, endorsements to accept, the silent, and who signed since yesterday."""
    board.waits += _reviews()
    board.waits += _to_accept()
    board.late += _silent()
    board.since += _signed()


def _reviews() -> Iterator[Item]:
    for campaign in Campaign.objects.kept().filter(state=State.REVIEW)[:MOST]:
        yield Item(
            _("Review %(campaign)s") % {"campaign": campaign},
            _("Handed in on %(day)s.") % {"day": day_words(campaign.changed_at.date())},
            reverse("campaigns:desk", args=[campaign.code]),
            _("Review"),
            campaign.changed_at,
            campaign.ink,
        )


def _to_accept() -> Iterator[Item]:
    waiting = Endorsement.objects.waiting().select_related("campaign", "organisation")
    for endorsement in waiting.order_by("given_at")[:MOST]:
        yield Item(
            _("Confirm that %(organisation)s endorses %(campaign)s")
            % {"organisation": endorsement.organisation, "campaign": endorsement.campaign},
            _("Given through an invitation on %(day)s; not a member yet.")
            % {"day": day_words(endorsement.given_at.date())},
            reverse("campaigns:endorsements", args=[endorsement.campaign.code]),
            _("Confirm"),
            endorsement.given_at,
            endorsement.campaign.ink,
        )


def _silent() -> Iterator[Item]:
    silent = (
        EndorsementInvitation.objects.to_remind()
        .filter(campaign__state=State.PUBLISHED, campaign__withdrawn_at=None)
        .values("campaign")
        .annotate(count=Count("pk"), oldest=Min("invited_at"))
        .order_by("oldest")[:MOST]
    )
    rows = list(silent)
    campaigns = Campaign.objects.in_bulk([row["campaign"] for row in rows])
    for row in rows:
        campaign = campaigns[row["campaign"]]
        yield Item(
            ngettext(
                "Remind %(count)d organisation of %(campaign)s",
                "Remind %(count)d organisations of %(campaign)s",
                row["count"],
            )
            % {"count": row["count"], "campaign": campaign},
            _("Asked, and silent since %(day)s. One reminder each, in their language.")
            % {"day": day_words(row["oldest"].date())},
            reverse("campaigns:invitations", args=[campaign.code]),
            _("Look at them"),
            row["oldest"],
            campaign.ink,
        )


def _signed() -> Iterator[Item]:
    fresh = Endorsement.objects.standing().filter(accepted_at__gte=yesterday())
    for endorsement in fresh.select_related("campaign", "organisation")[:MOST]:
        yield Item(
            _("%(organisation)s endorsed %(campaign)s")
            % {"organisation": endorsement.organisation, "campaign": endorsement.campaign},
            "",
            reverse("campaigns:desk", args=[endorsement.campaign.code]),
            harm=endorsement.accepted_at or timezone.now(),
            ink=endorsement.campaign.ink,
        )


def for_coordinator(mandates: list[Mandate], board: Board) -> None:
    """Calls that wait for the organisation's answer, and endorsements recorded elsewhere."""
    spoken_for = [
        m.organisation for m in mandates if m.role == "coordinator" and m.organisation is not None
    ]
    asked = EndorsementInvitation.objects.unanswered().filter(
        organisation__in=spoken_for,
        campaign__state=State.PUBLISHED,
        campaign__withdrawn_at=None,
    )
    for invitation in asked.select_related("campaign", "organisation")[:MOST]:
        board.waits.append(
            Item(
                _("Answer for %(organisation)s: %(campaign)s")
                % {"organisation": invitation.organisation, "campaign": invitation.campaign},
                _("Asked on %(day)s.") % {"day": day_words(invitation.invited_at.date())},
                reverse("campaigns:endorse", args=[invitation.campaign.code]),
                _("Read and answer"),
                invitation.invited_at,
                invitation.campaign.ink,
            )
        )
    recorded = Endorsement.objects.to_confirm().filter(organisation__in=spoken_for)
    for endorsement in recorded.select_related("campaign", "organisation")[:MOST]:
        board.waits.append(
            Item(
                _("Confirm what was recorded for %(organisation)s: %(campaign)s")
                % {"organisation": endorsement.organisation, "campaign": endorsement.campaign},
                endorsement.proof,
                reverse("campaigns:endorse", args=[endorsement.campaign.code]),
                _("Confirm"),
                endorsement.given_at,
                endorsement.campaign.ink,
            )
        )
    _drafts(spoken_for, board)


def _drafts(organisations: list[Organisation], board: Board) -> None:
    drafts = Campaign.objects.kept().filter(state=State.DRAFT, convenors__in=organisations)
    for campaign in drafts.distinct()[:MOST]:
        board.waits.append(
            Item(
                _("Go on with the draft of %(campaign)s") % {"campaign": campaign},
                _("Changed on %(day)s.") % {"day": day_words(campaign.changed_at.date())},
                reverse("campaigns:desk", args=[campaign.code]),
                _("Go on"),
                campaign.changed_at,
                campaign.ink,
            )
        )


def next_moment() -> Moment | None:
    """The next dated part of any running campaign."""
    today = timezone.localdate()
    coming = Moment.objects.standing().filter(
        Q(starts_on__gte=today),
        campaign__state=State.PUBLISHED,
        campaign__withdrawn_at=None,
    )
    return coming.select_related("campaign").order_by("starts_on", "pk").first()
