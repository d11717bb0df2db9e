"""What may be wrong with a running installation: one question each, answered in a sentence."""

import importlib.resources
import importlib.util
import re
import shutil
import sqlite3
import subprocess
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone

from convoca.accounts.models import Person
from convoca.actions.models import Action
from convoca.actions.printing import papers
from convoca.audit.models import Entry
from convoca.campaigns.models import Campaign
from convoca.cli.findings import Finding, safety
from convoca.cli.ready import pending_migrations, unknown_migrations
from convoca.cli.static import source_digest
from convoca.core import backups
from convoca.core.config import Config, WrongSetting
from convoca.core.names import Names
from convoca.core.typefaces import folder_of_operator, missing_letters
from convoca.network.models import Mandate, Network
from convoca.outbox import services as outbox
from convoca.outbox.models import Duty, Message
from convoca.pages.services import store
from convoca.places.contested import contested
from convoca.places.unpacking import is_current
from convoca.vault.clock import trouble
from convoca.vault.keyring import VaultUnreadable, keyring, today
from convoca.vault.models import Purge
from convoca.vault.purging import LATE, sealed_models

LATE_MAIL = timedelta(minutes=10)
OLD_ZONES = timedelta(days=730)
TITLES_READ = 2_000
LITTLE_ROOM, NO_ROOM = 1_000_000_000, 200_000_000


def look(config: Config) -> Iterator[Finding]:
    """Everything, in an order in which one would mend it."""
    yield from safety(config)
    yield disk(config.home)
    yield from kept_pages()
    wrong = list(database())
    yield from wrong
    if not any(finding.is_bad for finding in wrong):
        yield from _with_database(config)
    yield static_files()
    yield paper()
    yield place_table()
    yield from contested_places(config.home)
    yield zone_data()


def _with_database(config: Config) -> Iterator[Finding]:
    questions: list[Callable[[], Iterator[Finding]]] = [
        counters,
        worker,
        mail,
        clock,
        people,
        sealed,
    ]
    for question in questions:
        yield from question()
    yield from copies(config.home)
    yield from typefaces()


def disk(home: Path) -> Finding:
    """Room for the database, the media and the temporary file of a backup."""
    free = shutil.disk_usage(home).free
    words = f"{free / 1e9:.1f} GB are free on the disk of {home}."
    if free < NO_ROOM:
        return Finding("disk", "wrong", words, "Make room at once: soon nothing can be saved")
    if free < LITTLE_ROOM:
        return Finding("disk", "mind", words, "Make room before it is full")
    return Finding("disk", "fine", words)


def kept_pages() -> Iterator[Finding]:
    """The file of pages for readers can be written, and every page could be drawn."""
    kept = store()
    if kept is None or not kept.path.exists():
        return
    try:
        kept.check()
        failures, (count, octets) = len(kept.failures()), kept.size()
    except (sqlite3.Error, OSError) as error:
        yield Finding(
            "pages",
            "wrong",
            f"{kept.path} cannot be written: {error}. Every reader is answered by Django.",
            "Give it to the user who runs the server, or delete it: pages are drawn again",
        )
        return
    if failures:
        yield Finding(
            "pages",
            "mind",
            f"{failures} public pages could not be drawn when they were last asked for.",
            "Look into the server's log; a steward sees which on the page Public pages",
        )
    else:
        words = f"{count} public pages are kept for readers, in {octets / 1e6:.1f} MB."
        yield Finding("pages", "fine", words)


def database() -> Iterator[Finding]:
    """Reachable, whole, and as this version needs it."""
    try:
        newer, pending = unknown_migrations(), pending_migrations()
    except DatabaseError as error:
        yield Finding(
            "database",
            "wrong",
            f"The database does not answer: {str(error).strip()}.",
            "Start it, or correct database_url",
        )
        return
    if newer:
        yield Finding(
            "database",
            "wrong",
            f"The database belongs to a newer Convoca (it knows {newer[-1]}).",
            "Install that version (docs/operate/upgrade.md)",
        )
    elif pending:
        yield Finding(
            "database",
            "wrong",
            f"The database is not up to date: {len(pending)} steps, first {pending[0]}.",
            "Make a backup, then run: convoca serve --migrate",
        )
    elif settings.CACHES["default"]["LOCATION"] not in _tables():
        yield Finding("database", "wrong", "The table of counters is missing.", "Run: convoca init")
    else:
        yield _integrity()


