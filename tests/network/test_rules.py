"""Who may, and who may not: one table over the fixed cast."""

import pytest

from convoca.network import rules, services
from convoca.network.models import Decision
from tests.cast import make_organisation, make_person, mandate_of

CAST = ("ana", "bo", "chi", "dia", "eve", "fay")


@pytest.fixture
def people(ana, bo, chi, dia, eve, fay):
    return {"ana": ana, "bo": bo, "chi": chi, "dia": dia, "eve": eve, "fay": fay}


def who(people, question) -> str:
    """The names of those for whom the answer is yes."""
    return " ".join(name for name in CAST if question(people[name]))


def test_rules_of_the_network(people):
    assert who(people, rules.is_steward) == "bo"
    assert who(people, rules.may_steward) == "bo"
    assert who(people, rules.may_read_trail) == "bo"
    assert who(people, rules.may_invite_member) == "bo"
    assert who(people, rules.is_member) == "ana bo dia eve fay"
    assert who(people, rules.has_network_role) == "bo dia"
    assert who(people, rules.may_start_committee) == "ana bo eve"


def test_rules_of_an_organisation(people, union):
    def on_union(rule):
        return who(people, lambda person: rule(person, union))

    assert on_union(rules.speaks_for) == "ana"
    assert on_union(rules.acts_for) == "ana"
    assert on_union(rules.may_see_organisation_at_work) == "ana bo"
    assert on_union(rules.may_edit_organisation) == "ana bo"
    assert on_union(rules.may_leave_network) == "ana"
    assert on_union(rules.may_propose) == "bo"
    assert on_union(rules.may_admit) == ""
    assert who(people, lambda p: rules.speaks_for_any(p, [union])) == "ana"


def test_an_asking_organisation_is_admitted_by_stewards(people):
    asking = make_organisation("Friends of the Spring", state="asked")
    assert who(people, lambda p: rules.may_admit(p, asking)) == "bo"
    assert who(people, lambda p: rules.may_see_organisation_at_work(p, asking)) == "bo"


def test_rules_of_a_committee(people, harbour):
    assert who(people, lambda p: rules.may_edit_committee(p, harbour)) == "ana bo fay"
    assert who(people, lambda p: rules.hosts(p, harbour)) == "fay"


def test_a_communicator_edits_but_does_not_speak_for_the_organisation(union):
    gil = make_person("Gil")
    services.grant(gil, "communicator", organisation=union)
    assert rules.may_edit_organisation(gil, union)
    assert not rules.speaks_for(gil, union)
    assert not rules.may_leave_network(gil, union)


def test_who_may_give_which_role(people, union, harbour):
    def given(**whom):
        return {
            name: rules.roles_to_grant(people[name], **whom)
            for name in CAST
            if rules.roles_to_grant(people[name], **whom)
        }

    assert given(organisation=union) == {"ana": ("coordinator", "communicator", "delegate")}
    assert given(committee=harbour) == {"ana": ("host",), "bo": ("host",), "fay": ("host",)}
    assert given() == {"bo": ("steward", "moderator", "translator", "press", "credentials")}


def test_a_steward_brings_in_only_the_first_coordinator(bo):
    fresh = make_organisation("Fishers of the Bay")
    assert rules.roles_to_grant(bo, organisation=fresh) == ("coordinator",)

    services.grant(make_person("Gil"), "coordinator", organisation=fresh)
    assert rules.roles_to_grant(bo, organisation=fresh) == ()


def test_who_may_end_a_mandate(people, union, harbour):
    def ends(mandate):
        return who(people, lambda p: rules.may_end_mandate(p, mandate))

    assert ends(mandate_of(people["ana"], union)) == "ana"
    assert ends(mandate_of(people["dia"])) == "bo dia"
    assert ends(services.mandate_for(people["fay"], committee=harbour)) == "ana bo fay"


def test_who_may_answer_a_decision(people, ben, union):
    decision = Decision.objects.create(
        kind="suspend", organisation=union, reason="No answer for a year.", proposed_by=people["bo"]
    )
    assert who(people, lambda p: rules.may_confirm(p, decision)) == ""
    assert rules.may_confirm(ben, decision)
    assert who(people, lambda p: rules.may_withdraw(p, decision)) == "bo"
    assert who(people, lambda p: rules.may_undo(p, decision)) == ""


def test_a_moderator_lets_in_only_for_the_named_countries(db):
    gil, hana = make_person("Gil"), make_person("Hana")
    services.grant(gil, "moderator", countries=["PT", "ES"])
    services.grant(hana, "moderator")
    assert rules.has_role(gil, "moderator", country="PT")
    assert not rules.has_role(gil, "moderator", country="FR")
    assert rules.has_role(hana, "moderator", country="FR")
