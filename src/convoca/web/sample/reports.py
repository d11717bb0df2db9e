"""What became of last year's day: what its hosts say, a newspaper, and the police of one town."""

import tomllib
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from convoca.actions.models import Action, HostLink
from convoca.campaigns.models import Moment
from convoca.counting import services as counting
from convoca.counting.models import Estimate, Publication, Report, Source
from convoca.counting.said import HowMany, Said, of_action
from convoca.counting.services import reporting, summing, weighing
from convoca.places.models import Place

if TYPE_CHECKING:
    from convoca.web.sample.loading import Loader

HOSTS = ((40, 40, "counted"), (120, 160, "estimated"), (65, 80, "grid"), (250, 300, "estimated"))
"""What hosts say, by turns: at least, at most, and how they know."""
PAPER = ((35, 50), (200, 200), (60, 90), (400, 500))


class ReportLoader:
    """Puts them in, after the actions are there."""

    def __init__(self, loader: "Loader") -> None:
        self.loader, self.under = loader, loader.steward
        self.campaign = loader.campaigns["day"]
        self.facts = tomllib.loads((loader.data / "reports.toml").read_text(encoding="utf-8"))

    def load(self) -> None:
        """Hosts first, who were asked the evening after; then what others say, and a correction."""
        moment = self.campaign.moments.order_by("starts_on").first()
        if moment is None:
            return
        actions = list(Action.objects.filter(campaign=self.campaign).order_by("pk"))
        for number, action in enumerate(actions):
            if number % 4 != 3:
                self.report(number, action)
        day_after = self.loader.at((moment.ends_on - self.loader.today).days + 1)
        Report.objects.update(sent_at=day_after, changed_at=day_after)
        counting.show_totals(self.campaign, shows_totals=True, from_actions=5, under=self.under)
        counting.publish_totals(self.campaign, moment=moment, under=self.under)
        Publication.objects.update(published_at=day_after + timedelta(days=7))
        self.hand_in_papers(actions)
        self.tell_of_police(actions[0])
        self.sum_up(moment)
        why = self.facts["why_corrected"]
        counting.publish_totals(self.campaign, moment=moment, why=why, under=self.under)

    def report(self, number: int, action: Action) -> None:
        """What its hosts say; every fifth of them did not count."""
        low, high, method = HOSTS[number % len(HOSTS)]
        figure = HowMany(low=low + number, high=high + number, method=method)
        told = reporting.Told(
            happened=Report.Happened.OTHERWISE if number % 7 == 5 else Report.Happened.YES,
            words=self.by_turns("words", number),
            won=self.by_turns("won", number),
            present=self.by_turns("present", number),
            how_many=[] if number % 5 == 2 else [figure],
        )
        reporting.report(action, told, link=HostLink(action=action, language="en"))

    def by_turns(self, name: str, number: int) -> str:
        said: Sequence[str] = self.facts[name]
        return said[number % len(said)]

    def hand_in_papers(self, actions: Sequence[Action]) -> None:
        """A paper's list: of some actions that are here, of two that nobody put on here, and of one
        of which only a person can say whether it is the same.
        """
        paper = self.facts["paper"]
        source = Source.objects.create(
            name=paper["name"], kind=Source.Kind.PRESS, site=paper["page"], licence="CC BY 4.0"
        )
        day = actions[0].day
        towns = [one.place for one in actions[1::3] if one.place is not None]
        towns += [self.loader.place(*town) for town in paper["towns"].items()]
        rows = [
            self.said(number, paper["title"], town, day=day, kind="stall")
            for number, town in enumerate(towns)
        ]
        unclear = actions[2].place
        if unclear is not None and day is not None:
            rows.append(self.said(90, paper["other_title"], unclear, day=day, kind="other"))
        counting.take(source, self.campaign, rows)
        counting.link_new(source)

    def said(self, number: int, title: str, town: Place, **facts: Any) -> Said:
        low, high = PAPER[number % len(PAPER)]
        page = f"{self.facts['paper']['page']}#{number}"
        figure = HowMany(low=low, high=high, method=Estimate.Method.PRESS, url=page)
        return Said(
            external_id=str(number),
            title=title,
            language="en",
            place=town.pk,
            latitude=town.latitude,
            longitude=town.longitude,
            country=town.country,
            urls=[page],
            how_many=[figure],
            row=number + 2,
            **facts,
        )

    def tell_of_police(self, action: Action) -> None:
        """A figure that a person set aside, and why."""
        police = self.facts["police"]
        source = Source.objects.create(name=police["name"], kind=Source.Kind.AUTHORITY)
        figure = HowMany(low=900, high=900, method=Estimate.Method.POLICE)
        counting.take(source, self.campaign, [of_action(action, how_many=[figure])])
        claim = source.claims.get()
        counting.link(claim, action, under=self.under)
        weighing.set_aside(claim.estimates.get(), why=police["why_aside"], under=self.under)

    def sum_up(self, moment: Moment) -> None:
        paper = self.facts["paper"]
        summing.note_summary(
            moment,
            name=paper["name"],
            kind=Source.Kind.PRESS,
            words=paper["summary"],
            url=paper["page"],
            said_on=moment.ends_on + timedelta(days=1),
            under=self.under,
        )
