import pytest

from convoca.core.errors import Refusal
from convoca.network import handover, services
from convoca.network.models import Mandate
from convoca.outbox import services as outbox
from tests.cast import make_person, mandate_of


@pytest.fixture
def given(monkeypatch):
    """Some open work, and to whom it was given."""
    given = []
    monkeypatch.setattr(handover, "_sources", [])
    handover.register(lambda mandate: [handover.Work("A call to translate", "/en/", given.append)])
    return given


def test_everything_goes_to_the_successor_in_one_step(ana, union, given):
    services.grant(ana, "delegate", organisation=union)
    waiting = services.invite(
        "role", organisation=union, role="delegate", email="ivo@example.org", by=ana
    ).invitation
    gil = make_person("Gil")
    services.hand_over(mandate_of(ana, union), to=gil)

    assert services.mandates_of(ana) == []
    assert {m.role for m in services.mandates_of(gil)} == {"coordinator", "delegate"}
    assert given == [gil, gil]
    waiting.refresh_from_db()
    assert waiting.invited_by == gil
    assert outbox.pending(to=gil).last().template == "network/handed-over"


def test_a_successor_by_mail_takes_over_by_accepting(ana, union, given):
    mandate = mandate_of(ana, union)
    sent = services.invite(
        "role",
        organisation=union,
        role="coordinator",
        email="gil@example.org",
        replaces=mandate,
        under=mandate,
    )
    assert services.mandate_for(ana, union) == mandate

    accepted = services.accept(sent.invitation, name="Gil")
    assert services.mandates_of(ana) == []
    assert given == [accepted.person]
    assert services.has_coordinator(union)


def test_nobody_hands_over_to_themselves_or_twice(ana, union):
    mandate = mandate_of(ana, union)
    with pytest.raises(Refusal) as refused:
        services.hand_over(mandate, to=ana)
    assert refused.value.code == "successor-same"

    services.hand_over(mandate, to=make_person("Gil"))
    with pytest.raises(Refusal) as refused:
        services.hand_over(mandate, to=make_person("Hana"))
    assert refused.value.code == "mandate-ended"


def test_a_steward_cannot_hand_over_to_the_only_other_steward(bo, ben):
    with pytest.raises(Refusal) as refused:
        services.hand_over(mandate_of(bo), to=ben)
    assert refused.value.code == "stewards-too-few"

    services.hand_over(mandate_of(bo), to=make_person("Gil"))
    assert Mandate.objects.standing().stewards().count() == 2


def test_a_translator_hands_over_with_the_pairs(dia):
    gil = make_person("Gil")
    services.hand_over(mandate_of(dia), to=gil)
    assert mandate_of(gil).language_pairs == [["en", "fr"], ["es", "fr"]]
