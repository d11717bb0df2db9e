"""The trail in words: each event as a sentence about somebody who did something.

Rows keep codes and keys. The words are drawn when they are read: in the reader's language, with
the names that people and things have now.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrPromise

from convoca.accounts.models import Person
from convoca.audit.models import Entry
from convoca.core.languages import language_name
from convoca.network.models import (
    Committee,
    Decision,
    Invitation,
    Mandate,
    Network,
    Organisation,
    Region,
)
from convoca.network.models.mandate import Role
from convoca.texts import registry
from convoca.texts.models import Suggestion, Text, Translation

EVENTS: dict[str, StrPromise] = {
    "account.closed": gettext_lazy("%(who)s closed their account"),
    "account.erased": gettext_lazy("%(who)s erased what was kept of a closed account"),
    "account.reopened": gettext_lazy("%(who)s opened their account again"),
    "address.changed": gettext_lazy("%(who)s changed their mail address"),
    "affiliation.ended": gettext_lazy("%(who)s noted that %(what)s is no longer part of %(body)s"),
    "affiliation.made": gettext_lazy("%(who)s noted that %(what)s is part of %(body)s"),
    "committee.edited": gettext_lazy("%(who)s edited the committee %(what)s"),
    "committee.ended": gettext_lazy("%(who)s ended the committee %(what)s"),
    "committee.forgotten": gettext_lazy(
        "%(who)s took back that the committee %(what)s was started"
    ),
    "committee.reopened": gettext_lazy("%(who)s opened the committee %(what)s again"),
    "committee.started": gettext_lazy("%(who)s started the committee %(what)s"),
    "coordinator.appointed": gettext_lazy(
        "%(who)s appointed %(person)s as coordinator of %(what)s"
    ),
    "decision.confirmed": gettext_lazy("%(who)s confirmed a decision on %(what)s: %(kind)s"),
    "decision.overtaken": gettext_lazy("%(who)s let a decision on %(what)s lapse: %(kind)s"),
    "decision.proposed": gettext_lazy("%(who)s proposed a decision on %(what)s: %(kind)s"),
    "decision.undone": gettext_lazy("%(who)s undid a decision on %(what)s: %(kind)s"),
    "decision.withdrawn": gettext_lazy("%(who)s withdrew a decision on %(what)s: %(kind)s"),
    "invitation.accepted": gettext_lazy("%(who)s accepted an invitation: %(what)s"),
    "invitation.declined": gettext_lazy("%(who)s declined an invitation: %(what)s"),
    "invitation.resent": gettext_lazy("%(who)s sent an invitation again: %(what)s"),
    "invitation.revoked": gettext_lazy("%(who)s took an invitation back: %(what)s"),
    "invitation.sent": gettext_lazy("%(who)s sent an invitation: %(what)s"),
    "login-code.spoken": gettext_lazy("%(who)s handed %(what)s a code to sign in"),
    "login-link.made": gettext_lazy("%(who)s made %(what)s a link to sign in"),
    "mandate.ended": gettext_lazy("%(who)s ended a mandate of %(person)s: %(what)s"),
    "mandate.granted": gettext_lazy("%(who)s granted %(person)s a mandate: %(what)s"),
    "mandates.handed-over": gettext_lazy("%(who)s handed over to %(to)s: %(what)s"),
    "network.edited": gettext_lazy("%(who)s changed the settings of the network"),
    "network.ready": gettext_lazy("%(who)s finished the first run of this server"),
    "organisation.added": gettext_lazy("%(who)s added %(what)s"),
    "organisation.admitted": gettext_lazy("%(who)s admitted %(what)s as a member"),
    "organisation.declined": gettext_lazy("%(who)s declined the request of %(what)s to join"),
    "organisation.edited": gettext_lazy("%(who)s edited what is said about %(what)s"),
    "organisation.left": gettext_lazy("%(who)s took %(what)s out of the network"),
    "organisation.taken-back": gettext_lazy("%(who)s brought %(what)s back into the network"),
    "outbox.held": gettext_lazy("%(who)s put all mail on hold"),
    "outbox.released": gettext_lazy("%(who)s let mail leave again"),
    "outbox.retried": gettext_lazy("%(who)s had a mail tried again"),
    "pages.taken-down": gettext_lazy("%(who)s had what was kept of %(path)s taken down"),
    "removal.made": gettext_lazy("%(who)s took down: %(what)s"),
    "removal.undone": gettext_lazy("%(who)s brought back what was taken down: %(what)s"),
    "pages.drawn-again": gettext_lazy("%(who)s had every public page drawn again"),
    "recovery-codes.made": gettext_lazy("%(who)s made new recovery codes"),
    "region.removed": gettext_lazy("%(who)s removed the region %(what)s"),
    "region.restored": gettext_lazy("%(who)s brought the region %(what)s back"),
    "region.saved": gettext_lazy("%(who)s saved the region %(what)s"),
    "second-factor.added": gettext_lazy("%(who)s added a second factor"),
    "second-factor.forgotten": gettext_lazy("%(who)s removed the lost second factor of %(what)s"),
    "second-factor.removed": gettext_lazy("%(who)s removed a second factor"),
    "sessions.ended": gettext_lazy("%(who)s ended their other sessions"),
    "suggestion.accepted": gettext_lazy("%(who)s accepted a reader’s correction of %(what)s"),
    "suggestion.declined": gettext_lazy("%(who)s declined a reader’s correction of %(what)s"),
    "text.authority-set": gettext_lazy("%(who)s said which language of %(what)s holds in doubt"),
    "text.closed": gettext_lazy("%(who)s took the text of %(what)s off the translators’ queues"),
    "text.language-set": gettext_lazy(
        "%(who)s changed the language of the text of %(what)s: %(language)s"
    ),
    "text.published": gettext_lazy("%(who)s published version %(version)s of the text of %(what)s"),
    "text.reopened": gettext_lazy("%(who)s offered the text of %(what)s to translators again"),
    "text.started": gettext_lazy("%(who)s began the text of %(what)s"),
    "translation.imported": gettext_lazy(
        "%(who)s imported a translation of %(what)s (%(language)s)"
    ),
    "translation.offered": gettext_lazy(
        "%(who)s stopped, and the translation of %(what)s was offered anew (%(language)s)"
    ),
    "translation.published": gettext_lazy(
        "%(who)s published the translation of %(what)s (%(language)s)"
    ),
    "translation.restored": gettext_lazy(
        "%(who)s brought the translation of %(what)s back (%(language)s)"
    ),
    "translation.sent-back": gettext_lazy(
        "%(who)s sent the translation of %(what)s back (%(language)s)"
    ),
    "translation.started": gettext_lazy("%(who)s began to translate %(what)s (%(language)s)"),
    "translation.submitted": gettext_lazy(
        "%(who)s handed the translation of %(what)s in for review (%(language)s)"
    ),
    "translation.withdrawn": gettext_lazy(
        "%(who)s withdrew the translation of %(what)s (%(language)s)"
    ),
    "holding.corrected": gettext_lazy("Somebody corrected what is held about them"),
    "holding.deleted": gettext_lazy("Somebody had deleted what is held about them"),
    "vault.purged": gettext_lazy(
        "%(who)s deleted what was told to end: %(deleted)s rows, %(keys)s keys"
    ),
}
"""What this app and the floors below record, as sentences. `what` is the thing it was done to;
the other names are facts of that thing or details of the row. Apps above add theirs."""

SUBJECTS: dict[str, StrPromise] = {
    "affiliation": pgettext_lazy("in the trail", "Affiliations"),
    "committee": pgettext_lazy("in the trail", "Committees"),
    "decision coordinator": pgettext_lazy("in the trail", "Decisions of two stewards"),
    "invitation": pgettext_lazy("in the trail", "Invitations of people"),
    "mandate mandates": pgettext_lazy("in the trail", "Mandates"),
    "network region": pgettext_lazy("in the trail", "Settings and regions"),
    "organisation": pgettext_lazy("in the trail", "Organisations"),
    "outbox": pgettext_lazy("in the trail", "Mail"),
    "pages removal": pgettext_lazy("in the trail", "Public pages, and what was taken down"),
    "account address login-code login-link recovery-codes second-factor sessions": pgettext_lazy(
        "in the trail", "Accounts and sign-in"
    ),
    "text": pgettext_lazy("in the trail", "Texts"),
    "vault holding": pgettext_lazy("in the trail", "Personal data"),
    "translation suggestion": pgettext_lazy("in the trail", "Translations"),
}
"""What the trail is filtered by: the nouns with which events begin, and what they are about."""


@dataclass(frozen=True)
class Kind:
    """How the trail speaks of the things of one model.

    `facts` answers the words of sentences: `what` it is, and further ones. `related` is fetched
    with the things; `named` answers those in whose name the words occur; `url` opens one.
    """

    facts: Callable[[Any], Mapping[str, object]]
    related: tuple[str, ...] | Callable[[], tuple[str, ...]] = ()
    named: Callable[[str], QuerySet[Any]] | None = None
    url: Callable[[Any], str] | None = None


_kinds: dict[type[Model], Kind] = {}


def add_kind(model: type[Model], kind: Kind) -> None:
    """Let the trail speak of the things of a model."""
    _kinds[model] = kind


def add_events(words: Mapping[str, StrPromise], subjects: Mapping[str, StrPromise]) -> None:
    """Make further events readable, and filtered by."""
    EVENTS.update(words)
    SUBJECTS.update(subjects)


def subjects() -> list[tuple[str, str]]:
    """What the trail can be filtered by, in the order of the reader's words."""
    return sorted(((k, str(w)) for k, w in SUBJECTS.items()), key=lambda pair: pair[1].casefold())


