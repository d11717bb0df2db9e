"""`convoca login ADDRESS`: a one-time link for somebody whose mail does not arrive."""

import argparse
from typing import TYPE_CHECKING

from convoca.cli.main import Failed
from convoca.cli.ready import start_django
from convoca.cli.screen import Screen

if TYPE_CHECKING:
    from convoca.accounts.models import Person


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Example:
  convoca login rosa@rivers.example

The link works once, within 15 minutes. A second factor is asked for as ever."""
    parser.add_argument("address", metavar="ADDRESS")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Print the link."""
    start_django()
    from convoca.accounts import services as accounts  # noqa: PLC0415  app ready

    person = find_person(options.address)
    link = accounts.login_link(person)
    screen.say(link)
    screen.result({"person": person.email, "link": link})
    return 0


def find_person(address: str) -> "Person":
    """The person with this mail address."""
    from convoca.accounts.models import Person, tidy_email  # noqa: PLC0415  app ready

    person: Person | None = Person.objects.filter(email=tidy_email(address)).first()
    if person is None:
        raise Failed(f"nobody here has the address {address}.")
    return person
