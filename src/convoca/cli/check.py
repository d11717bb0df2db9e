"""`convoca check`: what is wrong here; `convoca check mail`: what others see of our mail; `convoca
check --pages`: whether kept pages are what would be drawn now.
"""

import argparse

from convoca.cli.findings import Finding
from convoca.cli.ready import start_django
from convoca.cli.screen import Screen
from convoca.core import config as configuration
from convoca.core.config import Config
from convoca.core.errors import Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Examples:
  convoca check
  convoca check mail --selector mail2026 --send-to you@example.org
  convoca check --pages

Ends with 1 when something is wrong; what is only worth minding does not count."""
    only = parser.add_mutually_exclusive_group()
    only.add_argument("what", nargs="?", choices=["mail"], help="look at the mail only")
    only.add_argument(
        "--pages", action="store_true", help="draw every kept page once more and compare"
    )
    parser.add_argument("--selector", default="", help="the DKIM selector (or set dkim_selector)")
    parser.add_argument("--send-to", metavar="ADDRESS", help="send a test mail there")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Look, say, and end with 1 if anything is wrong."""
    config = configuration.load()
    if options.what == "mail":
        return _mail(config, options, screen)
    start_django()
    if options.pages:
        return _pages(screen)
    from convoca.cli.installation import look  # noqa: PLC0415  app ready

    with screen.progress("Looking"):
        found = list(look(config))
    return _say(found, screen)


def _pages(screen: Screen) -> int:
    """Say how many pages that readers get as fresh were looked at, and each that is not so."""
    from convoca.pages.audit import audit  # noqa: PLC0415  app ready

    looked_at = 0
    with screen.progress("Drawing kept pages once more") as step:

        def progress(done: int, of: int) -> None:
            nonlocal looked_at
            looked_at = of
            step(done, of)

        found = audit(progress=progress)
    screen.say(f"{looked_at} kept pages were drawn once more; {len(found)} differ.")
    if found:
        screen.table(["page", "how it differs"], [(one.key, one.words) for one in found])
    differ = [{"page": one.key, "words": one.words} for one in found]
    screen.result({"looked_at": looked_at, "differ": differ})
    return int(bool(found))


def _mail(config: Config, options: argparse.Namespace, screen: Screen) -> int:
    from convoca.cli.mail_records import look_up  # noqa: PLC0415  slow

    start_django()  # it refuses a mail_url that cannot be understood
    with screen.progress("Asking the name servers"):
        found = list(look_up(config, selector=options.selector))
    to = options.send_to or screen.ask("Send a test mail to (an address, or nothing):")
    if to:
        found.append(_send_test(to))
    bad = _say(found, screen)
    words = [f.remedy for f in found if f.state != "fine" and f.remedy.startswith("Please")]
    if words:
        screen.say("\nTo send to whoever runs your domain and your mail server:\n")
        screen.say("\n".join(f"  - {sentence}" for sentence in words))
    return bad


def _send_test(to: str) -> Finding:
    from convoca.outbox.trial import send_trial  # noqa: PLC0415  app ready

    words = {"subject": "A test from Convoca", "text": "If you can read this, mail works."}
    try:
        where = send_trial(to, template="outbox/plain", **words)
    except Refusal as refusal:
        return Finding("test mail", "wrong", str(refusal), "Correct mail_url or mail_from")
    return Finding("test mail", "fine", f"{where} took a mail to {to}. Look whether it came.")


def _say(found: list[Finding], screen: Screen) -> int:
    words = {"fine": "fine", "mind": "MIND", "wrong": "WRONG", "unsafe": "UNSAFE"}
    screen.table(
        ["", "what", "how it stands"],
        [
            (
                words[f.state],
                f.about,
                f.sentence + (f" → {f.remedy.removesuffix('.')}." if f.remedy else ""),
            )
            for f in found
        ],
    )
    screen.result([finding.as_dict() for finding in found])
    return int(any(finding.is_bad for finding in found))