@dataclass(frozen=True)
class Line:
    """One entry of the trail, ready to be read: as HTML with names set apart, and as plain text."""

    at: datetime
    event: str
    html: SafeString
    text: str
    for_whom: str


HOST_LINK = "host-link"
"""What `via` says of deeds of somebody who has no account and came by a private link."""
REFERENCES: dict[str, type[Model]] = {"body": Organisation, "person": Person, "to": Person}
"""Details that are keys of things."""


def in_words(entries: Iterable[Entry]) -> list[Line]:
    """The entries as sentences. One query for each model that they speak of, at any length."""
    found = list(entries)
    things = _things(found)
    return [_line(entry, things) for entry in found]


class Things(dict[tuple[str, str], Any]):
    """What the rows speak of, by label and key; what is gone is missing."""

    def one(self, model: type[Model], pk: object) -> Any:
        return self.get((model._meta.label_lower, str(pk)))


def _things(entries: list[Entry]) -> Things:
    wanted: defaultdict[type[Model], set[str]] = defaultdict(set)
    by_label = {model._meta.label_lower: model for model in _kinds}
    for entry in entries:
        if entry.about_type in by_label:
            wanted[by_label[entry.about_type]].add(entry.about_id)
        if entry.person_id is not None:
            wanted[Person].add(str(entry.person_id))
        if entry.mandate_id is not None:
            wanted[Mandate].add(str(entry.mandate_id))
        for name, model in REFERENCES.items():
            if name in entry.details:
                wanted[model].add(str(entry.details[name]))
    things = Things()
    for model, keys in wanted.items():
        related = _kinds[model].related
        rows = model._default_manager.filter(pk__in=keys)
        names = related() if callable(related) else related
        for thing in rows.select_related(*names) if names else rows:
            things[model._meta.label_lower, str(thing.pk)] = thing
    return things


