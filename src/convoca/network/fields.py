"""Form fields of the network: names in several languages, countries, language pairs."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from convoca.accounts.fields import tag_of
from convoca.core.languages import UnknownTag, autonym, direction, language_name
from convoca.core.names import Names, check_names, tidy_name
from convoca.network.models import Network
from convoca.network.picking import CountriesInput
from convoca.places.names import country_choices


class NamesInput(forms.Widget):
    """One line per language of the network, and one for a language more."""

    template_name = "network/widgets/names.html"
    use_fieldset = True
    languages: list[str]

    def __init__(self, attrs: dict[str, Any] | None = None, *, is_long: bool = False) -> None:
        super().__init__(attrs)
        self.languages = ["en"]
        self.is_long = is_long

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        given = dict(value or {})
        extra = given.pop("", ("", ""))
        tags = list(dict.fromkeys([*given, *self.languages]))
        context["widget"]["lines"] = [
            {
                "tag": tag,
                "autonym": autonym(tag),
                "dir": direction(tag),
                "value": given.get(tag, ""),
            }
            for tag in tags
        ]
        context["widget"]["is_long"] = self.is_long
        context["widget"]["extra_tag"], context["widget"]["extra_words"] = extra
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key in data:
            if key.startswith(f"{name}-in-"):
                found[key.removeprefix(f"{name}-in-")] = data[key]
        extra = data.get(f"{name}-more-tag", ""), data.get(f"{name}-more", "")
        if any(extra):
            found[""] = extra
        return found

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        return ""


class NamesFormField(forms.Field):
    """Words in each language; at least one where it is required. Answers `Names`."""

    widget: Any = NamesInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Name"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Names:
        given = dict(value or {})
        tag, words = given.pop("", ("", ""))
        if tidy_name(words) or tag.strip():
            given[_tag(tag)] = words
        names = Names({_tag(t): tidy_name(w) for t, w in given.items() if tidy_name(str(w))})
        if self.required and not names:
            raise ValidationError(_("Give a name in at least one language."), code="required")
        check_names(names)
        return names


def _tag(typed: str) -> str:
    try:
        return tag_of(typed)
    except UnknownTag as error:
        raise ValidationError(
            _("“%(tag)s” is not a language tag; it looks like pt-BR or qu.") % {"tag": typed},
            code="tag",
        ) from error


class CountryField(forms.ChoiceField):
    """One country, or none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Country"))
        super().__init__(choices=_one_country, **kwargs)


class CountriesField(forms.MultipleChoiceField):
    """Several countries; its form is a `PickingForm`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Countries"))
        kwargs.setdefault("widget", CountriesInput())
        super().__init__(choices=_all_countries, **kwargs)


def _all_countries() -> list[tuple[str, str]]:
    return country_choices(get_language() or "en")


def _one_country() -> list[tuple[str, str]]:
    return [("", _("No single country")), *_all_countries()]


class PairsField(forms.CharField):
    """Language pairs as typed, "en > fr, es > fr"; answers a list of pairs of tags."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Language pairs"))
        kwargs.setdefault(
            "help_text",
            gettext_lazy("From which language into which, such as: en > fr, es > fr"),
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return ", ".join(f"{source} > {target}" for source, target in value)
        return value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        pairs = []
        for part in filter(None, (p.strip() for p in re.split(r"[,;\n]", typed))):
            sides = [s.strip() for s in re.split(r">|→|->", part) if s.strip(" -")]
            if len(sides) != 2:
                raise ValidationError(
                    _("“%(part)s” is not a pair; write it like en > fr.") % {"part": part},
                    code="pair",
                )
            pairs.append([_tag(sides[0].strip(" -")), _tag(sides[1].strip(" -"))])
        if self.required and not pairs:
            raise ValidationError(self.error_messages["required"], code="required")
        return pairs


def pair_words(pairs: list[list[str]]) -> list[str]:
    """Pairs in words: "English into French"."""
    return [
        _("%(source)s into %(target)s")
        % {"source": language_name(source), "target": language_name(target)}
        for source, target in pairs
    ]


def use_network_languages(form: forms.BaseForm) -> None:
    """Let every field of names in the form offer the network's languages. One query."""
    languages: list[str] | None = None
    for field in form.fields.values():
        if isinstance(field.widget, NamesInput):
            languages = languages or list(Network.load().languages)
            field.widget.languages = languages
