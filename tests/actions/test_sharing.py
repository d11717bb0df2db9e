"""Passing an action on: facts, the page, posters and pictures, and what never stands on them."""

import re
from dataclasses import replace
from datetime import date, time, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation
from PIL import Image

from convoca.actions.facts import When, Where
from convoca.actions.models import Action, Trigger
from convoca.actions.models.action import Visibility
from convoca.actions.printing import papers
from convoca.actions.services import life
from convoca.actions.sharing_facts import Share, poster_facts
from convoca.actions.views.reading import for_reading
from convoca.campaigns.addresses import root
from convoca.campaigns.front import reader
from convoca.core.names import Names
from convoca.network.models import Network
from tests.actions.making import LISBON, make_action, town, write_action

HOST = root().partition("://")[2]
SUNDAY = date(2027, 6, 13)
PDF = pytest.mark.skipif(not papers.is_possible(), reason="without the extra `pdf`")


def facts_of(action, language="en"):
    with translation.override(language):
        return poster_facts(for_reading().get(pk=action.pk), reader(language=language))


def page(client, action, name="share", *more, language="en"):
    with translation.override(language):
        return client.get(reverse(f"actions:{name}", args=[action.code, *more]))


@pytest.fixture
def sunday(campaign, union):
    """A march with a venue, from ten to noon."""
    where = Where(town(), venue="River gate", street="1 Quay Road")
    when = When(SUNDAY, time(10), last_clock=time(12))
    return make_action(campaign, union, when=when, places=[where])


# What stands on paper


def test_facts_say_day_hour_zone_place_and_hosts(sunday, union):
    facts = facts_of(sunday)

    assert (facts.day, facts.month, facts.weekday) == ("13", "June 2027", "Sunday")
    assert facts.clock == "10:00 – 12:00 Paraguay Time"
    assert facts.place == ("Asunción, Paraguay", "River gate", "1 Quay Road")
    assert facts.hosts == (str(union),)
    assert (facts.kind, facts.campaign, facts.state) == ("March", "Rivers for all", "")
    assert facts.short_address == f"{HOST}/a/{sunday.short_code}"
    assert facts.url.endswith(f"://{facts.short_address}")


def test_facts_in_a_language_the_title_lacks_keep_the_titles_own(sunday):
    facts = facts_of(sunday, "ar")

    assert (facts.title, facts.title_language, facts.title_dir) == (
        "March along the river",
        "en",
        "ltr",
    )
    assert (facts.lang, facts.dir, facts.month) == ("ar", "rtl", "يونيو 2027")


@pytest.mark.parametrize(
    ("visibility", "said"),
    [
        (Visibility.CITY, "The address is told to those who sign up."),
        (Visibility.REQUEST, "The hosts tell the address to those who ask for it."),
    ],
)
def test_a_hidden_address_stands_nowhere(campaign, union, client, visibility, said):
    where = Where(town(), venue="Hush venue", street="Hush street")
    action = make_action(campaign, union, places=[where], visibility=visibility)

    assert facts_of(action).place == ("Asunción, Paraguay", said)
    for name in ("share", "poster", "cards", "detail"):
        more = [action.slug()] if name == "detail" else []
        assert "Hush" not in page(client, action, name, *more).content.decode()


def test_a_route_says_its_stops_with_their_hours(campaign, union):
    action = make_action(
        campaign,
        union,
        places=[
            Where(town(), venue="River gate", clock=time(10)),
            Where(town(), street="Old bridge", clock=time(11, 30)),
            Where(town("Luque"), clock=time(13)),
        ],
    )
    assert facts_of(action).place == (
        "Asunción, Paraguay",
        "10:00 River gate",
        "11:30 Old bridge",
        "13:00 Luque",
    )


def test_what_is_online_says_so_with_the_offset(campaign, union):
    action = write_action(campaign, union, places=[], kind="online", when=When(SUNDAY, time(18)))
    action.zone = "America/Asuncion"
    action.save()
    facts = facts_of(life.let_in(action))

    assert facts.place == ("Online",)
    assert facts.clock == "18:00 Paraguay Time, UTC−3"


def test_a_night_is_its_first_day_and_a_week_is_all_of_its_days(campaign, union):
    night = When(SUNDAY, time(22), last_day=SUNDAY + timedelta(1), last_clock=time(4))
    week = When(SUNDAY, last_day=SUNDAY + timedelta(6))

    one = facts_of(make_action(campaign, union, when=night))
    other = facts_of(make_action(campaign, union, when=week))

    assert (one.day, one.clock) == ("13", "22:00 – 04:00 Paraguay Time")
    assert (other.day, other.clock, other.weekday) == ("13–19", "", "")


def test_what_does_not_stand_says_so(campaign, union, sunday):
    trigger = Trigger.objects.create(campaign=campaign, names=Names(en="the day after the ruling"))
    waits = make_action(campaign, union, trigger=trigger)
    later = life.postpone(make_action(campaign, union))
    off = life.cancel(sunday)

    assert facts_of(waits).state == "On standby: the day after the ruling"
    assert (facts_of(later).state, facts_of(later).day) == ("Postponed, no new day yet", "")
    assert (facts_of(off).state, facts_of(off).is_off, facts_of(off).day) == (
        "Cancelled",
        True,
        "13",
    )


