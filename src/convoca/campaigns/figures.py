"""How many have signed, from how many countries, and since when that is so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.campaigns.models import Campaign, Endorsement
from convoca.core.dates import moment_words, number_words


@dataclass(frozen=True)
class Figures:
    """The counts of one campaign. `as_of` is when its list last changed, so that a page that is
    drawn again says the same until something new has happened.
    """

    organisations: int
    countries: int
    as_of: datetime
    is_closed: bool = False

    @property
    def sentence(self) -> str:
        """The counts: a sentence for each, as each has its own plural."""
        if not self.organisations:
            if self.is_closed:
                return _("No organisation signed.")
            return _("No organisation has signed yet.")
        signed = ngettext(
            "%(number)s organisation has signed.",
            "%(number)s organisations have signed.",
            self.organisations,
        ) % {"number": self.organisations_words}
        if self.countries < 2:
            return signed
        from_where = ngettext(
            "They are in %(number)s country.",
            "They are in %(number)s countries.",
            self.countries,
        ) % {"number": self.countries_words}
        return f"{signed} {from_where}"

    @property
    def organisations_words(self) -> str:
        return number_words(self.organisations)

    @property
    def countries_words(self) -> str:
        return number_words(self.countries)

    @property
    def as_of_words(self) -> str:
        return moment_words(self.as_of)


def figures_of(campaigns: Iterable[Campaign]) -> dict[int, Figures]:
    """Campaign → its figures. One query, however many campaigns."""
    wanted = {campaign.pk: campaign for campaign in campaigns}
    counted = {
        row["campaign"]: (row["organisations"], row["countries"])
        for row in Endorsement.objects.standing()
        .filter(campaign__in=wanted)
        .order_by()
        .values("campaign")
        .annotate(
            organisations=Count("pk"),
            countries=Count(
                "organisation__country", distinct=True, filter=~Q(organisation__country="")
            ),
        )
    }
    return {
        pk: Figures(
            organisations=counted[pk][0] if pk in counted else 0,
            countries=counted[pk][1] if pk in counted else 0,
            as_of=campaign.counted_at,
            is_closed=campaign.is_closed,
        )
        for pk, campaign in wanted.items()
    }
