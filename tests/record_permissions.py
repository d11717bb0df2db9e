"""Bring `permissions.toml` up to date: `PYTHONPATH=src python -m tests.record_permissions`.

It adds a line for each address that has none, with `?` where its arguments are to be named; and
where a line names its arguments and has no answers, it asks the site and writes them down with a
`?` behind them. The test fails on every `?`: a person reads each line against the rules, corrects
the site or the line, and takes the `?` away. Delete `get` and `post` of a line to have them asked
anew.
"""

import json
import logging
import os
import re
import sys
import tomllib

import django
from django.db import transaction
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

LINE = re.compile(r'^"(?P<key>[^"]+)"\s*=\s*(?P<line>\{.*\})\s*$')


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    setup_test_environment()
    logging.disable()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        record()
    finally:
        teardown_databases(made, verbosity=0)


def record() -> None:
    from tests import matrix, world  # noqa: PLC0415  app ready

    lines = matrix.FILE.read_text(encoding="utf-8").splitlines()
    named = {row.name for row in matrix.rows()}
    end = lines.index("[objects]")
    missing = [one for one in matrix.addresses() if one.name not in named]
    lines[end:end] = [_line(one.name, " ".join("?" for _ in one.arguments)) for one in missing]
    with transaction.atomic():
        site = matrix.Site(world.build())
        for number, line in enumerate(lines[: end + len(missing)]):
            found = LINE.match(line)
            row = matrix.Row.of(found["key"], tomllib.loads(line)[found["key"]]) if found else None
            if row and "?" not in row.at and not (row.get and row.post):
                lines[number] = _asked(site, row)
        transaction.set_rollback(True)
    matrix.FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _asked(site, row) -> str:
    """The line of a row with what the site answers now; 500 where it has no answer."""
    path = row.path(site.world)
    answers = {}
    for method in ("get", "post"):
        words = []
        for who in site.sessions:
            try:
                words.append(site.word(who, path, method))
            except Exception as error:  # whatever went wrong there is the finding
                sys.stderr.write(f"{row.key}, {method} by {who}: {error!r}\n")
                words.append("500")
        answers[method] = " ".join(word.ljust(4) for word in words).rstrip()
    sys.stdout.write(f"{row.key}: {answers}\n")
    return _line(row.key, " ".join(row.at), secret=row.secret, **answers)


def _line(key: str, at: str, *, secret: bool = False, get: str = "", post: str = "") -> str:
    parts = [f"at = {json.dumps(at)}"] if at else []
    parts += ["secret = true"] if secret else []
    parts += [f'get = "{get} ?"', f'post = "{post} ?"'] if get else []
    return f'"{key}" = {{ {", ".join(parts)} }}'


if __name__ == "__main__":
    main()
