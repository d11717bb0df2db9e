"""A list is handed in: its file is kept until it has come in, and what its columns mean."""

from collections.abc import Mapping
from itertools import islice
from typing import IO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.counting.models import Source
from convoca.counting.services.sources import keep_source
from convoca.exchange import reading
from convoca.exchange.models import Import, Looked
from convoca.exchange.services.filing import drop_files, keep_file, opened_file, pack
from convoca.exchange.services.importing import Opened, recalled, remembered
from convoca.exchange.signals import list_waits
from convoca.media import store
from convoca.network.models import Mandate
from convoca.places.services import gazetteer
from convoca.vault.keyring import today

SMALL = 256 * 1024
"""Bytes of a list that is read while a person waits."""
MOST_MEMBERS = 20_000
"""Rows of a list of members."""


def hand_in(
    name: str,
    content: IO[bytes],
    *,
    kind: str,
    under: Mandate,
    source: Source | None = None,
    campaign: Campaign | None = None,
    is_whole: bool = False,
) -> Import:
    """Keep a file that somebody handed in, with what its columns seem to mean; of a large one the
    worker finds that out. Nothing else is written yet, but a new `source`.

    Refuses what is no list, or a list without rows; of a large one, what its beginning shows to be
    none.
    """
    run = Import(kind=kind, name=name[:200], campaign=campaign, is_whole=is_whole, under=under)
    with store.workshop() as folder:
        run.is_large = pack(content, folder / "list") > SMALL
        if source is not None and source.pk is not None:
            run.source = source
        if run.is_large:
            reading.check_beginning(folder / "list", kind=kind)
            run.due_at, run.language = timezone.now(), get_language() or ""
        else:
            understand(run, opened_file(folder / "list", run))
        with transaction.atomic():
            if source is not None and source.pk is None:
                run.source = keep_source(source, under=under)
            run.save()
            keep_file(run, folder / "list")
            if run.is_large:
                list_waits.send(Import)
    return run


def understand(run: Import, file: reading.OpenedFile) -> None:
    """Count its rows and say what its columns seem to mean, in memory. Reads all of the file."""
    run.total = _rows_in(file, run.kind)
    if run.is_of_members:
        known = recalled(Import.objects.begun().filter(kind=run.kind), file, run.kind)
    else:
        known = remembered(run.source, file) if run.source else None
    mapping = known or reading.suggest(file, run.kind)
    run.headings = file.columns
    run.columns, run.settings = mapping.columns, mapping.settings


def _rows_in(file: reading.OpenedFile, kind: str) -> int:
    most = MOST_MEMBERS if kind == Import.Kind.MEMBERS else reading.limits.ROWS
    filled = (one for one in file.records() if one.reason or any(map(str.strip, one.cells)))
    rows = sum(1 for _one in islice(filled, most + 1))
    if not rows:
        raise Refusal("file-rowless", _("There is a heading in this file, and no row below it."))
    if rows > most:
        message = _("This file has more than %(most)s rows. Split it, please.") % {"most": most}
        raise Refusal("file-long", message)
    return rows


def mapping_of(run: Import) -> reading.Mapping:
    """What its columns were taken for, as it stands."""
    columns = {column: run.columns.get(column, "other") for column in run.headings}
    return reading.Mapping(columns, run.settings, kind=run.kind)


def opened(run: Import, file: reading.OpenedFile) -> Opened:
    """Its file with all that is decided on how to read it."""
    mapping = mapping_of(run)
    study = reading.study_file(file, mapping)
    return Opened(file, mapping, study, reading.Places(gazetteer()))


@transaction.atomic
def say_what_columns_mean(
    run: Import, columns: Mapping[str, str], settings: Mapping[str, str]
) -> None:
    """Keep what a person said of the columns and of the whole file, until it has begun. Where they
    said something new of a large one, the worker looks through it once more.
    """
    waiting = Import.objects.filter(pk=run.pk, started_at=None)
    said = {name: value for name, value in settings.items() if value}
    is_new = [run.columns, run.settings] != [dict(columns), said]
    due_at = timezone.now() if run.is_large and is_new else None
    if not waiting.update(
        columns=dict(columns),
        settings=said,
        due_at=due_at,
        language=(get_language() or "") if due_at else run.language,
        attempts=0,
        trouble="",
    ):
        raise Refusal("import-begun", _("This list is being taken in already."))
    run.columns, run.settings = dict(columns), said
    if due_at:
        list_waits.send(Import)


@transaction.atomic
def begin(run: Import, *, under: Mandate) -> None:
    """Say yes to a list: it is taken in from now on. Harmless to repeat."""
    if not run.parts.exists():
        message = _("The file is not kept any more. Bring it in again.")
        raise Refusal("file-gone", message)
    now = timezone.now()
    waiting = Import.objects.filter(pk=run.pk, started_at=None)
    if waiting.update(started_at=now, due_at=now, under=under, attempts=0, trouble=""):
        Looked.objects.filter(of=run).delete()
        audit.record("import.begun", about=run, under=under)
        list_waits.send(Import)


@transaction.atomic
def take_up_again(run: Import) -> None:
    """Let a list that stopped go on where it was, after those of its source that come in now."""
    stopped = Import.objects.begun().left().filter(pk=run.pk)
    now = timezone.now()
    if stopped.update(started_at=now, due_at=now, attempts=0, trouble=""):
        list_waits.send(Import)


@transaction.atomic
def put_away(run: Import) -> None:
    """Forget a list that nobody said yes to, with its file."""
    _forget(Import.objects.filter(pk=run.pk, started_at=None))


@transaction.atomic
def forget_lists() -> int:
    """Forget lists that nobody said yes to and whose files end today. How many. The files, and
    the rows that were left out, are deleted by the vault on their told day.
    """
    waiting = Import.objects.filter(started_at=None).exclude(parts__delete_on__gt=today())
    return _forget(waiting)


def _forget(waiting: QuerySet[Import]) -> int:
    """Delete lists with their files. Locked first: who says yes now comes before, or too late."""
    locked = waiting.select_for_update(of=("self",)).values_list("pk", flat=True)
    lists = Import.objects.filter(pk__in=list(locked))
    drop_files(lists)
    return lists.delete()[0]
