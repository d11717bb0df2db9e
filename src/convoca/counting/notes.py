"""What stands beside a total: what it is made of, what is not known, and what was counted once."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.core.dates import number_words
from convoca.counting.tally import Tally, Voice
from convoca.counting.tally.words import share_words


@dataclass(frozen=True)
class Part:
    """Of a figure: what one voice says, alone."""

    name: str
    actions: int
    alone: int
    people: str


def parts(tally: Tally) -> list[Part]:
    """What a total is made up of."""
    return [
        Part(str(voice.label), share.actions, share.alone, share_words(share))
        for voice in Voice
        if (share := tally.voices[voice]).actions
    ]


def notes(tally: Tally, *, unplaced: int = 0, elsewhere: int = 0) -> list[str]:
    """What stands beside a total, so that nobody takes it for more than it is."""
    found = [
        _note(
            tally.unknown,
            ngettext(
                "Of %(number)s action nobody says how many people there were. It is in no total.",
                "Of %(number)s actions nobody says how many people there were. "
                "They are in no total.",
                tally.unknown,
            ),
        ),
        _note(
            tally.to_come,
            ngettext(
                "%(number)s action is still to come. It is not counted yet.",
                "%(number)s actions are still to come. They are not counted yet.",
                tally.to_come,
            ),
        ),
        _note(
            tally.without_low,
            ngettext(
                "Of %(number)s action only an upper figure is known. It adds nothing to the low "
                "total.",
                "Of %(number)s actions only an upper figure is known. They add nothing to the low "
                "total.",
                tally.without_low,
            ),
        ),
        _note(
            tally.without_high,
            ngettext(
                "Of %(number)s action only a lower figure is known. It adds that to the high "
                "total, and there may have been more people.",
                "Of %(number)s actions only a lower figure is known. They add that to the high "
                "total, and there may have been more people.",
                tally.without_high,
            ),
        ),
        _note(
            tally.called_off,
            ngettext(
                "%(number)s action was called off. It is not counted.",
                "%(number)s actions were called off. They are not counted.",
                tally.called_off,
            ),
        ),
        _note(
            tally.unsaid,
            ngettext(
                "Of %(number)s action no source speaks any more. It is not counted.",
                "Of %(number)s actions no source speaks any more. They are not counted.",
                tally.unsaid,
            ),
        ),
        _note(
            tally.set_aside,
            ngettext(
                "%(number)s figure was set aside for a reason. It stays to be read, struck.",
                "%(number)s figures were set aside for a reason. They stay to be read, struck.",
                tally.set_aside,
            ),
        ),
        _note(
            unplaced,
            ngettext(
                "%(number)s report says no day or no place. It is of no action here, and not "
                "counted.",
                "%(number)s reports say no day or no place. They are of no action here, and not "
                "counted.",
                unplaced,
            ),
        ),
        _note(
            elsewhere,
            ngettext(
                "%(number)s report handed in is of an action that does not stand with this "
                "campaign.",
                "%(number)s reports handed in are of actions that do not stand with this campaign.",
                elsewhere,
            ),
        ),
        _note(
            tally.waiting,
            ngettext(
                "%(number)s pair of actions may be one. A person has to look at it.",
                "%(number)s pairs of actions may be one each. A person has to look at them.",
                tally.waiting,
            ),
        ),
    ]
    return [one for one in found if one]


def _note(number: int, words: str) -> str:
    return words % {"number": number_words(number)} if number else ""


def counted_once(tally: Tally) -> str:
    """How much double counting was avoided; empty where nobody spoke twice of one action."""
    if tally.claims <= tally.reported:
        return ""
    spoken = ngettext(
        "%(claims)s reports speak of %(actions)s action.",
        "%(claims)s reports speak of %(actions)s actions.",
        tally.reported,
    ) % {"claims": number_words(tally.claims), "actions": number_words(tally.reported)}
    if not (tally.avoided_low or tally.avoided_high):
        return spoken
    added = _(
        "Added up, their figures would come to %(low)s at least and %(high)s at most: "
        "%(less_low)s and %(less_high)s too many."
    ) % {
        "low": number_words(tally.claims_low),
        "high": number_words(tally.claims_high),
        "less_low": number_words(tally.avoided_low),
        "less_high": number_words(tally.avoided_high),
    }
    return f"{spoken} {added}"
