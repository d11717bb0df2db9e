"""One running campaign, as the tests of this folder need it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from convoca.campaigns import services
from convoca.campaigns.models import Campaign
from convoca.campaigns.rules import STEPS
from convoca.core.names import Names
from convoca.texts import services as texts
from tests.cast import make_organisation, mandate_of

CALL = "Rivers belong to everyone.\n\nWe call for a week of action in every town on a river."


def start(under, *convenors, names=None, words=CALL, language="en") -> Campaign:
    """A draft of these organisations, its call written and published."""
    campaign = services.start(
        names or Names(en="Rivers for all", es="Ríos para todos"),
        source_language=language,
        convenors=convenors,
        colour="petrol",
        under=under,
    )
    texts.save_source(campaign.call, words, seen_revision=0, by=under.person)
    texts.publish_version(campaign.call, by=under.person)
    return campaign


def publish(campaign: Campaign, under) -> Campaign:
    return services.take_step(campaign, STEPS["publish"], under=under)


@pytest.fixture
def steward(bo, network):
    """The mandate under which Bo works for the network."""
    return mandate_of(bo)


@pytest.fixture
def draft(steward, union) -> Campaign:
    return start(steward, union)


@pytest.fixture
def campaign(draft, steward) -> Campaign:
    """Published today."""
    return publish(draft, steward)


@pytest.fixture
def week(campaign, steward):
    """A week of action that begins in ten days."""
    first = timezone.localdate() + timedelta(days=10)
    return services.add_moment(
        campaign,
        kind="week",
        starts_on=first,
        ends_on=first + timedelta(days=6),
        where=Names(en="everywhere", es="en todas partes"),
        under=steward,
    )


@pytest.fixture
def signed(campaign, ana, union):
    """The union's endorsement, given by Ana."""
    return services.endorse(campaign, on_behalf_of=union, under=mandate_of(ana, union))


def members(count: int, **facts) -> list:
    """Some more member organisations."""
    return [make_organisation(f"Member {number:03d}", **facts) for number in range(count)]


def days(first: str, last: str = "") -> dict:
    """The days of a moment, by ISO."""
    return {
        "starts_on": date.fromisoformat(first),
        "ends_on": date.fromisoformat(last or first),
    }
