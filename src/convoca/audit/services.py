"""Recording, sealing and verifying the trail."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from django.db import connection, models, transaction
from django.utils import timezone

from convoca.audit.models import Entry, Seal

KEPT = timedelta(days=400)
"""How long rows stay; after that their seals stand for them."""


class Actor(Protocol):
    """A person, as far as the trail needs to know one."""

    @property
    def pk(self) -> int: ...


class Authority(Protocol):
    """A mandate, as far as the trail needs to know one."""

    @property
    def pk(self) -> int: ...
    @property
    def person_id(self) -> int: ...
    @property
    def trail_words(self) -> str: ...


def record(
    event: str,
    *,
    about: models.Model | None = None,
    by: Actor | None = None,
    under: Authority | None = None,
    **details: object,
) -> Entry:
    """Write down that `event` (`noun.done`) happened, in the caller's transaction.

    `under` names the mandate it was done under, `by` the person where there is no mandate.
    `details` are small facts for later readers: codes and keys, which are put into words in the
    language of who reads them; never mail addresses, secrets or texts. A thing whose words are
    made of others, or name a person, says in `trail_words` what may be kept of them.
    """
    person = under.person_id if under is not None else (by.pk if by is not None else None)
    return Entry.objects.create(
        event=event,
        person_id=person,
        mandate_id=under.pk if under is not None else None,
        for_whom=_words(under),
        about_type=about._meta.label_lower if about is not None else "",
        about_id=str(about.pk) if about is not None else "",
        about_words=_words(about),
        details=details,
    )


def _words(thing: object) -> str:
    """What is kept of a thing's name: for searches, and for the day when the thing is gone."""
    if thing is None:
        return ""
    words = getattr(thing, "trail_words", None)
    return str(thing if words is None else words)[:200]


@transaction.atomic
def seal() -> Seal | None:
    """Close the rows since the last seal with a hash over the one before. Called by the tick."""
    _wait_for_writers()
    last = Seal.objects.select_for_update().order_by("-pk").first()
    fresh = Entry.objects.filter(pk__gt=last.last_entry if last else 0).order_by("pk")
    digests = {str(pk): digest for pk, digest in fresh.values_list("pk", "digest")[:50_000]}
    if not digests:
        return None
    numbers = [int(pk) for pk in digests]
    link = Seal(
        first_entry=numbers[0],
        last_entry=numbers[-1],
        previous=last.hash if last else "",
        digests=digests,
    )
    link.hash = link.right_hash()
    link.save()
    return link


def _wait_for_writers() -> None:
    """Let every row that has its number already be committed before the rows are sealed.

    On PostgreSQL a transaction may commit after one whose rows have higher numbers; its rows would
    come behind the seal, and look as if somebody had put them in afterwards. SQLite has one writer.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '3s'")  # else: in the next minute
            cursor.execute(f"LOCK TABLE {Entry._meta.db_table} IN SHARE MODE")
            cursor.execute("SET LOCAL lock_timeout = 0")


@transaction.atomic
def prune() -> int:
    """Delete rows past their age whose seal stands; the seals keep the chain. Returns how many."""
    limit = timezone.now() - KEPT
    old = Seal.objects.filter(pruned=False, sealed_at__lt=limit)
    gone = 0
    for link in old:
        every: models.QuerySet[Entry] = models.QuerySet(Entry)
        rows = every.filter(pk__range=(link.first_entry, link.last_entry))
        gone += rows.delete()[0]
        link.pruned = True
        link.save(update_fields=["pruned"])
    return gone


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: how many rows and links hold, and what is broken first."""

    rows: int
    links: int
    broken: str = ""


def verify() -> Verdict:
    """Walk the whole chain; `broken` names the first row or link that is not as it was sealed."""
    previous, rows, links, after = "", 0, 0, 0
    for link in Seal.objects.order_by("pk").iterator(chunk_size=200):
        if link.previous != previous or link.hash != link.right_hash():
            return Verdict(rows, links, f"link {link.pk}, before row {link.last_entry + 1}")
        if not link.pruned:
            found = Entry.objects.filter(pk__gt=after, pk__lte=link.last_entry)
            broken = _first_broken(link, {row.pk: row for row in found.iterator(chunk_size=2000)})
            if broken:
                return Verdict(rows, links, broken)
            rows += len(link.digests)
        previous, links, after = link.hash, links + 1, link.last_entry
    for row in Entry.objects.filter(pk__gt=after).order_by("pk").iterator(chunk_size=2000):
        if row.digest != row.right_digest():
            return Verdict(rows, links, f"row {row.pk} (changed)")
        rows += 1
    return Verdict(rows, links)


def _first_broken(link: Seal, found: dict[int, Entry]) -> str:
    for number in sorted(set(map(int, link.digests)) | set(found)):
        row = found.get(number)
        if row is None:
            return f"row {number} (missing)"
        if str(number) not in link.digests:
            return f"row {number} (put in afterwards)"
        if row.digest != link.digests[str(number)] or row.right_digest() != row.digest:
            return f"row {number} (changed)"
    return ""
