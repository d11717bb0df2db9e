"""What was found in a text. Each thing tells where it stands and how sure its finder is."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from convoca.reading.text import Span


@dataclass(frozen=True, slots=True)
class Said:
    """A value with the passage behind it; `confidence` goes from 0 to 1."""

    value: str
    span: Span
    confidence: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a range of days. `year_by`: written, issue, received, weekday or relative."""

    starts: date
    ends: date | None
    span: Span
    year_by: str
    confidence: float
    kind: str = ""
    label: str = ""

    @property
    def year_inferred(self) -> bool:
        return self.year_by != "written"


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place as written. `choices` are the table's ids, several where it is left open."""

    name: str
    kind: str
    country: str | None
    span: Span
    confidence: float
    choices: tuple[int, ...] = ()
    also: tuple[str, ...] = ()
    """Other ways in which the text writes the same place."""


@dataclass(frozen=True, slots=True)
class Organisation:
    name: str
    acronym: str | None
    span: Span
    confidence: float


@dataclass(frozen=True, slots=True)
class Figure:
    value: int
    qualifier: str
    unit: str
    span: Span
    confidence: float


@dataclass(slots=True)
class Draft:
    """What a person would otherwise type. Nothing in it is a fact before a person says so."""

    text: str
    received: date
    language: Said | None = None
    kind: Said | None = None
    issued: Said | None = None
    issuers: list[Said] = field(default_factory=list)
    campaigns: list[Said] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    mentions: list[Moment] = field(default_factory=list)
    lines: list[Said] = field(default_factory=list)
    places: list[FoundPlace] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Codes of what a person should know: `empty`, `cut`, `binary`, `language-unknown`,
    `language-partly`, `date-impossible`."""

    def spans(self) -> list[Span]:
        """Where all that was found stands."""
        single = [one for one in (self.language, self.kind, self.issued) if one]
        many = (self.issuers, self.campaigns, self.moments, self.mentions, self.lines)
        rest = (self.places, self.organisations, self.figures)
        return [one.span for group in (single, *many, *rest) for one in group]

    def as_json(self) -> dict[str, Any]:
        """The draft in the exchange format, with `spans`, `confidence` and `notes` beside it."""

        def value(said: Said | None) -> str | None:
            return said.value if said else None

        def dated(one: Moment) -> dict[str, Any]:
            ends = one.ends.isoformat() if one.ends else None
            return {"starts": one.starts.isoformat(), "ends": ends, **_found(one)}

        return {
            "language": value(self.language),
            "kind": value(self.kind),
            "issued": value(self.issued),
            "received": self.received.isoformat(),
            "issuers": [one.value for one in self.issuers],
            "campaigns": [one.value for one in self.campaigns],
            "moments": [
                {
                    "kind": one.kind,
                    "label": one.label,
                    "year_inferred": one.year_inferred,
                    "year_by": one.year_by,
                    **dated(one),
                }
                for one in self.moments
            ],
            "mentions": [dated(one) for one in self.mentions],
            "lines": [" ".join(one.value.split()[:6]) for one in self.lines],
            "places": [
                {
                    "name": p.name,
                    "kind": p.kind,
                    "country": p.country,
                    **({"also": list(p.also)} if p.also else {}),
                    **_found(p),
                }
                for p in self.places
            ],
            "organisations": [
                {"name": o.name, "acronym": o.acronym, **_found(o)} for o in self.organisations
            ],
            "figures": [
                {"value": f.value, "qualifier": f.qualifier, "unit": f.unit, **_found(f)}
                for f in self.figures
            ],
            "notes": self.notes,
            "found": {
                "language": _said(self.language),
                "kind": _said(self.kind),
                "issued": _said(self.issued),
                "issuers": [_said(one) for one in self.issuers],
                "campaigns": [_said(one) for one in self.campaigns],
                "lines": [_said(one) for one in self.lines],
            },
        }


def _found(one: Moment | FoundPlace | Organisation | Figure | Said) -> dict[str, Any]:
    return {"span": list(one.span), "confidence": round(one.confidence, 2)}


def _said(one: Said | None) -> dict[str, Any] | None:
    return _found(one) if one else None
