"""What moderators send about figures."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.core.names import tidy_name
from convoca.counting.forms.people import PeopleField, refuse_range
from convoca.counting.models import Estimate
from convoca.counting.services.weighing import Printed


class PressForm(forms.Form):
    """What a newspaper says, with a link, and the day of the copy where it leads to an archive."""

    paper = forms.CharField(label=gettext_lazy("Newspaper, agency or station"), max_length=200)
    low = PeopleField(label=gettext_lazy("At least"), required=False)
    high = PeopleField(label=gettext_lazy("At most"), required=False)
    words = forms.CharField(
        label=gettext_lazy("As it is printed"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Such as: several hundred."),
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How this number was arrived at"),
        choices=Estimate.Method.choices,
        initial=Estimate.Method.PRESS,
        help_text=gettext_lazy("If the paper quotes the police, it is the police’s number."),
    )
    url = forms.URLField(
        label=gettext_lazy("Link to it"),
        max_length=1000,
        assume_scheme="https",
        help_text=gettext_lazy("Best to a copy in a web archive, which stays."),
    )
    archived_on = forms.DateField(
        label=gettext_lazy("Day of the archived copy"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("There is no such day. Write it like 2027-10-05.")},
    )

    def clean_paper(self) -> str:
        return tidy_name(str(self.cleaned_data["paper"]))

    def clean_archived_on(self) -> Any:
        day = self.cleaned_data["archived_on"]
        if day is not None and day > timezone.localdate() + timedelta(days=1):
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        refuse_range(self, "low", "high")
        names = {"low", "high"}
        if not (names & self.errors.keys()) and all(cleaned.get(name) is None for name in names):
            self.add_error("low", _("Write at least one of the two numbers."))
        return cleaned

    def printed(self) -> Printed:
        return Printed(**self.cleaned_data)


class WhyForm(forms.Form):
    """Why a figure is set aside."""

    why = forms.CharField(
        label=gettext_lazy("Why it is set aside"),
        max_length=500,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("Everybody reads it beside the number. Name no person."),
        error_messages={"required": gettext_lazy("Say why this number is set aside.")},
    )