def _line(entry: Entry, things: Things) -> Line:
    words: defaultdict[str, object] = defaultdict(lambda: "–")
    words["what"] = entry.about_words or "–"
    words |= _details(entry, things)
    about = things.get((entry.about_type, entry.about_id))
    url = ""
    if about is not None:
        kind = _kinds[type(about)]
        words |= kind.facts(about)
        url = kind.url(about) if kind.url else ""
    words["who"] = _who(entry, things)
    sentence = str(EVENTS.get(entry.event, "%(who)s: %(what)s · " + entry.event))
    marked = {name: format_html("<bdi>{}</bdi>", word) for name, word in words.items()}
    if url:
        marked["what"] = format_html('<a href="{}">{}</a>', url, marked["what"])
    html = str(conditional_escape(sentence)) % defaultdict(lambda: SafeString("–"), marked)
    return Line(
        at=entry.at,
        event=entry.event,
        html=mark_safe(html),  # noqa: S308  every word in it was escaped just above
        text=sentence % words,
        for_whom=_for_whom(entry, things),
    )


def _details(entry: Entry, things: Things) -> dict[str, object]:
    """The row's own facts in words: keys as names, codes as labels."""
    words: dict[str, object] = dict(entry.details)
    for name, model in REFERENCES.items():
        if name in words:
            words[name] = things.one(model, words[name]) or "–"
    if words.get("language"):
        words["language"] = language_name(str(words["language"]))
    if words.get("kind") in Decision.Kind.values:
        words["kind"] = Decision.Kind(str(words["kind"])).label
    return words


