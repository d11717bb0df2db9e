"""What two versions have in common. Pure: paragraphs know each other by their keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from convoca.texts.models import Source


@dataclass(frozen=True)
class Compared:
    """One paragraph of two versions: `same`, `changed`, `new` or `removed`."""

    kind: str
    old: str
    new: str


def compare(old: Sequence[Source], new: Sequence[Source]) -> list[Compared]:
    """In the order of the new version; what was removed stands where it stood."""
    before = {source.key: source for source in old}
    kept = {source.key for source in new}
    after_key: dict[int | None, list[Source]] = {}
    last: int | None = None
    for source in old:
        if source.key in kept:
            last = source.key
        else:
            after_key.setdefault(last, []).append(source)
    found = [Compared("removed", source.body, "") for source in after_key.get(None, [])]
    for source in new:
        was = before.get(source.key)
        if was is None:
            found.append(Compared("new", "", source.body))
        else:
            kind = "same" if was.digest == source.digest else "changed"
            found.append(Compared(kind, was.body, source.body))
        found += [Compared("removed", gone.body, "") for gone in after_key.get(source.key, [])]
    return found
