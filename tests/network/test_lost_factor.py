"""A member lost the second factor: a steward removes it, on a screen that says what happens."""

import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.urls import reverse

from convoca.accounts import services as accounts
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.network import services
from convoca.outbox import services as outbox
from tests.cast import make_person, mandate_of, with_second_factor


def shown(client, person):
    """Signed in, and the second factor shown a moment ago."""
    client.force_login(person)
    session = client.session
    shown = {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [shown]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(person.pk)
    session.save()
    return client


def address(person) -> str:
    return reverse("network:forget-factors", args=[person.pk])


@pytest.fixture
def lost(dia):
    return with_second_factor(dia)


def test_the_steward_shows_their_own_second_factor_first(client, bo, lost, network):
    client.force_login(bo)
    for asked in (client.get(address(lost)), client.post(address(lost))):
        assert asked["Location"].startswith("/en/account/again/?next=")
    assert accounts.has_second_factor(lost)


def test_the_page_says_what_happens_and_the_step_does_it(client, bo, lost, network):
    steward = shown(client, bo)
    page = steward.get(address(lost)).content.decode()
    answer = steward.post(address(lost))

    assert "signed out everywhere" in page
    assert lost.email in page
    assert answer["Location"] == reverse("network:people")
    assert not accounts.has_second_factor(lost)
    told = outbox.pending(to=lost).last()
    assert (told.template, told.language) == ("accounts/second-factor-forgotten", "fr")
    assert "Bo" in told.body
    entry = Entry.objects.get(event="second-factor.forgotten")
    assert (entry.person_id, entry.mandate_id, entry.about_id) == (
        bo.pk,
        mandate_of(bo).pk,
        str(lost.pk),
    )


def test_stewards_are_not_helped_by_stewards(client, bo, ben, network):
    steward = shown(client, bo)
    page = steward.get(address(ben)).content.decode()
    answer = steward.post(address(ben))

    assert "convoca steward recover ben@example.org" in page
    assert answer.status_code == 422
    assert accounts.has_second_factor(ben)
    with pytest.raises(Refusal) as refused:
        services.forget_factors_of_member(ben, under=mandate_of(bo))
    assert refused.value.code == "steward-recover"


def test_nobody_does_it_for_themselves_or_without_being_a_steward(client, bo, ana, lost, network):
    assert shown(client, bo).get(address(bo)).status_code == 403
    for who in (ana, lost):
        assert (
            shown(client, with_second_factor(who) if who == ana else who)
            .post(address(lost))
            .status_code
            == 403
        )
    assert accounts.has_second_factor(lost)


def test_any_member_is_found_by_their_address(client, bo, ana, network):
    steward = shown(client, bo)
    find = reverse("network:lost-factor")
    found = steward.post(find, {"email": " Ana@Example.org"})
    unknown = steward.post(find, {"email": "nobody@example.org"})

    assert found["Location"] == address(ana)
    assert "mailed code alone" in steward.get(address(ana)).content.decode()
    assert unknown.status_code == 422


def test_the_people_page_offers_it_only_where_there_is_something_to_lose(client, bo, lost, network):
    gil = make_person("Gil")
    services.grant(gil, "press")
    services.grant(lost, "press")
    page = shown(client, bo).get(reverse("network:people")).content.decode()

    assert page.count(address(lost)) == 2
    assert address(gil) not in page
    assert address(bo) not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_people_page_costs_the_same_at_any_length(
    count, client, bo, network, django_assert_num_queries
):
    for number in range(count):
        services.grant(with_second_factor(make_person(f"P{number}")), "press")
    steward = shown(client, bo)
    steward.get(reverse("network:people"))
    with django_assert_num_queries(15):
        steward.get(reverse("network:people"))


def test_it_cannot_be_tried_for_ever(client, bo, network):
    steward = shown(client, bo)
    find = reverse("network:lost-factor")
    statuses = {steward.post(find, {"email": "x@example.org"}).status_code for _ in range(31)}
    assert statuses == {422, 429}
