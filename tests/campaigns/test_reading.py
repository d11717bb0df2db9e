"""What everybody reads."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from convoca.campaigns import services
from convoca.campaigns.front import signers_of, withdrawn_of
from convoca.campaigns.models import Campaign
from convoca.campaigns.rules import STEPS
from convoca.core.names import Names
from convoca.texts import services as texts
from tests.campaigns.conftest import days, members, publish, start
from tests.cast import mandate_of
from tests.texts.conftest import published


def at(campaign, end="") -> str:
    return f"/en/campaigns/{campaign.code}/{campaign.slug()}/{end}"


def test_a_campaign_page_shows_poster_call_and_signers(client, campaign, week, signed, union):
    page = client.get(at(campaign))
    assert page.status_code == 200
    text = page.content.decode()
    assert '<h1 class="title t1" lang="en" dir="ltr">Rivers for all</h1>' in text
    assert "1 organisation has signed." in text
    assert "Union of Port Workers" in text
    assert "We call for a week of action" in text
    assert "Endorse as an organisation" in text
    assert not page.cookies


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_what_is_not_public_does_not_exist_and_what_was_is_gone(client, campaign, steward, state):
    if state == "withdrawn":
        services.withdraw(campaign, under=steward)
    else:
        services.take_step(campaign, STEPS["unpublish"], under=steward)
    if state == "draft":
        services.take_step(campaign, STEPS["take-back"], under=steward)
    ends = ["", "signers/", "signers/country/", "in/en/"]
    own = [at(campaign, end) for end in ends]
    files = [f"/en/campaigns/{campaign.code}/calendar.ics", f"/campaigns/{campaign.code}"]
    answers = [client.get(path, follow=True).status_code for path in [*own, *files]]
    gone = 410 if state == "withdrawn" else 404
    assert answers == [gone, gone, gone, gone, 404, gone]


def test_a_wrong_slug_and_no_slug_lead_to_the_page(client, campaign):
    wrong = client.get(f"/en/campaigns/{campaign.code}/something-else/")
    assert (wrong.status_code, wrong["Location"]) == (301, at(campaign))
    short = client.get(f"/en/campaigns/{campaign.code}/")
    assert (short.status_code, short["Location"]) == (302, at(campaign))


def test_the_permanent_id_leads_into_the_readers_language(client, campaign):
    spanish = client.get(f"/campaigns/{campaign.code}", headers={"accept-language": "es-MX,es"})
    assert spanish["Location"] == f"/es/campaigns/{campaign.code}/rios-para-todos/"
    data = client.get(f"/campaigns/{campaign.code}", headers={"accept": "application/json"})
    assert data.json()["names"] == {"en": "Rivers for all", "es": "Ríos para todos"}


def test_the_call_is_read_in_one_language_and_falls_back_openly(client, campaign):
    own = client.get(at(campaign, "in/en/"))
    assert "Rivers belong to everyone." in own.content.decode()
    other = client.get(at(campaign, "in/fr/"))
    assert "Not yet in French." in other.content.decode()
    assert client.get(at(campaign, "in/qu/")).status_code == 404
    assert client.get(at(campaign, "in/notatag/")).status_code == 404


def test_the_call_in_all_languages_has_a_sheet_for_each(client, campaign, ana):
    costs = []
    for tags in (["ar"], ["fr", "pt"]):
        for tag in tags:
            published(campaign.call, tag, ana)
        costs.append(queries_of(client, at(campaign, "in/")))
    page = client.get(at(campaign, "in/")).content.decode()

    sheets = re.findall(
        r'<article class="[^"]*sheet-of-language" id="in-(\w+)"[^>]* dir="(\w+)"', page
    )
    assert sheets == [("en", "ltr"), ("ar", "rtl"), ("fr", "ltr"), ("pt", "ltr")]
    assert costs[0] == costs[1]
    wrong = client.get(f"/en/campaigns/{campaign.code}/other/in/")
    assert (wrong.status_code, wrong["Location"]) == (301, at(campaign, "in/"))


def test_slips_to_tear_off_name_the_short_address_while_there_is_a_day_to_come_to(
    client, campaign, steward, week
):
    slip = f"<bdi>localhost:8000/campaigns/{campaign.code}</bdi>"
    assert client.get(at(campaign)).content.decode().count(slip) == 8
    gone = timezone.localdate() - timedelta(days=3)
    services.change_moment(week, starts_on=gone, ends_on=gone, under=steward)
    assert slip not in client.get(at(campaign)).content.decode()


def test_a_campaign_that_was_closed_before_its_day_says_so(client, campaign, steward, week):
    assert "Closed" not in client.get(at(campaign)).content.decode()
    services.take_step(campaign, STEPS["close"], under=steward)
    assert "<br>Closed</span>" in client.get(at(campaign)).content.decode()


def test_the_page_turns_with_the_time(client, campaign, steward):
    today = timezone.localdate()
    moment = services.add_moment(
        campaign, kind="day", starts_on=today, ends_on=today, under=steward
    )
    assert "Happening now" in client.get(at(campaign)).content.decode()
    gone = today - timedelta(days=3)
    services.change_moment(moment, starts_on=gone, ends_on=gone, under=steward)
    assert "Over" in client.get(at(campaign)).content.decode()
    services.take_step(campaign, STEPS["close"], under=steward)
    text = client.get(at(campaign)).content.decode()
    assert f"{gone.year}, past" in text
    assert "Endorse as an organisation" not in text


def test_past_editions_stand_on_a_page_of_their_own(client, campaign, week, steward):
    services.add_moment(campaign, kind="day", under=steward, **days("2024-05-05"))
    text = client.get(at(campaign)).content.decode()
    assert "5 May 2024" not in text
    assert at(campaign, "editions/2024/") in text
    assert "5 May 2024" in client.get(at(campaign, "editions/2024/")).content.decode()
    assert client.get(at(campaign, "editions/1999/")).status_code == 404


@pytest.mark.parametrize("name", ["2023/24", "the 3rd?", "Año 1", "مرة"])
def test_an_edition_may_have_any_name(client, campaign, week, steward, name):
    services.add_moment(campaign, kind="day", edition=name, under=steward, **days("2024-05-05"))
    page = client.get(at(campaign)).content.decode()
    [address] = re.findall(r'href="([^"]*/editions/[^"]*)"', page)
    assert "5 May 2024" in client.get(address).content.decode()


def test_a_later_edition_of_a_series_points_to_the_earlier_and_back(
    client, campaign, steward, union
):
    services.take_step(campaign, STEPS["close"], under=steward)
    later = services.start(
        Names(en="Rivers again"),
        source_language="en",
        convenors=[union],
        follows=campaign,
        under=steward,
    )
    texts.save_source(later.call, "Again.", seen_revision=0, by=steward.person)
    texts.publish_version(later.call, by=steward.person)
    publish(later, steward)
    assert at(campaign) in client.get(at(later)).content.decode()
    assert at(later) in client.get(at(campaign)).content.decode()


@pytest.mark.parametrize("by", ["", "country/", "region/", "kind/"])
def test_signers_are_listed_by_name_country_region_and_kind(client, campaign, signed, by):
    page = client.get(at(campaign, f"signers/{by}"))
    assert "Union of Port Workers" in page.content.decode()
    if by == "country/":
        assert "Portugal" in page.content.decode()


def test_withdrawn_and_recorded_and_former_signers_say_so(
    client, campaign, signed, union, ana, library, steward
):
    services.record(
        campaign, on_behalf_of=library, given_at=timezone.now(), proof="x", under=steward
    )
    services.withdraw_endorsement(signed, under=mandate_of(ana, union))
    library.state, library.member_until = "left", timezone.now()
    library.save()
    text = client.get(at(campaign)).content.decode()
    assert "(recorded by the secretariat)" in text
    assert "withdrawn" in text
    assert "(member until" in text
    assert "1 organisation has signed." in text


def queries_of(client, path: str) -> int:
    """How many queries a page costs, once everything that is made only once has been made."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_a_campaign_page_costs_as_many_queries_at_any_length(client, campaign, steward):
    costs = []
    for wanted in (1, 3):
        for organisation in members(wanted, country="BR"):
            services.record(
                campaign,
                on_behalf_of=organisation,
                given_at=timezone.now(),
                proof="x",
                under=steward,
            )
            services.add_moment(campaign, kind="day", under=steward, **days("2030-05-05"))
        demands = [Names(en=f"Demand {number}") for number in range(wanted)]
        services.set_demands(campaign, demands, under=steward)
        costs.append([queries_of(client, at(campaign, end)) for end in ("", "signers/country/")])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 16


