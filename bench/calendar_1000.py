"""The calendar of a thousand actions, drawn from the database by the view that readers reach.

Half of them are in one zone, half in forty others; each has a host, a campaign and a place with a
street. Drawn anew each time: a stored page is not what is measured.
"""

import gc
import os
import time
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

COUNT = 1000
ZONES = (
    *("Africa/Cairo", "Africa/Casablanca", "Africa/Lagos", "Africa/Nairobi", "America/Bogota"),
    *("America/Chicago", "America/Halifax", "America/Havana", "America/Lima"),
    *("America/Los_Angeles", "America/Mexico_City", "America/Montevideo", "America/New_York"),
    *("America/Santiago", "America/Sao_Paulo", "America/St_Johns", "Asia/Beirut", "Asia/Dhaka"),
    *("Asia/Jakarta", "Asia/Kolkata", "Asia/Manila", "Asia/Seoul", "Asia/Tehran", "Asia/Tokyo"),
    *("Australia/Adelaide", "Australia/Sydney", "Europe/Athens", "Europe/Berlin"),
    *("Europe/Chisinau", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/London"),
    *("Europe/Madrid", "Europe/Paris", "Europe/Rome", "Europe/Warsaw", "Pacific/Auckland"),
    *("Pacific/Chatham", "Pacific/Fiji"),
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django  # noqa: PLC0415  not before the settings are named
    from django.test.utils import setup_databases, teardown_databases  # noqa: PLC0415

    django.setup()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        measure()
    finally:
        teardown_databases(made, verbosity=0)


def measure() -> None:
    from django.test import Client  # noqa: PLC0415  app ready

    fill()
    client, spent, worked = Client(headers={"host": "localhost"}), [], []
    answer: Any = None
    for _round in range(6):
        gc.collect()
        started, before = time.perf_counter(), time.process_time()
        answer = client.get("/en/actions/actions.ics")
        spent.append(time.perf_counter() - started)
        worked.append(time.process_time() - before)
    assert answer.content.count(b"BEGIN:VEVENT") == COUNT
    print(
        f"calendar of {COUNT} actions in {len(ZONES) + 1} zones: {spent[0]:.2f} s the first time, "
        f"{median(spent[1:]):.2f} s after it (aim <= 0.5; {median(worked[1:]):.2f} s of one "
        f"processor), {len(answer.content) / 1e3:.0f} kB"
    )


def fill() -> None:
    from convoca.actions.facts import Where  # noqa: PLC0415  app ready
    from tests.actions.making import at_ten, make_action, town  # noqa: PLC0415  app ready
    from tests.world import build  # noqa: PLC0415  app ready

    world = build()
    world.action.delete()
    for number in range(COUNT):
        zone = "America/Asuncion" if number % 2 else ZONES[number // 2 % len(ZONES)]
        place = town(f"Town {number}", zone=ZoneInfo(zone).key)
        make_action(
            world.campaign,
            world.union,
            title=f"March {number} along the river, with music",
            when=at_ten(20 + number % 40),
            places=[Where(place, venue=f"Bridge {number}", street="Costanera 5")],
        )


if __name__ == "__main__":
    main()
