"""Writes a copy of the public site, and brings it up to date: only what has changed is drawn, only
what was drawn otherwise is written, and the signed list of all files comes last.

A run that was killed is made good by the next. What was taken down on the site leaves the copy
before anything is drawn, and stands in the list as revoked.
"""

import json
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import escape
from itertools import islice
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

from convoca import __version__
from convoca.core.errors import Refusal
from convoca.core.languages import autonym, direction
from convoca.pages.audit import quiet
from convoca.pages.mirror import manifest as lists
from convoca.pages.mirror import state as states
from convoca.pages.mirror.drawing import Answer, Drawers, of_file
from convoca.pages.mirror.folder import Folder
from convoca.pages.mirror.links import Wish
from convoca.pages.mirror.manifest import File, Manifest, NoManifest, Revoked
from convoca.pages.mirror.names import MANIFEST, SIGNATURE, file_of
from convoca.pages.mirror.site import DOOR, PAGE, Places, is_asset, site
from convoca.pages.mirror.state import NEVER, Row, State
from convoca.pages.models import Tag
from convoca.pages.store import EVERYTHING

T = TypeVar("T")
SIGNED_AGAIN = timedelta(hours=6)
"""An unchanged copy's list is signed again after so long, to say that it is right."""
ROOTS_KEPT = 3600
"""Seconds after which all addresses are asked for again, whatever has changed."""
REVOKED_KEPT = timedelta(days=400)
AT_ONCE = 100
ROUNDS = 6
_MADE = "made:"
"""How addresses begin of what no view draws."""
_FAILED = "gone for now"
IN_A_SITEMAP = 45_000


@dataclass
class Report:
    """What a run has done."""

    files: int = 0
    size: int = 0
    drawn: int = 0
    written: int = 0
    removed: int = 0
    revoked: int = 0
    failed: list[str] = field(default_factory=list)
    """Addresses that could not be drawn: their files stay as they were."""
    sequence: int = 0
    made_at: str = ""
    key: str = ""


def write(
    folder: Path,
    wish: Wish,
    *,
    home: Path,
    key: Ed25519PrivateKey,
    jobs: int = 1,
    step: Callable[[float, float], None] = lambda done, of: None,
) -> Report:
    """Write the copy, or bring it up to date. Repeating it changes nothing.

    Refuses a folder that holds anything but a copy of this site.
    """
    target = Folder(folder)
    target.make()
    spoken = translation.override(translation.get_language())  # drawing speaks all
    with quiet(), spoken, states.opened(home, target.root) as state:
        known = _claim(target, state, lists.public_words(key))
        return _Run(wish, target, state, key, jobs, step).go(known)


def _claim(folder: Folder, state: State, key: str) -> Manifest | None:
    """Make sure that the folder is ours; the manifest in it, where nothing else is known of it."""
    is_begun = bool(state.fact("stamp"))
    found = _manifest(folder.root, key)
    if folder.is_empty() or found is not None:
        return None if is_begun else found
    if is_begun and (not state.fact("sequence") or (folder.root / MANIFEST).is_file()):
        return None
    raise Refusal(
        "mirror-not-ours",
        f"{folder.root} is not empty and holds no copy that this installation made. "
        "Name an empty folder, or a new one.",
    )


def _manifest(root: Path, key: str) -> Manifest | None:
    try:
        content, signature = ((root / name).read_bytes() for name in (MANIFEST, SIGNATURE))
        return lists.read(content) if lists.is_signed(content, signature, key) else None
    except (OSError, NoManifest):
        return None


