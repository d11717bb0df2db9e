"""A number of people, as somebody types it: taken where it can only mean one thing."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convoca.core.dates import number_words
from convoca.counting.models.estimate import MOST

_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u202f'’](?=\d{3}(?!\d))")
_GROUPS = re.compile(r"\d{1,3}(?:([.,٬])\d{3})(?:\1\d{3})+")
_ONE_GROUP = re.compile(r"(\d{1,3})[.,٬](\d{3})")


class PeopleField(forms.CharField):
    """A count of people. "1.000" is a thousand to some and one to others, so it is asked back."""

    widget = forms.TextInput({"inputmode": "numeric", "class": "short", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        return number_of(typed) if typed else None


def number_of(typed: str) -> int:
    """The number that somebody typed; a `ValidationError` says what is wrong with it."""
    words = _SPACES.sub("", typed.strip())
    if words[:1] in {"-", "−", "–"}:
        raise ValidationError(_("A number of people cannot be less than nought."), code="negative")
    if found := _ONE_GROUP.fullmatch(words):
        whole = int(found[1] + found[2])
        raise ValidationError(
            _(
                "“%(typed)s” can mean %(many)d or %(few)d. Write it without dot or comma: "
                "%(many)d or %(few)d."
            )
            % {"typed": typed, "many": whole, "few": int(found[1])},
            code="thousand-or-one",
        )
    if _GROUPS.fullmatch(words):
        words = re.sub(r"[.,٬]", "", words)
    if not (words.isdecimal() and words):
        raise ValidationError(
            _("Write one number in digits, such as 350. A range goes into both fields."),
            code="not-a-number",
        )
    if len(words) > 12 or int(words) > MOST:
        raise ValidationError(
            _("More than %(most)s people were never in one place. Look at the number.")
            % {"most": number_words(MOST)},
            code="too-many",
        )
    return int(words)


def refuse_range(form: forms.Form, low: str, high: str) -> None:
    """Say under the second field that a range stands the wrong way round."""
    least, most = form.cleaned_data.get(low), form.cleaned_data.get(high)
    if least is not None and most is not None and least > most:
        form.add_error(
            high,
            _("At most %(most)s is less than at least %(least)s. Look at both numbers.")
            % {"most": number_words(most), "least": number_words(least)},
        )