def test_the_list_costs_as_many_queries_at_any_length(client, union, steward):
    costs = []
    for wanted in (1, 3):
        for number in range(wanted):
            campaign = publish(start(steward, union, names=Names(en=f"Call {number}")), steward)
            services.add_moment(campaign, kind="day", under=steward, **days("2030-05-05"))
        costs.append(queries_of(client, "/en/campaigns/"))
    assert costs[0] == costs[1] <= 8


def test_no_public_list_scans_a_table(campaign, signed, steward):
    """EXPLAIN shows an index wherever the number of rows grows with use."""
    queries = [
        Campaign.objects.published().filter(state="published").order_by("-published_at")[:50],
        Campaign.objects.published().filter(series=campaign.series).order_by("-published_at")[:30],
        signers_of(campaign)[:100],
        withdrawn_of(campaign)[:100],
        campaign.moments.all(),
        campaign.demands.kept(),
        campaign.invitations.to_remind(),
    ]
    for query in queries:
        plan = query.explain()
        table = query.model._meta.db_table
        if connection.vendor == "sqlite":
            assert f"SCAN {table}" not in plan, plan
            assert "INDEX" in plan


HOSTILE = [
    "<script>alert(1)</script>",
    "{{7*7}} {% now 'Y' %}",
    "\u202eright to left\u202c",
    "e\u0301" * 60,
    "a" * 200,
    "مدن للأنهار",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_are_inert_everywhere(client, union, ana, steward, title):
    campaign = start(steward, union, names=Names(en=title))
    services.change(campaign, lead=Names(en=title), hashtags=["x"], under=steward)
    services.set_demands(campaign, [Names(en=title)], under=steward)
    publish(campaign, steward)
    first = timezone.localdate() + timedelta(days=9)
    services.add_moment(
        campaign,
        kind="day",
        starts_on=first,
        ends_on=first,
        names=Names(en=title),
        where=Names(en=title),
        under=steward,
    )
    services.endorse(campaign, on_behalf_of=union, under=mandate_of(ana, union))
    for end in ("", "signers/", "in/en/"):
        text = client.get(at(campaign, end)).content.decode()
        assert "<script>alert" not in text
        if "7*7" in title:
            assert "{{7*7}}" in text
            assert ">49" not in text
    ics = client.get(f"/en/campaigns/{campaign.code}/calendar.ics").content
    assert all(len(line) <= 75 for line in ics.split(b"\r\n"))
    picture = client.get(f"/en/campaigns/{campaign.code}/preview-x.png", follow=True)
    assert picture.content.startswith(b"\x89PNG")


def test_a_cancelled_day_is_struck_on_the_stub_and_the_title_stays(client, campaign, week, steward):
    services.cancel_moment(week, under=steward)
    text = client.get(campaign.get_absolute_url()).content.decode()
    stub = text[text.index('class="stub"') : text.index("</section>")]
    assert "struck" in stub
    assert "Cancelled" in stub
    assert "Add to calendar" not in stub
    assert "Endorse as an organisation" in text
    assert "Rivers for all</h1>" in text


def test_a_call_that_falls_back_keeps_the_title_that_is_there(client, campaign):
    text = client.get(at(campaign, "in/es/")).content.decode()
    assert "Ríos para todos</h1>" in text
    assert "Not yet in Spanish." in text
