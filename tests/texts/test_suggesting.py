from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from convoca.core.errors import Refusal
from convoca.outbox import services as outbox
from convoca.outbox.models import Message
from convoca.texts import services
from convoca.texts.models import Suggestion
from convoca.texts.services.suggesting import MOST_OPEN
from tests.texts.conftest import published
from tests.texts.test_views import signed_in, url

HERE = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def fr(text, rhea):
    return published(text, "fr", rhea)


def test_a_suggestion_waits_for_the_translators(text, fr, rhea, rui):
    suggestion = services.suggest(text, "fr", 2, "L'eau est à tous.")
    assert suggestion.before == "«El agua es de todos.»"
    queue = signed_in(rui).get("/en/work/translate/")
    assert [g.name for g in queue.context["groups"]][-1] == "Suggestions from readers"


def test_sending_it_twice_is_once(text, fr):
    assert services.suggest(text, "fr", 2, "L'eau.") == services.suggest(text, "fr", 2, " L'eau. ")


@pytest.mark.parametrize(
    ("key", "words", "code"),
    [
        (2, "«El  agua es de todos.»", "suggestion-same"),
        (2, "   ", "suggestion-same"),
        (99, "x", "paragraph-gone"),
        (2, "x" * 20_001, "text-too-long"),
        (2, "\x00", "text-unreadable"),
    ],
)
def test_what_helps_nobody_is_refused(text, fr, key, words, code):
    with pytest.raises(Refusal) as refused:
        services.suggest(text, "fr", key, words)
    assert refused.value.code == code


def test_a_flood_is_stopped(text, fr):
    Suggestion.objects.bulk_create(
        Suggestion(text=text, language="fr", key=2, before="x", words=str(n))
        for n in range(MOST_OPEN)
    )
    with pytest.raises(Refusal) as refused:
        services.suggest(text, "fr", 2, "L'eau.")
    assert refused.value.code == "suggestions-full"


def test_accepted_words_go_into_the_working_copy_and_the_address_is_forgotten(text, fr, rhea):
    suggestion = services.suggest(text, "fr", 2, "L'eau.", address="reader@example.org")
    services.accept(suggestion, by=rhea)

    assert fr.paragraphs.get(key=2).body == "L'eau."
    assert "L'eau." not in services.reading(text, "fr").html
    assert (suggestion.state, suggestion.address) == ("accepted", "")
    mail = Message.objects.get(template="texts/suggestion-answered")
    assert "took your words over" in mail.body


def test_declined_words_change_nothing(text, fr, rhea):
    suggestion = services.suggest(text, "fr", 2, "L'eau.", address="reader@example.org")
    services.decline(suggestion, by=rhea)
    assert fr.paragraphs.get(key=2).body == "«El agua es de todos.»"
    assert suggestion.address == ""
    with pytest.raises(Refusal) as refused:
        services.accept(suggestion, by=rhea)
    assert refused.value.code == "suggestion-answered"


def test_a_paragraph_that_changed_since_is_written_by_hand(text, fr, rhea):
    suggestion = services.suggest(text, "fr", 2, "L'eau.")
    services.save_paragraph(fr, 2, "Autre chose.", seen_revision=1, by=rhea)
    with pytest.raises(Refusal) as refused:
        services.accept(suggestion, by=rhea)
    assert refused.value.code == "suggestion-overtaken"


def test_words_for_the_source_go_into_its_draft(text, edi):
    suggestion = services.suggest(text, "es", 2, "El agua es de todas y todos.")
    services.accept(suggestion, by=edi)
    text.refresh_from_db()
    assert "El agua es de todas y todos." in text.draft
    assert text.has_unpublished_changes


def test_addresses_go_after_ninety_days_and_answers_too(text, fr, rhea):
    old = services.suggest(text, "fr", 2, "L'eau.", address="reader@example.org")
    answered = services.decline(services.suggest(text, "fr", 3, "Le 5."), by=rhea)
    long_ago = timezone.now() - timedelta(days=91)
    Suggestion.objects.filter(pk=old.pk).update(created_at=long_ago)
    Suggestion.objects.filter(pk=answered.pk).update(decided_at=long_ago)

    assert services.forget_old() == 1

    assert list(Suggestion.objects.values_list("words", "address")) == [("L'eau.", "")]


def test_once_a_day_translators_hear_of_new_ones(text, fr, rui):
    services.suggest(text, "fr", 2, "L'eau.")
    services.suggest(text, "fr", 3, "Le 5.")
    services.tell_of_new()
    mail = outbox.pending(to=rui).filter(template="texts/suggestions").get()
    assert "2 suggestions of better words" in " ".join(mail.body.split())


def test_of_suggestions_for_the_original_its_last_writer_hears(text, edi):
    services.suggest(text, "es", 2, "El agua es de todas y todos.")
    assert services.tell_of_new() == 1
    assert [m.template for m in outbox.pending(to=edi)] == ["texts/suggestions"]


def test_the_public_form_shows_the_words_and_takes_better_ones(network, text, fr):
    client = Client()
    page = client.get(url("suggest", text, "fr", 2))
    assert page.status_code == 200
    assert "«El agua es de todos.»" in page.content.decode()
    assert "sessionid" not in page.cookies

    answer = client.post(
        url("suggest-send", text, "fr", 2), {"words": "L'eau.", "note": "", "address": ""},
        headers=HERE,
    )  # fmt: skip
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    assert Suggestion.objects.get().words == "L'eau."


def test_a_refused_form_keeps_what_was_typed(network, text, fr):
    data = {"words": "«El agua es de todos.»", "note": "bonito", "address": "no-mail"}
    page = Client().post(url("suggest-send", text, "fr", 2), data, headers=HERE)
    assert page.status_code == 422
    assert "bonito" in page.content.decode()


def test_a_form_from_a_foreign_page_is_refused(network, text, fr):
    answer = Client().post(
        url("suggest-send", text, "fr", 2),
        {"words": "x"},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(("language", "key"), [("fr", 99), ("ar", 2), ("nope-x", 2), ("FR", 2)])
def test_there_is_no_form_for_what_is_not_there(network, text, fr, language, key):
    assert Client().get(url("suggest", text, language, key)).status_code == 404


def test_there_is_no_form_for_what_strangers_may_not_read(network, text, fr, shelf):
    shelf.is_public = False
    assert Client().get(url("suggest", text, "fr", 2)).status_code == 404
    assert Client().get(url("suggested", text, "fr")).status_code == 404


def test_translators_answer_on_their_page(network, text, fr, rui, nan):
    suggestion = services.suggest(text, "fr", 2, "<script>alert(1)</script>")
    client = signed_in(rui)
    page = client.get(url("suggestions", text, "fr"))
    assert "&lt;script&gt;" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    answer = client.post(url("decide", text, "fr", suggestion.pk), {"do": "accept"})
    assert answer.status_code == 302
    again = client.post(url("decide", text, "fr", suggestion.pk), {"do": "accept"})
    assert again.status_code == 422
    assert signed_in(nan).get(url("suggestions", text, "fr")).status_code == 403
