from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.network import services
from convoca.network.models import Mandate, Organisation
from tests.cast import make_person, mandate_of


def test_a_mandate_says_for_whom(ana, bo, fay, union):
    assert mandate_of(ana, union).for_words == "for Union of Port Workers"
    assert mandate_of(bo).for_words == "for the network"
    assert [m.for_words for m in services.mandates_of(fay)] == ["for Harbour committee"]


@pytest.mark.parametrize(
    "facts",
    [
        {"role": "steward", "whom": "organisation"},
        {"role": "coordinator", "whom": "network"},
        {"role": "coordinator", "whom": "committee"},
        {"role": "host", "whom": "organisation"},
        {"role": "host", "whom": "both"},
        {"role": "steward", "whom": "network", "countries": ["PT"]},
        {"role": "moderator", "whom": "network", "language_pairs": [["en", "fr"]]},
        {"role": "press", "whom": "network", "until_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_the_database_refuses_a_mandate_that_cannot_be(facts, ana, union, harbour):
    whom = facts.pop("whom")
    facts["organisation"] = union if whom in ("organisation", "both") else None
    facts["committee"] = harbour if whom in ("committee", "both") else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(person=make_person("Gil"), **facts)


def test_the_same_role_cannot_be_held_twice_at_once(ana, union):
    with pytest.raises(Refusal) as refused:
        services.grant(ana, "coordinator", organisation=union)
    assert refused.value.code == "mandate-overlaps"
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(person=ana, organisation=union, role="coordinator")


def test_a_mandate_may_follow_another_but_not_overlap_it(union):
    gil, now = make_person("Gil"), timezone.now()
    week = timedelta(days=7)
    first = services.grant(gil, "delegate", organisation=union, until_at=now + week)
    with pytest.raises(Refusal):
        services.grant(gil, "delegate", organisation=union, from_at=now + week / 2)
    after = services.grant(gil, "delegate", organisation=union, from_at=now + week)

    assert list(gil.mandates.standing()) == [first]
    assert list(gil.mandates.standing(now + week)) == [after]


def test_a_mandate_that_would_end_before_it_begins_is_refused(union):
    with pytest.raises(Refusal) as refused:
        services.grant(make_person("Gil"), "delegate", organisation=union, until_at=timezone.now())
    assert refused.value.code == "mandate-dates"


def test_ending_twice_changes_nothing(bo, dia):
    mandate = mandate_of(dia)
    ended = services.end_mandate(mandate, under=mandate_of(bo))
    again = services.end_mandate(mandate, under=mandate_of(bo))

    assert again.until_at == ended.until_at
    assert Entry.objects.filter(event="mandate.ended").count() == 1
    assert services.mandates_of(dia) == []


def test_a_mandate_that_has_not_begun_can_be_ended(union, ana):
    later = timezone.now() + timedelta(days=3)
    mandate = services.grant(make_person("Gil"), "delegate", organisation=union, from_at=later)
    services.end_mandate(mandate, under=mandate_of(ana, union))

    assert list(Mandate.objects.filter(pk=mandate.pk).standing(later)) == []


def test_the_last_coordinator_of_a_member_cannot_be_ended(ana, union):
    with pytest.raises(Refusal) as refused:
        services.end_mandate(mandate_of(ana, union), by=ana)
    assert refused.value.code == "coordinator-last"

    services.grant(make_person("Gil"), "coordinator", organisation=union)
    services.end_mandate(mandate_of(ana, union), by=ana)
    assert services.mandates_of(ana) == []


def test_the_network_keeps_two_stewards(bo, ben):
    with pytest.raises(Refusal) as refused:
        services.end_mandate(mandate_of(ben), under=mandate_of(bo))
    assert refused.value.code == "stewards-too-few"

    services.grant(make_person("Gil"), "steward")
    services.end_mandate(mandate_of(ben), under=mandate_of(bo))
    assert Mandate.objects.standing().stewards().count() == 2


@pytest.mark.parametrize("state", ["suspended", "ended", "left"])
def test_mandates_of_former_members_stand_no_more(state, ana, union):
    union.state, union.member_until = state, timezone.now()
    union.save()
    assert services.mandates_of(ana) == []
    assert services.mandate_for(ana, union) is None
    assert list(Organisation.objects.of(ana)) == []


def test_mandates_of_inactive_people_do_not_stand(ana, union):
    ana.is_active = False
    ana.save()
    assert services.mandates_of(ana) == []


def test_other_language_pairs_end_the_old_mandate_and_begin_a_new_one(dia, bo):
    old = mandate_of(dia)
    new = services.rearrange(old, language_pairs=[("EN", "pt_br")], under=mandate_of(bo))

    old.refresh_from_db()
    assert old.has_ended
    assert new.language_pairs == [["en", "pt-BR"]]
    assert services.mandates_of(dia) == [new]


def test_an_unknown_language_or_one_into_itself_is_refused(bo):
    gil = make_person("Gil")
    for pair in [("en", "xx-nonsense"), ("en", "en")]:
        with pytest.raises(Refusal):
            services.grant(gil, "translator", language_pairs=[pair])


def test_a_granted_mandate_is_in_the_trail_with_who_granted_it(ana, union):
    services.grant(make_person("Gil"), "delegate", organisation=union, under=mandate_of(ana, union))
    entry = Entry.objects.get(event="mandate.granted", person_id=ana.pk)
    assert (entry.for_whom, entry.details) == ("Union of Port Workers", {"role": "delegate"})
