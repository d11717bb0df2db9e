"""What hosts do with their action besides time and place: its words, copies of it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.facts import When, Where
from convoca.actions.models import Action, Hosting, HostLink, Seats, SignUp, Telling
from convoca.actions.services import arriving, host_links, life
from convoca.actions.services.describing import carry_translations, describe, words_of
from convoca.actions.services.describing import translate as describe_in
from convoca.actions.services.telling import tell
from convoca.actions.services.words import refresh_sought, set_line
from convoca.actions.signals import action_changed
from convoca.audit import services as audit
from convoca.core.clocks import Shown, wall_clock
from convoca.core.dates import day_words
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.media.models import Picture
from convoca.pages import services as pages

MOST_COPIES = 26
MOST_IN_A_ROW = 104
COPIED = (
    "kind",
    "language",
    "picture",
    "bring",
    "contact",
    "access",
    "spoken",
    "online_url",
    "question",
    "zone",
    "visibility",
    "capacity",
    "keeps_waiting_list",
    "shows_count",
)


def people_told(action: Action) -> int:
    """How many sign-ups are told of a change: said before it is made."""
    return SignUp.objects.filter(action=action).standing().exclude(email=b"").count()


@transaction.atomic
def edit(
    action: Action,
    link: HostLink,
    *,
    names: Names,
    description: str,
    more: Mapping[str, Any],
    picture: Picture | None = None,
) -> Action:
    """Change what is said about an action. A new link for an online one is told to all who come;
    so is nothing else, because words are read where they stand. Where the address is hidden from
    now on, no page that showed it is shown any more.
    """
    action = life.locked(action)
    life.refuse_unless_open(action)
    was_told_where = not action.hides_address
    moved_online = action.is_public and more.get("online_url", "") != action.online_url
    action.names = names
    for name, value in more.items():
        setattr(action, name, value)
    hides = was_told_where and action.hides_address
    if hides:
        action.moved_from_where = ""
    action.picture = picture or action.picture
    action.changed_at = timezone.now()
    action.sequence += moved_online or hides
    action.save()
    for stop in action.stops.select_related("place"):
        stop.action = action
        stop.save()
    describe(action, description)
    refresh_sought(action)
    audit.record("action.edited", about=action, **host_links.who(link))
    if action.is_public:
        (pages.take_down if hides else pages.touch)(*action.all_tags())
        action_changed.send(Action, action=action, what={"words"})
        if moved_online:
            tell(action, Telling.Kind.MOVED)
    return action


@transaction.atomic
def translate(
    action: Action,
    link: HostLink,
    language: str,
    *,
    names: Mapping[str, str],
    words: Mapping[int, str],
) -> Action:
    """Title, lines (`names`, by field) and description in another language, by the host: with
    readers at once.
    """
    action = life.locked(action)
    if action.is_past:
        raise Refusal("action-past", _("This action is over, so it can no longer be changed."))
    if language == action.language:
        raise Refusal("language-own", _("This is the language in which it was written."))
    for field, line in names.items():
        set_line(action, field, language, line)
    action.changed_at = timezone.now()
    action.save(update_fields=[*names, "changed_at"])
    describe_in(action, language, words)
    refresh_sought(action)
    audit.record("action.translated", about=action, language=language, **host_links.who(link))
    if action.is_public:
        pages.touch(*action.page_tags())
        action_changed.send(Action, action=action, what={"words"})
    return action


def days_to_repeat(first: date, *, every: str, times: int) -> list[date]:
    """The days after the first one: each week, each second week, or the same day of each month
    (the last one, where a month is too short).
    """
    if every == "month":
        return [_months_later(first, number) for number in range(1, times + 1)]
    step = timedelta(days=14 if every == "fortnight" else 7)
    return [first + step * number for number in range(1, times + 1)]


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


@transaction.atomic
def repeat(link: HostLink, days: Sequence[date]) -> list[tuple[Action, str]]:
    """The same action on other days, in a row that knows its first. Each has a page, a link and
    people of its own, and comes to the campaign's door. Days that are taken already are left out.
    """
    if len(days) > MOST_COPIES:
        raise Refusal("copies-many", _("At most %(most)d at once.") % {"most": MOST_COPIES})
    first = life.locked(link.action)
    first.series = first.series or first.code
    first.save(update_fields=["series"])
    taken = set(Action.objects.filter(series=first.series).values_list("day", flat=True))
    if len(taken) + len(days) > MOST_IN_A_ROW:
        raise Refusal(
            "row-long",
            _("A row has at most %(most)d actions. Post another one for what comes after.")
            % {"most": MOST_IN_A_ROW},
        )
    made = [_copied(first, link, day) for day in dict.fromkeys(days) if day not in taken]
    if not made:
        raise Refusal("copies-none", _("There is one on each of these days already."))
    return made


def _copied(first: Action, link: HostLink, day: date) -> tuple[Action, str]:
    copy = Action(campaign=first.campaign, names=Names(first.names), series=first.series)
    for name in COPIED:
        setattr(copy, name, getattr(first, name))
    longer = first.last_day - first.day if first.last_day and first.day else None
    when = When(day, first.clock, 0, day + longer if longer else None, first.last_clock)
    if first.clock and wall_clock(day, first.clock, first.zone).shown is Shown.NEVER:
        words = _("On %(day)s clocks are put forward over this hour. Leave that day out.")
        raise Refusal("time-skipped", words % {"day": day_words(day)})
    life.set_when(copy, when)
    copy.derive_times()
    if copy.over_at is not None and copy.over_at <= timezone.now():
        raise Refusal("time-past", _("This time is over already. Give a time to come."))
    life.place_at(copy, _places(first))
    home = first.attachments.filter(campaign=first.campaign).first()
    moment = home.moment if home is not None else None
    fits = moment is not None and moment.starts_on <= day <= moment.ends_on
    life.attach_at_home(copy, moment if fits else None)
    Seats.objects.get_or_create(action=copy)
    describe(copy, words_of(first))
    carry_translations(first, copy)
    for row in first.hostings.filter(is_first=True):
        Hosting.objects.create(
            action=copy,
            organisation=row.organisation,
            committee=row.committee,
            proposed=row.proposed,
            is_first=True,
            state=row.state,
            mandate=row.mandate,
            answered_at=row.answered_at,
        )
    fresh, secret = host_links.make_link(
        copy,
        email=link.email or "",
        name=link.name or "",
        language=link.language,
        person=link.person,
        is_confirmed=True,
    )
    audit.record("action.copied", about=copy, **host_links.who(link))
    copy = arriving.arrive(copy, link=fresh)
    fresh.action = copy
    host_links.mail_to(fresh, "actions/host-link-of-copy")
    return copy, secret


def _places(action: Action) -> list[Where]:
    return [
        Where(
            place=stop.place,
            venue=stop.venue,
            venue_too=stop.venue_too,
            street=stop.street,
            latitude=stop.latitude,
            longitude=stop.longitude,
            clock=stop.clock,
        )
        for stop in action.stops.select_related("place").order_by("number")
    ]