def test_facts_ask_for_nothing_that_was_not_fetched(sunday, django_assert_num_queries):
    action, who = for_reading().get(pk=sunday.pk), reader()
    with django_assert_num_queries(0):
        assert Share(action, who).texts


# The page


def test_the_page_has_address_code_texts_and_links(client, sunday):
    body = page(client, sunday).content.decode()

    address = f"{HOST}/a/{sunday.short_code}"
    assert f'<bdi class="copy" dir="ltr">{address}</bdi>' in body
    assert body.count('class="qr"') == 1
    for tag in Network.load().languages:
        assert f'<p class="copy in-lines" lang="{tag}"' in body
    assert "https://wa.me/?text=" in body
    assert reverse("actions:poster", args=[sunday.code]) in body
    assert re.findall(r'(?:src|<link[^>]* href)="(?!/)', body) == []


def test_a_text_in_the_language_of_the_title_stands_beside_those_of_the_interface(sunday):
    sunday.names = Names(de="Marsch am Fluss", en="March along the river")
    sunday.save()
    texts = {one.tag: one.text for one in Share(for_reading().get(pk=sunday.pk), reader()).texts}

    assert next(iter(texts)) == "en"
    assert texts["de"].splitlines()[0] == "Marsch am Fluss"
    assert texts["de"].splitlines()[1].startswith("Sonntag, 13. Juni 2027")


def test_the_action_s_own_page_leads_there(client, sunday):
    body = client.get(sunday.get_absolute_url()).content.decode()
    assert reverse("actions:share", args=[sunday.code]) in body


@pytest.mark.parametrize("name", ["share", "poster", "cards"])
def test_of_an_action_that_waits_there_is_nothing(client, campaign, union, name):
    waiting = write_action(campaign, union, state="waiting")
    assert page(client, waiting, name).status_code == 404


@pytest.mark.parametrize("word", ["Poster", "Cards", "Share"])
def test_an_action_called_like_one_of_these_pages_has_its_own_page(client, campaign, union, word):
    action = make_action(campaign, union, title=word)
    answer = client.get(action.get_absolute_url())

    assert answer.status_code == 200
    assert answer.templates[0].name == "actions/detail.html"


# Papers and pictures


@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize("name", ["poster", "cards"])
def test_pages_to_print_say_a_cancelled_action_is_off(client, sunday, name, language):
    life.cancel(sunday)
    body = page(client, sunday, name, language=language).content.decode()

    assert f'lang="{language}"' in body
    assert '<span class="struck">March along the river</span>' in body


@PDF
@pytest.mark.parametrize(
    ("name", "paper"),
    [("poster-pdf", "a4"), ("poster-pdf", "a3"), ("poster-pdf", "letter"), ("cards-pdf", "a4"),
     ("cards-pdf", "letter")],
)  # fmt: skip
def test_papers_are_pdf(client, sunday, name, paper):
    answer = page(client, sunday, name, paper)

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content[:5] == b"%PDF-"
    assert f"-{paper}.pdf" in answer["Content-Disposition"]


def test_other_papers_do_not_exist(client, sunday):
    assert page(client, sunday, "poster-pdf", "a5").status_code == 404
    assert page(client, sunday, "cards-pdf", "a3").status_code == 404


@PDF
def test_letters_that_no_face_holds_get_the_page_to_print(client, sunday):
    sunday.names = Names(en="March 川の")
    sunday.save()

    assert b"poster-a4.pdf" not in page(client, sunday).content
    answer = page(client, sunday, "poster-pdf", "a4")
    assert answer.status_code == 404
    assert "no typeface for these letters" in answer.content.decode()
    assert "tear" in answer.content.decode()


def test_the_picture_is_immutable_and_its_address_changes_with_its_words(client, sunday):
    share = Share(for_reading().get(pk=sunday.pk), reader())
    answer = client.get(share.picture_path)

    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Image.open(BytesIO(answer.content)).size == (1080, 1350)
    assert len(answer.content) <= 200_000

    life.cancel(Action.objects.get(pk=sunday.pk))
    fresh = Share(for_reading().get(pk=sunday.pk), reader()).picture_path
    assert fresh != share.picture_path
    moved = client.get(share.picture_path)
    assert (moved.status_code, moved["Location"]) == (302, fresh)


def test_the_stamp_is_of_what_stands_there_and_of_nothing_else(sunday):
    facts = facts_of(sunday)
    assert replace(facts).stamp == facts.stamp
    assert replace(facts, clock="11:00").stamp != facts.stamp


def test_the_zone_is_that_of_the_place(campaign, union):
    lisbon = make_action(campaign, union, places=[Where(town("Lisbon", **LISBON))])
    assert facts_of(lisbon).clock == "10:00 Western European Time"
