"""What hosts say became of their action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import Action, HostLink
from convoca.actions.models.action import DATED
from convoca.actions.services import host_links
from convoca.actions.services.life import locked
from convoca.actions.slip import slip_of
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.counting.models import Claim, Report, Source
from convoca.counting.models.report import (
    AGAIN_AFTER,
    WAITED_FOR,
    asked_from,
    is_reported_by_hosts,
)
from convoca.counting.said import HowMany, Said, of_action
from convoca.counting.services.claiming import take
from convoca.counting.services.turns import take_turn
from convoca.pages import services as pages

BATCH = 50


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a host says became of it."""

    happened: str
    words: str = ""
    won: str = ""
    present: str = ""
    how_many: Sequence[HowMany] = ()


@transaction.atomic
def report(action: Action, told: Told, *, link: HostLink) -> Report:
    """Keep what a host says became of the action, in place of what its hosts said before. The
    same once more changes nothing; a figure that was set aside stays, struck.
    """
    take_turn()
    action = locked(action)
    if not is_reported_by_hosts(action):
        raise Refusal("action-not-over", _("There is something to report when it is over."))
    row, _is_new = Report.objects.select_for_update().get_or_create(action=action)
    taken = take(Source.objects.hosts(), action.campaign, [_said(action, told)])
    Claim.objects.filter(pk__in=taken.new).update(action=action)
    after = (told.happened, told.words, told.won, told.present)
    is_same = after == (row.happened, row.words, row.won, row.present) and bool(taken.same)
    if row.is_sent and is_same:
        return row
    row.happened, row.words, row.won, row.present = after
    row.language, row.ask_at = link.language, None
    row.changed_at = timezone.now()
    event = "report.changed" if row.is_sent else "report.sent"
    row.sent_at = row.sent_at or row.changed_at
    row.save()
    audit.record(event, about=row, action=action.code, **host_links.who(link))
    pages.touch(*row.page_tags())
    return row


def _said(action: Action, told: Told) -> Said:
    """The same as a claim beside those of other sources."""
    is_off = told.happened == Report.Happened.NO
    hosts = action.hostings.standing().select_related("organisation", "committee")
    return of_action(
        action,
        title=action.own_words("names"),
        language=action.language,
        state=Claim.State.CANCELLED if is_off else Claim.State.SAID,
        organisers=", ".join(row.name for row in hosts)[:500],
        clock=action.clock,
        last_clock=action.last_clock,
        how_many=told.how_many,
    )


def expect_reports() -> int:
    """Note when the hosts of what is over are asked; of how many actions."""
    now = timezone.now()
    over = Action.objects.dated().filter(over_at__range=(now - WAITED_FOR, now), is_told=False)
    linked = HostLink.objects.confirmed().values("action")
    rows = list(over.filter(report=None, pk__in=linked).order_by("over_at", "pk")[: 10 * BATCH])
    fresh = [Report(action=one, ask_at=asked_from(one)) for one in rows]
    Report.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def ask_next() -> bool:
    """Ask the hosts of the actions that are due, each in one mail with their own link; answers
    whether there are more.
    """
    due = list(Report.objects.to_be_asked().order_by("ask_at", "pk")[:BATCH])
    for row in due:
        _ask(row)
    return len(due) == BATCH


@transaction.atomic
def _ask(row: Report) -> None:
    row = Report.objects.select_for_update(of=("self",)).select_related("action").get(pk=row.pk)
    if row.is_sent or row.ask_at is None:
        return
    action = row.action
    if action.listed and action.state in DATED:
        for link in HostLink.objects.confirmed().filter(action=action):
            link.action = action
            host_links.mail_to(
                link,
                "counting/how-did-it-go",
                page="counting:host-report",
                slip=slip_of(action, language=link.language),
                is_reminder=bool(row.asked),
                is_last=row.asked == len(AGAIN_AFTER),
            )
        row.asked += 1
    row.ask_at = _asked_again_at(row)
    row.save(update_fields=["asked", "ask_at"])


def _asked_again_at(row: Report) -> datetime | None:
    """One, three and seven days after the evening on which hosts were first asked."""
    action = row.action
    if not action.listed or action.state not in DATED or action.over_at is None:
        return None
    if row.asked > len(AGAIN_AFTER):
        return None
    due = asked_from(action) + AGAIN_AFTER[row.asked - 1]
    soonest = timezone.now() + timedelta(hours=20)  # after a standstill: never two at once
    return max(due, soonest)
