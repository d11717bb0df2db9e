"""From an upload to a cleaned recording."""

from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from convoca.core.errors import Refusal
from convoca.media.sounds import Sound, Unsound, mp3, mp4, ogg, wav, webm

MOST_SECONDS = 24 * 60 * 60
_ENDINGS = {
    "mp3": "mp3",
    "wav": "wav",
    "ogg": "ogg",
    "oga": "ogg",
    "opus": "ogg",
    "m4a": "m4a",
    "mp4": "m4a",
    "webm": "webm",
    "weba": "webm",
}
_CLEANERS = {
    "mp3": mp3.clean,
    "wav": wav.clean,
    "ogg": ogg.clean,
    "m4a": mp4.clean,
    "webm": webm.clean,
}


def refuse_on_sight(name: str, head: bytes) -> str:
    """The kind that the first bytes show; refuses what is no recording, or another than named."""
    found = _kind_of(head)
    if found is None:
        raise Refusal(
            "recording-unknown",
            _("This is not a recording that we can read. Use MP3, M4A, Ogg/Opus, WAV or WebM."),
        )
    ending = Path(name).suffix.lower().lstrip(".")
    if ending and _ENDINGS.get(ending) != found:
        raise Refusal(
            "recording-mislabelled",
            _(
                "This file is called “.%(ending)s” but holds something else (%(found)s). "
                "Save the recording again under its right name."
            )
            % {"ending": ending[:10], "found": found},
        )
    return found


def _kind_of(head: bytes) -> str | None:
    if head.startswith(b"OggS"):
        return "ogg"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "m4a"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "webm"
    if head.startswith(b"ID3") or (len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 > 0xE0):
        return "mp3"
    return None


def _with_likely_length(sound: Sound) -> Sound:
    """A file may say that it lasts for ever, or for no time at all; then nothing is said."""
    is_likely = sound.seconds is not None and 0 < sound.seconds < MOST_SECONDS
    return sound if is_likely else replace(sound, seconds=None)


def cleaned(name: str, content: bytes) -> Sound:
    """The recording without what was written about it; refuses what is not built as one."""
    kind = refuse_on_sight(name, content[:64])
    try:
        return _with_likely_length(_CLEANERS[kind](content))
    except Unsound as reason:
        if str(reason) == "more-than-sound":
            raise Refusal(
                "recording-not-only-sound",
                _("This file holds more than sound, such as a film. Save only its sound."),
            ) from reason
        raise Refusal(
            "recording-broken",
            _("This recording is damaged or was not sent whole. Save it again and try once more."),
        ) from reason
    except (ValueError, IndexError, ArithmeticError, OverflowError) as error:
        raise Refusal(
            "recording-broken",
            _("This recording is damaged or was not sent whole. Save it again and try once more."),
        ) from error
