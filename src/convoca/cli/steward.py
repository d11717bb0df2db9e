"""`convoca steward recover ADDRESS`: after a lost second factor."""

import argparse

from convoca.cli.login import find_person
from convoca.cli.main import Failed
from convoca.cli.ready import start_django
from convoca.cli.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Example:
  convoca steward recover rosa@rivers.example

Removes the steward's passkeys, authenticator app and recovery codes, signs the account out
everywhere, tells all stewards by mail, and prints a link that signs in once within 15 minutes.
Make sure first, by another way than mail, that it is really the steward who asks."""
    parser.add_argument("what", choices=["recover"])
    parser.add_argument("address", metavar="ADDRESS")
    parser.add_argument("--yes", metavar="ADDRESS", help="confirm by the same address, unasked")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Ask for the address once more, then do it."""
    start_django()
    from convoca.accounts import services as accounts  # noqa: PLC0415  app ready
    from convoca.network.services.recovery import recover_steward  # noqa: PLC0415  app ready

    person = find_person(options.address)
    confirmed = options.yes or screen.ask(
        f"All second factors of {person.email} will be removed. Type the address once more:"
    )
    if confirmed is None:
        raise Failed(f"nobody is there to confirm it. Add: --yes {person.email}")
    if confirmed.strip().lower() != person.email:
        raise Failed("that is not the same address; nothing was changed.")
    count = recover_steward(person)
    link = accounts.login_link(person)
    if count:
        screen.say(f"Removed: {count}. All stewards are told.")
    else:
        screen.say("There was no second factor to remove, so nobody is told.")
    screen.say(f"The link, for once:\n\n  {link}\n")
    screen.result({"person": person.email, "removed": count, "link": link})
    return 0
