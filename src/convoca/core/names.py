"""`Names`: a name or title of up to 200 characters, in as many languages as it has been given."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from convoca.core.languages import UnknownTag, fallbacks, tidy_tag

LONGEST = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class Names(dict[str, str]):
    """Language tag → words. As a string: the words in the reader's language, or the nearest."""

    def in_language(self, tag: str | None, chosen: Mapping[str, str] | None = None) -> str:
        """The words in `tag`, else by its fallbacks, else in the first language given."""
        return self.get(self.language_for(tag, chosen), "")

    def language_for(self, tag: str | None, chosen: Mapping[str, str] | None = None) -> str:
        """The tag of the words that a reader of `tag` gets; for the attribute `lang`."""
        for candidate in fallbacks(tag or "en", dict(chosen or {})):
            if self.get(candidate):
                return candidate
        return next((key for key, words in self.items() if words), "")

    def __str__(self) -> str:
        return self.in_language(get_language())


def tidy_name(words: str) -> str:
    """One line, no control characters; blanks at the ends gone. Nothing to be seen is nothing."""
    tidy = " ".join(_CONTROL.sub(" ", words).split())
    is_visible = any(unicodedata.category(letter)[0] not in "CZM" for letter in tidy)
    return tidy if is_visible else ""


def check_names(value: Mapping[str, str]) -> None:
    """Refuse unknown tags and names that are empty or over 200 characters."""
    for tag, words in value.items():
        try:
            tidy_tag(tag)
        except UnknownTag as error:
            raise ValidationError(
                _("“%(tag)s” is not a language tag."), code="tag", params={"tag": tag}
            ) from error
        if not words.strip():
            raise ValidationError(_("A name cannot be empty."), code="empty")
        if len(words) > LONGEST:
            raise ValidationError(
                _("A name has at most %(most)d characters; this has %(count)d."),
                code="long",
                params={"most": LONGEST, "count": len(words)},
            )


class NamesField(models.JSONField):
    """Stores `Names`. Insertion order is kept: the first language is the name's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", Names)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Names | None:
        loaded = super().from_db_value(value, expression, connection)
        return None if loaded is None else Names(loaded)

    def to_python(self, value: Any) -> Any:
        return Names(value) if isinstance(value, Mapping) else super().to_python(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        names = Names({tidy_tag(tag): tidy_name(words) for tag, words in (value or {}).items()})
        check_names(names)
        setattr(model_instance, self.attname, names)
        return names

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("default") is Names:
            del kwargs["default"]
        return name, path, args, kwargs
