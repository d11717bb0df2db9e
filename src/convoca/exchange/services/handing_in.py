"""A list is handed in: its file is kept until it has come in, and what its columns mean."""

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.counting.models import Source
from convoca.counting.services.sources import keep_source
from convoca.exchange import reading
from convoca.exchange.models import HandedIn, Import, LeftOut
from convoca.exchange.services.importing import Opened, recalled, remembered
from convoca.exchange.signals import list_waits
from convoca.media import store
from convoca.network.models import Mandate
from convoca.places.services import gazetteer

MOST_UNPACKED = 100 * 1024 * 1024
"""Bytes of a packed file; the command line reads larger ones."""
MOST_MEMBERS = 20_000
"""Rows of a list of members."""
KEPT = timedelta(days=7)
"""How long a file waits for a yes, and a list that stopped for somebody to go on with it."""
LEFT_OUT_KEPT = timedelta(days=30)


def hand_in(
    name: str,
    content: bytes,
    *,
    kind: str,
    under: Mandate,
    source: Source | None = None,
    campaign: Campaign | None = None,
    is_whole: bool = False,
) -> Import:
    """Keep a file that somebody handed in, with what its columns seem to mean. Nothing else is
    written yet, but a new `source`.

    Refuses what is no list, or a list without rows.
    """
    content = _unpacked(content)
    run = Import(kind=kind, name=name[:200], campaign=campaign, is_whole=is_whole, under=under)
    with store.workshop() as folder:
        file = _laid(folder, content, run)
        run.total = _rows_in(file, kind)
        if kind == Import.Kind.MEMBERS:
            known = recalled(Import.objects.begun().filter(kind=kind), file, kind)
        else:
            known = remembered(source, file) if source is not None and source.pk else None
        mapping = known or reading.suggest(file, kind)
        run.headings = file.columns
    run.columns, run.settings = mapping.columns, mapping.settings
    with transaction.atomic():
        if source is not None and source.pk is None:
            keep_source(source, under=under)
        run.source = source
        run.save()
        HandedIn.objects.create(of=run, content=gzip.compress(content, 6))
    return run


def _unpacked(content: bytes) -> bytes:
    """The file as it is, unpacked where it is packed with gzip. Refuses what grows too large."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            found = packed.read(MOST_UNPACKED + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        message = _("This file is packed and breaks off. Send it again, please.")
        raise Refusal("file-packed-broken", message) from error
    if len(found) > MOST_UNPACKED:
        raise Refusal("file-large", _("This file is too large to read."))
    return found


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


@contextmanager
def file_of(run: Import) -> Iterator[reading.OpenedFile]:
    """The file of an import, as long as it is kept, laid out on the disk to be read."""
    kept = HandedIn.objects.filter(of=run).first()
    if kept is None:
        message = _("The file is not kept any more. Bring it in again; what is in stays.")
        raise Refusal("file-gone", message)
    with store.workshop() as folder:
        yield _laid(folder, gzip.decompress(kept.content), run)


def _laid(folder: Path, content: bytes, run: Import) -> reading.OpenedFile:
    path = folder / "list"
    path.write_bytes(content)
    return reading.open_file(path, name=run.name, kind=run.kind)


def mapping_of(run: Import) -> reading.Mapping:
    """What its columns were taken for, as it stands."""
    columns = {column: run.columns.get(column, "other") for column in run.headings}
    return reading.Mapping(columns, run.settings, kind=run.kind)


def opened(run: Import, file: reading.OpenedFile) -> Opened:
    """Its file with all that is decided on how to read it."""
    mapping = mapping_of(run)
    study = reading.study_file(file, mapping)
    return Opened(file, mapping, study, reading.Places(gazetteer()))


def say_what_columns_mean(
    run: Import, columns: Mapping[str, str], settings: Mapping[str, str]
) -> None:
    """Keep what a person said of the columns and of the whole file, until it has begun."""
    waiting = Import.objects.filter(pk=run.pk, started_at=None)
    said = {name: value for name, value in settings.items() if value}
    if not waiting.update(columns=dict(columns), settings=said):
        raise Refusal("import-begun", _("This list is being taken in already."))
    run.columns, run.settings = dict(columns), said


@transaction.atomic
def begin(run: Import, *, under: Mandate) -> None:
    """Say yes to a list: it is taken in from now on. Harmless to repeat."""
    if not HandedIn.objects.filter(of=run).exists():
        message = _("The file is not kept any more. Bring it in again.")
        raise Refusal("file-gone", message)
    now = timezone.now()
    waiting = Import.objects.filter(pk=run.pk, started_at=None)
    if waiting.update(started_at=now, due_at=now, under=under):
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
    Import.objects.filter(pk=run.pk, started_at=None).delete()


def forget_files() -> int:
    """Forget files whose days are over: lists that nobody said yes to, whole. How many."""
    before = timezone.now() - KEPT
    gone, _by = HandedIn.objects.filter(
        kept_at__lt=before, of__started_at__isnull=False, of__due_at=None
    ).delete()
    dropped, _by = Import.objects.filter(started_at=None, handed_at__lt=before).delete()
    long_ago = timezone.now() - LEFT_OUT_KEPT
    over = Q(of__ended_at__lt=long_ago)
    stopped = Q(of__ended_at=None, of__due_at=None, of__started_at__lt=long_ago)
    LeftOut.objects.filter(over | stopped).delete()
    return gone + dropped
