"""What is held about whom: registered by apps, asked for by mail, corrected and deleted.

An app registers each kind of sealed row that a person can be found in by their address.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django_stubs_ext import StrOrPromise

from convoca.core.config import VAULT
from convoca.vault import services as vault
from convoca.vault.keyring import Keyring, VaultUnreadable, week_of
from convoca.vault.models import SealedRow
from convoca.vault.purging import sealed_models


@dataclass(frozen=True)
class Holding:
    """How one kind of sealed row speaks of the person it is about.

    `describe` is a sentence about a row, in the language that is active; `url` where it leads.
    `correct` names the sealed fields that the person may correct, with their labels; `save` is the
    app's service for it (`save(row, {field: words})`), `delete` the one for taking the row away.
    Without `save` a correction saves the row; without `delete` nothing of it can be deleted early.
    """

    model: type[SealedRow]
    index: str
    """The field that holds `vault.index` of the address."""
    name: StrOrPromise
    """What such a row is, for a heading: "Sign-ups"."""
    describe: Callable[[Any], StrOrPromise]
    url: Callable[[Any], str] | None = None
    correct: Mapping[str, StrOrPromise] = field(default_factory=dict)
    save: Callable[[Any, dict[str, str]], object] | None = None
    delete: Callable[[Any], object] | None = None
    before: Callable[[Any], StrOrPromise] | None = None
    """What goes with the row when it is deleted, or has to be done first: said before."""
    shows: Mapping[str, StrOrPromise] = field(default_factory=dict)
    """Further sealed fields to show, with their labels; what may be corrected is shown anyway."""
    related: tuple[str, ...] = ()
    """What `describe` reads of other rows, fetched with these."""

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def facts(self, row: SealedRow) -> list[tuple[StrOrPromise, str]]:
        """What is held in the row, each with its label; what is empty is left out."""
        labels = {**self.correct, **self.shows}
        return [(label, getattr(row, name)) for name, label in labels.items() if getattr(row, name)]

    def put_right(self, row: SealedRow, words: dict[str, str]) -> None:
        """Save corrected words, by the app's own door where it has one."""
        if self.save is not None:
            self.save(row, words)
            return
        for name, value in words.items():
            setattr(row, name, value)
        row.save(update_fields=list(words))

    def about(self, address: str) -> list[SealedRow]:
        """The rows about an address, over all scopes, the newest first."""
        found, rows = list(vault.indexes(address).values()), self._rows()
        parts = (found[start : start + 500] for start in range(0, len(found), 500))
        held = [row for part in parts for row in rows.filter(**{f"{self.index}__in": part})]
        return sorted(held, key=lambda row: row.pk, reverse=True)

    def _rows(self) -> "QuerySet[SealedRow]":
        rows = self.model._base_manager.all()
        return rows.select_related(*self.related) if self.related else rows

    def one(self, address: str, pk: UUID) -> SealedRow | None:
        """One row, if it is about that address."""
        row = self._rows().filter(pk=pk).first()
        if row is None or getattr(row, self.index) != vault.indexes(address).get(row.scope):
            return None
        return row


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Let people ask what these rows hold on them."""
    _holdings[holding.label] = holding


def all_holdings() -> list[Holding]:
    """Every registered kind, in the order of registration."""
    return list(_holdings.values())


def holding(label: str) -> Holding | None:
    return _holdings.get(label)


# What no key opens


@dataclass(frozen=True)
class ClosedRows:
    """So many rows of one kind and scope whose key is not there."""

    what: str
    scope: str
    rows: int


def closed_rows(folder: Path) -> list[ClosedRows]:
    """What the keys in a folder do not open, of all rows, by kind and scope."""
    weeks = _weeks(folder)
    counts: dict[tuple[str, str], int] = {}
    for kind in sealed_models():
        days = kind._base_manager.order_by().values_list("scope", "delete_on")
        for scope, delete_on, rows in days.annotate(rows=Count("pk")):
            if (scope, week_of(delete_on)) not in weeks:
                name = (kind._meta.label_lower, scope)
                counts[name] = counts.get(name, 0) + rows
    return [ClosedRows(*name, rows) for name, rows in sorted(counts.items())]


def _weeks(folder: Path) -> set[tuple[str, str]]:
    if not (folder / VAULT).exists():
        return set()
    ring = Keyring(folder)
    try:
        ring.check()
        return ring.weeks()
    except VaultUnreadable:
        return set()
