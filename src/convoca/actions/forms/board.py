"""What the screens of the station Act take."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.network.fields import NamesFormField

USUAL_MONTHS = 6


class SilentForm(forms.Form):
    """For how many months a committee must have been silent."""

    months = forms.IntegerField(
        label=gettext_lazy("Silent for how many months"),
        min_value=1,
        max_value=60,
        required=False,
        initial=USUAL_MONTHS,
    )

    @property
    def chosen(self) -> int:
        """What was asked for; half a year where nothing sensible was."""
        months = self.cleaned_data.get("months") if self.is_bound and self.is_valid() else None
        return months or USUAL_MONTHS


class TriggerForm(forms.Form):
    """What actions wait for, in words and in several languages."""

    names = NamesFormField(
        label=gettext_lazy("What they wait for"),
        help_text=gettext_lazy("As readers will read it: “The day after the ruling”."),
    )


class CallForm(forms.Form):
    """The day that a trigger sets, and perhaps the hour."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    clock = forms.TimeField(
        label=gettext_lazy("Hour, by the clock of each place"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=gettext_lazy("Leave it empty where hosts choose it themselves."),
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Give a day to come."))
        return day

    def clean(self) -> dict[str, Any]:
        return super().clean() or {}
