"""Recordings: each container is walked from its first byte to its last, and cleaned on the way.

Sound itself is copied, not decoded. What is *about* the recording goes: ID3 and APE tags, titles,
comments, covers, dates, places. How: MP3, WAV and Ogg are written anew from their sound alone; in
MP4 and WebM, boxes that hold words are overwritten with nothing, so that no offset moves. A file
with pictures, or one that is not built as its kind should be, is refused.
"""

from dataclasses import dataclass


class Unsound(Exception):
    """The file is not built as its kind should be; the argument is the reason's code."""


@dataclass(frozen=True)
class Sound:
    """A cleaned recording."""

    content: bytes
    ending: str
    seconds: float | None = None
