"""Members from a spreadsheet: organisations, committees, and contacts as invitations.

Columns (only `name` or `code` must be there): code, name, name:LANGUAGE, kind, country, site,
languages, part_of, state, contact_name, contact_email, contact_role, contact_language, committee,
committee:LANGUAGE, committee_place, committee_contact. An organisation may stand in several rows,
each with another committee or contact.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from convoca.accounts.models import Person, tidy_email
from convoca.core.dates import list_words
from convoca.core.errors import Refusal
from convoca.core.fold import fold
from convoca.core.languages import UnknownTag, language_name, tidy_tag
from convoca.core.names import Names, check_names, tidy_name
from convoca.network.countries import code_of
from convoca.network.models import Invitation, Mandate, Network, Organisation
from convoca.network.models.mandate import ORGANISATION_ROLES, Role
from convoca.network.rules import ever_had_a_coordinator
from convoca.network.services.committees import edit_committee, start_committee
from convoca.network.services.invitations import invite
from convoca.network.services.mandates import mandate_for
from convoca.network.services.organisations import (
    add_organisation,
    affiliate,
    edit_organisation,
)
from convoca.places.services import place_named

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


class _DryRun(Exception):
    """Takes everything back at the end of a preview."""


def import_organisations(
    rows: Iterable[tuple[int, Mapping[str, str]]], *, by: Person | None = None, dry_run: bool
) -> Tally:
    """Add and change organisations, committees and invitations from numbered rows.

    Importing twice is importing once. A wrong row changes nothing and says why; the others go in.
    With `dry_run` all is done and taken back, so a preview says exactly what would happen.
    """
    tally = Tally()
    importer = _Importer(tally, by)
    try:
        with transaction.atomic():
            for number, cells in rows:
                importer.take(number, cells)
            importer.affiliate_all()
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
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

    def take(self, number: int, cells: Mapping[str, str]) -> None:
        self._note_columns(cells)
        row = Row(number, cells.get("name", "")[:200] or cells.get("code", "")[:20])
        self.tally.rows.append(row)
        counted = self.tally.committees, self.tally.invitations
        try:
            with transaction.atomic():
                self._take(row, cells)
        except (Refusal, ValidationError) as problem:
            row.state = WRONG
            words = problem.messages if isinstance(problem, ValidationError) else [str(problem)]
            row.notes = words
            self.tally.committees, self.tally.invitations = counted

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
            organisation = add_organisation(state=state, under=self.under, **facts)
            row.state = NEW
        else:
            facts["names"] = Names({**organisation.names, **facts["names"]})
            changed = edit_organisation(organisation, under=self.under, **facts)
            if changed:
                row.state = CHANGED
                row.notes.append(_("Changed: %(what)s.") % {"what": _changed_words(changed)})
        self._know(organisation, facts["names"])
        row.words = str(organisation.names)
        if cells.get("part_of"):
            self.bodies.append((row, organisation, cells["part_of"]))
        self._committee(row, organisation, cells)
        self._contact(row, organisation, cells)

    def _know(self, organisation: Organisation, names: Names) -> None:
        for words in names.values():
            self.known.setdefault(fold(words), set()).add(organisation.pk)

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
            found = Organisation.objects.filter(code=cells["code"].lower()).first()
            if found is None:
                raise Refusal(
                    "code-unknown",
                    _("No organisation here has the code %(code)s.") % {"code": cells["code"]},
                )
            return found
        names = facts["names"]
        wanted = {fold(words) for words in names.values()} if isinstance(names, Names) else set()
        likely = Organisation.objects.filter(
            pk__in={pk for words in wanted for pk in self.known.get(words, ())}
        )
        if "country" in facts:
            likely = likely.filter(country__in=["", facts["country"]])
        matches = list(likely)
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
            place = place_named(cells["committee_place"], country=organisation.country)
            facts["place"] = place
        wanted = {fold(words) for words in names.values()}
        found = next(
            (
                c
                for c in organisation.committees.all()
                if wanted & {fold(words) for words in c.names.values()}
            ),
            None,
        )
        if found is None:
            if "place" not in facts:
                facts["country"] = organisation.country
            start_committee(names, organisations=[organisation], under=self.under, **facts)
            self.tally.committees += 1
            row.notes.append(_("New committee: %(name)s.") % {"name": names})
        else:
            merged = Names({**found.names, **names})
            if not edit_committee(found, names=merged, under=self.under, **facts):
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
        known = Invitation.objects.filter(organisation=organisation, email=email, role=role)
        held = Mandate.objects.filter(organisation=organisation, person__email=email, role=role)
        if known.exists() or held.exists():
            return
        if ever_had_a_coordinator(organisation):  # its own people give its mandates
            row.notes.append(
                _("%(email)s was not invited: a coordinator of the organisation invites.")
                % {"email": email}
            )
            return
        invite(
            "role" if organisation.is_member else "membership",
            email=email,
            name=cells.get("contact_name", "")[:120],
            language=language or next(iter(organisation.languages), self.language),
            organisation=organisation,
            role=role,
            by=self.by,
            under=self.under,
        )
        self.tally.invitations += 1
        row.notes.append(_("Invitation to %(email)s.") % {"email": email})
        if row.state == SAME:
            row.state = CHANGED

    def affiliate_all(self) -> None:
        """Affiliations last: a body may stand below its chapter in the sheet."""
        for row, chapter, words in self.bodies:
            if row.state == WRONG:
                continue
            for name in filter(None, (part.strip() for part in words.split("|"))):
                try:
                    with transaction.atomic():
                        self._affiliate(row, chapter, name)
                except Refusal as problem:
                    row.notes.append(str(problem))

    def _affiliate(self, row: Row, chapter: Organisation, name: str) -> None:
        by_code = Organisation.objects.filter(code=name.lower())
        by_name = Organisation.objects.filter(pk__in=self.known.get(fold(name), ()))
        body = by_code.first() or by_name.order_by("pk").first()
        if body is None:
            raise Refusal(
                "body-unknown",
                _("“%(name)s”, of which it should be part, is not here.") % {"name": name},
            )
        if chapter.affiliations.standing().filter(body=body).exists():
            return
        affiliate(chapter, body, under=self.under)
        row.notes.append(_("Part of: %(name)s.") % {"name": body})
        if row.state == SAME:
            row.state = CHANGED


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
