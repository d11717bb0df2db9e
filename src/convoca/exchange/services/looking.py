"""What a person sees of a list before saying yes. A small one is read while they wait; a large one
is looked through by the worker, and pages show what it found.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.core.errors import Refusal
from convoca.exchange.models import Import, Looked
from convoca.exchange.services import columns, foreseeing, handing_in
from convoca.exchange.services.columns import Laid
from convoca.exchange.services.filing import file_of
from convoca.exchange.services.foreseeing import Preview
from convoca.exchange.signals import list_waits
from convoca.vault.services import is_closed


def is_to_be_read(run: Import) -> bool:
    """Whether the worker has not looked through a list as its columns are understood now."""
    if not run.is_large:
        return False
    seen = Looked.objects.filter(of=run).values_list("seen", flat=True).first()
    return seen != [run.columns, run.settings]


def reword(run: Import) -> bool:
    """Have the worker look once more where it said what it found in another language than the
    reader's. Answers whether the reader should wait for that.
    """
    language = get_language() or ""
    if not run.is_large or Looked.objects.filter(of=run, language=language).exists():
        return False
    if run.language != language:
        run.due_at, run.language = timezone.now(), language
        with transaction.atomic():
            waiting = Import.objects.filter(pk=run.pk, started_at=None)
            waiting.update(due_at=run.due_at, language=language, attempts=0, trouble="")
            list_waits.send(Import)
    return run.due_at is not None  # where it stopped, other words are better than none


def laid_open(run: Import) -> Laid:
    """What a person should see of a list before it is taken in."""
    if run.is_large:
        return Laid.of(_looked(run).laid)
    with file_of(run) as file:
        return columns.lay_open(run, file)


def foresee(run: Import, *, by: Person) -> Preview:
    """What would become of a list that waits for a yes."""
    if run.is_large:
        return Preview.of(_looked(run).preview)
    with file_of(run) as file:
        return foreseeing.foresee(run, file, by=by)


def _looked(run: Import) -> Looked:
    looked = Looked.objects.get(of=run)
    if is_closed(looked):
        message = _("The file is not kept any more. Bring it in again; what is in stays.")
        raise Refusal("file-gone", message)
    return looked


def look_through(run: Import) -> None:
    """Read a large list that nobody said yes to yet, and keep what pages show of it, in the
    language that is active. Harmless to repeat.
    """
    assert run.under is not None  # noqa: S101  the operator's lists come by another road
    with file_of(run) as file:
        if not run.headings:
            handing_in.understand(run, file)
        seen = [run.columns, run.settings]
        laid = columns.lay_open(run, file).as_json()
        preview = foreseeing.foresee(run, file, by=run.under.person).as_json()
    with transaction.atomic():
        now = Import.objects.select_for_update(of=("self",)).filter(pk=run.pk).first()
        if now is None or now.has_begun:
            return
        if now.headings and [now.columns, now.settings] != seen:
            return  # somebody said otherwise meanwhile: it is due again
        until = run.parts.values_list("delete_on", flat=True).first()
        if until is None:
            return  # its day has come meanwhile
        facts: dict[str, Any] = {"seen": seen, "laid": laid, "preview": preview}
        facts["language"] = get_language() or ""
        Looked.objects.filter(of=run).delete()
        Looked.objects.create(of=run, scope=run.scope, delete_on=until, **facts)
        if now.language in ("", facts["language"]):  # else somebody wants it in other words, too
            run.due_at = None
        else:
            run.due_at = now.due_at
        run.attempts = 0
        run.save(update_fields=["headings", "columns", "settings", "total", "due_at", "attempts"])
