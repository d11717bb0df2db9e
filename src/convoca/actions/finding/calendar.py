"""A month of actions as a grid of weeks, which a phone shows as a list of days."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from babel.dates import get_day_names
from django.db.models import Count, F

from convoca.actions.finding.wanted import Wanted
from convoca.actions.front import ShownAction
from convoca.campaigns.front import Reader
from convoca.core.dates import day_words, month_words, number_words
from convoca.core.languages import locale_for

A_DAY = timedelta(days=1)
SHOWN_A_DAY = 3
MOST = 1000


@dataclass(frozen=True)
class Day:
    """One cell. `more` is how many actions it has beside those shown: what begins on it, and
    what goes on from the days before."""

    day: date
    figure: str
    words: str
    shown: list[ShownAction]
    more: int
    url: str
    is_of_month: bool

    @property
    def total(self) -> int:
        return len(self.shown) + self.more

    @property
    def more_words(self) -> str:
        return number_words(self.more)


@dataclass(frozen=True)
class Month:
    """The weeks of a month, each from the first day of the week in the reader's language."""

    first: date
    words: str
    weekdays: list[str]
    weeks: list[list[Day]]

    @property
    def days(self) -> list[Day]:
        """Those with something on, for the list."""
        return [day for week in self.weeks for day in week if day.total and day.is_of_month]


def month_of(wanted: Wanted, first: date, who: Reader) -> Month:
    """The set in a month: what is over in it too. Three queries beside those of its rows: how many
    begin on each day, what goes on over several, and the first of each.
    """
    last = (first.replace(day=28) + 4 * A_DAY).replace(day=1) - A_DAY
    within = replace(wanted, first=first, last=last, past=False, box=None)
    numbers = Counter(
        dict(
            within.rows().order_by().filter(day__gte=first).values_list("day").annotate(Count("pk"))
        )
    )
    going_on = _going_on(within, first, last)
    numbers.update({day: len(actions) for day, actions in going_on.items()})
    shown = _first_of_each(within, numbers, going_on, who)
    locale = locale_for(who.language)
    begins = locale.first_week_day
    start = first - ((first.weekday() - begins) % 7) * A_DAY
    weeks: list[list[Day]] = []
    while start <= last:
        week = [start + number * A_DAY for number in range(7)]
        weeks.append([_cell(wanted, day, first, numbers, shown, who) for day in week])
        start += 7 * A_DAY
    names = get_day_names("abbreviated", "stand-alone", locale=locale)
    return Month(
        first=first,
        words=month_words(first, who.language),
        weekdays=[names[(begins + number) % 7] for number in range(7)],
        weeks=weeks,
    )


def _going_on(within: Wanted, first: date, last: date) -> dict[date, list[int]]:
    """Each day of the month → the actions that began before it and are not over: of those that
    take several days, as many as a month can show.
    """
    several = within.rows().filter(last_day__gt=F("day"))
    found: dict[date, list[int]] = {}
    for action in several.only("day", "last_day", "clock", "last_clock")[:MOST]:
        if action.day is None or action.last_told_day is None:
            continue
        day = max(action.day + A_DAY, first)
        while day <= min(action.last_told_day, last):
            found.setdefault(day, []).append(action.pk)
            day += A_DAY
    return found


def _first_of_each(
    within: Wanted, numbers: Iterable[date], going_on: dict[date, list[int]], who: Reader
) -> dict[date, list[ShownAction]]:
    """What each day shows: what begins on it, found one day after the other in one pass of the
    index, then what goes on.
    """
    wanted: dict[date, list[int]] = {day: [] for day in numbers}
    for number, day in within.rows().values_list("pk", "day")[:MOST]:
        if day is not None and len(wanted.get(day, range(SHOWN_A_DAY))) < SHOWN_A_DAY:
            wanted[day].append(number)
    for day, several in going_on.items():
        wanted[day] += several[: SHOWN_A_DAY - len(wanted[day])]
    every = {number for numbers_of_day in wanted.values() for number in numbers_of_day}
    rows = within.rows().filter(pk__in=every).with_front()
    shown = {action.pk: ShownAction(action, who) for action in rows}
    return {day: [shown[one] for one in ones if one in shown] for day, ones in wanted.items()}


def _cell(
    wanted: Wanted,
    day: date,
    first: date,
    numbers: Counter[date],
    shown: dict[date, list[ShownAction]],
    who: Reader,
) -> Day:
    is_of_month = (day.year, day.month) == (first.year, first.month)
    rows = shown.get(day, []) if is_of_month else []
    return Day(
        day=day,
        figure=number_words(day.day, who.language),
        words=day_words(day, who.language, weekday=True),
        shown=rows,
        more=numbers[day] - len(rows) if is_of_month else 0,
        url=wanted.address(first=day, last=day, past=False, box=None),
        is_of_month=is_of_month,
    )


def read_month(text: str, otherwise: date) -> date:
    """ "2027-10" as its first day; this month for what is none."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return otherwise.replace(day=1)
    return found if 1900 < found.year < 2200 else otherwise.replace(day=1)
