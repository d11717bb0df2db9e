"""Texts to pass an action on with, and links that open a reader's own programs with them."""

from convoca.actions.printing.facts import PosterFacts
from convoca.campaigns.sharing import links_to_share


def share_text(facts: PosterFacts) -> str:
    """Three short lines to copy, in the language of the facts: what; when and where; address."""
    return f"{share_words(facts)}\n{facts.url}"


def share_words(facts: PosterFacts) -> str:
    """The same without the address, for programs that are given it apart."""
    return "\n".join([_called(facts), *_day_and_place(facts)])


def share_links(facts: PosterFacts) -> list[tuple[str, str]]:
    """Label and address of each link, labels in the active language; for `rel="noreferrer"`."""
    subject = " · ".join([_called(facts), *_day_and_place(facts)])
    return links_to_share(title=subject, text=share_text(facts), url=facts.url)


def _called(facts: PosterFacts) -> str:
    return f"{facts.state}: {facts.title}" if facts.is_off and facts.state else facts.title


def _day_and_place(facts: PosterFacts) -> list[str]:
    when = facts.when_words or ("" if facts.is_off else facts.state)
    words = " · ".join(part for part in (when, facts.place_words) if part)
    return [words] if words else []
