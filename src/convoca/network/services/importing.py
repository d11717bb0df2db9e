"""Members from a spreadsheet: organisations, committees, and contacts as invitations.

Columns (only `name` or `code` must be there): code, name, name:LANGUAGE, kind, country, site,
languages, part_of, state, contact_name, contact_email, contact_role, contact_language, committee,
committee:LANGUAGE, committee_place, committee_contact. An organisation may stand in several rows,
each with another committee or contact.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from convoca.accounts.models import Person, tidy_email
from convoca.core.dates import list_words
from convoca.core.errors import Refusal
from convoca.core.fold import fold
from convoca.core.languages import UnknownTag, language_name, tidy_tag
from convoca.core.names import Names, check_names, tidy_name
from convoca.network import purposes
from convoca.network.countries import code_of
from convoca.network.models import (
    Affiliation,
    Committee,
    Invitation,
    Mandate,
    Network,
    Organisation,
)
from convoca.network.models.mandate import ORGANISATION_ROLES, Role
from convoca.network.rules import ever_had_a_coordinator
from convoca.network.services.committees import edit_committee, start_committee
from convoca.network.services.invitations import invite
from convoca.network.services.mandates import mandate_for
from convoca.network.services.organisations import (
    add_organisation,
    affiliate,
    circle,
    edit_organisation,
)
from convoca.places.models import Place
from convoca.places.services import place_meant, place_named

COLUMNS = (
    "code",
    "name",
    "kind",
    "country",
    "site",
    "languages",
    "part_of",
    "state",
    "contact_name",
    "contact_email",
    "contact_role",
    "contact_language",
    "committee",
    "committee_place",
    "committee_contact",
)
_BY_LANGUAGE = re.compile(r"^(name|committee):(.+)$")
NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass
class Row:
    """What one row of the sheet does, or why it does nothing."""

    number: int
    words: str
    state: str = SAME
    notes: list[str] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)
    """Of the notes, what could not be done although the row came in."""


@dataclass
class Tally:
    """What an import did, or with `dry_run` would do."""

    rows: list[Row] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    committees: int = 0
    invitations: int = 0

    def of(self, state: str) -> list[Row]:
        return [row for row in self.rows if row.state == state]

    @property
    def added(self) -> int:
        return len(self.of(NEW))

    @property
    def changed(self) -> int:
        return len(self.of(CHANGED))

    @property
    def same(self) -> int:
        return len(self.of(SAME))

    @property
    def wrong(self) -> int:
        return len(self.of(WRONG))


PORTION = 100


def import_organisations(
    rows: Iterable[tuple[int, Mapping[str, str]]], *, by: Person | None = None, dry_run: bool
) -> Tally:
    """Add and change organisations, committees and invitations from numbered rows.

    Importing twice is importing once. A wrong row changes nothing and says why; the others go in.
    They go in by portions, so that whoever else writes never waits for a whole sheet; one that is
    cut off is imported again. With `dry_run` nothing is written, and the answer is the same.
    """
    tally = Tally()
    importer = _Rehearsal(tally, by) if dry_run else _Importer(tally, by)
    numbered = iter(rows)
    while portion := list(islice(numbered, PORTION)):
        with importer.portion():
            for number, cells in portion:
                importer.take(number, cells)
    while importer.bodies:
        with importer.portion():
            importer.affiliate(PORTION)
    return tally


class _Importer:
    """Goes through the rows, remembering what the sheet said before."""

    def __init__(self, tally: Tally, by: Person | None) -> None:
        self.tally = tally
        self.by = by
        self.under = mandate_for(by, roles=[Role.STEWARD]) if by else None
        self.language = Network.load().main_language
        self.known = _known_names()
        self.bodies: list[tuple[Row, Organisation, str]] = []
        self.take_back: list[Callable[[], object]] = []
        """What must be forgotten if the present row turns out to be wrong."""

    def portion(self) -> AbstractContextManager[object]:
        """Around some rows: they are written together."""
        return transaction.atomic()

    def take(self, number: int, cells: Mapping[str, str]) -> None:
        self._note_columns(cells)
        row = Row(number, cells.get("name", "")[:200] or cells.get("code", "")[:20])
        self.tally.rows.append(row)
        counted = self.tally.committees, self.tally.invitations
        self.take_back = []
        try:
            with self.portion():
                self._take(row, cells)
        except (Refusal, ValidationError) as problem:
            row.state = WRONG
            words = problem.messages if isinstance(problem, ValidationError) else [str(problem)]
            row.notes = words
            self.tally.committees, self.tally.invitations = counted
            for step in reversed(self.take_back):
                step()

    def _note_columns(self, cells: Mapping[str, str]) -> None:
        if len(self.tally.rows):
            return
        if not any(c in {"name", "code"} or c.startswith("name:") for c in cells):
            raise Refusal(
                "column-missing",
                _("The first row must name the columns; “name” is missing."),
            )
        self.tally.unknown_columns = [
            c for c in cells if c and c not in COLUMNS and not _BY_LANGUAGE.match(c)
        ]

    def _take(self, row: Row, cells: Mapping[str, str]) -> None:
        facts = self._facts(cells)
        organisation = self._find(cells, facts)
        if organisation is None:
            state = _choice(cells.get("state", ""), ["member", "invited"], "member", _("a state"))
            organisation = self._add(state, facts)
            row.state = NEW
        else:
            facts["names"] = Names({**organisation.names, **facts["names"]})
            changed = self._edit(organisation, facts)
            if changed:
                row.state = CHANGED
                row.notes.append(_("Changed: %(what)s.") % {"what": _changed_words(changed)})
        self._know(organisation, facts["names"])
        row.words = str(facts["names"])
        if cells.get("part_of"):
            self.bodies.append((row, organisation, cells["part_of"]))
        self._committee(row, organisation, cells)
        self._contact(row, organisation, cells)

    def _know(self, organisation: Organisation, names: Names) -> None:
        for words in names.values():
            whose = self.known.setdefault(fold(words), set())
            if organisation.pk not in whose:
                whose.add(organisation.pk)
                self.take_back.append(partial(whose.discard, organisation.pk))

    def _facts(self, cells: Mapping[str, str]) -> dict[str, Any]:
        names = _names(cells, "name", self.language)
        if not names and not cells.get("code"):
            raise Refusal("name-missing", _("The name is missing."))
        check_names(names)
        facts: dict[str, Any] = {"names": names}
        if cells.get("kind"):
            facts["kind"] = _kind(cells["kind"])
        if cells.get("country"):
            facts["country"] = country_code(cells["country"])
        if cells.get("site"):
            facts["site"] = _site(cells["site"])
        if cells.get("languages"):
            facts["languages"] = _tags(cells["languages"])
        return facts

    def _find(self, cells: Mapping[str, str], facts: Mapping[str, Any]) -> Organisation | None:
        """The organisation of that code; else the one with one of these names, in that country."""
        if cells.get("code"):
            found = self._coded(cells["code"].lower())
            if found is None:
                raise Refusal(
                    "code-unknown",
                    _("No organisation here has the code %(code)s.") % {"code": cells["code"]},
                )
            return found
        names = facts["names"]
        wanted = {fold(words) for words in names.values()} if isinstance(names, Names) else set()
        likely = self._organisations({pk for words in wanted for pk in self.known.get(words, ())})
        countries = ["", facts["country"]] if "country" in facts else None
        matches = [one for one in likely if countries is None or one.country in countries]
        if len(matches) > 1:
            raise Refusal(
                "name-ambiguous",
                _("Several organisations here have this name. Give the country or the code."),
            )
        return matches[0] if matches else None

    def _committee(self, row: Row, organisation: Organisation, cells: Mapping[str, str]) -> None:
        names = _names(cells, "committee", self.language)
        if not names:
            return
        check_names(names)
        facts: dict[str, Any] = {}
        if cells.get("committee_contact"):
            facts["contact"] = cells["committee_contact"][:200]
        if cells.get("committee_place"):
            facts["place"] = self._place(cells["committee_place"], organisation.country)
        wanted = {fold(words) for words in names.values()}
        found = next(
            (
                c
                for c in self._committees_of(organisation)
                if wanted & {fold(words) for words in c.names.values()}
            ),
            None,
        )
        if found is None:
            if "place" not in facts:
                facts["country"] = organisation.country
            self._start(organisation, names, facts)
            self.tally.committees += 1
            row.notes.append(_("New committee: %(name)s.") % {"name": names})
        else:
            merged = Names({**found.names, **names})
            if not self._edit_committee(found, {**facts, "names": merged}):
                return
            row.notes.append(_("Changed committee: %(name)s.") % {"name": names})
        if row.state == SAME:
            row.state = CHANGED

    def _contact(self, row: Row, organisation: Organisation, cells: Mapping[str, str]) -> None:
        if not cells.get("contact_email"):
            if cells.get("contact_name"):
                row.notes.append(_("The contact has no mail and was not invited."))
            return
        email = _address(cells["contact_email"])
        role = _choice(
            cells.get("contact_role", ""), list(ORGANISATION_ROLES), "coordinator", _("a role")
        )
        language = _tags(cells["contact_language"])[0] if cells.get("contact_language") else ""
        if self._is_asked(organisation, email, role):
            return
        if self._has_had_a_coordinator(organisation):  # its own people give its mandates
            row.notes.append(
                _("%(email)s was not invited: a coordinator of the organisation invites.")
                % {"email": email}
            )
            return
        self._invite(
            Invitation(
                purpose="role" if organisation.is_member else "membership",
                email=email,
                name=cells.get("contact_name", "")[:120],
                language=language or next(iter(organisation.languages), self.language),
                organisation=organisation,
                role=role,
            )
        )
        self.tally.invitations += 1
        row.notes.append(_("Invitation to %(email)s.") % {"email": email})
        if row.state == SAME:
            row.state = CHANGED

    def affiliate(self, most: int) -> None:
        """Some of the affiliations, last: a body may stand below its chapter in the sheet."""
        portion, self.bodies = self.bodies[:most], self.bodies[most:]
        for row, chapter, words in portion:
            if row.state == WRONG:
                continue
            for name in filter(None, (part.strip() for part in words.split("|"))):
                try:
                    with self.portion():
                        self._affiliate(row, chapter, name)
                except Refusal as problem:
                    row.notes.append(str(problem))
                    row.amiss.append(str(problem))

    def _affiliate(self, row: Row, chapter: Organisation, name: str) -> None:
        called = self._organisations(self.known.get(fold(name), set()))
        body = self._coded(name.lower()) or next(iter(called), None)
        if body is None:
            raise Refusal(
                "body-unknown",
                _("“%(name)s”, of which it should be part, is not here.") % {"name": name},
            )
        if not self._join(chapter, body):
            return
        row.notes.append(_("Part of: %(name)s.") % {"name": body})
        if row.state == SAME:
            row.state = CHANGED

    # What reads and writes; a rehearsal does the same in memory.

    def _coded(self, code: str) -> Organisation | None:
        return Organisation.objects.filter(code=code).first()

    def _organisations(self, keys: set[int]) -> list[Organisation]:
        return list(Organisation.objects.filter(pk__in=keys).order_by("pk"))

    def _add(self, state: str, facts: dict[str, Any]) -> Organisation:
        return add_organisation(state=state, under=self.under, **facts)

    def _edit(self, organisation: Organisation, facts: dict[str, Any]) -> list[str]:
        changed = edit_organisation(organisation, under=self.under, **facts)
        for name in changed:  # the rest of the row goes by what it says now
            setattr(organisation, name, facts[name])
        return changed

    def _place(self, name: str, country: str) -> Place:
        return place_named(name, country=country)

    def _committees_of(self, organisation: Organisation) -> Iterable[Committee]:
        return organisation.committees.all()

    def _start(self, organisation: Organisation, names: Names, facts: dict[str, Any]) -> None:
        start_committee(names, organisations=[organisation], under=self.under, **facts)

    def _edit_committee(self, committee: Committee, facts: dict[str, Any]) -> list[str]:
        return edit_committee(committee, under=self.under, **facts)

    def _is_asked(self, organisation: Organisation, email: str, role: str) -> bool:
        asked = Invitation.objects.filter(organisation=organisation, email=email, role=role)
        held = Mandate.objects.filter(organisation=organisation, person__email=email, role=role)
        return asked.exists() or held.exists()

    def _has_had_a_coordinator(self, organisation: Organisation) -> bool:
        return ever_had_a_coordinator(organisation)

    def _invite(self, wanted: Invitation) -> None:
        invite(
            wanted.purpose,
            email=wanted.email,
            name=wanted.name,
            language=wanted.language,
            organisation=wanted.organisation,
            role=wanted.role,
            by=self.by,
            under=self.under,
        )

    def _join(self, chapter: Organisation, body: Organisation) -> bool:
        """Make it part of the body; False where it is already."""
        if chapter.affiliations.standing().filter(body=body).exists():
            return False
        affiliate(chapter, body, under=self.under)
        return True


class _Rehearsal(_Importer):
    """The same rows against a copy in memory: nothing is written and nobody has to wait."""

    def __init__(self, tally: Tally, by: Person | None) -> None:
        super().__init__(tally, by)
        committees = Committee.objects.select_related("place")
        found = Organisation.objects.prefetch_related(Prefetch("committees", committees))
        self.all = {organisation.pk: organisation for organisation in found}
        self.codes = {organisation.code: organisation for organisation in self.all.values()}
        self.committees = {pk: list(one.committees.all()) for pk, one in self.all.items()}
        invited = Invitation.objects.values_list("organisation", "email", "role")
        held = Mandate.objects.values_list("organisation", "person__email", "role")
        self.asked: set[tuple[int | None, str, str]] = {*invited, *held}
        self.spoken_for = set(
            Mandate.objects.filter(role=Role.COORDINATOR).values_list("organisation", flat=True)
        )
        self.edges = set(Affiliation.objects.standing().values_list("chapter", "body"))
        self.places: dict[int, Place] = {}

    def portion(self) -> AbstractContextManager[object]:
        return nullcontext()

    def _set(self, thing: Any, facts: dict[str, Any]) -> list[str]:
        changed = [name for name, value in facts.items() if getattr(thing, name) != value]
        for name in changed:
            self.take_back.append(partial(setattr, thing, name, getattr(thing, name)))
            setattr(thing, name, facts[name])
        return changed

    def _coded(self, code: str) -> Organisation | None:
        return self.codes.get(code)

    def _organisations(self, keys: set[int]) -> list[Organisation]:
        return [self.all[pk] for pk in sorted(keys, key=lambda pk: (pk < 0, abs(pk)))]

    def _add(self, state: str, facts: dict[str, Any]) -> Organisation:
        made = Organisation(pk=-len(self.all) - 1, state=state, **facts)  # numbered downwards
        self.all[made.pk], self.committees[made.pk] = made, []
        self.take_back.append(partial(self.all.pop, made.pk))
        return made

    def _edit(self, organisation: Organisation, facts: dict[str, Any]) -> list[str]:
        return self._set(organisation, facts)

    def _place(self, name: str, country: str) -> Place:
        meant = place_meant(name, country=country)
        if meant.id not in self.places:
            kept = Place.objects.filter(geonames_id=meant.id).first()
            self.places[meant.id] = kept or Place(geonames_id=meant.id)
        return self.places[meant.id]

    def _committees_of(self, organisation: Organisation) -> Iterable[Committee]:
        return self.committees[organisation.pk]

    def _start(self, organisation: Organisation, names: Names, facts: dict[str, Any]) -> None:
        theirs = self.committees[organisation.pk]
        theirs.append(Committee(names=names, **facts))
        self.take_back.append(theirs.pop)

    def _edit_committee(self, committee: Committee, facts: dict[str, Any]) -> list[str]:
        return self._set(committee, facts)

    def _is_asked(self, organisation: Organisation, email: str, role: str) -> bool:
        return (organisation.pk, email, role) in self.asked

    def _has_had_a_coordinator(self, organisation: Organisation) -> bool:
        return organisation.pk in self.spoken_for

    def _invite(self, wanted: Invitation) -> None:
        purposes.purpose_of(wanted).check(wanted)
        asked = (wanted.organisation_id, wanted.email, wanted.role)
        self.asked.add(asked)
        self.take_back.append(partial(self.asked.discard, asked))

    def _join(self, chapter: Organisation, body: Organisation) -> bool:
        if (chapter.pk, body.pk) in self.edges:
            return False
        above, level = set(), {body.pk}
        while level:
            above |= level
            level = {up for low, up in self.edges if low in level} - above
        if chapter.pk in above:
            raise circle(chapter, body)
        self.edges.add((chapter.pk, body.pk))
        return True


def _known_names() -> dict[str, set[int]]:
    """Every name of every organisation as it is compared → whose it is."""
    known: dict[str, set[int]] = {}
    for pk, names in Organisation.objects.values_list("pk", "names").iterator():
        for words in names.values():
            known.setdefault(fold(words), set()).add(pk)
    return known


def _names(cells: Mapping[str, str], column: str, language: str) -> Names:
    """The names in a row: the plain column in the network's language, and `column:tag`."""
    names = Names()
    for key, words in cells.items():
        match = _BY_LANGUAGE.match(key)
        if key == column:
            tag = language
        elif match and match[1] == column:
            tag = _tag(match[2])
        else:
            continue
        tidy = tidy_name(words)
        if tidy and names.setdefault(tag, tidy) != tidy:
            raise Refusal(
                "name-twice",
                _(
                    "Two columns give different names in %(language)s. “%(column)s” is in the "
                    "network’s first language; call it “%(column)s:” and its own language instead."
                )
                % {"language": language_name(tag), "column": column},
            )
    return names


