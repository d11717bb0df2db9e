import json
from dataclasses import asdict, replace

import pytest
from django.utils import timezone

from convoca.campaigns import services as campaigns
from convoca.campaigns.models import Campaign
from convoca.core.names import Names
from convoca.network import services
from convoca.outbox import services as outbox
from convoca.vault import clock
from convoca.vault.keyring import keyring
from tests.cast import make_organisation, make_person

pytestmark = pytest.mark.django_db


def today(client, person):
    client.force_login(person)
    page = client.get("/en/work/")
    assert page.status_code == 200
    return page


def whats(items):
    return [item.what for item in items]


def test_a_stranger_is_asked_to_sign_in(client, network):
    answer = client.get("/en/work/")
    assert answer.status_code == 302
    assert "/account/sign-in/" in answer["Location"]


def test_a_new_network_has_six_steps_that_tick_themselves(client, bo, network):
    steps = today(client, bo).context["steps"]
    assert len(steps) == 6
    assert not steps[0].is_done

    make_organisation("Union")
    make_organisation("Library")
    assert today(client, bo).context["steps"][0].is_done


def test_the_step_of_the_first_call_leads_to_the_draft(client, bo, ana, union, network):
    assert today(client, bo).context["steps"][1].url == "/en/work/campaigns/start/"
    draft = campaigns.start(
        Names(en="Rivers"),
        source_language="en",
        convenors=[union],
        under=services.mandate_for(ana, organisation=union),
    )
    assert today(client, bo).context["steps"][1].url == f"/en/work/campaigns/{draft.code}/"


def test_members_who_come_all_at_once_are_one_row(client, bo, network):
    for number in range(6):
        make_organisation(f"Union {number}")
    assert whats(today(client, bo).context["since"]) == ["6 organisations are members now"]


def test_others_have_no_steps_and_no_server(client, ana, network):
    page = today(client, ana)
    assert page.context["steps"] == []
    assert "The server" not in page.content.decode()


def test_a_held_server_comes_first_of_what_is_late(client, bo, network):
    outbox.hold("restored")
    assert whats(today(client, bo).context["late"])[0] == "Let mail leave again"


def test_who_acts_for_nobody_is_told_how_that_changes(client, network):
    page = today(client, make_person("Gus"))
    assert "You do not act for anybody yet" in page.content.decode()


def test_a_decision_waits_for_the_other_steward_only(client, bo, ben, union, network):
    mandate = services.mandate_for(bo, roles=["steward"])
    services.propose("suspend", union, reason="Two members object.", under=mandate)

    assert not any("Suspend" in what for what in whats(today(client, bo).context["waits"]))
    assert any("Suspend" in what for what in whats(today(client, ben).context["waits"]))


def test_an_ended_mandate_takes_its_rows_away(client, bo, ben, union, network):
    outbox.hold("restored")
    assert today(client, bo).context["late"]
    services.end_mandate(services.grant(make_person("Cy"), "steward"), by=ben)
    services.grant(make_person("Di"), "steward")
    services.end_mandate(services.mandate_for(bo, roles=["steward"]), by=ben)
    assert today(client, bo).context["late"] == []


def test_a_draft_waits_for_the_organisation_that_convenes_it(client, ana, eve, union, network):
    campaigns.start(
        Names(en="River Week"),
        source_language="en",
        convenors=[union],
        under=services.mandate_for(ana, organisation=union),
    )
    assert Campaign.objects.get().created_at <= timezone.now()
    assert whats(today(client, ana).context["waits"]) == ["Go on with the draft of River Week"]
    assert today(client, eve).context["waits"] == []


def test_a_steward_is_told_that_nothing_is_deleted_because_the_clock_moved(
    client, bo, network, settings, tmp_path
):
    settings.CONFIG = replace(settings.CONFIG, home=tmp_path)
    now = clock.Beat.now()
    keyring().note("heartbeat", json.dumps(asdict(replace(now, wall=now.wall - 9e5))))
    late = today(client, bo).context["late"]
    assert whats(late) == ["Personal data is not deleted"]
    assert "convoca purge --clock-is-right" in late[0].why
