"""Totals for programs, and the actions behind them: as JSON, as a map file and as a calendar; each
says whose words it is, and under which licence. The sheet (`tally.sheet`) has every figure.

Each is made whole, as a kept page is: its mark (ETag) and its packed forms are made of all of it.
"""

import io
import json
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from convoca.actions.additions import Origin, licences_in_line, names_in_line
from convoca.actions.feeds.calendar import entry_of
from convoca.actions.feeds.shown import shown
from convoca.actions.models import Action
from convoca.campaigns.addresses import root
from convoca.core import ics
from convoca.counting.models import Source
from convoca.counting.notes import counted_once
from convoca.counting.press import rule_words
from convoca.counting.results import Results
from convoca.counting.tally import Counted, totals_by
from convoca.counting.tally.sheet import Codes
from convoca.counting.tally.words import counted_people, people_words
from convoca.network.models import Network
from convoca.places.models import Place

MOST = 20_000
"""How many actions stand in one map file: the latest; the sheet has all."""
MOST_IN_CALENDAR = 1000


class Files:
    """What files of some results are written from."""

    def __init__(self, found: Results) -> None:
        self.found, self.codes = found, Codes.of(found.ledger)
        self.network = Network.load()
        self.sources = {one.pk: one for one in Source.objects.all()}

    @cached_property
    def own(self) -> Origin:
        return Origin(str(self.network), self.network.licence, root())

    def origin(self, source: Source) -> Origin:
        """What hosts report here is this network's own."""
        if source.kind == Source.Kind.HOSTS:
            return self.own
        return Origin(source.name, source.licence, source.site)

    def origins(self, action: Counted) -> list[Origin]:
        """Whoever speaks of it, each once; this network, where nobody has yet."""
        said = dict.fromkeys(self.origin(self.sources[one.source]) for one in action.claims)
        return list(said) or [self.own]

    # --- the map --------------------------------------------------------------------------------

    def as_geojson(self) -> bytes:
        """A point for each action that counts, in the middle of its town (RFC 7946)."""
        counted = [one for one in self.found.ledger.actions if one.took_place][-MOST:]
        places = Place.objects.in_bulk({one.place for one in counted if one.place})
        return _json(
            {
                "type": "FeatureCollection",
                "name": f"{self.found.title} · {self.network}",
                "features": [self._feature(one, places.get(one.place or 0)) for one in counted],
            }
        )

    def _feature(self, one: Counted, place: Place | None) -> dict[str, Any]:
        people, origins = one.people, self.origins(one)
        point = (
            {"type": "Point", "coordinates": [place.longitude, place.latitude]} if place else None
        )
        return {
            "type": "Feature",
            "id": f"{root()}/actions/{one.code}",
            "geometry": point,
            "properties": {
                "title": str(one.name),
                "date": one.day,
                "city": one.town or None,
                "country": one.country or None,
                "precision": "town" if place else None,
                "moment": self.codes.moments.get(one.moment or 0),
                "organisations": self.codes.hosts_of(one),
                "reported": one.is_reported,
                "low": people.low,
                "high": people.high,
                "people": people_words(people),
                "url": f"{root()}{self.found.address_of(one)}",
                "source": names_in_line(origins),
                "licence": licences_in_line(origins) or None,
            },
        }

    # --- the calendar ---------------------------------------------------------------------------

    def as_calendar(self) -> bytes:
        """The actions that count, with how many people there were; the latest."""
        counted = {one.pk: one for one in self.found.ledger.actions if one.took_place and one.day}
        chosen = list(counted)[-MOST_IN_CALENDAR:]
        rows = Action.objects.filter(pk__in=chosen).order_by("starts_at", "pk")
        entries = [
            self._entry(entry_of(one), counted[one.action.pk])
            for one in shown(list(rows), self.found.who)
            if one.span
        ]
        return ics.calendar(
            entries,
            name=f"{self.found.title} · {self.network}",
            source=f"{root()}{self.found.address('results-ics')}",
            zone=self.network.zone,
        )

    def _entry(self, entry: ics.Entry, one: Counted) -> ics.Entry:
        origins = self.origins(one)
        at = [claim.changed_at for claim in one.claims if claim.changed_at]
        words = counted_people(one.people.low, one.people.high, people_words(one.people))
        return replace(
            entry,
            description="\n\n".join(filter(None, [f"{words}.", entry.description])),
            url=f"{root()}{self.found.address_of(one)}",
            changed_at=max([entry.changed_at, *at]),
            source=names_in_line(origins),
            licence=licences_in_line(origins),
        )

    # --- all of it ------------------------------------------------------------------------------

    def as_json(self) -> bytes:
        """The totals with the rule in words, what they are made of, and what is not known."""
        found, ledger = self.found, self.found.ledger
        moment = found.moment
        return _json(
            {
                "campaign": {
                    "code": found.campaign.code,
                    "name": str(found.title),
                    "url": f"{root()}/campaigns/{found.campaign.code}",
                },
                "moment": moment.code if moment else None,
                "as_of": ledger.changed_at,
                "source": str(self.network),
                "licence": self.network.licence or None,
                "rule": rule_words(),
                "people": found.people,
                "total": found.tally.as_json,
                "made_up_of": [
                    {
                        "voice": str(voice),
                        "actions": share.actions,
                        "alone": share.alone,
                        "low": share.low,
                        "high": share.high,
                    }
                    for voice, share in found.tally.voices.items()
                ],
                "counted_once": counted_once(found.tally) or None,
                "notes": found.notes,
                "unplaced": found.unplaced,
                "elsewhere": ledger.elsewhere,
                "countries": self._groups(lambda one: [one.country or None]),
                "cities": self._cities(),
                "moments": self._groups(lambda one: [self.codes.moments.get(one.moment or 0)]),
                "organisations": self._groups(self.codes.hosts_of),
                "sources": [self._source(one) for one in self._speaking()],
                "files": {
                    kind: f"{root()}{found.address(f'results-{kind}')}"
                    for kind in ("csv", "geojson", "ics")
                },
                "url": f"{root()}{found.address()}",
            }
        )

    def _groups(self, keys: Any) -> list[dict[str, Any]]:
        return [
            {"code": key, **_facts(tally)}
            for key, tally in totals_by(self.found.ledger.actions, keys).items()
        ]

    def _cities(self) -> list[dict[str, Any]]:
        towns = {one.place: (one.town, one.country) for one in self.found.ledger.actions}
        found = totals_by(self.found.ledger.actions, lambda one: [one.place] if one.place else [])
        return [
            {"city": towns[place][0], "country": towns[place][1], **_facts(tally)}
            for place, tally in found.items()
        ]

    def _speaking(self) -> list[Source]:
        numbers = {claim.source for one in self.found.ledger.actions for claim in one.claims}
        return [one for pk, one in self.sources.items() if pk in numbers]

    def _source(self, one: Source) -> dict[str, Any]:
        origin = self.origin(one)
        return {
            "name": origin.name,
            "kind": one.kind,
            "licence": origin.licence or None,
            "url": origin.url or None,
        }


def _facts(tally: Any) -> dict[str, Any]:
    names = ("actions", "reported", "unknown", "to_come", "called_off", "low", "high")
    return {name: getattr(tally, name) for name in names}


def _json(found: Any) -> bytes:
    """Written piece by piece into its bytes, so that a long file is in memory once."""
    body = io.BytesIO()
    text = io.TextIOWrapper(body, encoding="utf-8", newline="")
    json.dump(found, text, ensure_ascii=False, indent=1, default=_plain)
    text.write("\n")
    text.flush()
    return body.getvalue()


def _plain(one: Any) -> str:
    return one.isoformat() if isinstance(one, date) else str(one)
