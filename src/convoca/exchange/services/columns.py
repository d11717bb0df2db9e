"""What the columns of a list hold, and what they were taken for, to be shown to a person."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from convoca.exchange import reading
from convoca.exchange.models import Import
from convoca.exchange.services.foreseeing import decided
from convoca.exchange.services.handing_in import mapping_of
from convoca.places.services import gazetteer

ROWS = 200
EXAMPLES = 3
LONGEST = 70
"""Characters of an example."""
SURE, LIKELY = 0.9, 0.7


@dataclass(frozen=True)
class Column:
    """One column: its first values that differ, and how sure it is what it means."""

    name: str
    examples: list[str]
    sureness: str
    is_open: bool
    """Whether somebody should look at it."""


@dataclass(frozen=True)
class Laid:
    """A file laid open: its columns, what is said of all of it, and what is proposed."""

    format: str
    columns: list[Column]
    notes: list[str]
    """What was seen in the file, and what is decided by it."""
    proposed: dict[str, str]
    """Settings that the file suggests, where nobody has set any."""
    why_proposed: list[str]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Laid":
        """What `as_json` answered."""
        return cls(**{**kept, "columns": [Column(**one) for one in kept["columns"]]})


def lay_open(run: Import, file: reading.OpenedFile) -> Laid:
    """What a person should see of a list before it is taken in. Reads all of the file."""
    mapping = mapping_of(run)
    suggested = reading.suggest(file, run.kind)
    examples = _examples(file)
    notes = [reading.in_words(one) for one in file.notes]
    proposed: dict[str, str] = {}
    why: list[str] = []
    if not run.is_of_members:
        notes += decided(reading.study_file(file, mapping))
        if not run.settings:
            places = reading.Places(gazetteer())
            proposed, reasons = reading.suggest_settings(file, mapping, places)
            why = [reading.in_words(one) for one in reasons]
    name = str(reading.FORMATS[file.format])
    columns = [
        Column(column, examples[column], *_sureness(column, mapping.columns, suggested))
        for column in mapping.columns
    ]
    return Laid(name, columns, notes, proposed, why)


def _examples(file: reading.OpenedFile) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {column: [] for column in file.columns}
    for record in islice(file.records(), ROWS):
        for column, cell in zip(file.columns, record.cells, strict=False):
            words = " ".join(cell[: 4 * LONGEST].split())
            words = words[:LONGEST] + "…" * (len(words) > LONGEST)
            if words and len(found[column]) < EXAMPLES and words not in found[column]:
                found[column].append(words)
    return found


def _sureness(
    column: str, meant: Mapping[str, str], suggested: reading.Mapping
) -> tuple[str, bool]:
    """How sure the meaning of a column is, in words; and whether somebody should look."""
    if suggested.columns.get(column) != meant[column]:
        return _("As you, or your last list, said"), False
    if meant[column] == "other":
        return _("Not known by its heading"), False
    sure = suggested.confidence.get(column, 0.0)
    if sure >= SURE:
        return _("Known by its heading"), False
    if sure >= LIKELY:
        return _("Likely by its heading"), False
    return _("A guess: look at the examples"), True
