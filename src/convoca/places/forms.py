"""A field for a place: its name is typed; where that is not enough, a question comes back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoca.core.names import tidy_name
from convoca.places import names, services
from convoca.places.gazetteer import Outcome
from convoca.places.index import Found
from convoca.places.models import Place

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """What a browser sent: words, a chosen place's number, and the words it was chosen for."""

    words: str = ""
    chosen: str = ""
    chosen_for: str = ""
    country: str = ""

    @property
    def number(self) -> int:
        """The chosen place, 0 if none was or if the words are others by now."""
        is_for_these = bool(self.words) and self.words == self.chosen_for
        return int(self.chosen) if is_for_these and _is_number(self.chosen) else 0


class Choice(NamedTuple):
    number: int
    name: str
    around: str


class PlaceInput(forms.Widget):
    """A line for the name; below it, after a question, places to choose from. No script."""

    template_name = "places/widgets/place.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, country_from: str = "") -> None:
        super().__init__(attrs)
        self.country_from = country_from
        self.asked: list[Found] = []
        self.question = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        typed = value if isinstance(value, Typed) else typed_of(value)
        found = None
        if typed.number and not self.asked:
            found = services.found_with(typed.number)
        context["widget"] |= {
            "words": typed.words,
            "found": names.label(found) if found else "",
            "number": typed.number,
            "choices": choices_of(self.asked),
            "question": self.question,
            "longest": LONGEST,
        }
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        country = ""
        if self.country_from:
            prefix, dash, _last = name.rpartition("-")
            country = str(data.get(f"{prefix}{dash}{self.country_from}") or "")
        return Typed(
            words=tidy_name(str(data.get(name) or "")),
            chosen=str(data.get(f"{name}_chosen") or ""),
            chosen_for=tidy_name(str(data.get(f"{name}_for") or "")),
            country=country.upper() if _is_code(country) else "",
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data


class PlaceField(forms.Field):
    """Cleans to a `Found` place, or None; a service keeps it (`places.services.keep`).

    `country` (ISO 3166 alpha-2) narrows the search, or `country_from`, the name of the form's
    field that says it. A name that several places bear, or that is only nearly one, comes back as
    a question with what was typed.
    """

    widget = PlaceInput

    def __init__(self, *, country: str = "", country_from: str = "", **options: Any) -> None:
        options.setdefault("widget", PlaceInput(country_from=country_from))
        super().__init__(**options)
        self.country = country

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = typed_of(initial)
        if before.number and data and data.number:
            return bool(before.number != data.number)
        return before.words != (data.words if data else "")

    def clean(self, value: Any) -> Found | None:
        typed: Typed = value if isinstance(value, Typed) else typed_of(value)
        if not typed.words:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if len(typed.words) > LONGEST:
            raise ValidationError(
                _("A name of a place has at most %(most)d characters."),
                code="long",
                params={"most": LONGEST},
            )
        if typed.number and (chosen := services.found_with(typed.number)):
            return chosen
        return self.look_up(typed.words, self.country or typed.country)

    def look_up(self, words: str, country: str) -> Found:
        """The one place of that name; else the question that the form comes back with."""
        answer = services.find(words, country=country, suggest=True)
        if answer.place and not answer.is_guess:
            return answer.place
        if answer.outcome is Outcome.UNKNOWN and country and not answer.places:
            elsewhere = services.find(words)
            self.ask(elsewhere.places, _("Did you mean a place in another country?"))
            sentence = _("No place called “%(name)s” is known in %(country)s.") % {
                "name": words,
                "country": names.country_name(country, get_language() or "en"),
            }
            raise ValidationError(f"{sentence} {_advice()}", code="place-unknown")
        if answer.outcome is Outcome.ASK:
            self.ask(answer.places, _("Which “%(name)s”?") % {"name": words})
            raise ValidationError(
                _("Several places are called “%(name)s”. Choose one of them."),
                code="place-ambiguous",
                params={"name": words},
            )
        self.ask(answer.places, _("Did you mean this?"))
        sentence = _("No place called “%(name)s” is known.") % {"name": words}
        raise ValidationError(f"{sentence} {_advice()}", code="place-unknown")

    def ask(self, places: tuple[Found, ...], question: str) -> None:
        """Let the widget offer these places. Each form has a widget of its own."""
        widget = self.widget
        if isinstance(widget, PlaceInput):
            widget.asked, widget.question = list(places), question


class LikeliestPlaceField(PlaceField):
    """For searches, where nothing is written: of several places of one name the likeliest is taken,
    and the page offers `others` beside its answer.
    """

    others: tuple[Found, ...] = ()

    def look_up(self, words: str, country: str) -> Found:
        answer = services.find(words, country=country)
        if answer.outcome is not Outcome.ASK:
            return super().look_up(words, country)
        self.others = answer.places[1:]
        return answer.places[0]


class CountryField(forms.ChoiceField):
    """A country by its code, chosen by its name in the reader's language."""

    def __init__(self, *, empty: Any = "", **options: Any) -> None:
        self.empty = empty
        super().__init__(choices=self.offered, **options)

    def offered(self) -> list[tuple[str, Any]]:
        return [("", self.empty or "—"), *names.country_choices(get_language() or "en")]


def typed_of(value: Any) -> Typed:
    """What stands in the field for a place that is known already, or for words."""
    if isinstance(value, Place):
        number, words = value.geonames_id or 0, value.in_full
    elif isinstance(value, Found):
        number, words = value.id, names.label(value)
    else:
        return Typed(words=tidy_name(str(value or "")))
    return Typed(words=words, chosen=str(number), chosen_for=words)


def choices_of(places: list[Found]) -> list[Choice]:
    """Each place with what it lies in; with its district too where that alone tells two apart."""
    plain = [Choice(place.id, place.name, names.around(place)) for place in places]
    seen = Counter(choice[1:] for choice in plain)
    return [
        choice._replace(around=names.around(place, district=place.district))
        if seen[choice[1:]] > 1
        else choice
        for choice, place in zip(plain, places, strict=True)
    ]


def _advice() -> str:
    return _(
        "Check the spelling, add the region or the country after a comma, "
        "or write the nearest larger town."
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 12


def _is_code(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalpha()
