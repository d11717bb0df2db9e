"""What was published stays as it was; what is published next says what differs and why."""

import pytest
from django.urls import reverse

from convoca.core.errors import Refusal
from convoca.counting import services
from convoca.counting.models import Publication
from tests.actions.making import LISBON, town
from tests.counting.making import claim_of
from tests.counting.test_results import page, shown  # noqa: F401  used as a fixture
from tests.counting.test_tally import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("audited_pages")]


@pytest.fixture
def claim(rivers, campaign, shown):  # noqa: F811  the fixture of that name
    return claim_of(rivers, campaign, how_many=[people(1200, 2000)])


def test_totals_that_nobody_reads_are_not_published(rivers, campaign, steward):
    claim_of(rivers, campaign, how_many=[people(1200, 2000)])
    with pytest.raises(Refusal, match="Show them first"):
        services.publish_totals(campaign, under=steward)


def test_a_publication_stays_as_it_was_and_the_next_says_what_differs(
    client, rivers, campaign, claim, steward
):
    first = services.publish_totals(campaign, under=steward)
    with pytest.raises(Refusal, match="Nothing has changed"):
        services.publish_totals(campaign, under=steward)
    claim.estimates.update(high=2500)
    claim_of(rivers, campaign, number=2, place=town("Lisbon", **LISBON), how_many=[people(5, 5)])
    with pytest.raises(Refusal, match="Say why"):
        services.publish_totals(campaign, under=steward)
    second = services.publish_totals(campaign, why="Lisbon reported late.", under=steward)
    assert second.corrections == [
        {"country": "", "what": "actions", "was": 1, "now": 2},
        {"country": "", "what": "reported", "was": 1, "now": 2},
        {"country": "", "what": "low", "was": 1200, "now": 1205},
        {"country": "", "what": "high", "was": 2000, "now": 2505},
        {"country": "PT", "what": "actions", "was": 0, "now": 1},
        {"country": "PT", "what": "low", "was": 0, "now": 5},
        {"country": "PT", "what": "high", "was": 0, "now": 5},
        {"country": "PY", "what": "high", "was": 2000, "now": 2500},
    ]
    status, words = page(client, campaign, "publication", first.code)
    assert status == 200
    assert "1,200 to 2,000" in words
    assert "2,505" in words  # in the list of all publications
    status, words = page(client, campaign, "publication", second.code)
    assert "1,205 to 2,505 people" in words
    assert "Lisbon reported late." in words
    assert "<s>2,000</s>" in words
    assert page(client, campaign, "publication", second.code, language="ar")[0] == 200
    assert first.code in page(client, campaign)[1]


def test_a_moment_has_publications_of_its_own(client, rivers, campaign, week, steward, shown):  # noqa: F811
    claim_of(rivers, campaign, day=week.starts_on, how_many=[people(10, 20)])
    services.publish_totals(campaign, under=steward)
    row = services.publish_totals(campaign, moment=week, under=steward)
    assert row.corrections == []
    assert row.code in page(client, campaign, "results-of-moment", week.code)[1]
    assert row.code not in page(client, campaign)[1]


def test_a_steward_publishes_and_is_told_what_is_missing(client, campaign, claim, bo):
    client.force_login(bo)
    url = reverse("counting:publish-totals", args=[campaign.code])
    assert client.post(url).status_code == 302
    answer = client.post(url, {"why": "typed"})
    assert answer.status_code == 422
    assert "Nothing has changed since the last publication." in answer.content.decode()
    assert "typed" in answer.content.decode()
    assert Publication.objects.count() == 1
