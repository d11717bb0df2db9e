"""What whoever brings a list in fills in."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.campaigns.models import Campaign
from convoca.core.languages import UI_LANGUAGES, language_name
from convoca.counting.models import Source
from convoca.exchange import reading
from convoca.exchange.models import Import
from convoca.exchange.reading.fields import FIELDS, IN_LANGUAGE, MEMBERS
from convoca.media import uploads
from convoca.media.forms import SheetField
from convoca.network.fields import CountryField
from convoca.network.models import Network


class ListField(SheetField):
    """A list in any format that is read, packed or not."""

    accept = ".csv,.tsv,.txt,.ics,.json,.geojson,.jsonl,.ndjson,.gz,text/csv,text/calendar"

    @property
    def most(self) -> int:  # type: ignore[override]
        """As large as the operator lets files be."""
        return uploads.most()


class SourceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A source, or, where none is chosen, one that is new here: both are answers."""

    def clean(self, value: Any) -> Source | None:
        found: Source | None = None if value in self.empty_values else super().clean(value)
        return found


class HandInForm(forms.Form):
    """A list, of what, and whose it is."""

    use_required_attribute = False  # of members, less is asked

    file = ListField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy(
            "A table saved as CSV, a calendar, GeoJSON or JSON; as Action Network, Mobilize, "
            "Mobilizon or Gancio export them. Nothing is written before you have seen what is in "
            "it and said yes."
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What does it list?"),
        choices=Import.Kind.choices,
        initial=Import.Kind.ACTIONS,
        widget=forms.RadioSelect,
    )
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("To which campaign do the actions belong?"),
        queryset=Campaign.objects.none(),
        error_messages={
            "required": gettext_lazy("Say to which campaign the actions belong."),
        },
    )
    source = SourceField(
        label=gettext_lazy("Whose list is it?"),
        queryset=Source.objects.none(),
        empty_label=gettext_lazy("A source that is new here"),
        help_text=gettext_lazy("What a source said before is corrected by its next list."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the new source"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Everybody reads it beside what it says."),
    )
    source_kind = forms.ChoiceField(
        label=gettext_lazy("What kind of source is it?"),
        choices=[pair for pair in Source.Kind.choices if pair[0] != Source.Kind.HOSTS],
        initial=Source.Kind.NETWORK,
    )
    licence = forms.CharField(
        label=gettext_lazy("Licence of its list"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("In its own words, such as CC BY 4.0. It goes along in exports."),
    )
    site = forms.URLField(
        label=gettext_lazy("Its web page"), max_length=500, required=False, assume_scheme="https"
    )
    is_whole = forms.BooleanField(
        label=gettext_lazy("This is all that the source says of the campaign"),
        required=False,
        help_text=gettext_lazy(
            "What it said before and does not say in this list is then marked as no longer said, "
            "and counts no more. Nothing is deleted."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaigns: Any = self.fields["campaign"]
        campaigns.queryset = Campaign.objects.published().order_by("-pk")
        if self.data.get("kind") == Import.Kind.MEMBERS:
            campaigns.required = self.fields["source_kind"].required = False
        running = list(Campaign.objects.open()[:2])
        if len(running) == 1:
            campaigns.initial = running[0].pk
        sources: Any = self.fields["source"]
        sources.queryset = Source.objects.exclude(kind=Source.Kind.HOSTS).order_by("name")

    @property
    def about_source(self) -> list[forms.BoundField]:
        """What is asked of a new source."""
        return [self[name] for name in ("name", "source_kind", "licence", "site")]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("kind") != Import.Kind.ACTIONS:
            return cleaned
        name = (cleaned.get("name") or "").strip()
        if cleaned.get("source") and name:
            self.add_error("name", _("Choose a source, or name a new one: not both."))
        elif not cleaned.get("source") and "source" not in self.errors:
            if not name:
                self.add_error("name", _("Say whose list it is: choose a source, or name it."))
            elif Source.objects.filter(name=name).exists():
                self.add_error("name", _("This source is here already: choose it in the list."))
        return cleaned

    def the_source(self) -> Source | None:
        """The source that was chosen, or a new one that is not kept yet; None of members."""
        said = self.cleaned_data
        if said["kind"] != Import.Kind.ACTIONS:
            return None
        chosen: Source | None = said["source"]
        return chosen or Source(
            name=said["name"].strip(),
            kind=said["source_kind"] or Source.Kind.NETWORK,
            licence=said["licence"],
            site=said["site"],
        )


def _zones() -> list[tuple[str, str]]:
    named = sorted(zone for zone in available_timezones() if "/" in zone)
    return [("", _("By the place of each row")), *((zone, zone) for zone in named)]


class ColumnsForm(forms.Form):
    """What each column means, and what holds for the whole file."""

    country = CountryField(
        label=gettext_lazy("Country of rows that name none"),
        required=False,
    )
    town = forms.CharField(
        label=gettext_lazy("Town in which all of it happens"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as “Erfurt, Thüringen”, where the rows only name streets."),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone, where no place is known"),
        choices=lazy(_zones, list),
        required=False,
    )
    dates = forms.ChoiceField(
        label=gettext_lazy("What is 6/12/2018?"),
        choices=[
            ("", gettext_lazy("As the file decides it")),
            ("dmy", gettext_lazy("6 December: the day comes first")),
            ("mdy", gettext_lazy("12 June: the month comes first")),
        ],
        required=False,
    )
    numbers = forms.ChoiceField(
        label=gettext_lazy("How are thousands written?"),
        choices=[
            ("", gettext_lazy("As the file decides it")),
            ("point", gettext_lazy("1.000")),
            ("comma", gettext_lazy("1,000")),
        ],
        required=False,
    )
    z = forms.BooleanField(
        label=gettext_lazy("A “Z” after a time is wrong: times are those of the place"),
        required=False,
    )
    ids = forms.BooleanField(
        label=gettext_lazy("The column of ids holds none that last"),
        required=False,
        help_text=gettext_lazy("Rows are then recognised by when, where and what."),
    )
    SETTINGS = ("country", "town", "zone", "dates", "numbers", "z", "ids")
    SAID = {"z": "local", "ids": "no"}

    def __init__(self, *args: Any, mapping: reading.Mapping, **kwargs: Any) -> None:
        self.mapping = mapping
        initial: dict[str, Any] = {name: mapping.setting(name) for name in self.SETTINGS}
        initial |= {name: initial[name] == word for name, word in self.SAID.items()}
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if mapping.kind == Import.Kind.MEMBERS:
            for name in self.SETTINGS:
                del self.fields[name]
        choices = _meanings(mapping)
        for number, (column, meant) in enumerate(mapping.columns.items()):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=_("What “%(column)s” means") % {"column": column},
                choices=choices,
                initial=meant,
            )

    @property
    def settings_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.SETTINGS if name in self.fields]

    def column(self, number: int) -> forms.BoundField:
        """The question about one column, by its place in the file."""
        return self[f"column-{number}"]

    def columns(self) -> dict[str, str]:
        """What each column was said to mean."""
        return {
            column: self.cleaned_data.get(f"column-{number}") or "other"
            for number, column in enumerate(self.mapping.columns)
        }

    def settings(self) -> dict[str, str]:
        """What was said of the whole file."""
        said = {}
        for name in self.SETTINGS:
            value = self.cleaned_data.get(name)
            said[name] = self.SAID[name] if value is True else (value or "")
        return said

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        seen: dict[str, str] = {}
        for number, (column, meant) in enumerate(self.columns().items()):
            if meant in seen and not self.mapping.may_repeat(meant):
                label = dict(self.fields[f"column-{number}"].choices)[meant]  # type: ignore[attr-defined]
                self.add_error(
                    f"column-{number}",
                    _("“%(other)s” means this already (%(field)s). Choose one of the two.")
                    % {"other": seen[meant], "field": label},
                )
            seen.setdefault(meant, column)
        if self.mapping.kind == Import.Kind.MEMBERS:
            if not any(meant == "code" or meant.split(":")[0] == "name" for meant in seen):
                self.add_error(None, _("Say which column holds the name of the organisation."))
        elif not {"day", "start", "clock"} & set(seen):
            self.add_error(None, _("Say which column holds the day, or when it begins."))
        return cleaned


def _meanings(mapping: reading.Mapping) -> list[tuple[str, str]]:
    """What a column may mean: nothing first, then every field in its order."""
    fields = FIELDS if mapping.kind == Import.Kind.ACTIONS else MEMBERS
    last = fields["other"]
    found = [("other", str(last.label))]
    for name, field in fields.items():
        if name == "other":
            continue
        found.append((name, str(field.label)))
        if mapping.kind == Import.Kind.MEMBERS and IN_LANGUAGE.fullmatch(f"{name}:x"):
            found += [
                (f"{name}:{tag}", f"{field.label} ({language_name(tag)})")
                for tag in _tags(mapping, name)
            ]
    return found


def _tags(mapping: reading.Mapping, name: str) -> list[str]:
    """Languages in which names may stand: the network's, the interface's, and those of the file."""
    here = [
        match[2] for meant in mapping.columns.values() if (match := IN_LANGUAGE.fullmatch(meant))
    ]
    return list(dict.fromkeys([*Network.load().languages, *UI_LANGUAGES, *here]))
