"""What a reading found, as rows that people answer one by one.

Each is a plain dictionary, kept as JSON: `id` (its group's letter and a number), `group`, `span`
(where it stands in the text, None where a person added it), `unsure` (asked first), `take`
("yes", "no", or "" while nobody has said) and the values of its group, as people correct them.
`touched` says that a person has: a second reading leaves it alone.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from convoca.campaigns.models import Moment
from convoca.core.fold import composed, fold
from convoca.core.names import LONGEST, tidy_name
from convoca.reading.draft import Draft, Figure, FoundPlace
from convoca.reading.draft import Moment as FoundMoment
from convoca.reading.draft import Organisation as FoundOrganisation
from convoca.reading.text import Span, plain

Item = dict[str, Any]
LETTERS = {"moments": "m", "lines": "l", "organisations": "o", "places": "p", "figures": "f"}
SURE = 0.7
MOST = {"moments": 40, "lines": 40, "organisations": 60, "places": 60, "figures": 30}
"""More than these are no draft for a person to look through; what comes later stays in the text."""
_HEADING = re.compile(r"^[#\s]+|[\s:]+$")
_LONG_TITLE = 120
_BEFORE = re.compile(r"(?:[^\W\d_]+[ \u00a0]){1,2}$")
_WORD = re.compile(r"\w+")
SHORTEST = 6
"""Letters of a name that is looked for without being asked: shorter ones are words of any text."""


def facts_of(draft: Draft) -> dict[str, Any]:
    """What the text says as a whole."""
    titles = titles_of(draft)
    return {
        "title": titles[0] if titles else "",
        "titles": titles,
        "language": draft.language.value if draft.language else "",
        "language_unsure": draft.language is None or draft.language.confidence < SURE,
        "kind": draft.kind.value if draft.kind else "",
        "kind_unsure": draft.kind is None or draft.kind.confidence < SURE,
        "issued": draft.issued.value if draft.issued else "",
        "issued_span": list(draft.issued.span) if draft.issued else None,
        "campaigns": [
            {"id": f"c{at}", "words": one.value, "span": list(one.span)}
            for at, one in enumerate(draft.campaigns, 1)
        ],
    }


def titles_of(draft: Draft) -> list[str]:
    """What a campaign might be called: the heading, or a campaign that the text names."""
    first = next((line for line in draft.text.split("\n") if line.strip()), "")
    heading = tidy_name(_HEADING.sub("", first))
    found = [heading] if 3 < len(heading) <= _LONG_TITLE else []
    found += [tidy_name(one.value)[:LONGEST] for one in draft.campaigns]
    return list(dict.fromkeys(found))


def items_of(
    draft: Draft, *, known: dict[str, int], members: Sequence[FoundOrganisation] = ()
) -> list[Item]:
    """Everything that was found, in groups, each in the order of the text. `known` are the members'
    names as `key_of` has them, with their numbers; `members` those that stand in the text besides.
    """
    items = [
        *_numbered("moments", _moments(draft)),
        *_numbered("lines", (_line(draft, one.value, one.span) for one in draft.lines)),
        *_numbered("organisations", _organisations(draft, known, members)),
        *_numbered("places", map(_place, draft.places)),
        *_numbered("figures", (_figure(draft, one) for one in draft.figures)),
    ]
    near = _in_one_sentence(draft, items)
    for item in items:
        if item["group"] == "moments" and item["take"] != "no":
            item["place"] = near.get(item["id"], "")
    return items


def _numbered(group: str, rows: Iterable[Item]) -> Iterable[Item]:
    rows = sorted(rows, key=lambda row: row["span"])[: MOST[group]]
    for number, row in enumerate(rows, 1):
        yield {
            "id": f"{LETTERS[group]}{number}",
            "group": group,
            "touched": False,
            "take": "" if row["unsure"] else "yes",
            **row,
        }


def _moments(draft: Draft) -> Iterable[Item]:
    is_report = draft.kind is not None and draft.kind.value == "report"
    for one in draft.moments:
        is_past = not is_report and (one.ends or one.starts) < draft.received
        yield _moment(one, unsure=one.year_by == "received" or one.confidence < SURE or is_past)
    for one in draft.mentions:
        yield {**_moment(one, unsure=False), "take": "no", "is_mention": True}


def _moment(one: FoundMoment, *, unsure: bool) -> Item:
    kind = one.kind if one.kind in Moment.Kind.values else str(Moment.Kind.OTHER)
    return {
        "span": list(one.span),
        "unsure": unsure,
        "kind": kind,
        "starts": one.starts.isoformat(),
        "ends": one.ends.isoformat() if one.ends and one.ends != one.starts else "",
        "year_by": one.year_by,
        "place": "",
        "is_mention": False,
    }


def _line(draft: Draft, words: str, span: Span) -> Item:
    tidy = tidy_name(words)
    return {"span": list(span), "unsure": False, "take": "no", "words": tidy[:LONGEST]}


def in_text(
    text: str, members: Iterable[tuple[str, int]], *, beside: Draft
) -> list[FoundOrganisation]:
    """Members whose name stands in the text word for word, where the reader found nothing."""
    flat = plain(text)
    words = set(_WORD.findall(flat))
    spans = [one.span for one in beside.organisations] + [one.span for one in beside.issuers]
    found: dict[int, FoundOrganisation] = {}
    for name, number in members:
        wanted = plain(composed(name)).strip()
        if len(wanted) < SHORTEST or not words.issuperset(_WORD.findall(wanted)):
            continue
        match = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", flat)
        if match and number not in found and not any(Span(*match.span()).meets(s) for s in spans):
            found[number] = FoundOrganisation(
                text[slice(*match.span())], None, Span(*match.span()), 0.9
            )
    return list(found.values())


def _organisations(
    draft: Draft, known: dict[str, int], members: Sequence[FoundOrganisation]
) -> Iterable[Item]:
    issuing = {fold(one.value): one for one in draft.issuers}
    seen: set[str] = set()
    beside = {_sentence(draft.text, one.span) for one in draft.issuers}
    for one in [*draft.organisations, *members]:
        name = tidy_name(one.name)[:LONGEST]
        if not name or fold(name) in seen:
            continue
        seen.add(fold(name))
        is_beside = one in members and _sentence(draft.text, one.span) in beside
        yield _organisation(one, name, calls=is_beside or fold(one.name) in issuing, known=known)
    for folded, said in issuing.items():
        name = tidy_name(said.value)[:LONGEST]
        if name and folded not in seen:
            one = FoundOrganisation(said.value, None, said.span, said.confidence)
            yield _organisation(one, name, calls=True, known=known)


def _organisation(one: FoundOrganisation, name: str, *, calls: bool, known: dict[str, int]) -> Item:
    acronym = (one.acronym or "")[:40]
    article, _blank, rest = name.partition(" ")
    if len(article) <= 3 and key_of(name) not in known and key_of(rest) in known:
        name = rest  # "la", "the", "les" before a member's name
    number = known.get(key_of(name)) or (known.get(key_of(acronym)) if acronym else None)
    return {
        "span": list(one.span),
        "unsure": one.confidence < SURE and number is None,
        "name": name,
        "acronym": acronym,
        "calls": calls,
        "known": number,
    }


def key_of(name: str) -> str:
    """A name as organisations are recognised by: letters and digits, without accents or case."""
    return "".join(sign for sign in fold(name) if sign.isalnum())


def _place(one: FoundPlace) -> Item:
    choices = list(one.choices)[:12]
    is_open = one.kind == "city" and not (choices and one.country)
    return {
        "span": list(one.span),
        "unsure": is_open or one.confidence < SURE,
        "name": tidy_name(one.name)[:LONGEST],
        "kind": one.kind,
        "country": one.country or "",
        "choices": choices,
        "number": choices[0] if choices and one.country else 0,
    }


def _figure(draft: Draft, one: Figure) -> Item:
    start = one.span.start
    if one.qualifier != "exact" and (
        before := _BEFORE.search(draft.text, max(0, start - 40), start)
    ):
        start = (
            before.start()
        )  # "more than", "cerca de": without it the figure says more than it did
    words = tidy_name(draft.text[start : one.span.end])
    return {
        "span": list(one.span),
        "unsure": False,
        "take": "no",
        "words": words[:LONGEST],
        "value": one.value,
        "qualifier": one.qualifier,
        "unit": one.unit,
        "moment": "",
    }


_SENTENCE = re.compile(r"[.!?؟…](?:\s|$)|\n")


def _sentence(text: str, span: Span) -> tuple[int, int]:
    """Where the sentence begins and ends in which a passage begins."""
    start, end = 0, len(text)
    for found in _SENTENCE.finditer(text):
        if found.end() <= span.start:
            start = found.end()
        else:
            end = found.end()
            break
    return start, end


def _in_one_sentence(draft: Draft, items: list[Item]) -> dict[str, str]:
    """For a moment the place that stands in its sentence, where there is just one town."""
    found: dict[str, str] = {}
    towns = [item for item in items if item["group"] == "places" and item["kind"] == "city"]
    for item in items:
        if item["group"] != "moments" or item["is_mention"]:
            continue
        start, end = _sentence(draft.text, Span(*item["span"]))
        here = [town for town in towns if start <= town["span"][0] < end]
        if len(here) == 1 and here[0]["number"]:
            found[item["id"]] = here[0]["id"]
    return found


def day_of(item: Item, name: str) -> date | None:
    """A day of an item, where it has one."""
    return date.fromisoformat(item[name]) if item.get(name) else None


def next_id(items: Iterable[Item], group: str) -> str:
    """The id of the next item of this group."""
    letter = LETTERS[group]
    numbers = [int(item["id"][1:]) for item in items if item["group"] == group]
    return f"{letter}{max(numbers, default=0) + 1}"


def merged(before: list[Item], again: list[Item]) -> list[Item]:
    """A second reading, in which what people have answered stays as they left it. What stands at
    the same passage keeps its id, and no id is given anew: answers name each other by them.
    """
    old = {(item["group"], tuple(item["span"])): item for item in before if item["span"]}
    result = [item for item in before if item["touched"]]
    called: dict[str, str] = {}
    for item in again:
        same = old.get((item["group"], tuple(item["span"])))
        number = same["id"] if same else next_id([*before, *result], item["group"])
        called[item["id"]] = number
        if not (same and same["touched"]) and number not in {one["id"] for one in result}:
            result.append({**item, "id": number})
    here = {item["id"] for item in result}
    order = list(LETTERS)
    return sorted(
        (_renamed(item, called, here) for item in result),
        key=lambda item: (order.index(item["group"]), item["span"] or [10**9]),
    )


def _renamed(item: Item, called: dict[str, str], here: set[str]) -> Item:
    """With what it names of others: by their ids now, none where that one is gone."""
    named = {name: item[name] for name in ("place", "moment") if item.get(name)}
    if not item["touched"]:
        named = {name: called.get(number, "") for name, number in named.items()}
    return {**item, **{name: one if one in here else "" for name, one in named.items()}}
