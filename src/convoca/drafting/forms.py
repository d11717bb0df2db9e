"""What a browser may send while a text is looked through, cleaned."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from convoca.accounts.fields import LanguageField
from convoca.campaigns.models import Moment
from convoca.core.names import LONGEST, tidy_name
from convoca.drafting.documents import ENDINGS, MOST_FILE
from convoca.drafting.found import Item, day_of, next_id
from convoca.drafting.models import ReadText
from convoca.network.models import Organisation
from convoca.network.picking import OrganisationsField, PickingForm
from convoca.places import services as places
from convoca.places.forms import PlaceField, choices_of

KINDS = {
    "call": pgettext_lazy("a kind of text", "A call"),
    "statement": pgettext_lazy("a kind of text", "A statement"),
    "report": pgettext_lazy("a kind of text", "A report"),
    "resolutions": pgettext_lazy("a kind of text", "Resolutions"),
    "alert": pgettext_lazy("a kind of text", "An alert"),
    "course": pgettext_lazy("a kind of text", "A course"),
    "brigade": pgettext_lazy("a kind of text", "A call for volunteers"),
    "letters": pgettext_lazy("a kind of text", "A letter campaign"),
}


TOLD = ("told_by", "told_at")


def _day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("There is no such day. Write it like 2027-10-05.")},
        **options,
    )


def _come(day: date) -> date:
    """A day on which something can have been received."""
    if day > timezone.localdate() + timedelta(days=1):
        raise ValidationError(_("This day is still to come."))
    return day


class StartForm(forms.Form):
    """A text, pasted or in a file, and when it came."""

    text = forms.CharField(
        label=gettext_lazy("The text"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 12, "dir": "auto", "data-keep": "start-from-text"}),
        help_text=gettext_lazy("Paste it whole, with its heading and its date."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        widget=forms.ClearableFileInput({"accept": ",".join(ENDINGS)}),
    )
    received_on = _day_field(
        gettext_lazy("Received on"),
        help_text=gettext_lazy("Days without a year are taken to be near this day."),
    )

    def clean_file(self) -> Any:
        uploaded = self.cleaned_data["file"]
        if uploaded is not None and uploaded.size > MOST_FILE:
            raise ValidationError(
                _("This file is larger than 10 MB. Copy its text and paste it instead.")
            )
        return uploaded

    def clean_received_on(self) -> Any:
        return _come(self.cleaned_data["received_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        has_text = bool(str(cleaned.get("text") or "").strip())
        has_file = bool(cleaned.get("file")) or "file" in self.errors
        if has_text and has_file:
            self.add_error("file", _("Paste the text or choose a file, not both."))
        elif not has_text and not has_file:
            self.add_error("text", _("There is no text. Paste the call, or choose a file."))
        return cleaned


class FactsForm(PickingForm):
    """What the text is as a whole, and what its campaign begins with."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput({"dir": "auto"}),
    )
    language = LanguageField(label=gettext_lazy("Language"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        required=False,
        choices=[("", gettext_lazy("Not known")), *KINDS.items()],
    )
    issued = _day_field(gettext_lazy("Date of issue"), required=False)
    received_on = _day_field(gettext_lazy("Received on"))
    convenors = OrganisationsField(
        label=gettext_lazy("Who calls"),
        required=False,
        help_text=gettext_lazy("One or several organisations; all of them own the campaign."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    """What was stored when the page was drawn, as `seen_of` has it."""
    told_by = forms.CharField(label=gettext_lazy("Who says it"), required=False, max_length=LONGEST)
    told_at = forms.URLField(
        label=gettext_lazy("Link to it"), required=False, max_length=1000, assume_scheme="https"
    )

    def __init__(
        self, *args: Any, convenors: QuerySet[Organisation], notes_figures: bool, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        cast("OrganisationsField", self.fields["convenors"]).queryset = convenors
        if not notes_figures:
            del self.fields["told_by"], self.fields["told_at"]

    def clean_received_on(self) -> Any:
        day: date = self.cleaned_data["received_on"]
        return _come(day) if day != self.initial.get("received_on") else day

    def clean_title(self) -> str:
        return tidy_name(self.cleaned_data["title"])

    def clean_told_by(self) -> str:
        return tidy_name(self.cleaned_data["told_by"])

    def facts(self) -> dict[str, Any]:
        """As a `ReadText` keeps them."""
        given = self.cleaned_data
        issued = given["issued"]
        kept = {name: given[name] for name in ("title", "language", "kind")}
        told: dict[str, Any] = {name: given[name] for name in TOLD if name in given}
        return {
            **kept,
            **told,
            "issued": issued.isoformat() if issued else "",
            "convenors": [one.pk for one in given["convenors"]],
            "language_unsure": False,
            "kind_unsure": False,
        }

    @staticmethod
    def initial_of(read: ReadText) -> dict[str, Any]:
        """What the form shows of a kept text."""
        issued = read.issued_on
        names = ("title", "language", "kind", "convenors", "told_by", "told_at")
        found = {name: read.facts[name] for name in names if name in read.facts}
        calling = [one for one in read.of("organisations") if one["calls"]]
        found.setdefault("convenors", [one["known"] for one in calling if one["known"]])
        found.setdefault("told_by", calling[0]["name"] if calling else "")
        now = {"issued": issued, "received_on": read.received_on, "seen": seen_of(read)}
        return {**found, **now}

    def refuse_stale(self, now: str) -> None:
        """Say that somebody has saved meanwhile, and what is stored where something else is typed.
        Sent once more as it is shown, it is taken."""
        self.full_clean()
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        self.data["seen"] = now  # type: ignore[index]
        self.add_error(
            None,
            _(
                "Somebody else has changed this while you were writing. What you typed is "
                "still here: look at what is stored now, then save again."
            ),
        )
        for name in ("title", "language", "kind", "issued", "received_on"):
            if name in self.changed_data:
                words = self.initial.get(name) or _("nothing")
                said = {"label": self[name].label, "words": words}
                self.add_error(None, _("Stored now under “%(label)s”: %(words)s") % said)


def seen_of(read: ReadText) -> str:
    """The state of a kept text, as a page carries it: another one means that somebody saved."""
    return read.changed_at.isoformat()


class ItemForm(forms.Form):
    """One thing that was found. It is taken, corrected or left out; or, without an item, added."""

    group: ClassVar[str]
    yes: ClassVar[Any] = gettext_lazy("Take")
    no: ClassVar[Any] = gettext_lazy("Leave out")
    take = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, item: Item | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        if item is None:
            del self.fields["take"]
        else:
            field = cast("forms.ChoiceField", self.fields["take"])
            field.choices = [("yes", self.yes), ("no", self.no)]
            field.label = ""

    @property
    def is_taken(self) -> bool:
        """Whether what is typed counts; else mistakes in it are let be."""
        if self.item is None:
            return self.has_changed()
        return self.cleaned_data.get("take") == "yes"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.item is not None and cleaned.get("take") == "no":
            for name in [name for name in self.errors if name != "take"]:
                del self.errors[name]
        return cleaned

    def values(self) -> Item:
        """What a person says of it, as it is kept."""
        raise NotImplementedError

    def result(self) -> Item | None:
        """The item as it is now; None for an added one that is empty."""
        if self.item is None:
            return {**self.fresh(), **self.values()} if self.has_changed() else None
        if self.cleaned_data.get("take") == "no":
            now = {**self.item, "take": "no"}
        else:
            now = {**self.item, **self.values(), "take": self.cleaned_data.get("take", "")}
        return {**now, "touched": self.item["touched"] or now != self.item}

    def fresh(self) -> Item:
        """A new item, before it has values."""
        return {
            "group": self.group,
            "span": None,
            "touched": True,
            "unsure": False,
            "take": "yes",
        }


class MomentItem(ItemForm):
    """A date of the campaign."""

    group = "moments"
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Moment.Kind.choices)
    starts = _day_field(gettext_lazy("First day"), required=False)
    ends = _day_field(gettext_lazy("Last day"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("Where"), required=False)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.item is None:
            self.fields["kind"].initial = Moment.Kind.DAY
        field = cast("forms.ChoiceField", self.fields["place"])
        field.choices = [("", _("Not said")), *places]
        if not places:
            del self.fields["place"]

    def has_changed(self) -> bool:
        return any(self.data.get(self.add_prefix(name)) for name in ("starts", "ends"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("starts"), cleaned.get("ends")
        if self.is_taken and not first and "starts" not in self.errors:
            self.add_error("starts", _("A date needs its day."))
        if self.is_taken and first and last and last < first:
            self.add_error("ends", _("The last day is before the first."))
        return cleaned

    def values(self) -> Item:
        given = self.cleaned_data
        return {
            "kind": given["kind"],
            "starts": given["starts"].isoformat() if given.get("starts") else "",
            "ends": given["ends"].isoformat() if given.get("ends") else "",
            "place": given.get("place", ""),
        }

    def fresh(self) -> Item:
        return {**super().fresh(), "year_by": "", "is_mention": False}

    @staticmethod
    def initial_of(item: Item) -> dict[str, Any]:
        days = {name: day_of(item, name) for name in ("starts", "ends")}
        return {**days, "kind": item["kind"], "place": item["place"], "take": item["take"]}


class LineItem(ItemForm):
    """A line of action: it stands in the call anyway."""

    group = "lines"
    yes = gettext_lazy("Also as a demand of the campaign")
    no = gettext_lazy("In the text only")
    words = forms.CharField(
        label=gettext_lazy("In these words"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2, "dir": "auto", "class": "line"}),
    )

    def values(self) -> Item:
        return {"words": tidy_name(self.cleaned_data["words"])}

    @staticmethod
    def initial_of(item: Item) -> dict[str, Any]:
        return {"words": item["words"], "take": item["take"]}


class OrganisationItem(ItemForm):
    """An organisation that the text names."""

    group = "organisations"
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput({"dir": "auto"}),
    )
    acronym = forms.CharField(
        label=gettext_lazy("Short name"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"dir": "auto"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_taken and not tidy_name(cleaned.get("name") or "") and not self.errors:
            self.add_error("name", _("An organisation needs a name."))
        return cleaned

    def values(self) -> Item:
        return {name: tidy_name(self.cleaned_data[name]) for name in ("name", "acronym")}

    def fresh(self) -> Item:
        return {**super().fresh(), "calls": False, "known": None}

    @staticmethod
    def initial_of(item: Item) -> dict[str, Any]:
        return {name: item[name] for name in ("name", "acronym", "take")}


class PlaceItem(ItemForm):
    """A place that the text names: where one of its dates can be."""

    group = "places"
    number = forms.TypedChoiceField(
        label=gettext_lazy("Which one"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, item=item, **kwargs)
        found = [one for number in item["choices"] if (one := places.found_with(number))]
        if len(found) < 2:
            del self.fields["number"]
            return
        field = cast("forms.TypedChoiceField", self.fields["number"])
        open_one = [("", _("Not known"))]
        field.choices = open_one + [
            (str(one.number), f"{one.name}, {one.around}") for one in choices_of(found)
        ]

    def values(self) -> Item:
        if "number" not in self.fields:
            return {}
        number = self.cleaned_data["number"] or 0
        found = places.found_with(number) if number else None
        return {"number": number, "country": found.country if found else self.item_country()}

    def item_country(self) -> str:
        return str(self.item["country"]) if self.item else ""

    @staticmethod
    def initial_of(item: Item) -> dict[str, Any]:
        return {"number": item["number"] or "", "take": item["take"]}


class NewPlace(ItemForm):
    """A town that the reader has missed."""

    group = "places"
    place = PlaceField(label=gettext_lazy("Town"), required=False)

    def values(self) -> Item:
        found = self.cleaned_data["place"]
        return {
            "name": found.name,
            "kind": "city",
            "country": found.country,
            "choices": [found.id],
            "number": found.id,
        }


class FigureItem(ItemForm):
    """A figure of a report: its source's words about a whole moment."""

    group = "figures"
    yes = gettext_lazy("Note it beside the totals")
    no = gettext_lazy("In the text only")
    words = forms.CharField(
        label=gettext_lazy("In these words"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput({"dir": "auto"}),
    )
    moment = forms.ChoiceField(label=gettext_lazy("Of which date"), required=False)

    def __init__(self, *args: Any, moments: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["moment"]).choices = [("", _("Choose")), *moments]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_taken and not cleaned.get("moment") and "moment" not in self.errors:
            self.add_error("moment", _("Say of which date this is told."))
        if self.is_taken and not tidy_name(cleaned.get("words") or ""):
            self.add_error("words", _("Say it in the words of the text."))
        return cleaned

    def values(self) -> Item:
        given = self.cleaned_data
        return {"words": tidy_name(given["words"]), "moment": given["moment"]}

    @staticmethod
    def initial_of(item: Item) -> dict[str, Any]:
        return {name: item[name] for name in ("words", "moment", "take")}


def with_ids(items: Iterable[Item]) -> list[Item]:
    """The items, those that were added with ids of their own."""
    done: list[Item] = []
    for item in items:
        done.append(item if "id" in item else {"id": next_id(done, item["group"]), **item})
    return done
