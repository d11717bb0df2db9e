"""All the forms of one draft together: one for the whole, one for each thing that was found, and an
empty one in each group for what was missed.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoca.campaigns.models import Moment
from convoca.core.dates import days_words
from convoca.drafting.forms import (
    FactsForm,
    FigureItem,
    ItemForm,
    LineItem,
    MomentItem,
    NewPlace,
    OrganisationItem,
    PlaceItem,
    seen_of,
    with_ids,
)
from convoca.drafting.found import Item, day_of
from convoca.drafting.models import ReadText
from convoca.network.models import Organisation
from convoca.places.names import country_name


class Answers:
    """What a person sees of a kept text, or has sent."""

    def __init__(
        self,
        read: ReadText,
        data: Any = None,
        *,
        convenors: QuerySet[Organisation],
        notes_figures: bool,
    ) -> None:
        self.is_stale = bool(data and data.get("seen")) and data["seen"] != seen_of(read)
        self.read, self.data, self.notes_figures = read, data, notes_figures
        self.facts = FactsForm(
            data,
            convenors=convenors,
            notes_figures=notes_figures,
            initial=FactsForm.initial_of(read),
        )

    def _form(self, kind: type[Any], item: Item | None, **more: Any) -> Any:
        prefix = item["id"] if item else f"new-{kind.group}"
        initial = kind.initial_of(item) if item else None
        if item is None:
            return kind(self.data, prefix=prefix, initial=initial, **more)
        data = self.data
        if self.is_stale and not any(name.startswith(f"{prefix}-") for name in data):
            data = None  # it was added meanwhile
        form = kind(data, prefix=prefix, initial=initial, item=item, **more)
        form.fields["take"].label = summary_of(item)
        return form

    @cached_property
    def moments(self) -> list[MomentItem]:
        return [self._form(MomentItem, one, places=self.where) for one in self.read.of("moments")]

    @cached_property
    def lines(self) -> list[LineItem]:
        return [self._form(LineItem, one) for one in self.read.of("lines")]

    @cached_property
    def organisations(self) -> list[OrganisationItem]:
        return [self._form(OrganisationItem, one) for one in self.read.of("organisations")]

    @cached_property
    def places(self) -> list[PlaceItem]:
        return [self._form(PlaceItem, one) for one in self.read.of("places")]

    @cached_property
    def figures(self) -> list[FigureItem]:
        if not self.notes_figures:
            return []
        found = self.read.of("figures")
        return [self._form(FigureItem, one, moments=self.when) for one in found]

    @cached_property
    def new(self) -> dict[str, ItemForm]:
        return {
            "moments": self._form(MomentItem, None, places=self.where),
            "lines": self._form(LineItem, None),
            "organisations": self._form(OrganisationItem, None),
            "places": self._form(NewPlace, None),
        }

    @cached_property
    def where(self) -> list[tuple[str, str]]:
        """The places of the text, for its dates to choose from."""
        return [(one["id"], place_words(one)) for one in self.read.of("places")]

    @cached_property
    def when(self) -> list[tuple[str, str]]:
        """The dates of the text, for its figures to choose from."""
        return [(one["id"], moment_words(one)) for one in self.read.of("moments")]

    def items(self) -> Iterator[ItemForm]:
        """Every form of an item, in the order of the page."""
        yield from self.moments
        yield from self.lines
        yield from self.organisations
        yield from self.places
        yield from self.figures

    @property
    def unsure(self) -> list[ItemForm]:
        """What is asked first: uncertain, and nobody has said yet."""
        return [one for one in self.items() if is_open(one.item)]

    @property
    def all(self) -> list[Any]:
        return [self.facts, *self.items(), *self.new.values()]

    @property
    def is_looking(self) -> bool:
        """Whether only other organisations to choose from were asked for."""
        return self.data is not None and self.facts.is_looking

    def is_valid(self) -> bool:
        if self.is_looking:
            return False
        if self.is_stale:
            self.facts.refuse_stale(seen_of(self.read))
            return False
        checked = [form.is_valid() for form in self.all]  # all of them, so that all mistakes show
        return all(checked)

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """Each mistake: where it is, what is asked there, and what is wrong."""
        if self.data is None or self.is_looking:
            return []
        found = []
        for form in self.all:
            for name in form.errors:
                errors = cast("list[str]", form.errors[name])
                field = form[name] if name in form.fields else None
                where = field.id_for_label or f"{field.auto_id}_group" if field else ""
                label = str(field.label) if field else ""
                found += [(where, label, str(error)) for error in errors]
        return found

    def results(self) -> list[Item]:
        """The items as they were sent; figures that are not asked about stay as they were."""
        kept = [] if self.notes_figures else self.read.of("figures")
        sent: list[Item] = [item for one in self.items() if (item := one.result())]
        added = [item for form in self.new.values() if (item := form.result())]
        return with_ids([*sent, *kept, *added])


def is_open(item: Item | None) -> bool:
    return item is not None and item["unsure"] and not item["take"]


def place_words(item: Item) -> str:
    """A place with its country, where that is known."""
    if item["kind"] == "country" or not item["country"]:
        return str(item["name"])
    return _("%(place)s, %(country)s") % {
        "place": item["name"],
        "country": country_name(item["country"], get_language() or "en"),
    }


def moment_words(item: Item) -> str:
    """A date with what it is: "14 March 2027 (Day of action)"."""
    first = day_of(item, "starts")
    days = days_words(first, day_of(item, "ends")) if first else _("no day yet")
    return _("%(days)s (%(kind)s)") % {"days": days, "kind": Moment.Kind(item["kind"]).label}


def summary_of(item: Item) -> str:
    """One line that says what a thing is, as it stands now."""
    group = item["group"]
    if group == "moments":
        return moment_words(item)
    if group == "places":
        return place_words(item)
    if group == "organisations":
        name, acronym = item["name"], item["acronym"]
        return _("%(name)s (%(acronym)s)") % item if acronym else str(name)
    return str(item["words"])
