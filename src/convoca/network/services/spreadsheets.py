"""A spreadsheet in the browser: kept for a preview, imported once, forgotten after a day."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.network import spreadsheets
from convoca.network.models import Spreadsheet
from convoca.network.services.importing import Tally, import_organisations

KEPT = timedelta(days=1)


def keep_spreadsheet(name: str, raw: bytes, *, by: Person) -> Spreadsheet:
    """Keep an upload for its preview; refuses what is too large or no CSV at all."""
    text = spreadsheets.decode(raw)
    if not spreadsheets.columns_of(text):
        raise Refusal("file-empty", _("This file is empty."))
    return Spreadsheet.objects.create(name=name[:200], text=text, kept_by=by)


def preview_spreadsheet(kept: Spreadsheet, *, by: Person) -> Tally:
    """What importing it would do. Nothing is written."""
    return import_organisations(spreadsheets.read(_text(kept)), by=by, dry_run=True)


def import_spreadsheet(kept: Spreadsheet, *, by: Person) -> Tally:
    """Import it and forget its text. The right rows go in, the wrong ones are left out.

    Of two who press at once only the first imports. Where it breaks off, the text comes back: what
    went in stays, and importing it again is harmless.
    """
    text = _taken(kept)
    try:
        tally = import_organisations(spreadsheets.read(text), by=by, dry_run=False)
    except BaseException:
        Spreadsheet.objects.filter(pk=kept.pk).update(text=text, imported_at=None)
        raise
    audit.record(
        "spreadsheet.imported",
        about=kept,
        by=by,
        added=tally.added,
        changed=tally.changed,
        wrong=tally.wrong,
    )
    return tally


@transaction.atomic
def _taken(kept: Spreadsheet) -> str:
    """Its text, which from now on nobody else imports."""
    kept = Spreadsheet.objects.select_for_update().get(pk=kept.pk)
    text = _text(kept)
    kept.imported_at, kept.text = timezone.now(), ""
    kept.save(update_fields=["imported_at", "text"])
    return text


def _text(kept: Spreadsheet) -> str:
    if not kept.text:
        raise Refusal(
            "file-gone", _("This file was imported, or is older than a day. Upload it again.")
        )
    return kept.text


def forget_spreadsheets() -> int:
    """Forget the text of old uploads. Answers how many."""
    old = Spreadsheet.objects.filter(kept_at__lt=timezone.now() - KEPT).exclude(text="")
    return old.update(text="")
