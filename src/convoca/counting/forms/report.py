"""What hosts send when it is over."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from convoca.accounts.guard import HoneypotForm
from convoca.counting.forms.people import PeopleField, refuse_range
from convoca.counting.models import Estimate, Report
from convoca.counting.models.report import MOST_WORDS
from convoca.counting.said import HowMany

MOST_FIGURES = 8
_ROW = re.compile(r"low_(\d)")
PARTS = ("low", "high", "method", "url")


def _lines(label: Any, *, rows: int, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea({"rows": rows, "dir": "auto"})
    return forms.CharField(
        label=label, required=False, max_length=MOST_WORDS, widget=widget, help_text=help_text
    )


class ReportForm(HoneypotForm):
    """Whether it took place, how many people by whom, who was there, what was won. "Add another
    number" sends the form and comes back with a row more; nothing is checked then.
    """

    use_required_attribute = False  # a button adds rows before all is filled in

    happened = forms.ChoiceField(
        label=gettext_lazy("Did it take place?"),
        choices=Report.Happened.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether it took place.")},
    )
    present = _lines(
        gettext_lazy("Organisations that were there"),
        rows=3,
        help_text=gettext_lazy("One a line."),
    )
    words = _lines(
        gettext_lazy("How it was, in a few lines"),
        rows=4,
        help_text=gettext_lazy("Everybody reads it. Name nobody who does not wish to be named."),
    )
    won = _lines(pgettext_lazy("by an action", "What was won"), rows=3)

    def __init__(
        self,
        *args: Any,
        told: Report | None = None,
        figures: Sequence[Estimate] = (),
        **kwargs: Any,
    ) -> None:
        if told is not None and told.is_sent:
            names = ("happened", "present", "words", "won")
            kwargs["initial"] = {name: getattr(told, name) for name in names}
        super().__init__(*args, **kwargs)
        self.wants_more = self.is_bound and "add-figure" in self.data
        typed = [int(found[1]) + 1 for key in self.data if (found := _ROW.fullmatch(key))]
        count = max(typed, default=1) if self.is_bound else len(figures)
        self.count = min(MOST_FIGURES, max(1, count) + self.wants_more)
        for number in range(self.count):
            self._add_figure(number, figures[number] if number < len(figures) else None)

    def _add_figure(self, number: int, stored: Estimate | None) -> None:
        fields: dict[str, forms.Field] = {
            "low": PeopleField(label=_("At least"), required=False),
            "high": PeopleField(label=_("At most"), required=False),
            "method": forms.ChoiceField(
                label=_("How this number was arrived at"),
                required=False,
                choices=[("", _("Choose")), *Estimate.Method.choices],
            ),
            "url": forms.URLField(
                label=_("Link to where it stands"),
                required=False,
                max_length=1000,
                assume_scheme="https",
                help_text=_("If there is one: an article, a photo.") if number == 0 else "",
            ),
        }
        for part, field in fields.items():
            if stored is not None:
                field.initial = getattr(stored, part)
            self.fields[f"{part}_{number}"] = field

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict() if self.wants_more else super().errors

    def is_valid(self) -> bool:
        return not self.wants_more and super().is_valid()

    @property
    def figure_rows(self) -> list[list[BoundField]]:
        return [[self[f"{part}_{n}"] for part in PARTS] for n in range(self.count)]

    @property
    def can_add(self) -> bool:
        return self.count < MOST_FIGURES

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(self.count):
            self._clean_figure(number)
        if cleaned.get("happened") == Report.Happened.NO and self.how_many:
            self.add_error(
                "happened",
                _("It did not take place, yet there is a number of people. Which is right?"),
            )
        return cleaned

    def _clean_figure(self, number: int) -> None:
        low, high, method, url = (f"{part}_{number}" for part in PARTS)
        refuse_range(self, low, high)
        if self.errors.keys() & {low, high, method, url}:
            return
        has_number = any(self.cleaned_data.get(name) is not None for name in (low, high))
        if has_number and not self.cleaned_data.get(method):
            self.add_error(method, _("Say how this number was arrived at."))
        if not has_number and (self.cleaned_data.get(method) or self.cleaned_data.get(url)):
            self.add_error(low, _("Write the number, or take the rest of this row out."))

    @property
    def how_many(self) -> list[HowMany]:
        """The figures, once each."""
        cleaned = self.cleaned_data
        rows = [
            HowMany(
                low=cleaned.get(f"low_{n}"),
                high=cleaned.get(f"high_{n}"),
                method=cleaned.get(f"method_{n}", ""),
                url=cleaned.get(f"url_{n}", ""),
            )
            for n in range(self.count)
        ]
        said = [one for one in rows if one.low is not None or one.high is not None]
        return list(dict.fromkeys(said))
