"""Text in, draft out."""

import re
from datetime import date

from convoca.places.gazetteer import Finder
from convoca.reading.bare import BareNames
from convoca.reading.campaigns import campaigns_of
from convoca.reading.draft import Draft
from convoca.reading.figures import figures_of
from convoca.reading.issuers import Issuers
from convoca.reading.lands import is_place_of
from convoca.reading.language import kind_of, language_of, likely_kind
from convoca.reading.lines import lines_of
from convoca.reading.moments import Calendar, sorted_out
from convoca.reading.names import Names
from convoca.reading.places import PlacesFinder
from convoca.reading.text import LONGEST, Span, Text
from convoca.reading.words import FIRST_CLASS, words_of

_PHONE = re.compile(r"\(?\+?\d[\d\s().-]{6,}\d|[^\s@]{1,64}@\S+|https?://\S+|www\.\S+")
_BINARY = 0.02
_DAYS = date(1000, 1, 1), date(3000, 1, 1)
"""Between these are the days that a text can name; one received before or after reads as then."""


def read(text: str, *, received: date, places: Finder | None = None) -> Draft:
    """What a text says, as a draft. Never raises, whatever the text; the same text reads the same.

    Spans count in `draft.text`, which is the text with composed letters and plain line ends.
    Without `places` no place is found.
    """
    whole = Text.of(text)
    draft = Draft(whole.shown, received)
    if not whole.raw.strip():
        draft.notes.append("empty")
        return draft
    if _is_binary(whole.raw):
        draft.notes.append("binary")
        return draft
    if len(text) > LONGEST:
        draft.notes.append("cut")
    draft.language = language_of(whole)
    language = draft.language.value if draft.language else ""
    if not language:
        draft.notes.append("language-unknown")
    elif language not in FIRST_CLASS:
        draft.notes.append("language-partly")
    words = words_of(language)
    draft.kind = kind_of(whole, words) if language else None

    calendar = Calendar(whole, words, min(max(received, _DAYS[0]), _DAYS[1]))
    dated = [day.span for day in calendar.days]
    names = Names(whole, words, dated, is_place_of(places))
    BareNames(names).find()
    draft.issuers = Issuers(names).find()
    draft.campaigns = campaigns_of(whole, words)
    draft.organisations = names.organisations
    draft.issued = calendar.issued
    if language and draft.kind is None:
        draft.kind = likely_kind(whole, is_ahead=calendar.is_ahead())
    kind = draft.kind.value if draft.kind else ""
    draft.moments, draft.mentions = sorted_out(calendar, kind, draft.campaigns)
    if calendar.impossible:
        draft.notes.append("date-impossible")
    draft.lines = lines_of(whole, words, kind)
    phones = [Span(*match.span()) for match in _PHONE.finditer(whole.raw)]
    named = [*names.spans, *(said.span for said in draft.campaigns)]
    draft.figures = figures_of(whole, words, [*dated, *phones, *named])
    if places is not None:
        draft.places = PlacesFinder(whole, words, places).find([*named, *dated])
    return draft


def _is_binary(raw: str) -> bool:
    odd = sum(sign == "\ufffd" or (sign < " " and sign not in "\n\t\f") for sign in raw[:20_000])
    return odd > _BINARY * min(len(raw), 20_000)
