"""Lists are taken in by the worker: each a little at a time, whatever happens in between."""

from collections.abc import Callable

from django.utils import timezone, translation

from convoca.core.errors import Refusal
from convoca.exchange.models import Import
from convoca.exchange.services import importing, members
from convoca.exchange.services.filing import file_of
from convoca.exchange.services.handing_in import mapping_of, opened
from convoca.exchange.services.looking import look_through


def take_next(may_go_on: Callable[[], bool]) -> bool:
    """Go on with the list that is due, or look through one that nobody said yes to yet; answers
    whether there was one.
    """
    run = Import.objects.claim()
    if run is None:
        return False
    person = run.under.person if run.under else None
    language = person.ui_language if person else "en"
    try:
        with translation.override(language if run.has_begun else run.language or language):
            has_ended = _go_on(run, may_go_on)
    except Refusal as refusal:
        if refusal.code != "import-overtaken":
            _stop(run, str(refusal))
        return True
    if not has_ended:  # it falls due at once, not when its lease is over
        Import.objects.unfinished().filter(pk=run.pk).update(due_at=timezone.now())
    return True


def _go_on(run: Import, may_go_on: Callable[[], bool]) -> bool:
    if not run.has_begun:
        look_through(run)
        return True
    if run.is_read and not run.is_of_members:
        return importing.link_on(run, may_go_on)
    with file_of(run) as file:
        if run.is_of_members:
            assert run.under is not None  # noqa: S101  the operator's lists come by another road
            by = run.under.person
            return members.go_on(run, file, mapping_of(run), by=by, may_go_on=may_go_on)
        return importing.go_on(run, opened(run, file), may_go_on=may_go_on)


def _stop(run: Import, why: str) -> None:
    Import.objects.filter(pk=run.pk, ended_at=None).update(due_at=None, trouble=why[:500])
