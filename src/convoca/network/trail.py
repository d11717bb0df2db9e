"""The trail in words: each event as something that somebody did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from convoca.accounts.models import Person
from convoca.audit.models import Entry

EVENTS: dict[str, StrPromise] = {
    "account.closed": gettext_lazy("closed an account"),
    "account.erased": gettext_lazy("erased a closed account"),
    "account.reopened": gettext_lazy("opened an account again"),
    "address.changed": gettext_lazy("changed their mail address"),
    "affiliation.ended": gettext_lazy("ended an affiliation"),
    "affiliation.made": gettext_lazy("made an affiliation"),
    "committee.edited": gettext_lazy("edited a committee"),
    "committee.ended": gettext_lazy("ended a committee"),
    "committee.reopened": gettext_lazy("opened a committee again"),
    "committee.started": gettext_lazy("started a committee"),
    "coordinator.appointed": gettext_lazy("appointed a coordinator"),
    "decision.confirmed": gettext_lazy("confirmed a decision"),
    "decision.overtaken": gettext_lazy("let a decision lapse"),
    "decision.proposed": gettext_lazy("proposed a decision"),
    "decision.undone": gettext_lazy("undid a decision"),
    "decision.withdrawn": gettext_lazy("withdrew a decision"),
    "invitation.accepted": gettext_lazy("accepted an invitation"),
    "invitation.declined": gettext_lazy("declined an invitation"),
    "invitation.resent": gettext_lazy("sent an invitation again"),
    "invitation.revoked": gettext_lazy("took an invitation back"),
    "invitation.sent": gettext_lazy("sent an invitation"),
    "login-code.spoken": gettext_lazy("handed over a code to sign in"),
    "login-link.made": gettext_lazy("made a link to sign in"),
    "mandate.ended": gettext_lazy("ended a mandate"),
    "mandate.granted": gettext_lazy("granted a mandate"),
    "mandates.handed-over": gettext_lazy("handed over"),
    "network.edited": gettext_lazy("changed the settings of the network"),
    "network.ready": gettext_lazy("finished the first run"),
    "organisation.added": gettext_lazy("added an organisation"),
    "organisation.admitted": gettext_lazy("admitted an organisation"),
    "organisation.declined": gettext_lazy("declined an organisation"),
    "organisation.edited": gettext_lazy("edited an organisation"),
    "organisation.left": gettext_lazy("left the network with an organisation"),
    "organisation.taken-back": gettext_lazy("took an organisation back"),
    "outbox.held": gettext_lazy("held all mail"),
    "outbox.released": gettext_lazy("let mail leave again"),
    "recovery-codes.made": gettext_lazy("made recovery codes"),
    "region.removed": gettext_lazy("removed a region"),
    "region.saved": gettext_lazy("saved a region"),
    "second-factor.added": gettext_lazy("added a second factor"),
    "second-factor.forgotten": gettext_lazy("let a lost second factor be replaced"),
    "second-factor.removed": gettext_lazy("removed a second factor"),
    "sessions.ended": gettext_lazy("ended sessions"),
    "spreadsheet.imported": gettext_lazy("imported a spreadsheet of members"),
    "text.authority-set": gettext_lazy("said which language of a text counts"),
    "text.closed": gettext_lazy("closed a text"),
    "text.language-set": gettext_lazy("changed the language of a text"),
    "text.published": gettext_lazy("published a text"),
    "text.reopened": gettext_lazy("opened a text again"),
    "text.started": gettext_lazy("began a text"),
    "translation.imported": gettext_lazy("imported a translation"),
    "translation.offered": gettext_lazy("offered a translation anew"),
    "translation.published": gettext_lazy("published a translation"),
    "translation.restored": gettext_lazy("brought a translation back"),
    "translation.sent-back": gettext_lazy("sent a translation back"),
    "translation.started": gettext_lazy("began a translation"),
    "translation.submitted": gettext_lazy("handed a translation in"),
    "translation.withdrawn": gettext_lazy("withdrew a translation"),
}
"""What this app and the floors below record. Apps above add theirs with `add_events`."""


def add_events(words: Mapping[str, StrPromise]) -> None:
    """Make further events readable, each as words that follow a person's name."""
    EVENTS.update(words)


@dataclass(frozen=True)
class Line:
    """One entry of the trail, ready to be read."""

    at: datetime
    who: str
    did: str
    what: str
    for_whom: str


def in_words(entries: Iterable[Entry]) -> list[Line]:
    """The entries with the names of their people. One query for all names."""
    found = list(entries)
    people = Person.objects.in_bulk({e.person_id for e in found if e.person_id})
    return [
        Line(
            at=entry.at,
            who=_who(entry, people),
            did=str(EVENTS.get(entry.event, entry.event)),
            what=entry.about_words,
            for_whom=entry.for_whom,
        )
        for entry in found
    ]


def _who(entry: Entry, people: dict[int, Person]) -> str:
    if entry.person_id is None and entry.event == "invitation.declined":
        return _("The person invited")  # who has no account, or did not sign in to say no
    if entry.person_id is None:
        return _("The server")
    person = people.get(entry.person_id)
    return str(person) if person else _("A former member")


def people_called(words: str) -> list[int]:
    """The keys of people in whose name or address the words occur."""
    by_name = Person.objects.filter(name__icontains=words)
    by_mail = Person.objects.filter(email__icontains=words)
    return list((by_name | by_mail).values_list("pk", flat=True)[:200])
