"""A committee whose organisations are all gone acts no more, until one is a member again."""

import pytest
from django.urls import reverse

from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.network import rules, services
from convoca.network.models import Committee, Mandate
from convoca.network.services.organisations import move
from tests.cast import make_organisation, make_person, mandate_of


@pytest.fixture
def suspend(bo, ben):
    """Two stewards suspend an organisation; answers the decision."""

    def suspend(organisation):
        decision = services.propose("suspend", organisation, reason="!", under=mandate_of(bo))
        return services.confirm(decision, under=mandate_of(ben))

    return suspend


@pytest.mark.parametrize("state", ["suspended", "ended", "left"])
def test_nobody_acts_for_a_committee_whose_only_organisation_is_gone(state, fay, harbour, union):
    move(union, state, until=union.member_since)

    assert services.mandates_of(fay) == []
    assert not rules.hosts(fay, harbour)
    assert not rules.may_edit_committee(fay, harbour)
    assert list(Committee.objects.of(fay)) == []
    assert (harbour.is_active, harbour.is_paused) == (True, True)


def test_a_committee_goes_on_while_one_organisation_is_a_member(
    fay, harbour, union, library, suspend
):
    harbour.organisations.add(library)
    suspend(union)

    assert [m.committee for m in services.mandates_of(fay)] == [harbour]
    suspend(library)
    assert services.mandates_of(fay) == []


def test_a_committee_of_no_organisation_stands_by_itself(fay, harbour):
    harbour.organisations.clear()

    assert rules.hosts(fay, harbour)
    assert not harbour.is_paused


def test_undoing_the_suspension_lets_it_go_on(fay, harbour, union, suspend, bo):
    services.undo(suspend(union), under=mandate_of(bo))

    assert rules.hosts(fay, harbour)


def test_its_host_is_out_at_once_in_an_open_session(fay, harbour, suspend, union, client, network):
    client.force_login(fay)
    address = reverse("network:edit-committee", args=[harbour.code])
    before = client.get(address).status_code
    suspend(union)

    assert (before, client.get(address).status_code) == (200, 403)


def test_nobody_is_brought_into_a_paused_committee(fay, harbour, union, suspend, bo):
    sent = services.invite("role", committee=harbour, role="host", email="g@example.org", by=fay)
    suspend(union)
    for step in (
        lambda: services.accept(sent.invitation, name="Gil"),
        lambda: services.invite("role", committee=harbour, role="host", uses=2, by=bo),
        lambda: services.grant(make_person("Gil"), "host", committee=harbour),
    ):
        with pytest.raises(Refusal) as refused:
            step()
        assert refused.value.code == "committee-paused"


def test_its_public_page_says_so_and_gives_no_way_to_reach_it(harbour, union, suspend, client):
    harbour.contact = "At the quay on Mondays"
    harbour.save()
    before = client.get(harbour.get_absolute_url()).content.decode()
    suspend(union)
    after = client.get(harbour.get_absolute_url()).content.decode()

    assert ("At the quay" in before, "Paused." in before) == (True, False)
    assert ("At the quay" in after, "Paused." in after) == (False, True)


def test_lists_and_counts_of_those_who_act_leave_it_out(harbour, union, suspend, client, network):
    suspend(union)

    assert list(client.get("/en/committees/").context["committees"]) == []
    assert client.get("/en/about/").context["counts"]["committees"] == 0
    assert "Paused" in client.get(union.get_absolute_url()).content.decode()


def test_a_steward_finds_the_paused_ones(harbour, union, suspend, bo, client, network):
    services.start_committee(Names(en="Spring committee"))
    suspend(union)
    client.force_login(bo)
    found = {
        state: [
            str(c)
            for c in client.get(f"/en/work/network/committees/?state={state}").context["committees"]
        ]
        for state in ("", "active", "paused", "ended")
    }
    assert found == {
        "": ["Harbour committee", "Spring committee"],
        "active": ["Spring committee"],
        "paused": ["Harbour committee"],
        "ended": [],
    }
    assert "paused" in client.get(reverse("network:committees-csv")).content.decode()
    page = client.get(harbour.get_work_url()).content.decode()
    assert "It goes on by itself" in page


def test_the_rule_and_the_row_say_the_same(union, library):
    """Every mix of states, once in SQL and once in Python."""
    states = [[], ["member"], ["left"], ["left", "member"], ["left", "ended"], ["invited", "left"]]
    for number, mix in enumerate(states):
        committee = services.start_committee(Names(en=f"Mix {number}"))
        committee.organisations.set(
            [make_organisation(f"{number} {state}", state=state) for state in mix]
        )
    acting = set(Committee.objects.acting())
    assert [(c in acting) == (not c.is_paused) for c in Committee.objects.all()] == [True] * 6
    assert len(acting) == 4


def test_a_coordinator_cannot_leave_a_committee_without_any_organisation(
    ana, harbour, union, client, network
):
    client.force_login(ana)
    address = reverse("network:edit-committee", args=[harbour.code])
    answer = client.post(address, {"names-in-en": "Harbour committee", "country": "PT"})

    assert answer.status_code == 422
    assert "Choose your organisation." in answer.content.decode()
    assert list(harbour.organisations.all()) == [union]
    assert Mandate.objects.filter(committee=harbour).count() == 0
