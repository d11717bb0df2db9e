"""What moderators, stewards and those who report something fill in."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.accounts.guard import HoneypotForm
from convoca.actions.models import Action, Door, Problem, Refused
from convoca.campaigns.models import Campaign
from convoca.network.fields import NamesFormField, NamesInput
from convoca.network.models import Committee, Mandate, Organisation
from convoca.places.names import country_name

WEEKDAYS = 7
_A_MONDAY = date(2024, 1, 1)

Choices = list[tuple[str, str]]


def country_choices(codes: Iterable[str], language: str) -> Choices:
    """These countries by name, after "all"."""
    named = sorted((country_name(code, language), code) for code in codes if code)
    return [("", _("All countries")), *((code, name) for name, code in named)]


def weekday_words(weekday: int) -> str:
    """The weekday's name in the reader's language; 0 is Monday."""
    return date_format(_A_MONDAY + timedelta(days=weekday), "l")


class QueueForm(forms.Form):
    """Filter of the queue; what is not understood is passed over."""

    campaign = forms.ChoiceField(label=gettext_lazy("Campaign"), required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)

    def __init__(
        self, data: Any, *, campaigns: Iterable[Campaign], countries: Iterable[str], language: str
    ) -> None:
        super().__init__(data)
        campaign: Any = self.fields["campaign"]
        campaign.choices = [
            ("", _("All campaigns")),
            *((one.code, str(one)) for one in campaigns),
        ]
        country: Any = self.fields["country"]
        country.choices = country_choices(countries, language)

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class LetInForm(forms.Form):
    """Who a newcomer is: a new committee, or one that is there already."""

    committee = forms.ModelChoiceField(
        label=gettext_lazy("In the name of"), queryset=Committee.objects.none(), required=False
    )
    vouched_by = forms.ModelChoiceField(
        label=gettext_lazy("A committee of"), queryset=Organisation.objects.none(), required=False
    )

    def __init__(self, data: Any = None, *, action: Action, proposed: str) -> None:
        super().__init__(data)
        near = Committee.objects.acting().filter(country=action.country).by_name()
        members = Organisation.objects.members().filter(country__in=[action.country, ""]).by_name()
        committee: Any = self.fields["committee"]
        committee.queryset = near
        committee.empty_label = _("A new committee: %(name)s") % {"name": proposed}
        organisation: Any = self.fields["vouched_by"]
        organisation.queryset = members
        organisation.empty_label = _("No organisation yet")


class AskForm(forms.Form):
    """A question to the host."""

    words = forms.CharField(
        label=gettext_lazy("What do you want to know?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is mailed as you write it, and the host’s form is open again."),
    )


class RefuseForm(forms.Form):
    """Why something is refused, and whether its host is written to."""

    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=Refused.Reason.choices)
    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    tell = forms.BooleanField(label=gettext_lazy("Write to the host"), required=False, initial=True)


class LotForm(RefuseForm):
    """Several at once: those that are ticked."""

    chosen = forms.ModelMultipleChoiceField(
        queryset=Action.objects.none(),
        to_field_name="code",
        error_messages={"required": gettext_lazy("Tick at least one.")},
    )
    tell = forms.BooleanField(
        label=gettext_lazy("Write to the hosts"), required=False, initial=False
    )

    def __init__(self, data: Any = None, *, among: Any) -> None:
        super().__init__(data)
        chosen: Any = self.fields["chosen"]
        chosen.queryset = among


class DoorForm(forms.Form):
    """How a campaign lets actions in."""

    mode = forms.ChoiceField(
        label=gettext_lazy("What goes in"), choices=Door.Mode.choices, widget=forms.RadioSelect
    )
    flood_at = forms.IntegerField(
        label=gettext_lazy("New actions of unknown hosts in an hour that are still no flood"),
        min_value=1,
        max_value=10_000,
        help_text=gettext_lazy(
            "When more come, nothing goes in without a look, and those on the rota are mailed."
        ),
    )


class RotaForm(forms.Form):
    """Who is told first, by weekday."""

    def __init__(
        self, data: Any = None, *, held: list[Mandate], rota: dict[int, list[int]]
    ) -> None:
        super().__init__(data)
        choices = [(str(one.pk), f"{one.person} · {one.get_role_display()}") for one in held]
        for weekday in range(WEEKDAYS):
            self.fields[f"day-{weekday}"] = forms.MultipleChoiceField(
                label=weekday_words(weekday),
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[str(pk) for pk in rota.get(weekday, [])],
            )
        self._held = {str(one.pk): one for one in held}

    def rota(self) -> dict[int, list[Mandate]]:
        return {
            weekday: [self._held[pk] for pk in self.cleaned_data[f"day-{weekday}"]]
            for weekday in range(WEEKDAYS)
        }


class PauseForm(forms.Form):
    """What the public reads where the form would be."""

    because = NamesFormField(
        label=gettext_lazy("What do people read who want to host?"),
        widget=NamesInput(is_long=True),
        help_text=gettext_lazy("One sentence in each language: why, and until when if you know."),
    )


class ReportForm(HoneypotForm):
    """Something is wrong with an action."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"), choices=Problem.Kind.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("In any language."),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Only to answer you."),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and cleaned.get("kind") == Problem.Kind.WRONG and not cleaned.get("words"):
            self.add_error("words", _("Say what is wrong, and what would be right."))
        return cleaned


class AnswerForm(forms.Form):
    """What those who reported are answered."""

    words = forms.CharField(
        label=gettext_lazy("An answer to those who reported it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Mailed to those who left an address."),
    )


class TakeOffForm(forms.Form):
    """Why a reported action is taken off; its host and those who reported it read it."""

    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=Refused.Reason.choices)
    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Mailed to the host, and to those who reported it."),
    )


class AskListForm(forms.Form):
    """For the sign-ups of several actions: of which campaign, where, and why."""

    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Campaign"),
        queryset=Campaign.objects.none(),
        empty_label=gettext_lazy("Choose a campaign"),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("What for?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The other stewards and the hosts of these actions read this."),
    )

    def __init__(
        self, data: Any = None, *, campaigns: Any, countries: Iterable[str], language: str
    ) -> None:
        super().__init__(data)
        campaign: Any = self.fields["campaign"]
        campaign.queryset = campaigns
        country: Any = self.fields["country"]
        country.choices = country_choices(countries, language)
