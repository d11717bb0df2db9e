"""What a source says of a whole moment stands beside the totals, and is in none of them."""

import pytest
from django.utils import timezone

from convoca.audit.models import Entry
from convoca.counting.models import Estimate, Source, Summary

pytestmark = pytest.mark.django_db


def page(campaign) -> str:
    return f"/en/work/results/{campaign.code}/summaries/"


def given(week, **more) -> dict:
    return {
        "moment": week.pk,
        "words": "close to 100 cities",
        "name": "The Gazette",
        "kind": "press",
        "url": "https://example.org/100",
        "said_on": timezone.localdate().isoformat(),
        **more,
    }


def test_a_steward_notes_it_and_everybody_reads_it(client, campaign, week, bo):
    client.force_login(bo)
    for _time in range(2):
        assert client.post(page(campaign), given(week)).status_code == 302
    summary = Summary.objects.get()
    assert [summary.source.kind, Estimate.objects.count()] == ["press", 0]
    client.logout()
    results = f"/en/campaigns/{campaign.code}/{campaign.slug()}/results/"
    for address in (results, f"{results}moments/{week.code}/"):
        text = client.get(address).text
        assert "close to 100 cities" in text
        assert 'href="https://example.org/100"' in text
    client.force_login(bo)
    client.post(f"{page(campaign)}{summary.pk}/remove/")
    assert "close to 100 cities" not in client.get(results).text
    events = Entry.objects.filter(event__regex=r"^(summary|source)\.").order_by("pk")
    assert [one.event for one in events] == ["source.added", "summary.noted", "summary.removed"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"words": ""}, "words"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"said_on": "2108-01-01"}, "said_on"),
        ({"said_on": "12/13/2026"}, "said_on"),
        ({"moment": "4711"}, "moment"),
        ({"kind": "hosts"}, "kind"),
        ({"name": "Rivers Alliance"}, "kind"),
    ],
)
def test_what_cannot_be_is_asked_back(client, campaign, week, bo, rivers, more, field):
    client.force_login(bo)
    answer = client.post(page(campaign), given(week, **more))
    assert [answer.status_code, list(answer.context["form"].errors)] == [422, [field]]
    assert [Summary.objects.count(), Source.objects.count()] == [0, 1]
