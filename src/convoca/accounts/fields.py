"""Form fields for languages: any tag of BCP 47, chosen by its name in its own script."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel.localedata import locale_identifiers
from django import forms
from django.utils.translation import gettext_lazy as _

from convoca.core.fold import fold
from convoca.core.languages import UI_LANGUAGES, UnknownTag, autonym, language_name, tidy_tag


@lru_cache(maxsize=1)
def known_languages() -> list[tuple[str, str]]:
    """Tag and own name of every language that CLDR can speak, the interface's first."""
    tags = {identifier.split("_")[0] for identifier in locale_identifiers()} - {"root"}
    tags |= {"ay", "arn", "gn", "ht", "ckb", "zh"}
    script = {"zh-Hant", "zh-Hans", "sr-Latn", "pt-BR"}
    rest = sorted((autonym(tag).casefold(), tag) for tag in (tags | script) - set(UI_LANGUAGES))
    ordered = [*UI_LANGUAGES, *(tag for _name, tag in rest)]
    return [(tag, autonym(tag)) for tag in ordered]


def words_for(tag: str) -> str:
    """What stands in the field for a tag: "español (es)"."""
    return f"{autonym(tag)} ({tag})" if tag else ""


def tag_of(typed: str) -> str:
    """The tag that was meant by a tag, a name in the language itself, or one in the reader's.

    Raises `UnknownTag`.
    """
    typed = typed.strip()
    if typed.endswith(")"):
        inside = typed[:-1].rpartition("(")[2]
        try:
            return tidy_tag(inside)
        except UnknownTag:
            pass
    try:
        return tidy_tag(typed)
    except UnknownTag:
        wanted = fold(typed)
        for tag, own in known_languages():
            if wanted and wanted in {
                fold(own),
                fold(language_name(tag)),
                fold(language_name(tag, "en")),
            }:
                return tag
        raise


class LanguageInput(forms.TextInput):
    """A line with suggestions: languages by their own names; works without them too."""

    template_name = "accounts/widgets/language.html"

    def format_value(self, value: Any) -> str | None:
        if not value:
            return None
        try:
            return words_for(tidy_tag(str(value)))
        except UnknownTag:
            return str(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = "languages"
        return context


class LanguageField(forms.CharField):
    """One language; answers its tag."""

    widget = LanguageInput
    default_error_messages = {
        "unknown": _(
            "We know no language “%(typed)s”. Choose one of the suggested names, or type its tag, "
            "such as pt-BR."
        )
    }

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return tag_of(typed)
        except UnknownTag as error:
            raise forms.ValidationError(
                self.error_messages["unknown"], code="unknown", params={"typed": typed}
            ) from error


class LanguagesInput(LanguageInput):
    """Several lines: those that are chosen, and two empty ones."""

    template_name = "accounts/widgets/languages.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        chosen = [self.format_value(tag) or "" for tag in value or [] if tag]
        context["widget"]["lines"] = [*chosen, "", ""]
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        return list(data.getlist(name)) if hasattr(data, "getlist") else data.get(name, [])


class LanguagesField(forms.Field):
    """Several languages; answers their tags, each once, in order. A line may hold several, parted
    by commas.
    """

    widget = LanguagesInput

    def clean(self, value: Any) -> list[str]:
        one = LanguageField(required=False, max_length=80)
        lines = [part for line in value or [] for part in re.split(r"[,;،؛]", line)]
        tags = [one.clean(typed) for typed in lines]
        return list(dict.fromkeys(tag for tag in tags if tag))[:20]
