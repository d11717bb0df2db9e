"""Finding actions among 1,000 and among 10,000: milliseconds, queries, bytes; drawn anew each time.

Django's views are called without a server. The 9,000 are added to the same database.
"""

import gc
import gzip
import logging
import os
import tempfile
import time
from typing import Any

FEW, MANY = 1_000, 10_000
TIMES = 15


def main() -> None:
    """Print a line for each page."""
    home = tempfile.mkdtemp(prefix="convoca-bench-")
    os.environ.update(CONVOCA_HOME=home, CONVOCA_DEMO="1", CONVOCA_SECRET_KEY="b" * 60)
    os.environ["DJANGO_SETTINGS_MODULE"] = "convoca.web.settings"
    import django  # noqa: PLC0415  slow
    from django.core.management import call_command  # noqa: PLC0415  slow

    django.setup()
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from django.db import transaction  # noqa: PLC0415  slow

    from tests.actions.crowd import crowd  # noqa: PLC0415  slow
    from tests.world import build  # noqa: PLC0415  slow

    with transaction.atomic():
        world = build()
        crowd(world.campaign, world.union, FEW, in_towns=MANY)
    campaign = world.campaign.get_absolute_url()
    pages = {
        "list (aim: ratio 1.2)": "/en/actions/",
        "list of a campaign": f"{campaign}actions/",
        "action": world.action.get_absolute_url().replace("/es/", "/en/"),
        "map (aim: 60 kB beside the outline)": "/en/actions/map/",
        "one country": "/en/actions/in/py/",
        "calendar": "/en/actions/calendar/",
        "near me": "/en/actions/near/?q=Asunción, Paraguay",
        "campaign": campaign,
    }
    few = {name: drawn(path) for name, path in pages.items()}
    with transaction.atomic():
        crowd(world.campaign, world.union, MANY - FEW, in_towns=MANY)
    for name, path in pages.items():
        before, queries_before, _size = few[name]
        spent, queries, size = drawn(path)
        print(
            f"{name}: {before:.0f} ms at {FEW:,}, {spent:.0f} ms at {MANY:,} "
            f"(ratio {spent / before:.2f}); {queries_before} and {queries} queries; "
            f"{size / 1000:.1f} kB compressed"
        )


def drawn(path: str) -> tuple[float, int, int]:
    """Milliseconds of a processor at the best of several times, queries, compressed bytes."""
    from django.db import connection  # noqa: PLC0415  slow
    from django.test import Client  # noqa: PLC0415  slow

    client = Client(headers={"host": "localhost"})
    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answers {answer.status_code}")
    gc.collect()
    gc.freeze()  # what was written to fill the tables is not what is measured
    spent = []
    for _time in range(TIMES):
        started = time.process_time()  # other programs of the machine do not count
        client.get(path)
        spent.append((time.process_time() - started) * 1000)
    return min(spent), len(asked), len(gzip.compress(answer.content, 6))