def _tables() -> list[str]:
    if not settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
        return [str(settings.CACHES["default"]["LOCATION"])]
    return connection.introspection.table_names()


def _integrity() -> Finding:
    if connection.vendor != "sqlite":
        return Finding("database", "fine", "The database answers and is up to date.")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(3)")
        said = [str(row[0]) for row in cursor.fetchall()]
    if said != ["ok"]:
        return Finding(
            "database",
            "wrong",
            f"The database is damaged: {'; '.join(said)}.",
            "Stop the server and restore the last backup (docs/operate/backup-and-restore.md)",
        )
    return Finding("database", "fine", "The database is whole and up to date.")


def counters() -> Iterator[Finding]:
    """Tries of a code are counted there; nobody with a second factor signs in without."""
    if not settings.CONFIG.cache_url:
        return
    try:
        cache.get("convoca-check")
    except Exception as error:  # each kind of server has errors of its own
        yield Finding(
            "cache_url", "wrong", f"It does not answer: {error}.", "Start it, or correct cache_url"
        )
    else:
        yield Finding("cache_url", "fine", "The counters' server answers.")


def worker() -> Iterator[Finding]:
    """The minute's tick is the workers' pulse."""
    duty = Duty.objects.filter(pk="minute").first()
    if duty is None:
        yield Finding("worker", "mind", "No worker has run yet.", "Run: convoca serve")
        return
    silent = timezone.now() - duty.due_at
    if silent > timedelta(minutes=3):
        yield Finding(
            "worker",
            "wrong",
            f"No worker has run for {_span(silent)}: no mail leaves, nothing scheduled happens.",
            "Start the server, or look into its log",
        )
    else:
        yield Finding("worker", "fine", "A worker has run within the last minutes.")


def mail() -> Iterator[Finding]:
    """Held, failing, late, given up."""
    if outbox.is_held():
        yield Finding(
            "mail",
            "mind",
            f"Mail is held: {outbox.held_because()}",
            "A steward releases it on Today",
        )
        return
    since = outbox.failing_since()
    if since is not None:
        said = outbox.last_error()
        yield Finding(
            "mail",
            "wrong",
            f"Mail cannot be sent since {since:%Y-%m-%d %H:%M} UTC"
            + (f": {said}" if said else "."),
            "Correct mail_url, then run: convoca check mail",
        )
        return
    limit = timezone.now() - LATE_MAIL
    late = Message.objects.waiting().filter(due_at__lt=limit)
    oldest = late.order_by("due_at").first()
    if oldest is not None:
        age = _span(timezone.now() - oldest.due_at)
        yield Finding(
            "mail",
            "wrong",
            f"{late.count()} mails are late, the oldest by {age}.",
            "Look into the server's log",
        )
    else:
        yield Finding("mail", "fine", "No mail is late.")
    given_up = outbox.dead().count()
    if given_up:
        yield Finding(
            "mail", "mind", f"{given_up} mails were given up.", "A steward sees them on Today"
        )


def clock() -> Iterator[Finding]:
    """A clock that runs behind spoils codes, deadlines and the trail."""
    newest = Entry.objects.order_by("-at").values_list("at", flat=True).first()
    now = timezone.now()
    if newest is not None and newest > now + timedelta(minutes=1):
        yield Finding(
            "clock",
            "wrong",
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, yet the trail has rows from later.",
            "Set the clock and keep it right: timedatectl set-ntp true",
        )
    elif _synchronised() is False:
        yield Finding(
            "clock",
            "mind",
            f"The clock ({now:%Y-%m-%d %H:%M} UTC) is not kept right by any time server.",
            "Run: timedatectl set-ntp true",
        )
    else:
        yield Finding("clock", "fine", f"The clock says {now:%Y-%m-%d %H:%M} UTC.")


