"""What hosts send from their page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from convoca.accounts.fields import LanguageField
from convoca.accounts.guard import HoneypotForm
from convoca.actions.forms.host_field import HostField
from convoca.actions.forms.hosting import OPTIONAL, WordsForm
from convoca.actions.forms.places_and_times import TimesForm
from convoca.actions.models import Action
from convoca.actions.models.action import UNDATED
from convoca.actions.services.describing import words_of
from convoca.campaigns.models import Campaign, Moment
from convoca.core.clocks import zone_words, zones
from convoca.network.fields import NamesFormField, use_network_languages


class MoveForm(TimesForm, HoneypotForm):
    """Another time, another place, or both."""

    zone = forms.ChoiceField(
        label=gettext_lazy("Whose clock, if it is online only"), required=False
    )

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        stored = self.initial_of_times(action) | self.initial_of_places(action)
        kwargs |= {"initial": stored, "stops": max(1, action.stops.count())}
        super().__init__(*args, **kwargs)
        self.needs_day = action.state not in UNDATED
        field = self.fields["zone"]
        if isinstance(field, forms.ChoiceField):
            rest = [(one, one.replace("_", " ")) for one in zones() if one != action.zone]
            field.choices = [(action.zone, zone_words(action.zone)), *rest]


class EditForm(WordsForm, HoneypotForm):
    """The words of an action: its title in several languages, and all that is optional."""

    names = NamesFormField(label=gettext_lazy("Title"))
    field_order = ["names"]

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        stored: dict[str, Any] = {name: getattr(action, name) for name in OPTIONAL}
        for name in ("bring", "question"):
            stored[name] = stored[name].get(action.language, "") or str(stored[name])
        stored |= {"names": action.names, "description": words_of(action)}
        kwargs["initial"] = stored
        super().__init__(*args, **kwargs)
        use_network_languages(self)


class CoHostForm(HoneypotForm):
    """Somebody, or an organisation, is asked to host together."""

    email = forms.EmailField(label=gettext_lazy("Their e-mail address"), required=False)
    language = LanguageField(
        label=gettext_lazy("The mail is written in"), required=False, max_length=80
    )
    host = HostField(
        label=gettext_lazy("or an organisation or a committee"),
        required=False,
        help_text=gettext_lazy("Its coordinators answer; it is shown once they say yes."),
    )


class RepeatForm(HoneypotForm):
    """The same again: once on another day, or in a row."""

    day = forms.DateField(
        label=gettext_lazy("On this day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    every = forms.ChoiceField(
        label=gettext_lazy("or again"),
        required=False,
        choices=[
            ("", gettext_lazy("only once")),
            ("week", gettext_lazy("every week")),
            ("fortnight", gettext_lazy("every second week")),
            ("month", gettext_lazy("every month")),
        ],
    )
    times = forms.IntegerField(
        label=gettext_lazy("so many times more"),
        required=False,
        min_value=1,
        max_value=26,
        initial=4,
        widget=forms.NumberInput({"class": "short"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("day") and not cleaned.get("every") and not self.errors:
            self.add_error("day", gettext_lazy("Say on which day, or how often."))
        return cleaned


class ReasonForm(HoneypotForm):
    """Why it is put off or cancelled: everybody who comes reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Why, in a sentence"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class CampaignForm(HoneypotForm):
    """Another campaign on whose pages the action should stand."""

    part_of = forms.ChoiceField(label=gettext_lazy("Campaign"))

    def __init__(self, *args: Any, campaigns: list[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaigns = campaigns
        self.moments = list(Moment.objects.standing().filter(campaign__in=campaigns))
        field = self.fields["part_of"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                choice
                for one in campaigns
                for choice in [
                    (one.code, str(one.names)),
                    *(
                        (f"{one.code}/{m.code}", f"{one.names}: {m}")
                        for m in self.moments
                        if m.campaign_id == one.pk
                    ),
                ]
            ]

    @property
    def chosen(self) -> tuple[Campaign, Moment | None]:
        campaign, _slash, moment = str(self.cleaned_data["part_of"]).partition("/")
        return (
            next(one for one in self.campaigns if one.code == campaign),
            next((one for one in self.moments if one.code == moment), None),
        )


class CodeForm(forms.Form):
    """A code for people without mail."""

    host = forms.ChoiceField(label=gettext_lazy("In whose name"))
    note = forms.CharField(
        label=gettext_lazy("For whom it is"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("For your own list. Such as: the people of the market hall."),
    )
    uses = forms.IntegerField(
        label=gettext_lazy("For how many actions"), min_value=1, max_value=50, initial=1
    )
    days = forms.IntegerField(
        label=gettext_lazy("For how many days"), min_value=1, max_value=365, initial=30
    )