def _changed_words(changed: list[str]) -> str:
    labels = {f.name: str(f.verbose_name) for f in Organisation._meta.fields if f.name in changed}
    return list_words([labels.get(name, name) for name in changed])


def _tag(typed: str) -> str:
    try:
        return tidy_tag(typed)
    except UnknownTag as error:
        raise Refusal(
            "language-unknown", _("“%(tag)s” is not a language tag.") % {"tag": typed}
        ) from error


def _tags(typed: str) -> list[str]:
    return list(dict.fromkeys(_tag(t) for t in re.split(r"[\s,;|]+", typed.strip()) if t))


def _choice(typed: str, known: list[str], otherwise: str, what: str) -> str:
    word = fold(typed)
    if not word:
        return otherwise
    if word not in known:
        raise Refusal(
            "choice-unknown",
            _("“%(typed)s” is not %(what)s; there are: %(known)s.")
            % {"typed": typed, "what": what, "known": list_words(known)},
        )
    return word


def _kind(typed: str) -> str:
    labels = {fold(str(label)): str(kind) for kind, label in Organisation.Kind.choices}
    return labels.get(fold(typed)) or _choice(
        typed, list(Organisation.Kind.values), "other", _("a kind")
    )


def _address(typed: str) -> str:
    email = tidy_email(typed)
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refusal(
            "address-wrong", _("“%(typed)s” is not a mail address.") % {"typed": typed[:100]}
        ) from error
    return email


def _site(typed: str) -> str:
    site = typed if "://" in typed else f"https://{typed}"
    try:
        URLValidator(["http", "https"])(site)
    except ValidationError as error:
        raise Refusal(
            "site-wrong", _("“%(typed)s” is not the address of a site.") % {"typed": typed[:100]}
        ) from error
    return site


def country_code(typed: str) -> str:
    """The two letters of a country given by them, or by its name in an interface language."""
    code = code_of(typed)
    if not code:
        raise Refusal(
            "country-unknown",
            _("“%(typed)s” is not a country. Give its two letters, such as BR.") % {"typed": typed},
        )
    return code
