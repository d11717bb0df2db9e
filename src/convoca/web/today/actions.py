"""What actions have for Today: what waits for moderators, what was reported, a flood, a list."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.accounts.models import Person
from convoca.actions import queue
from convoca.actions.models import Door, ListAsked
from convoca.actions.rules import countries_moderated
from convoca.counting import doubtful
from convoca.counting.models import Contest
from convoca.exchange.models import Import
from convoca.web.today.items import Board, Item

MOST = 20


def for_moderator(person: Person, board: Board) -> None:
    """The queue and what was reported, in this person's countries; floods that nobody ended."""
    board.waits += _waiting(person)
    board.waits += _reported(person)
    board.waits += _contested(person)
    board.waits += _doubtful(person)
    board.late += _flooded()
    board.late += _unasked(person)


def for_steward(person: Person, board: Board) -> None:
    """Lists of sign-ups that another steward asks for, and one's own to be taken."""
    asked = ListAsked.objects.filter(taken_at=None, declined_at=None)
    for one in asked.select_related("campaign", "asked_under")[:MOST]:
        is_own = one.asked_under.person_id == person.pk
        if one.is_waiting and not is_own:
            words = _("Allow or decline a list of sign-ups: %(campaign)s")
            board.waits.append(_list(one, words, _("Look at it")))
        elif one.is_to_take and is_own:
            words = _("Take the list of sign-ups that was allowed: %(campaign)s")
            board.waits.append(_list(one, words, _("Take it")))
    board.waits += _brought_in()


def _brought_in() -> Iterator[Item]:
    """Lists that somebody handed in and nobody said yes to, or that stopped before their end."""
    rows = Import.objects.left().with_file().select_related("source")
    for one in rows.order_by("handed_at")[:MOST]:
        words, do = _("A list waits for your yes: %(list)s"), _("Look at it")
        if one.has_begun:
            words, do = _("A list stopped before its end: %(list)s"), _("Go on")
        whose = str(one.source or one.get_kind_display())
        name = "exchange:list" if one.has_begun else "exchange:columns"
        yield Item(words % {"list": one}, whose, reverse(name, args=[one.pk]), do, one.handed_at)


def _list(one: ListAsked, words: str, do: str) -> Item:
    return Item(
        words % {"campaign": one.campaign},
        one.reason[:160],
        reverse("actions:lists"),
        do,
        one.allowed_at or one.asked_at,
        one.campaign.ink,
    )


def _contested(person: Person) -> Iterator[Item]:
    """Figures that somebody contests, in this person's countries."""
    rows = Contest.objects.open()
    countries = countries_moderated(person)
    if countries is not None:
        rows = rows.filter(action__country__in=[*countries, ""])
    opened = list(rows.values_list("opened_at", flat=True)[:MOST])
    if opened:
        yield Item(
            ngettext("%(n)d figure is contested", "%(n)d figures are contested", len(opened))
            % {"n": len(opened)},
            _("The oldest has waited %(age)s.") % {"age": queue.age_words(opened[0])},
            reverse("counting:contests"),
            _("Answer"),
            opened[0],
        )


def _doubtful(person: Person) -> Iterator[Item]:
    """Reports that may be of an action that is here already, in this person's countries."""
    rows = doubtful.waiting(person)
    count = rows.count()
    since = rows.order_by("created_at").values_list("created_at", flat=True).first()
    if since is not None:
        yield Item(
            ngettext(
                "%(n)d report may be of an action that is here already",
                "%(n)d reports may be of actions that are here already",
                count,
            )
            % {"n": count},
            _("Until somebody has looked, both count. The oldest has waited %(age)s.")
            % {"age": queue.age_words(since)},
            reverse("counting:doubtful"),
            _("Look at them"),
            since,
        )


def _unasked(person: Person) -> Iterator[Item]:
    """What is over, and its hosts left no address: no mail asks them how it went."""
    for action in doubtful.unasked(person).select_related("campaign")[:MOST]:
        yield Item(
            _("Nobody can be asked how it went: %(action)s") % {"action": action},
            _("Its hosts left no address. Ask them in another way, or note what the press says."),
            reverse("actions:at-work", args=[action.code]),
            _("Look at it"),
            action.over_at or timezone.now(),
            action.campaign.ink,
        )


def _waiting(person: Person) -> Iterator[Item]:
    rows = queue.to_look_at(person)
    count = rows.count()
    oldest = rows.first()
    if oldest is not None:
        since = oldest.waiting_since or oldest.created_at
        yield Item(
            ngettext("%(n)d action waits for a look", "%(n)d actions wait for a look", count)
            % {"n": count},
            _("The oldest has waited %(age)s.") % {"age": queue.age_words(since)},
            reverse("actions:queue"),
            _("Look at them"),
            since,
        )


def _reported(person: Person) -> Iterator[Item]:
    rows = queue.reported_to(person)
    count = rows.count()
    first = rows.first()
    if first is not None:
        since = min(one.since for one in queue.reported(person))
        yield Item(
            ngettext(
                "%(n)d action was reported or is hidden",
                "%(n)d actions were reported or are hidden",
                count,
            )
            % {"n": count},
            _("The oldest report is from %(age)s ago.") % {"age": queue.age_words(since)},
            reverse("actions:queue"),
            _("Look at them"),
            since,
        )


def _flooded() -> Iterator[Item]:
    for door in Door.objects.filter(flooded_at__isnull=False).select_related("campaign")[:MOST]:
        yield Item(
            _("Many new actions at once: %(campaign)s") % {"campaign": door.campaign},
            _("Everything waits for a look until you let it in as before."),
            reverse("actions:door", args=[door.campaign.code]),
            _("Look at it"),
            door.flooded_at or timezone.now(),
            door.campaign.ink,
        )
