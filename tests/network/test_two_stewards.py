"""The network keeps at least two stewards: now, and on every later day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from convoca.accounts import services as accounts
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.network import services
from convoca.network.models import Mandate
from convoca.network.signals import mandate_ended
from tests.cast import make_person, mandate_of

WEEK = timedelta(days=7)


def count(at=None) -> int:
    return Mandate.objects.standing(at).stewards().values("person").distinct().count()


def refused(step) -> str:
    with pytest.raises(Refusal) as refusal:
        step()
    return refusal.value.code


def test_a_last_day_is_refused_where_fewer_than_two_would_be_left_after_it(bo):
    gil, until = make_person("Gil"), timezone.now() + WEEK

    assert refused(lambda: services.grant(gil, "steward", until_at=until)) == "stewards-too-few"
    assert not gil.mandates.exists()


def test_a_steward_for_a_time_needs_two_who_last(bo, ben):
    until = timezone.now() + WEEK
    gil = services.grant(make_person("Gil"), "steward", until_at=until)

    assert (count(), count(gil.until_at)) == (3, 2)


def test_who_lasts_cannot_go_while_the_third_is_there_for_a_time_only(bo, ben):
    """Today two would be left; after the last day of Gil it would be one."""
    services.grant(make_person("Gil"), "steward", until_at=timezone.now() + WEEK)

    assert refused(lambda: services.end_mandate(mandate_of(ben), by=ben)) == "stewards-too-few"
    assert refused(lambda: accounts.leave(ben)) == "stewards-too-few"
    assert refused(lambda: services.hand_over(mandate_of(ben), to=bo)) == "stewards-too-few"


def test_who_follows_on_the_day_counts(bo, ben):
    until = timezone.now() + WEEK
    services.grant(make_person("Gil"), "steward", until_at=until)
    services.grant(make_person("Hana"), "steward", from_at=until)

    services.end_mandate(mandate_of(ben), by=ben)
    assert (count(), count(until)) == (2, 2)


def test_people_whose_account_is_closed_do_not_count(bo, ben):
    gil = make_person("Gil")
    services.grant(gil, "steward")
    gil.is_active = False
    gil.save()

    assert refused(lambda: services.end_mandate(mandate_of(ben), by=ben)) == "stewards-too-few"


def test_an_invitation_for_a_time_is_refused_when_it_is_sent_and_when_it_is_accepted(bo, ben):
    day = timezone.localdate() + WEEK
    facts = {"email": "gil@example.org", "role": "steward", "until_on": day, "by": bo}
    sent = services.invite("role", **facts)
    Mandate.objects.filter(person=ben).update(until_at=timezone.now())

    assert refused(lambda: services.invite("role", **facts)) == "stewards-too-few"
    assert refused(lambda: services.accept(sent.invitation, name="Gil")) == "stewards-too-few"


def test_the_form_says_so_and_keeps_what_was_typed(bo, client, network):
    client.force_login(bo)
    answer = client.post(
        reverse("network:invite-to-network"),
        {
            "role": "steward",
            "way": "mail",
            "email": "gil@example.org",
            "until_on": (timezone.localdate() + WEEK).isoformat(),
        },
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "after that day there would be fewer" in page
    assert 'value="gil@example.org"' in page


def test_who_is_no_steward_any_more_ends_nobody(bo, ben):
    for name in ("Gil", "Hana"):
        services.grant(make_person(name), "steward")
    held = mandate_of(bo)
    services.end_mandate(held, under=mandate_of(ben))

    assert refused(lambda: services.end_mandate(mandate_of(ben), under=held)) == "mandate-ended"


# Mandates that end by their date


def test_a_mandate_that_ends_by_its_date_does_what_an_end_does_once(dia):
    until = timezone.now() + WEEK
    Mandate.objects.filter(person=dia).update(until_at=until)
    heard = []

    def hear(sender, *, mandate, **kwargs):
        heard.append(mandate.person)

    mandate_ended.connect(hear)
    try:
        before = services.settle_ended()
        with time_machine.travel(until + timedelta(minutes=1)):
            after = [services.settle_ended(), services.settle_ended()]
    finally:
        mandate_ended.disconnect(hear)

    assert (before, after, heard) == (0, [1, 0], [dia])
    entry = Entry.objects.get(event="mandate.ended")
    assert (entry.person_id, entry.details) == (None, {"role": "translator"})


def test_what_was_ended_by_hand_is_not_settled_again(dia, bo):
    services.end_mandate(mandate_of(dia), under=mandate_of(bo))

    assert services.settle_ended() == 0
    assert Entry.objects.filter(event="mandate.ended").count() == 1


def test_a_server_that_slept_for_weeks_misses_none(dia, union):
    until = timezone.now() + timedelta(days=1)
    services.grant(make_person("Gil"), "delegate", organisation=union, until_at=until)
    Mandate.objects.filter(person=dia).update(until_at=until)
    with time_machine.travel(until + timedelta(days=40)):
        assert services.settle_ended() == 2


def test_one_that_is_ended_before_it_begins_leaves_room_for_another(union):
    gil, later = make_person("Gil"), timezone.now() + WEEK
    mandate = services.grant(gil, "delegate", organisation=union, from_at=later)
    ended = services.end_mandate(mandate, by=gil)

    assert ended.has_ended
    assert services.grant(gil, "delegate", organisation=union, from_at=later).from_at == later


# A last day stays a last day


def test_other_pairs_keep_the_last_day(dia, bo):
    until = timezone.now() + WEEK
    Mandate.objects.filter(person=dia).update(until_at=until)

    new = services.rearrange(mandate_of(dia), language_pairs=[("es", "fr")], under=mandate_of(bo))
    assert new.until_at == until


def test_a_successor_by_mail_gets_no_more_than_was_handed_over(ana, union):
    gus, until = make_person("Gus"), timezone.now() + WEEK
    mandate = services.grant(gus, "delegate", organisation=union, until_at=until)
    sent = services.invite(
        "role",
        organisation=union,
        role="delegate",
        email="gil@example.org",
        replaces=mandate,
        under=mandate,
    )
    accepted = services.accept(sent.invitation, name="Gil")

    assert accepted.mandate.until_at == until
    assert services.mandates_of(gus) == []


def test_nothing_is_handed_over_by_mail_once_it_has_ended(ana, union):
    mandate = services.grant(make_person("Gus"), "delegate", organisation=union)
    sent = services.invite(
        "role",
        organisation=union,
        role="delegate",
        email="gil@example.org",
        replaces=mandate,
        under=mandate,
    )
    services.end_mandate(mandate, by=mandate.person)

    assert refused(lambda: services.accept(sent.invitation, name="Gil")) == "invitation-over"


def test_a_successor_who_translates_already_keeps_their_pairs_and_gets_the_others(dia):
    dov = make_person("Dov")
    services.grant(dov, "translator", language_pairs=[("en", "pt")])
    services.hand_over(mandate_of(dia), to=dov)

    assert mandate_of(dov).language_pairs == [["en", "pt"], ["en", "fr"], ["es", "fr"]]


def test_a_translator_invited_for_one_more_pair_has_all_of_them(dia, bo):
    sent = services.invite(
        "role",
        role="translator",
        email=dia.email,
        language_pairs=[("en", "pt"), ("en", "fr")],
        by=bo,
    )
    services.accept(sent.invitation, signed_in=dia)

    assert mandate_of(dia).language_pairs == [["en", "fr"], ["es", "fr"], ["en", "pt"]]


def test_the_last_day_is_shown_as_it_was_given(bo, client, network, ana, union):
    until = datetime(2031, 1, 1, tzinfo=ZoneInfo("America/Lima"))
    services.grant(make_person("Gil"), "press", until_at=until)
    client.force_login(bo)

    assert "to 31 December 2030" in client.get(reverse("network:people")).content.decode()
    assert until.date() == date(2031, 1, 1)
