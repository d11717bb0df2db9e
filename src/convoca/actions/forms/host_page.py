"""What hosts send from their page."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.accounts.fields import LanguageField
from convoca.accounts.guard import HoneypotForm
from convoca.actions.forms.host_field import HostField
from convoca.actions.forms.hosting import LONGEST_TITLE, OPTIONAL, WordsForm, read_aloud
from convoca.actions.forms.places_and_times import NO_SUCH_DAY, TimesForm
from convoca.actions.models import Action
from convoca.actions.models.action import UNDATED
from convoca.actions.services.describing import paragraphs_of, words_in, words_of
from convoca.campaigns.models import Campaign, Moment
from convoca.core.clocks import zone_words, zones
from convoca.core.languages import direction
from convoca.core.names import Names, tidy_name
from convoca.network.fields import NamesFormField, use_network_languages
from convoca.texts.models import Source
from convoca.texts.models.text import MOST_IN_ONE

LINES = ("bring", "question")
"""What hosts say in one line, in as many languages as they like."""


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
        for name, words, needed in (
            ("stop_0_place", _("Say in which town."), not action.online_url),
            ("day", _("Say on which day."), self.needs_day),
        ):
            self.fields[name].required = needed
            self.fields[name].error_messages["required"] = words
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
        for name in LINES:
            stored[name] = action.own_words(name)
        self.initial_lines = {name: Names(getattr(action, name)) for name in LINES}
        stored |= {"names": action.names, "description": words_of(action)}
        kwargs["initial"] = stored
        super().__init__(*args, **kwargs)
        use_network_languages(self)

    def clean_names(self) -> Names:
        """Each of them can be read aloud, as on the form to host."""
        given: Names = self.cleaned_data["names"]
        return Names({tag: read_aloud(words) for tag, words in given.items()})

    def more(self, language: str) -> dict[str, Any]:
        """Lines that stand in other languages, too, stay there while there is one to translate."""
        found = super().more(language)
        for name in LINES:
            if found[name]:
                found[name] = Names({**self.initial_lines[name], **found[name]})
        return found


class LanguageForm(HoneypotForm):
    """In which further language the host wants to write."""

    language = LanguageField(label=gettext_lazy("Another language"), max_length=80)


class TranslateForm(HoneypotForm):
    """Title and description in another language, paragraph beside paragraph.

    `version` is the source that stood beside it: words made for another one are not taken for
    words of this one.
    """

    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=LONGEST_TITLE)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, action: Action, language: str, **kwargs: Any) -> None:
        self.sources = paragraphs_of(action.description) if action.description else []
        self.number = (
            action.description.current.number
            if action.description and action.description.current
            else 0
        )
        known = words_in(action, language)
        stored: dict[str, Any] = {f"words_{key}": words for key, words in known.items()}
        stored |= {"title": action.names.get(language, ""), "version": self.number}
        kwargs["initial"] = stored
        super().__init__(*args, **kwargs)
        side = {"lang": language, "dir": direction(language)}
        self.fields["title"].widget.attrs.update(side)
        self.lines = [(action.own_words(name), name) for name in LINES if getattr(action, name)]
        for _own, name in self.lines:
            self.fields[name] = forms.CharField(
                label=WordsForm.base_fields[name].label,
                required=False,
                max_length=200,
                initial=getattr(action, name).get(language, ""),
                widget=forms.TextInput(side),
            )
        for count, one in enumerate(self.sources, 1):
            rows = min(12, 2 + len(one.body) // 60)
            self.fields[f"words_{one.key}"] = forms.CharField(
                label=_("Paragraph %(number)d") % {"number": count},
                required=False,
                max_length=MOST_IN_ONE,
                widget=forms.Textarea({"rows": rows, **side}),
            )

    @property
    def pairs(self) -> list[tuple[Source, BoundField]]:
        """Each paragraph of the source with the field for it."""
        return [(one, self[f"words_{one.key}"]) for one in self.sources]

    @property
    def line_pairs(self) -> list[tuple[str, BoundField]]:
        """What is one line only, with the field for it."""
        return [(own, self[name]) for own, name in self.lines]

    @property
    def names(self) -> dict[str, str]:
        """Title and lines, tidied, by the fields of an action."""
        lines = {name: tidy_name(self.cleaned_data[name]) for _own, name in self.lines}
        return {"names": self.cleaned_data["title"], **lines}

    @property
    def words(self) -> dict[int, str]:
        return {one.key: self.cleaned_data[f"words_{one.key}"] for one in self.sources}

    def clean_title(self) -> str:
        return read_aloud(str(self.cleaned_data["title"]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("version") != self.number:
            now = cast(QueryDict, self.data).copy()
            now["version"] = str(self.number)
            self.data = now
            raise ValidationError(
                _(
                    "The description has changed meanwhile. Look at it once more, then save; what "
                    "you typed is still here."
                ),
                code="changed",
            )
        return cleaned


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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_asking = not self.errors and "end" not in self.data
        if is_asking and not (cleaned.get("email") or cleaned.get("host")):
            words = _("Give an address, or name an organisation or a committee.")
            self.add_error("email", words)
        return cleaned


class RepeatForm(HoneypotForm):
    """The same again: once on another day, or in a row."""

    day = forms.DateField(
        label=gettext_lazy("On this day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"invalid": NO_SUCH_DAY},
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
