"""A campaign's colours as one stylesheet, whose address names its content and never grows old."""

from functools import lru_cache
from hashlib import sha256

from django.urls import reverse

from convoca.core.ink import NAMED, Ink, ink, stylesheet

PLAIN = "petrol"


@lru_cache(maxsize=512)
def ink_of(colour: str) -> Ink:
    """The ink of a stored colour; petrol for one that is none."""
    try:
        return ink(colour)
    except ValueError:
        return ink(PLAIN)


@lru_cache(maxsize=512)
def stamp_of(colour: Ink) -> str:
    """The last part of a stylesheet's name: its colour, and the hash of what it says."""
    return f"{colour.hex}-{sha256(stylesheet(colour).encode()).hexdigest()[:10]}"


def ink_url(colour: str) -> str:
    """Where a page finds the stylesheet of a colour."""
    return reverse("ink", args=[stamp_of(ink_of(colour))])


@lru_cache(maxsize=1)
def twelve() -> str:
    """The twelve inks on offer as classes, for squares beside their names."""
    inks = [ink(colour) for colour in NAMED]
    return "".join(f".ink-{one.hex}{{--field:{one.field};--on:{one.on}}}\n" for one in inks)


def twelve_stamp() -> str:
    """The name of the stylesheet of all twelve."""
    return f"twelve-{sha256(twelve().encode()).hexdigest()[:10]}"


def twelve_url() -> str:
    """Where a form that offers inks finds their squares."""
    return reverse("ink", args=[twelve_stamp()])


def sheet_for(stamp: str) -> str | None:
    """What the stylesheet with this name says; None where there is none of this name."""
    if stamp == twelve_stamp():
        return twelve()
    colour = ink_of(stamp.partition("-")[0])
    return stylesheet(colour) if stamp_of(colour) == stamp else None
