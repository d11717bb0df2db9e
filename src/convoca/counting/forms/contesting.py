"""What who contests a figure fills in, and who answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.accounts.guard import HoneypotForm
from convoca.counting.models import Contest
from convoca.counting.models.estimate import MOST


class ContestForm(HoneypotForm):
    """Why a figure is wrong, and what would be right."""

    name = forms.CharField(
        label=gettext_lazy("Who you are in this"),
        max_length=200,
        help_text=gettext_lazy("Your organisation, or your name. Everybody reads it."),
    )
    reason = forms.CharField(
        label=gettext_lazy("What is wrong with the figure?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Everybody reads it together with the answer."),
    )
    low = forms.IntegerField(
        label=gettext_lazy("At least so many people"), min_value=0, max_value=MOST, required=False
    )
    high = forms.IntegerField(
        label=gettext_lazy("At most so many people"), min_value=0, max_value=MOST, required=False
    )
    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        max_length=254,
        help_text=gettext_lazy("We mail you a button to confirm, and the answer. Nobody reads it."),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None and high < low:
            self.add_error("high", _("This is less than at least."))
        return cleaned


class AnswerContestForm(forms.Form):
    """What everybody reads."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What became of it"),
        choices=Contest.Outcome.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Set figures aside or note others first: an answer changes none."),
    )
    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Everybody reads it, and it is mailed to who contested."),
    )