def _synchronised() -> bool | None:
    """What systemd knows; None where there is none to ask."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    words = [program, "show", "--property=NTPSynchronized", "--value"]
    try:
        said = subprocess.run(  # noqa: S603  a fixed program, no shell
            words, capture_output=True, text=True, timeout=5, check=False
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(said)


def people() -> Iterator[Finding]:
    """Somebody must be there, and one more in case."""
    if Network.load().ready_at is None:
        yield Finding(
            "first run",
            "mind",
            "The first run is not finished.",
            "Run: convoca init, and open the link that it prints",
        )
    stewards = Person.objects.filter(
        pk__in=Mandate.objects.standing().filter(role="steward").values("person")
    ).count()
    if stewards < 2:
        yield Finding(
            "stewards",
            "mind",
            f"The network has {('no', 'one')[stewards]} steward; with two, one can help the other.",
            "Invite a second steward on the page Network",
        )


def copies(home: Path) -> Iterator[Finding]:
    """A backup that was never tried out is a hope."""
    last, drill = backups.last_backup(home), backups.last_drill(home)
    if last is None:
        yield Finding("backup", "mind", "There is no backup.", "Run: convoca backup FILE")
    elif (age := timezone.now() - last.at) > backups.OLD_BACKUP:
        yield Finding(
            "backup",
            "mind",
            f"The last backup is {_span(age)} old: {last.file}.",
            "Run convoca backup FILE each night (docs/operate/backup-and-restore.md)",
        )
    elif not Path(last.file).exists():
        yield Finding(
            "backup", "mind", f"The last backup is gone: {last.file}.", "Run: convoca backup FILE"
        )
    else:
        yield Finding("backup", "fine", f"The last backup is {_span(age)} old: {last.file}.")
    if last is not None and (drill is None or timezone.now() - drill.at > backups.OLD_DRILL):
        day = f"Restoring was last tried out on {drill.at:%Y-%m-%d}." if drill else ""
        yield Finding(
            "backup",
            "mind",
            day or "Restoring has never been tried out.",
            f"Run: convoca restore {last.file} --drill",
        )


def sealed() -> Iterator[Finding]:
    """The vault opens, its clock is trusted, what ended is gone, the keys are copied."""
    about = "vault"
    try:
        keyring().check()
        said = trouble()
    except VaultUnreadable as error:
        yield Finding(
            about,
            "wrong",
            error.why,
            "Bring the keys back: convoca keys import FILE (docs/operate/personal-data.md)",
        )
        return
    if said:
        yield Finding(
            about, "wrong", said, "Set the clock right, or: convoca purge --clock-is-right"
        )
    last = Purge.objects.order_by("-at").first()
    overdue = sum(
        kind._base_manager.filter(delete_on__lt=today() - LATE).count() for kind in sealed_models()
    )
    if overdue:
        yield Finding(
            about,
            "wrong",
            f"{overdue} rows should have been deleted by {today() - LATE}.",
            "Run: convoca purge",
        )
    elif last is not None and not said:
        yield Finding(about, "fine", f"What was told to end by {last.day} is deleted.")
    yield from _copies_of_keys()


def _copies_of_keys() -> Iterator[Finding]:
    """A copy of the keys is needed to restore; an old one opens what has been deleted since."""
    done = backups.last_keys(settings.CONFIG.home)
    is_old = done is None or timezone.now() - done.at > backups.OLD_KEYS
    others = (kind for kind in sealed_models() if kind is not Message)
    if is_old and any(kind._base_manager.exists() for kind in others):
        words = (
            f"The keys were last written apart {_span(timezone.now() - done.at)} ago."
            if done
            else "The keys of what people gave us were never written apart."
        )
        yield Finding("keys", "mind", words, "Run: convoca keys export FILE")
    for old in sorted(settings.CONFIG.home.glob("keys-before-*")):
        yield Finding(
            "keys",
            "mind",
            f"{old} holds keys of before, which open what has been deleted since.",
            f"When they are no longer needed: rm -r {old}",
        )


def static_files() -> Finding:
    """Collected, and from this version."""
    mark = Path(settings.STATIC_ROOT) / ".digest"
    if not mark.exists():
        return Finding(
            "static files", "mind", "They are not collected yet.", "convoca serve does it"
        )
    if mark.read_text(encoding="ascii").strip() != source_digest():
        return Finding(
            "static files", "mind", "They are older than the code.", "Restart the server"
        )
    return Finding("static files", "fine", "They are collected.")


def paper() -> Finding:
    """PDF is an extra: without it posters and sheets are printed from the browser."""
    if papers.is_possible():
        return Finding("PDF", "fine", "Posters, cards and sign-in sheets come as PDF, too.")
    return Finding(
        "PDF",
        "fine",
        "Posters and sign-in sheets are printed from the browser; make program-pdf adds PDF.",
    )


def typefaces() -> Iterator[Finding]:
    """Pictures and PDF are set in faces of this machine; titles show which letters are used."""
    titles = [words for names in _titles() for words in names.values()]
    missing = missing_letters(*titles)
    if missing:
        yield Finding(
            "typefaces",
            "mind",
            f"No typeface here holds these letters of titles: {missing[:20]}. Pictures leave such "
            "titles out, and PDF is refused for them.",
            f"Put a TTF or OTF file that holds them into {folder_of_operator()}",
        )


def _titles() -> Iterator[Names]:
    yield from Campaign.objects.values_list("names", flat=True)[:TITLES_READ]
    yield from Action.objects.order_by("-pk").values_list("names", flat=True)[:TITLES_READ]


def place_table() -> Finding:
    """Unpacked, and from this version."""
    if not is_current(Path(settings.PLACES_TABLE)):
        return Finding(
            "places", "mind", "The table of places is not unpacked.", "convoca serve does it"
        )
    return Finding("places", "fine", "The table of places is unpacked.")


def contested_places(home: Path) -> Iterator[Finding]:
    """The operator's file of how places are named can be read."""
    try:
        contested(home / "places.toml")
    except WrongSetting as wrong:
        yield Finding(
            "places.toml", "wrong", str(wrong), "Mend it; until then all of it is left out"
        )


