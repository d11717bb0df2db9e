"""Text in, draft out."""

import re
from datetime import date

from convoca.places.gazetteer import Finder
from convoca.reading.draft import Draft
from convoca.reading.figures import figures_of
from convoca.reading.language import kind_of, language_of
from convoca.reading.lines import lines_of
from convoca.reading.moments import Calendar, sorted_out
from convoca.reading.names import Names
from convoca.reading.places import PlacesFinder
from convoca.reading.text import LONGEST, Span, Text
from convoca.reading.words import FIRST_CLASS, words_of

_PHONE = re.compile(r"\(?\+?\d[\d\s().-]{6,}\d|\S+@\S+|https?://\S+|www\.\S+")
_BINARY = 0.02


def read(text: str, *, received: date, places: Finder | None = None) -> Draft:
    """What a text says, as a draft. Never raises, whatever the text; the same text reads the same.

    Spans count in `draft.text`, which is the text with composed letters and plain line ends.
    Without `places` no place is found.
    """
    whole = Text.of(text)
    draft = Draft(whole.raw, received)
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

    calendar = Calendar(whole, words, received)
    dated = [day.span for day in calendar.days]
    names = Names(whole, words, dated)
    draft.issuers = names.issuers()
    draft.campaigns = names.campaigns()
    draft.organisations = names.organisations
    draft.issued = calendar.issued
    kind = draft.kind.value if draft.kind else ""
    draft.moments, draft.mentions = sorted_out(calendar, kind, draft.campaigns)
    if calendar.impossible:
        draft.notes.append("date-impossible")
    draft.lines = lines_of(whole, words)
    phones = [Span(*match.span()) for match in _PHONE.finditer(whole.raw)]
    named = [*names.spans, *(said.span for said in draft.campaigns)]
    draft.figures = figures_of(whole, words, [*dated, *phones, *named])
    if places is not None:
        draft.places = PlacesFinder(whole, words, places).find([*named, *dated])
    return draft


def _is_binary(raw: str) -> bool:
    odd = sum(sign == "\ufffd" or (sign < " " and sign not in "\n\t\f") for sign in raw[:20_000])
    return odd > _BINARY * min(len(raw), 20_000)
