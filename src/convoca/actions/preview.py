"""The picture that other sites show beside a link to an action."""

from dataclasses import dataclass
from hashlib import sha256

from django.urls import reverse

from convoca.actions.front import ShownAction
from convoca.campaigns.addresses import link_to
from convoca.campaigns.inks import ink_of
from convoca.core.preview import HEIGHT, WIDTH, draw


@dataclass(frozen=True)
class Picture:
    """A preview picture: its words decide its address, so that it never grows old."""

    shown: ShownAction
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def _words(self) -> tuple[str, ...]:
        one = self.shown
        language = one.title.lang or one.who.language
        ink = ink_of(one.action.campaign.ink)
        return one.title.text, str(one.who.network), ink.hex, language, one.figure, one.days

    @property
    def stamp(self) -> str:
        """The hash of everything on it."""
        return sha256("\x1f".join(self._words).encode()).hexdigest()[:12]

    @property
    def path(self) -> str:
        return reverse("actions:preview-picture", args=[self.shown.action.code, self.stamp])

    @property
    def url(self) -> str:
        return link_to("actions:preview-picture", self.shown.action.code, self.stamp)

    def png(self) -> bytes:
        title, network, _hex, language, day, days = self._words
        ink = ink_of(self.shown.action.campaign.ink)
        return draw(title, network, ink, language, day=day, month=days)
