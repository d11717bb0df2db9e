"""Keeping what members give us, and letting go of what nobody uses any more."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

from django.apps import apps
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.core.errors import Refusal
from convoca.media import papers, pictures, recordings, store, uploads
from convoca.media.models import Document, Kept, Picture, Recording

MEGABYTE = 1024 * 1024
MOST_PICTURE = 15 * MEGABYTE
MOST_RECORDING = 15 * MEGABYTE
MOST_DOCUMENT = 20 * MEGABYTE
MOST_CUT = 90
"""Hundredths of a picture that may be cut off in one direction."""
KEPT_UNUSED = timedelta(days=30)
"""What nothing refers to any more can come back for this long."""

K = TypeVar("K", bound=Kept)
Upload: TypeAlias = "UploadedFile[Any]"


class Giver(Protocol):
    """A person, as far as files need to know one."""

    @property
    def pk(self) -> int: ...


def keep_picture(uploaded: Upload, *, alt: str = "", by: Giver | None = None) -> Picture:
    """Draw the picture anew, in several sizes, in a process with limits, and keep the result.

    Nothing but pixels survives: no place, no camera, no profile. Refuses what is no picture, lies
    about its type, is too large, too heavy or damaged. The upload itself is not kept.
    """
    refuse_size(uploaded, MOST_PICTURE)
    pictures.refuse_on_sight(uploaded.name or "", _head(uploaded))
    with store.workshop() as folder:
        source = folder / "upload"
        with source.open("wb") as file:
            for chunk in uploaded.chunks():
                file.write(chunk)
        return _keep_drawn(source, folder, alt=alt, by=by.pk if by is not None else None)


def cropped(picture: Picture, cut: Sequence[int]) -> Picture:
    """Another picture: this one without so many hundredths of it, left, top, right and bottom. The
    caller lets go of the old one.
    """
    left, top, right, bottom = cut
    if min(cut) < 0 or left + right > MOST_CUT or top + bottom > MOST_CUT:
        raise Refusal("cut-too-large", _("Leave at least a tenth of it in each direction."))
    with store.workshop() as folder:
        source = folder / "upload"
        source.write_bytes(picture.content())
        return _keep_drawn(source, folder, alt=picture.alt, by=picture.kept_by, cut=cut)


def _keep_drawn(
    source: Path, folder: Path, *, alt: str, by: int | None, cut: Sequence[int] = ()
) -> Picture:
    answer = pictures.drawn(source, folder, cut)
    sizes = {name: _kept_size(folder / name, facts) for name, facts in answer["sizes"].items()}
    full = sizes["full"]
    return Picture.objects.create(
        file=full["file"],
        sha256=full["sha256"],
        bytes=full["bytes"],
        width=full["width"],
        height=full["height"],
        sizes={name: _without_hash(size) for name, size in sizes.items()},
        alt=alt[:300],
        kept_by=by,
    )


def described(picture: Picture, alt: str) -> Picture:
    """The picture under other words for who does not see it: the same files, a row of its own."""
    if picture.alt == alt[:300]:
        return picture
    other = Picture.objects.get(pk=picture.pk)
    other.pk, other.alt, other.unused_since = None, alt[:300], None
    other.save(force_insert=True)
    return other


def _kept_size(path: Path, facts: dict[str, Any]) -> dict[str, Any]:
    content = path.read_bytes()
    name = store.put(content, "webp")
    return {**facts, "file": name, "bytes": len(content), "sha256": store.digest(content)}


def _without_hash(size: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in size.items() if key != "sha256"}


def keep_recording(uploaded: Upload, *, by: Giver | None = None) -> Recording:
    """Keep a recording without what was written about it (`convoca.media.sounds` says how).

    Refuses what is no recording, lies about its type, is too large, damaged, or more than sound.
    """
    refuse_size(uploaded, MOST_RECORDING)
    sound = recordings.cleaned(uploaded.name or "", _content(uploaded))
    return Recording.objects.create(
        file=store.put(sound.content, sound.ending),
        sha256=store.digest(sound.content),
        bytes=len(sound.content),
        kind=store.KINDS[sound.ending],
        seconds=sound.seconds,
        kept_by=by.pk if by is not None else None,
    )


def keep_file(uploaded: Upload, *, by: Giver | None = None) -> Document:
    """Keep a PDF or a plain text as it is, after a check. Refuses PDFs that act when opened."""
    refuse_size(uploaded, MOST_DOCUMENT)
    content = _content(uploaded)
    kind = papers.kind_of(uploaded.name or "", content)
    return Document.objects.create(
        file=store.put(content, kind),
        sha256=store.digest(content),
        bytes=len(content),
        kind=store.KINDS[kind].split(";")[0],
        name=_tidy_name(uploaded.name or "", kind),
        kept_by=by.pk if by is not None else None,
    )


def _tidy_name(name: str, ending: str) -> str:
    """A name for downloads: no path, no control characters, the right ending."""
    stem = Path(name.replace("\\", "/")).stem
    kept = "".join(c if c.isprintable() and c not in '"<>:|?*' else " " for c in stem)
    return f"{' '.join(kept.split())[:100].strip(' .') or 'document'}.{ending}"


def refuse_size(uploaded: Upload, most: int) -> None:
    """Refuse an empty file and one over the limit, or over that of the whole site."""
    most = min(most, uploads.most())
    if not uploaded.size:
        raise Refusal("file-empty", _("This file is empty."))
    if uploaded.size > most:
        megabytes = most // MEGABYTE
        words = ngettext(
            "This file is larger than %(most)s megabyte. Make it smaller first.",
            "This file is larger than %(most)s megabytes. Make it smaller first.",
            megabytes,
        )
        raise Refusal("file-too-large", words % {"most": megabytes})


def _head(uploaded: Upload) -> bytes:
    uploaded.seek(0)
    head: bytes = uploaded.read(4096)
    uploaded.seek(0)
    return head


def _content(uploaded: Upload) -> bytes:
    uploaded.seek(0)
    content: bytes = uploaded.read()
    return content


# Letting go


def forget(kept: Kept) -> None:
    """Delete a row and its files now, as when something must be taken down at once.

    Files that another row needs stay. The caller lets go of what refers to the row first.
    """
    with transaction.atomic():
        kept.delete()
    for name in kept.files - _needed():
        store.delete(name)


def withhold(kept: Kept, *, taken_down: bool = False) -> None:
    """Answer nobody who asks for its files, until they are given back. A file that a steward has
    taken down comes back by a steward only, and not by uploading it again.
    """
    for name in kept.files:
        store.withhold(name, store.DOWN if taken_down else store.OFF)


def give_back(kept: Kept, *, taken_down: bool = False) -> None:
    """Undo `withhold`. Refused, but for stewards, while it is taken down."""
    if not taken_down and any(map(store.is_taken_down, kept.files)):
        raise Refusal("file-taken-down", _("A steward has taken this file down."))
    for name in kept.files:
        store.give_back(name, store.DOWN if taken_down else store.OFF)


def rows_of(name: str) -> list[Kept]:
    """Every row that needs the file of this name."""
    if not store.is_name(name):
        return []
    own = models.Q(file=name)
    pictures_of = Picture.objects.filter(own | models.Q(sizes__icontains=name))
    others = (Recording.objects.filter(own), Document.objects.filter(own))
    return [*pictures_of, *(row for rows in others for row in rows)]


def holders(kept: Kept) -> "list[tuple[models.Model, str]]":
    """What refers to a file, through this row or another one of the same file, by which field."""
    return [
        (holder, link.name)
        for row in rows_of(kept.file)
        for link in links_to(type(row))
        for holder in link.model._base_manager.filter(**{link.name: row.pk})
    ]


def sweep() -> int:
    """Delete rows that nothing has referred to for 30 days, then files that no row needs.

    A file younger than a day is left alone: its row may be in a transaction that is not over.
    """
    gone = sum(_sweep_rows(model) for model in (Picture, Recording, Document))
    needed = _needed()
    yesterday = (timezone.now() - timedelta(days=1)).timestamp()
    for path in store.names():
        name = path.name.removesuffix(store.OFF).removesuffix(store.DOWN)
        if name not in needed and path.stat().st_mtime < yesterday:
            path.unlink(missing_ok=True)
    store.clear_workshops(before=yesterday)
    return gone


def _sweep_rows(model: type[K]) -> int:
    now = timezone.now()
    rows: models.QuerySet[K] = model._default_manager.all()
    used = is_used(links_to(model))
    rows.filter(used, unused_since__isnull=False).update(unused_since=None)
    rows.filter(~used, unused_since=None).update(unused_since=now)
    return rows.filter(~used, unused_since__lt=now - KEPT_UNUSED).delete()[0]


def links_to(model: type[models.Model]) -> "list[models.ForeignKey[Any, Any]]":
    """Every foreign key to it, in whatever app, also those that have no way back."""
    return [
        link
        for other in apps.get_models(include_auto_created=True)
        for link in other._meta.local_fields
        if isinstance(link, models.ForeignKey) and link.related_model is model
    ]


def is_used(links: "Iterable[models.ForeignKey[Any, Any]]") -> models.Q:
    """Whether any row refers to it by one of these links."""
    used = models.Q(pk__in=[])
    for link in links:
        rows = link.model._base_manager.filter(**{link.name: models.OuterRef("pk")})
        used |= models.Q(models.Exists(rows))
    return used


def _needed() -> set[str]:
    names: set[str] = set()
    for model in (Picture, Recording, Document):
        for row in model._default_manager.iterator(chunk_size=1000):
            names |= row.files
    return names