class _Run:
    """One run: what is true at its beginning, and what it does."""

    def __init__(
        self,
        wish: Wish,
        folder: Folder,
        state: State,
        key: Ed25519PrivateKey,
        jobs: int,
        step: Callable[[float, float], None],
    ) -> None:
        self.wish, self.folder, self.state, self.key, self.step = wish, folder, state, key, step
        self.jobs, self.now = jobs, datetime.now(UTC)
        rows = list(Tag.objects.values_list("name", "version", "down"))
        self.versions = {name: version for name, version, _down in rows}
        self.downs = {name: down for name, _version, down in rows if down}
        self.stamp = json.dumps([__version__, *vars(wish).values()])
        self.is_another = False  # whether all is drawn again, because the copy is to be another
        self.world = f"gone {sum(self.versions.values())}"
        self.report = Report(key=lists.public_words(key))
        self.owners: dict[str, int] = {}
        self.seen: set[int] = set()
        self.taken: set[int] = set()
        self.is_dirty = False
        self._fresh: dict[str, bool] = {}

    def go(self, known: Manifest | None) -> Report:
        self._begin(known)
        self._take_away()
        roots = self._roots()
        places = Places.of(roots, with_papers=self.wish.papers)
        drawers = Drawers(self.wish, places, self.jobs)
        try:
            self._follow(drawers, [DOOR, *roots])
        finally:
            drawers.close()
        self._make(roots)
        self._sweep(known)
        self._sign(known)
        return self.report

    # --- at the beginning

    def _begin(self, known: Manifest | None) -> None:
        """Clear up after a killed run."""
        if not self.state.rows:
            self.state.note(stamp=self.stamp)
        self.is_another = self.state.fact("stamp") != self.stamp
        if known is not None:
            self.state.revoke(known.revoked)
        kept = {row.path for row in self.state.rows.values() if row.sha256}
        for path in self.state.begun():
            if path in kept:
                self.folder.remove_part(path)
            else:
                self.folder.remove(path)
        self.owners = {row.path.lower(): row.number for row in self.state.rows.values()}

    def _take_away(self) -> None:
        """What shows something that was taken down since it was drawn leaves the copy at once."""
        if not self.downs:
            return
        gone = [row for row in self.state.rows.values() if row.sha256 and self._is_down(row)]
        self._revoke(gone)
        self._dirty(bool(gone))
        for row in gone:
            self.folder.remove(row.path)
            row.sha256, row.tags = b"", NEVER
        self.state.keep(gone)

    def _is_down(self, row: Row) -> bool:
        if not row.tags.startswith("{") or self._is_as_seen(row.tags):
            return False
        seen: dict[str, int] = json.loads(row.tags)
        return any(self.downs.get(tag, 0) > version for tag, version in seen.items())

    def _revoke(self, rows: Iterable[Row]) -> None:
        found = [Revoked(_untitled(row.path), row.sha256.hex(), self.now) for row in rows]
        self.state.revoke(found)
        self.report.revoked += len(found)

    def _roots(self) -> list[str]:
        """The addresses of the sitemap that the copy has; asked for again only when something of
        them may have changed.
        """
        versions = {tag: self.versions.get(tag, 0) for tag in (*site().tags, EVERYTHING)}
        now = f"{states.words_of(versions)} {int(time.time() / ROOTS_KEPT)} {self.stamp}"
        if self.state.fact("roots_at") == now and (kept := self.state.fact("roots")):
            return list(json.loads(kept))
        every = list(dict.fromkeys(site().addresses()))
        places = Places.of(every, with_papers=self.wish.papers)
        known = {row.address for row in self.state.rows.values() if row.sha256}
        found = [path for path in every if path in known or places.place(path, "")]
        self.state.note(roots=json.dumps(found), roots_at=now)
        return found

    # --- pages and what they lead to

    def _follow(self, drawers: Drawers, roots: Sequence[str]) -> None:
        """Draw what is not fresh, then what it leads to, until nothing is left.

        A page that leads to what the site has not is drawn once more, without that link.
        """
        waiting = [self._row(address) for address in roots]
        for _round in range(ROUNDS):
            while waiting:
                waiting = self._one_wave(drawers, waiting)
            dead = {number for number in self.seen if not self.state.by_number[number].sha256}
            waiting = [
                row
                for row in (self.state.by_number[number] for number in self.seen)
                if row.links and dead.intersection(row.links) != set(row.dead)
            ]
            if not waiting:
                return
            for row in waiting:
                row.tags = NEVER
            self.seen.difference_update(row.number for row in waiting)

    def _one_wave(self, drawers: Drawers, rows: Iterable[Row]) -> list[Row]:
        fresh: list[Row] = []
        stale: list[Row] = []
        further: set[int] = set()
        for row in rows:
            self.seen.add(row.number)
            (fresh if self._is_fresh(row) else stale).append(row)
        for row in fresh:
            further.update(row.links)
        if stale:
            dead = frozenset(row.address for row in self.state.rows.values() if _is_gone(row))
            for row in self._draw(drawers, stale, dead):
                further.update(row.links)
        return [self.state.by_number[number] for number in further - self.seen]

    def _is_fresh(self, row: Row) -> bool:
        """Whether the file is there as it was written, and would be drawn the same."""
        if self.is_another and row.number not in self.taken:
            return False
        if not row.tags or (row.due_at and row.due_at <= self.now.timestamp()):
            return False
        if row.tags.startswith("{"):
            if not self._is_as_seen(row.tags):
                return False
        elif row.tags != (of_file(row.address) if is_asset(row.address) else self.world):
            return False
        return not row.sha256 or self.folder.stamp(row.path) == (row.size, row.changed)

    def _is_as_seen(self, tags: str) -> bool:
        """Whether nothing of these versions has changed; asked once for all that show them."""
        known = self._fresh.get(tags)
        if known is None:
            seen: dict[str, int] = json.loads(tags)
            known = all(self.versions.get(tag, 0) == at for tag, at in seen.items())
            self._fresh[tags] = known
        return known

    def _draw(self, drawers: Drawers, rows: Sequence[Row], dead: frozenset[str]) -> Iterator[Row]:
        by_address = {row.address: row for row in rows}
        answers = drawers.draw(list(by_address), dead)
        while part := list(islice(answers, AT_ONCE)):
            self.state.begin(by_address[one.address].path for one in part)
            done = [self._take(by_address[one.address], one, dead) for one in part]
            self.state.keep(done)
            self.report.drawn += len(part)
            self.step(self.report.drawn, len(self.state.rows))
            yield from done

    def _take(self, row: Row, answer: Answer, dead: frozenset[str]) -> Row:
        """Write what was drawn, where it is not what the file holds already."""
        self.taken.add(row.number)
        if answer.state == "failed":
            self.report.failed.append(answer.address)
            row.tags = row.tags if row.sha256 else _FAILED
            return row
        is_taken = self.owners.setdefault(row.path.lower(), row.number) != row.number
        if answer.state == "gone" or is_taken:
            if row.sha256 and not is_taken:
                self._revoke([row] if is_asset(row.address) else [])
                self._remove(row)
            row.sha256, row.tags = b"", self.world
            row.links = row.dead = array("I")
            return row
        links = [self._row(address) for address in answer.links]
        row.links = array("I", (one.number for one in links))
        row.dead = array("I", (one.number for one in links if one.address in dead))
        row.tags, row.due_at = answer.tags, answer.due_at
        self._put(row, answer.body)
        return row

    def _put(self, row: Row, body: bytes) -> None:
        digest = sha256(body).digest()
        stamp = self.folder.stamp(row.path)
        is_known = stamp is not None and stamp == (row.size, row.changed) and row.sha256
        there = row.sha256 if is_known else self.folder.sha256(row.path) if stamp else b""
        if there != digest:
            self._dirty()
            stamp = self.folder.write(row.path, body)
            self.report.written += 1
        assert stamp is not None  # noqa: S101  it is there, or was just written
        row.sha256, (row.size, row.changed) = digest, stamp

    def _dirty(self, is_so: bool = True) -> None:
        """Note, before the first change, that the list does not fit until it is signed again."""
        if is_so and not self.is_dirty:
            self.is_dirty = True
            self.state.note(signed="")

    def _remove(self, row: Row) -> None:
        self._dirty()
        self.folder.remove(row.path)
        self.report.removed += 1

    def _row(self, address: str) -> Row:
        found = self.state.rows.get(address)
        return found or self.state.row(address, file_of(*address.partition("?")[::2]))

    # --- what no view draws

    def _make(self, roots: Sequence[str]) -> None:
        """Addresses without a language, robots.txt and, where the copy will be known, a sitemap."""
        made = dict(self._permanent(roots))
        made["robots.txt"] = self._robots()
        made |= self._sitemaps(roots)
        rows = [self.state.rows.get(_MADE + path) for path in made]
        stale = []
        for (path, body), row in zip(made.items(), rows, strict=True):
            is_same = row is not None and row.sha256 == sha256(body).digest()
            if not (is_same and row and self.folder.stamp(path) == (row.size, row.changed)):
                row = self.state.row(_MADE + path, path)
                stale.append((row, body))
            assert row is not None  # noqa: S101  for types
            self.seen.add(row.number)
        self.state.begin(row.path for row, _body in stale)
        for row, body in stale:
            self._put(row, body)
        self.state.keep(row for row, _body in stale)

    def _permanent(self, roots: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """`/actions/0000bbbb`: the same in each language, to choose."""
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for path in roots:
            parts = PAGE.fullmatch(path)
            row = self.state.rows.get(path)
            if parts and row and row.sha256:
                found.setdefault((parts[2], parts[3]), []).append((parts[1], row.path))
        words = {word for word, _code in found if _is_permanent(word)}
        for (word, code), pages in found.items():
            if word in words:
                yield file_of(f"/{word}/{code}"), _choice(pages)

    def _robots(self) -> bytes:
        where = f"\nSitemap: {self.wish.base}sitemap.xml\n" if self.wish.base else ""
        return f"User-agent: *\nAllow: /\n{where}".encode()

    def _sitemaps(self, roots: Iterable[str]) -> dict[str, bytes]:
        if not self.wish.base:
            return {}
        there = (self.state.rows.get(path) for path in roots)
        urls = [self.wish.base + row.path for row in there if row and row.sha256]
        if len(urls) <= IN_A_SITEMAP:
            return {"sitemap.xml": _sitemap("urlset", "url", urls)}
        parts = [urls[at : at + IN_A_SITEMAP] for at in range(0, len(urls), IN_A_SITEMAP)]
        made = {
            f"sitemap-{number}.xml": _sitemap("urlset", "url", part)
            for number, part in enumerate(parts, 1)
        }
        index = [self.wish.base + name for name in made]
        return {"sitemap.xml": _sitemap("sitemapindex", "sitemap", index), **made}

    # --- at the end

    def _sweep(self, known: Manifest | None) -> None:
        """Take away what nothing leads to any more."""
        gone = [row for row in self.state.rows.values() if row.number not in self.seen]
        # A picture or an address with a title in it shows nothing of why it went: that counts
        # as taken down.
        self._revoke(row for row in gone if row.sha256 and not row.tags.startswith("{"))
        for row in gone:
            if row.sha256 and self.owners.get(row.path.lower(), row.number) == row.number:
                self._remove(row)
        self.state.drop(gone)
        if known is not None:
            kept = {row.path for row in self.state.rows.values() if row.sha256}
            for path in set(known.files) - kept:
                self._dirty()
                self.folder.remove(path)
                self.report.removed += 1

    def _sign(self, known: Manifest | None) -> None:
        """Write the list, if anything is otherwise than in the last or that is some hours old."""
        rows = [row for row in self.state.rows.values() if row.sha256]
        self.report.files, self.report.size = len(rows), sum(row.size for row in rows)
        before = int(self.state.fact("sequence") or (known.sequence if known else 0))
        self.report.sequence, self.report.made_at = before, self.state.fact("made_at")
        if self._is_signed_lately():
            self.state.finish(stamp=self.stamp)
            return
        files = {row.path: File(row.sha256.hex(), row.size) for row in rows}
        shown: dict[str, list[str]] = {}
        for row in rows:
            shown.setdefault(row.sha256.hex(), []).append(row.path)
        self.state.allow(
            one
            for one in self.state.revoked()
            if self.now - one.at > REVOKED_KEPT or any(map(one.covers, shown.get(one.sha256, ())))
        )
        fresh = Manifest(
            origin=self.wish.origin,
            base=self.wish.base,
            made_at=self.now,
            sequence=before + 1,
            key=self.report.key,
            files=files,
            revoked=self.state.revoked(),
        )
        content = fresh.written()
        # Known before it is written: a number is never given twice, whenever this is killed.
        self.state.note(sequence=str(fresh.sequence), signed="")
        stamps = [
            self.folder.write(MANIFEST, content),
            self.folder.write(SIGNATURE, self.key.sign(content)),
        ]
        self.report.sequence = fresh.sequence
        self.report.made_at = self.now.isoformat(timespec="seconds")
        self.state.finish(made_at=self.report.made_at, signed=json.dumps(stamps), stamp=self.stamp)

    def _is_signed_lately(self) -> bool:
        stamps = [self.folder.stamp(name) for name in (MANIFEST, SIGNATURE)]
        made_at = self.state.fact("made_at")
        return (
            bool(made_at)
            and self.state.fact("signed") == json.dumps(stamps)
            and self.now - datetime.fromisoformat(made_at) < SIGNED_AGAIN
        )


def _untitled(path: str) -> str:
    """The path without words of a title: its folder then, which is called by a code."""
    page = PAGE.match(f"/{path}")
    return path if page is None else page[0].rsplit("/", 2)[0][1:] + "/"


def _is_gone(row: Row) -> bool:
    return row.tags.startswith("gone ")


def _is_permanent(word: str) -> bool:
    try:
        resolve(f"/{word}/00000000")
    except Resolver404:
        return False
    return True


def _choice(pages: Iterable[tuple[str, str]]) -> bytes:
    """One page in its languages. `pages`: each language with its file."""
    links = "\n".join(
        f'<li><a href="../../{escape(path)}" lang="{tag}" dir="{direction(tag)}" hreflang="{tag}">'
        f"{escape(autonym(tag))}</a></li>"
        for tag, path in pages
    )
    return (
        '<!doctype html>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="robots" content="noindex">\n<title>{escape(settings.CONFIG.host)}</title>\n'
        f"<ul>\n{links}\n</ul>\n"
    ).encode()


def _sitemap(kind: str, entry: str, addresses: Iterable[str]) -> bytes:
    rows = "\n".join(f"<{entry}><loc>{escape(one)}</loc></{entry}>" for one in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}\n</{kind}>\n'
    ).encode()