def _who(entry: Entry, things: Things) -> str:
    if entry.person_id is None and entry.event == "invitation.declined":
        return _("The person invited")  # who has no account, or did not sign in to say no
    if entry.person_id is None and entry.details.get("via") == HOST_LINK:
        return _("A host")
    if entry.person_id is None:
        return _("The server")
    return str(things.one(Person, entry.person_id) or _("A former member"))


def _for_whom(entry: Entry, things: Things) -> str:
    if entry.mandate_id is None:
        return ""
    mandate = things.one(Mandate, entry.mandate_id)
    if mandate is not None:
        return str(mandate.for_words)
    return _("for %(name)s") % {"name": entry.for_whom} if entry.for_whom else ""


def searched(
    rows: QuerySet[Entry], *, subject: str = "", who: str = "", about: str = ""
) -> QuerySet[Entry]:
    """The rows that a filter wants: what they are about, whose they are, which names they name."""
    if subject in SUBJECTS:
        begins = Q()
        for noun in subject.split():
            begins |= Q(event__startswith=f"{noun}.")
        rows = rows.filter(begins)
    if who:
        rows = rows.filter(person_id__in=list(people_called(who).values_list("pk", flat=True)))
    if about:
        named = Q(about_words__icontains=about)
        for model, kind in _kinds.items():
            if kind.named is not None:
                keys = [str(pk) for pk in kind.named(about).values_list("pk", flat=True)[:500]]
                named |= Q(about_type=model._meta.label_lower, about_id__in=keys)
        rows = rows.filter(named)
    return rows


def people_called(words: str) -> QuerySet[Person]:
    """The people in whose name or address the words occur."""
    found: QuerySet[Person] = Person.objects.all()
    return found.filter(Q(name__icontains=words) | Q(email__icontains=words))


def _post(mandate: Mandate | Invitation) -> str:
    """The role and for whom: "Coordinator, Free Tagus"."""
    role = Role(mandate.role).label if mandate.role else ""
    whom = mandate.whom or (_("the network") if mandate.role else "")
    if role and whom:
        return _("%(role)s, %(whom)s") % {"role": role, "whom": whom}
    return str(role or whom)


def _title(text: Text) -> str:
    kind = registry.kind_of(text)
    owner = kind.of(text) if kind else None
    title = str(kind.title(owner)) if kind and owner else str(text)
    return f"{title} {registry.edition_of(text)}".strip()


def _of_text(prefix: str) -> Callable[[], tuple[str, ...]]:
    """What to fetch with something of a text, so that its owner's title costs no further query."""
    return lambda: (
        *([prefix] if prefix else []),
        *(f"{prefix}__{name}" if prefix else name for name in registry.accessors()),
    )


add_kind(Person, Kind(lambda person: {"what": person}, named=people_called))
add_kind(
    Organisation,
    Kind(
        lambda organisation: {"what": organisation},
        named=lambda words: Organisation.objects.searching(words),
        url=Organisation.get_work_url,
    ),
)
add_kind(
    Committee,
    Kind(
        lambda committee: {"what": committee},
        named=lambda words: Committee.objects.searching(words),
        url=Committee.get_work_url,
    ),
)
add_kind(
    Mandate,
    Kind(
        lambda mandate: {"what": _post(mandate), "person": mandate.person},
        related=("person", "organisation", "committee"),
        named=lambda words: Mandate.objects.filter(person__in=people_called(words)),
    ),
)
add_kind(
    Invitation,
    Kind(lambda sent: {"what": _post(sent) or sent}, related=("organisation", "committee")),
)
add_kind(Network, Kind(lambda network: {"what": network}))
add_kind(Region, Kind(lambda region: {"what": region}))
add_kind(
    Text,
    Kind(
        lambda text: {"what": _title(text)},
        related=_of_text(""),
        url=lambda text: reverse("texts:text", args=[text.code]),
    ),
)
add_kind(
    Translation,
    Kind(
        lambda one: {"what": _title(one.text), "language": language_name(one.language)},
        related=_of_text("text"),
        url=lambda one: reverse("texts:text", args=[one.text.code]),
    ),
)
add_kind(
    Suggestion,
    Kind(
        lambda one: {"what": _title(one.text), "language": language_name(one.language)},
        related=_of_text("text"),
        url=lambda one: reverse("texts:text", args=[one.text.code]),
    ),
)
