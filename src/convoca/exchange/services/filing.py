"""The file of an import lies sealed in the database, in pieces: it is never held whole."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from convoca.core.errors import Refusal
from convoca.exchange import reading
from convoca.exchange.models import FilePart, Import
from convoca.media import store
from convoca.vault.keyring import today
from convoca.vault.services import is_closed

PIECE = 128 * 1024
"""Packed bytes that are sealed together: rows are copied by hundreds, from database to database."""
MOST_UNPACKED = 100 * 1024 * 1024
"""Bytes of a packed file; the command line reads larger ones."""
KEPT = timedelta(days=7)
"""How long a file waits for a yes, and a list that stopped for somebody to go on with it."""
GZIP = b"\x1f\x8b"


def pack(content: IO[bytes], path: Path) -> int:
    """Lay a file out on the disk, packed; answers how many bytes it is unpacked. Refuses what grows
    too large as it is unpacked.
    """
    is_packed = content.read(len(GZIP)) == GZIP
    content.seek(0)
    with gzip.open(path, "wb", compresslevel=1) as packed:
        if not is_packed:
            copyfileobj(content, packed, PIECE)
            return packed.tell()
        try:
            with gzip.open(content) as unpacked:
                while piece := unpacked.read(PIECE):
                    packed.write(piece)
                    if packed.tell() > MOST_UNPACKED:
                        raise Refusal("file-large", _("This file is too large to read."))
            return packed.tell()
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            message = _("This file is packed and breaks off. Send it again, please.")
            raise Refusal("file-packed-broken", message) from error


def keep_file(run: Import, path: Path) -> None:
    """Seal a packed file, piece by piece, in the caller's transaction. Its key is the list's own,
    so that no copy of the database can be read after its day.
    """
    with path.open("rb") as packed:
        for number, piece in enumerate(iter(lambda: packed.read(PIECE), b"")):
            FilePart.objects.create(
                of=run, number=number, content=piece, scope=run.scope, delete_on=today() + KEPT
            )


def drop_files(runs: QuerySet[Import]) -> None:
    """Delete the files of lists, without reading what is in them."""
    FilePart.objects.filter(of__in=runs).defer("content").delete()


@contextmanager
def file_of(run: Import) -> Iterator[reading.OpenedFile]:
    """The file of an import, as long as it is kept, laid out on the disk to be read."""
    with store.workshop() as folder:
        path = folder / "list"
        with path.open("wb") as packed:
            for part in run.parts.all().iterator(chunk_size=1):
                if is_closed(part):
                    break
                packed.write(part.content)
        if not path.stat().st_size:
            message = _("The file is not kept any more. Bring it in again; what is in stays.")
            raise Refusal("file-gone", message)
        yield opened_file(path, run)


def opened_file(path: Path, run: Import) -> reading.OpenedFile:
    """A packed file of an import, recognised."""
    return reading.open_file(path, name=run.name, kind=run.kind)
