"""The picture that other sites show beside a link to a campaign."""

from dataclasses import dataclass
from hashlib import sha256

from django.urls import reverse

from convoca.campaigns.addresses import link_to
from convoca.campaigns.front import Reader
from convoca.campaigns.models import Campaign
from convoca.campaigns.poster import Poster
from convoca.core.preview import HEIGHT, WIDTH, draw


@dataclass(frozen=True)
class Picture:
    """A preview picture: its words decide its address, so that it never grows old."""

    code: str
    title: str
    network: str
    poster: Poster
    language: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def stamp(self) -> str:
        """The hash of everything on it."""
        words = [
            self.title,
            self.network,
            self.poster.ink.hex,
            self.language,
            self.poster.figure,
            self.poster.days,
        ]
        return sha256("\x1f".join(words).encode()).hexdigest()[:12]

    @property
    def path(self) -> str:
        return reverse("campaigns:preview-picture", args=[self.code, self.stamp])

    @property
    def url(self) -> str:
        return link_to("campaigns:preview-picture", self.code, self.stamp)

    def png(self) -> bytes:
        return draw(
            self.title,
            self.network,
            self.poster.ink,
            self.language,
            day=self.poster.figure,
            month=self.poster.days,
        )


def picture_of(campaign: Campaign, who: Reader, poster: Poster) -> Picture:
    """The picture of a campaign in the reader's language, today."""
    return Picture(
        code=campaign.code,
        title=poster.title.text,
        network=str(who.network),
        poster=poster,
        language=poster.title.lang or who.language,
    )
