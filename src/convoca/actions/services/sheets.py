"""The sign-in sheet of one action: who said they come, then blank lines. Nothing of it is kept."""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import Action, SignUp
from convoca.actions.models.signup import KEPT
from convoca.actions.printing.facts import Expected, PosterFacts, SheetFacts
from convoca.actions.services import people

FEWEST_LINES = 12
LINES_OF_A_SHEET = 20


def sheet_of(
    action: Action, facts: PosterFacts, *, with_names: bool, asks_contact: bool
) -> SheetFacts:
    """What stands on the sheet. Names only for who may see them: the caller asks the rule.

    It is to be destroyed on the day on which the sign-ups are deleted.
    """
    today = timezone.localdate(timezone=ZoneInfo(action.zone))
    names = expected(action) if with_names else ()
    return SheetFacts(
        action=facts,
        printed_on=today,
        destroy_by=max(action.final_day or today, today) + KEPT,
        names=names,
        blank_lines=max(FEWEST_LINES, LINES_OF_A_SHEET - len(names)),
        consent=_consent(facts) if asks_contact else "",
    )


def expected(action: Action) -> tuple[Expected, ...]:
    """Who comes, by name; those without one last. Who waits is no part of it."""
    rows = [row for row in people.listed(action) if row.state == SignUp.State.COMING]
    return tuple(Expected(str(row.name or ""), row.people) for row in rows)


def _consent(facts: PosterFacts) -> str:
    return _(
        "Whoever writes down a phone number or a mail address here lets %(hosts)s write to them "
        "again. You can leave it empty."
    ) % {"hosts": facts.hosts_words or facts.network}
