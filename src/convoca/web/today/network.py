"""What the network has for Today: people and organisations that wait for an answer."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.accounts.models import Person
from convoca.core.dates import day_words
from convoca.network.models import Decision, Invitation, JoinRequest, Mandate, Organisation
from convoca.network.rules import may_confirm
from convoca.web.today.items import Board, Item, yesterday

MOST = 50
A_FEW = 5
ENDS_SOON = timedelta(days=14)


def for_steward(person: Person, board: Board) -> None:
    """Requests to join, decisions to confirm, invitations without an answer, news of members."""
    board.waits += _requests()
    board.waits += _decisions(person)
    board.late += _unanswered()
    board.since += _new_members()


def _requests() -> Iterator[Item]:
    asked = JoinRequest.objects.filter(confirmed_at__isnull=False, answered_at=None)
    for request in asked.select_related("organisation")[:MOST]:
        if request.organisation is not None and request.confirmed_at is not None:
            yield Item(
                _("Answer %(name)s, who ask to join") % {"name": request.organisation},
                _("Asked on %(day)s.") % {"day": day_words(request.confirmed_at.date())},
                reverse("network:work-organisation", args=[request.organisation.code]),
                _("Answer"),
                request.confirmed_at,
            )


def _decisions(person: Person) -> Iterator[Item]:
    for decision in Decision.objects.waiting().select_related("organisation")[:MOST]:
        if may_confirm(person, decision):
            yield Item(
                _("Decide with another steward: %(decision)s") % {"decision": decision},
                decision.reason[:160],
                reverse("network:decisions"),
                _("Look at it"),
                decision.proposed_at,
            )


def _unanswered() -> Iterator[Item]:
    limit = timezone.now() - timedelta(days=14)
    open_ = Invitation.objects.open().filter(sent_at__lt=limit, reminded_at=None)
    count = open_.count()
    if count:
        oldest = open_.order_by("sent_at").first()
        yield Item(
            ngettext("Remind of %(count)d invitation", "Remind of %(count)d invitations", count)
            % {"count": count},
            _("No answer for two weeks or longer."),
            reverse("network:invitations"),
            _("Look at them"),
            oldest.sent_at if oldest and oldest.sent_at else timezone.now(),
        )


def _new_members() -> Iterator[Item]:
    fresh = Organisation.objects.members().filter(member_since__gte=yesterday())
    count = fresh.count()
    if count > A_FEW:  # a whole spreadsheet came in
        yield Item(
            ngettext(
                "%(count)d organisation is a member now",
                "%(count)d organisations are members now",
                count,
            )
            % {"count": count},
            "",
            f"{reverse('network:work-organisations')}?sort=since",
            harm=fresh.latest("member_since").member_since or timezone.now(),
        )
        return
    for member in fresh:
        yield Item(
            _("%(name)s is a member now") % {"name": member},
            "",
            reverse("network:work-organisation", args=[member.code]),
            harm=member.member_since or timezone.now(),
        )


def for_holder(person: Person, mandates: list[Mandate], board: Board) -> None:
    """Mandates of one's own that end soon."""
    for mandate in mandates:
        if mandate.until_at and mandate.until_at < timezone.now() + ENDS_SOON:
            url = reverse("network:work")
            if mandate.organisation is not None:
                url = reverse("network:work-organisation", args=[mandate.organisation.code])
            board.waits.append(
                Item(
                    _("Your mandate ends: %(mandate)s") % {"mandate": mandate.for_words},
                    _("On %(day)s.") % {"day": day_words(mandate.until_at.date())},
                    url,
                    _("See who goes on"),
                    mandate.until_at,
                )
            )
