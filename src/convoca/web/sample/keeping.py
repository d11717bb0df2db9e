"""Keeps the sample's days near today: made anew while unchanged, else moved by whole weeks."""

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import models, transaction

from convoca.actions.models import Action
from convoca.audit.models import Entry
from convoca.vault.models import SealedRow
from convoca.web.sample.loading import load

MOVED_APPS = ("network", "campaigns", "texts", "actions", "counting")
HARMLESS = ("sessions.",)


class Kept(StrEnum):
    """What `refresh` did."""

    LOADED = "loaded"
    AS_IT_WAS = "as it was"
    MADE_ANEW = "made anew"
    MOVED = "moved"


@dataclass(frozen=True)
class Mark:
    """On which day the sample hangs, and the last thing that was done in making it."""

    anchor: str
    last_entry: int


def refresh(home: Path, *, today: date) -> tuple[Kept, int]:
    """Make the sample fit for `today`; answers what was done and by how many weeks it moved."""
    path = home / "sample.json"
    mark = Mark(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None
    if mark is None:
        _load(path, today)
        return Kept.LOADED, 0
    anchor = date.fromisoformat(mark.anchor)
    if today <= anchor:
        return Kept.AS_IT_WAS, 0
    if not _is_changed(mark):
        call_command("flush", interactive=False, verbosity=0)
        _load(path, today)
        return Kept.MADE_ANEW, 0
    weeks = (today - anchor).days // 7
    if weeks:
        shift(timedelta(weeks=weeks))
        _note(path, Mark(str(anchor + timedelta(weeks=weeks)), mark.last_entry))
    return (Kept.MOVED if weeks else Kept.AS_IT_WAS), weeks


def _load(path: Path, today: date) -> None:
    load(today=today)
    last = Entry.objects.order_by("-pk").first()
    _note(path, Mark(today.isoformat(), last.pk if last else 0))


def _note(path: Path, mark: Mark) -> None:
    path.write_text(json.dumps(asdict(mark)), encoding="utf-8")


def _is_changed(mark: Mark) -> bool:
    since = Entry.objects.filter(pk__gt=mark.last_entry).values_list("event", flat=True)
    return any(not event.startswith(HARMLESS) for event in since.iterator())


@transaction.atomic
def shift(by: timedelta) -> None:
    """Move every day and instant of the network, its campaigns, texts and actions, and of all that
    is said of these.
    """
    for label in MOVED_APPS:
        for model in apps.get_app_config(label).get_models():
            fields = [
                field.name
                for field in model._meta.concrete_fields
                if isinstance(field, models.DateField)
            ]
            rows = list(model._default_manager.all()) if fields else []
            for row in rows:
                for name in fields:
                    value = getattr(row, name)
                    if value is not None:
                        setattr(row, name, value + by)
            if model is Action or issubclass(model, SealedRow):
                for row in rows:  # times are derived anew, and what is sealed gets another key
                    row.save()
            elif rows:
                model._default_manager.bulk_update(rows, fields, batch_size=200)
