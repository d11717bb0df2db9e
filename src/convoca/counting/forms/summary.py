"""What a steward notes of a whole moment."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.campaigns.models import Moment
from convoca.core.names import tidy_name
from convoca.counting.models import Source


class SummaryForm(forms.Form):
    """A source's own words about a moment, with a link and the day."""

    moment = forms.ModelChoiceField(
        queryset=Moment.objects.none(), label=gettext_lazy("Moment"), empty_label=None
    )
    words = forms.CharField(
        label=gettext_lazy("What it says"),
        max_length=300,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=gettext_lazy("In its own words, such as: close to 100 cities."),
    )
    name = forms.CharField(label=gettext_lazy("Who says it"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of source"),
        choices=[one for one in Source.Kind.choices if one[0] != Source.Kind.HOSTS],
        initial=Source.Kind.PRESS,
    )
    url = forms.URLField(label=gettext_lazy("Link to it"), max_length=1000, assume_scheme="https")
    said_on = forms.DateField(
        label=gettext_lazy("Said on"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("There is no such day. Write it like 2027-10-05.")},
    )

    def __init__(self, *args: Any, moments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moment"].queryset = moments  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return tidy_name(str(self.cleaned_data["name"]))

    def clean_words(self) -> str:
        return tidy_name(str(self.cleaned_data["words"]))

    def clean_said_on(self) -> date:
        day: date = self.cleaned_data["said_on"]
        if day > timezone.localdate() + timedelta(days=1):
            raise forms.ValidationError(_("This day is still to come."))
        return day
