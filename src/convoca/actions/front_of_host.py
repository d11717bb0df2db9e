"""What a host page shows: where the action stands, the one next step, how many come, the rows."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.actions.additions import Deed, deeds_of
from convoca.actions.forms.places_and_times import time_words
from convoca.actions.models import Action, Attachment, Hosting, HostLink, Seats
from convoca.actions.models.action import State
from convoca.campaigns.front import Reader, reader
from convoca.campaigns.poster import Words
from convoca.core.dates import clock_words, day_figure, day_words, month_words, number_words


@dataclass(frozen=True)
class Row:
    """One thing that a host can do: a link, its name, and what it is for."""

    url: str
    label: str
    why: str = ""
    is_grave: bool = True
    """Of what stands apart at the end: whether it takes something from people."""


@dataclass(frozen=True)
class Step:
    """The one next step: a link, or (`name`) a button that does it at once."""

    label: str
    url: str = ""
    name: str = ""


@dataclass
class HostFront:
    """An action as its hosts see it."""

    link: HostLink
    token: str
    who: Reader

    @property
    def action(self) -> Action:
        return self.link.action

    @property
    def title(self) -> Words:
        return self.who.words(self.action.names)

    @property
    def figure(self) -> str:
        action = self.action
        return day_figure(action.day, action.last_told_day, self.who.language) if action.day else ""

    @property
    def month(self) -> str:
        return month_words(self.action.day, self.who.language) if self.action.day else ""

    @property
    def when(self) -> str:
        action = self.action
        if action.day is None:
            return _("Day not set")
        return time_words(action.day, action.clock, action.zone, action.fold)

    @cached_property
    def where(self) -> list[str]:
        stops = self.action.stops.select_related("place").order_by("number")
        return [
            " · ".join(
                filter(
                    None,
                    (
                        clock_words(s.clock, self.who.language) if s.clock else "",
                        ", ".join(filter(None, (s.venue, s.street, str(s.place)))),
                    ),
                )
            )
            for s in stops
        ]

    @cached_property
    def hostings(self) -> list[Hosting]:
        rows = self.action.hostings.select_related("organisation", "committee")
        return [row for row in rows if row.state in ("asked", "accepted")]

    @property
    def state_words(self) -> str:
        """The state in one word or two; past is told as such."""
        action = self.action
        if action.is_past and action.is_dated:
            return _("Over")
        return str(action.get_state_display())

    @property
    def state_class(self) -> str:
        stops = {State.CANCELLED, State.REFUSED, State.HIDDEN}
        if self.action.state in stops:
            return "stop"
        return "ok" if self.action.state == State.PUBLISHED else "wait"

    @property
    def state_why(self) -> str:
        """What the state means for its host, in a sentence."""
        action = self.action
        since = action.unconfirmed_since
        if action.is_dated and since is not None and not action.is_past:
            return _("Not confirmed since %(day)s. Say whether it takes place.") % {
                "day": day_words(since.date(), self.who.language)
            }
        return {
            State.DRAFT: _("The public does not see it yet."),
            State.WAITING: _("Somebody looks at it before it is public. You are told by mail."),
            State.TENTATIVE: _("The public sees it as tentative until you say that it is on."),
            State.STANDBY: _("It takes place when its sign is given; you are told then."),
            State.POSTPONED: _("The old day no longer holds. Give it a new one."),
            State.CANCELLED: action.cancel_reason,
            State.REFUSED: action.asked_for_more,
            State.HIDDEN: _("It was reported and is out of sight until somebody has looked."),
        }.get(State(action.state), "")

    @cached_property
    def seats(self) -> Seats:
        return Seats.objects.filter(action=self.action).first() or Seats(action=self.action)

    @property
    def counts(self) -> str:
        """ "31 people, 4 waiting"; nothing before the public can sign up."""
        people, waiting = self.seats.people, self.seats.waiting
        if not people and not waiting:
            return _("Nobody has signed up yet.") if self.action.is_public else ""
        words = ngettext("%(number)s person", "%(number)s people", people) % {
            "number": number_words(people)
        }
        if not waiting:
            return words
        return _("%(people)s, %(number)s waiting") % {
            "people": words,
            "number": number_words(waiting),
        }

    @property
    def step(self) -> Step | None:
        """The one next step; none where there is nothing to do but wait."""
        action = self.action
        if action.state == State.DRAFT:
            return Step(_("Send it"), name="send")
        for deed in self.deeds:
            if deed.is_next:
                return Step(deed.label, url=reverse(deed.page, args=[self.token]))
        if action.is_past or not action.is_public:
            return None
        if action.state == State.POSTPONED:
            return Step(_("Give it a new day"), url=self._url("host-move"))
        if action.state == State.TENTATIVE or action.unconfirmed_since:
            return Step(_("Yes, it is on"), name="still-on")
        if action.is_dated and (url := self._url("host-message")):
            return Step(_("Write to all who come"), url=url)
        return None

    @cached_property
    def deeds(self) -> list[Deed]:
        """What apps above have hosts do."""
        return deeds_of(self.action)

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """What can be done now, in the order in which hosts need it, under headings."""
        is_main = self.link.is_main
        is_public, is_over = self.action.is_public, self.action.is_past
        changes = not is_over and self.action.state != State.CANCELLED
        people = [
            (is_public, "host-people", _("Who comes"), _("The list, and as a spreadsheet")),
            (is_public, "host-arrivals", _("Who is here"), _("Tick who arrives, without net, too")),
            (is_public, "host-message", _("Message"), _("To all who signed up")),
            (is_public, "host-sheet", _("Sign-in sheet"), _("To print, and to tick who came")),
        ]
        is_told = is_public and not self.action.is_cancelled
        known = [(is_told, "host-poster", _("Poster"), _("For walls, telephones and hands"))]
        change = [
            (changes, "host-move", _("Change time or place"), self._told),
            (
                changes,
                "host-words",
                _("Title and description"),
                _("Picture, access and how many, too"),
            ),
            (changes, "host-languages", _("Other languages"), _("Title and description, by you")),
            (is_main, "host-repeat", _("Duplicate or repeat"), _("The same on other days")),
            (
                is_main and is_public and changes,
                "host-campaigns",
                _("Another campaign"),
                self.who_asks_for_it or _("On whose pages it stands"),
            ),
        ]
        hosts = [
            (is_main, "host-co-hosts", _("Co-hosts"), _("People and organisations")),
            (True, "host-link", _("Your link"), _("Renew it, if somebody else may have it")),
        ]
        found = [
            (_("People"), self._rows(people)),
            (_("Make it known"), [*self._passing_on, *self._rows(known)]),
            (_("The action"), [*self._later, *self._rows(change)]),
            (_("Who hosts it"), self._rows(hosts)),
        ]
        return [(heading, rows) for heading, rows in found if rows]

    @property
    def who_asks_for_it(self) -> str:
        """The campaign that would like to show it and waits for an answer."""
        waiting = self.action.attachments.filter(
            asked_by=Attachment.Side.CAMPAIGN, agreed_at=None, detached_at=None
        )
        asks = waiting.select_related("campaign").first()
        if asks is None:
            return ""
        campaign = str(self.who.words(asks.campaign.names))
        return _("%(campaign)s asks for your action") % {"campaign": campaign}

    @property
    def _told(self) -> str:
        return _("Whoever signed up is told at once") if self.action.is_public else ""

    @property
    def _passing_on(self) -> list[Row]:
        if not self.action.is_public or self.action.is_cancelled:
            return []
        url = reverse("actions:share", args=[self.action.code])
        return [Row(url, _("Pass it on"), _("Short address, texts in each language, links"))]

    @property
    def _later(self) -> list[Row]:
        """What hosts can do once it is over and need not do now."""
        rest = [deed for deed in self.deeds if not deed.is_next]
        return [Row(reverse(one.page, args=[self.token]), one.label, one.why) for one in rest]

    def _rows(self, wanted: list[tuple[bool, str, str, str]]) -> list[Row]:
        return [
            Row(url, label, why)
            for holds, name, label, why in wanted
            if holds and (url := self._url(name))
        ]

    @property
    def last_row(self) -> list[Row]:
        """What stands apart at the end: putting off, cancelling, deleting."""
        if not self.link.is_main:
            return []
        action, rows = self.action, []
        if action.is_dated and not action.is_past:
            rows.append(Row(self._url("host-postpone"), _("Put it off")))
        if action.is_public and not action.is_cancelled and not action.is_past:
            rows.append(Row(self._url("host-cancel"), _("Cancel this action")))
        if action.is_cancelled and not action.is_past:
            rows.append(Row(self._url("host-back"), _("It takes place after all"), is_grave=False))
        if action.published_at is None:
            rows.append(Row(self._url("host-delete"), _("Delete it")))
        return [row for row in rows if row.url]

    def _url(self, name: str) -> str:
        try:
            return reverse(f"actions:{name}", args=[self.token])
        except NoReverseMatch:
            return ""


def front_of(link: HostLink, token: str) -> HostFront:
    return HostFront(link, token, reader())
