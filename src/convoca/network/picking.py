"""Choosing from hundreds: a searched list of boxes to tick, without a script.

The search is a part of the form: asking for other rows sends nothing, and all that was typed and
ticked stays. What is chosen stands first, whatever is searched for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.utils.translation import get_language

from convoca.core.fold import fold, terms
from convoca.network.models import Committee, Organisation, Region
from convoca.places.names import country_name

FEW = 12
"""So many need no search."""
SHOWN = 40
PARTS = ("q", "where", "kind")


@dataclass(frozen=True)
class Search:
    """What is searched for: words, a country or region (`r7`), a kind."""

    q: str = ""
    where: str = ""
    kind: str = ""

    def countries(self) -> list[str] | None:
        """The countries meant; None is all."""
        if self.where[:1] == "r" and self.where[1:].isdecimal():
            region = Region.objects.kept().filter(pk=int(self.where[1:])).first()
            return list(region.countries) if region else None
        return [self.where] if self.where else None


def regions() -> list[tuple[str, str]]:
    """The network's regions, as `Search.where` takes them, with their names."""
    return [(f"r{region.pk}", str(region)) for region in Region.objects.kept()]


def countries_of(rows: "QuerySet[Organisation] | QuerySet[Committee]") -> list[tuple[str, str]]:
    """The countries that occur, by name in the reader's language."""
    codes = rows.order_by().values_list("country", flat=True).distinct()
    language = get_language() or "en"
    named = [(code, country_name(code, language)) for code in codes if code]
    return sorted(named, key=lambda pair: fold(pair[1]))


class Row(NamedTuple):
    """One thing to choose: what is sent, what is read, and what stands beside it."""

    key: str
    words: str
    where: str = ""


class PickInput(forms.Widget):
    """Boxes to tick, or, where only one may be chosen, to pick from; above them a search."""

    template_name = "network/widgets/pick.html"
    use_fieldset = True
    has_kinds = False
    choices: Any = ()

    def __init__(self, attrs: dict[str, Any] | None = None, *, several: bool = True) -> None:
        super().__init__(attrs)
        self.several = several
        self.search = Search()
        self.was_asked = False

    def total(self) -> int:
        """How many there are to choose from."""
        raise NotImplementedError

    def chosen(self, keys: list[str]) -> list[Row]:
        """The rows of these keys."""
        raise NotImplementedError

    def found(self) -> list[Row]:
        """The rows that are searched for, in their order."""
        raise NotImplementedError

    def countries(self) -> Iterable[tuple[str, str]]:
        """What rows can be narrowed by: codes and names."""
        return ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        keys = _keys(value)
        few = self.total() <= FEW
        found = self.found()
        chosen = [] if few else self.chosen(keys)
        taken = {row.key for row in chosen}
        rest = [row for row in found if row.key not in taken]
        context["widget"] |= {
            "type": "checkbox" if self.several else "radio",
            "few": few,
            "keys": set(keys),
            "chosen": chosen,
            "rows": rest if few else rest[:SHOWN],
            "count": len(rest),
            "more": 0 if few else max(0, len(rest) - SHOWN),
            "several": self.several,
            "search": self.search,
            "was_asked": self.was_asked,
            "shown": "|".join(getattr(self.search, part) for part in PARTS),
            "regions": [] if few else regions(),
            "countries": [] if few else list(self.countries()),
            "kinds": Organisation.Kind.choices if self.has_kinds else [],
        }
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        self.search = _search(data, name)
        many = data.getlist(name) if hasattr(data, "getlist") else _keys(data.get(name))
        if f"{name}-none" in data:
            many = []
        elif f"{name}-all" in data:
            many = list(dict.fromkeys([*many, *(row.key for row in self.found())]))
        return many if self.several else next(iter(many), "")

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def is_asked(self, data: Mapping[str, Any], name: str) -> bool:
        """Whether other rows were asked for: by a button, or by a search not yet answered."""
        search = _search(data, name)
        said = "|".join(getattr(search, part) for part in PARTS)
        pressed = any(f"{name}-{button}" in data for button in ("look", "all", "none"))
        self.was_asked = pressed or said != data.get(f"{name}-shown", "||")
        return self.was_asked

    def id_for_label(self, id_: str) -> str:
        return ""


def _keys(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    many = value if isinstance(value, (list, tuple, set)) or hasattr(value, "all") else [value]
    return [str(getattr(one, "pk", one)) for one in many]


def _search(data: Mapping[str, Any], name: str) -> Search:
    given = (str(data.get(f"{name}-{part}") or "").replace("|", " ").strip() for part in PARTS)
    return Search(*(words[:100] for words in given))


class OrganisationsInput(PickInput):
    """Organisations, by country; searched by name, narrowed by region, country and kind."""

    has_kinds = True

    def total(self) -> int:
        return int(self.choices.queryset.count())

    def chosen(self, keys: list[str]) -> list[Row]:
        wanted = self.choices.queryset.filter(pk__in=[key for key in keys if key.isdecimal()])
        return [self._row(one) for one in wanted]

    def _row(self, one: Organisation) -> Row:
        where = country_name(one.country, get_language() or "en") if one.country else ""
        return Row(str(one.pk), str(one), where)

    def found(self) -> list[Row]:
        rows = self.choices.queryset
        if self.search.q:
            rows = rows.searching(self.search.q)
        countries = self.search.countries()
        if countries is not None:
            rows = rows.filter(country__in=countries)
        if self.search.kind:
            rows = rows.filter(kind=self.search.kind)
        found = [self._row(one) for one in rows]
        return sorted(found, key=lambda row: (not row.where, fold(row.where)))

    def countries(self) -> Iterable[tuple[str, str]]:
        return countries_of(self.choices.queryset)


class CountriesInput(PickInput):
    """Countries, searched by name and narrowed by region."""

    def total(self) -> int:
        return len(list(self.choices))

    def chosen(self, keys: list[str]) -> list[Row]:
        return [Row(code, str(words)) for code, words in self.choices if code in keys]

    def found(self) -> list[Row]:
        wanted, within = terms(self.search.q), self.search.countries()
        return [
            Row(code, str(words))
            for code, words in self.choices
            if (within is None or code in within)
            and all(word in fold(str(words)) for word in wanted)
        ]


class PickingForm(forms.Form):
    """A form with such fields: while somebody searches in one, nothing is checked or done.

    Views answer it as they answer a form that is not sent yet; what was typed stands in it.
    """

    @property
    def is_looking(self) -> bool:
        """Whether only other rows were asked for."""
        return self.is_bound and any(
            isinstance(field.widget, PickInput)
            and field.widget.is_asked(self.data, self.add_prefix(name))
            for name, field in self.fields.items()
        )

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict() if self.is_looking else super().errors

    def is_valid(self) -> bool:
        return not self.is_looking and super().is_valid()


class OrganisationsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several organisations."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Organisation.objects.none())
        super().__init__(widget=OrganisationsInput(), **kwargs)


class OrganisationField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One organisation."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Organisation.objects.none())
        super().__init__(widget=OrganisationsInput(several=False), empty_label=None, **kwargs)


def status_of(form: forms.BaseForm) -> int:
    """422 for a form that came back with errors, else 200."""
    return 422 if form.is_bound and form.errors else 200