def zone_data() -> Finding:
    """Rules of time zones change several times a year; actions start by them."""
    zone = _zone()
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return Finding(
            "time zones",
            "wrong",
            f"The zone {zone} is unknown here.",
            "Install the package tzdata",
        )
    version, known = zone_version()
    if known is not None and timezone.now() - known > OLD_ZONES:
        return Finding(
            "time zones",
            "mind",
            f"The rules of time zones are of {version}.",
            "Renew the package tzdata of this machine",
        )
    return Finding(
        "time zones", "fine", f"The rules of time zones are of {version or 'this year'}."
    )


def _zone() -> str:
    try:
        return Network.load().zone
    except DatabaseError:
        return "UTC"


def zone_version() -> tuple[str, datetime | None]:
    """The release of the zone data in use, such as `2026b`, and about when it came out."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder) / "tzdata.zi"
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as lines:
                return _dated(lines.readline())
        if Path(folder).is_dir():
            return "", None
    if importlib.util.find_spec("tzdata") is None:
        return "", None
    packed = importlib.resources.files("tzdata") / "zoneinfo" / "tzdata.zi"
    return _dated(packed.read_text(encoding="utf-8").splitlines()[0])


def _dated(line: str) -> tuple[str, datetime | None]:
    found = re.search(r"(\d{4})([a-z])", line)
    if not found:
        return "", None
    month = min(12, 1 + 2 * (ord(found.group(2)) - ord("a")))
    return found.group(0), datetime(int(found.group(1)), month, 1, tzinfo=UTC)


def _span(length: timedelta) -> str:
    """A length of time as one would say it."""
    minutes = int(length.total_seconds() // 60)
    for size, word in ((1440, "days"), (60, "hours")):
        if minutes >= 2 * size:
            return f"{minutes // size} {word}"
    return f"{minutes} minutes"
