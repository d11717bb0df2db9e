from datetime import timedelta

import pytest
from django.utils import timezone

from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.outbox import services as outbox
from convoca.texts import services
from convoca.texts.models import Translation
from tests.texts.conftest import SECOND, published, translate


def test_where_a_pair_has_a_second_person_they_review(text, rhea, rui):
    translation = services.submit(translate(text, "fr", rhea), by=rhea)

    assert (translation.state, services.reading(text, "fr").language) == ("review", "es")
    assert [m.template for m in outbox.pending(to=rui)][-1] == "texts/review"

    services.approve(translation, by=rui)

    assert (translation.state, translation.is_reviewed) == ("published", True)
    assert not services.reading(text, "fr").unreviewed
    assert [m.template for m in outbox.pending(to=rhea)][-1] == "texts/published"


def test_where_there_is_no_second_person_it_is_published_as_unreviewed(text, sol):
    translation = services.submit(translate(text, "qu", sol), by=sol)
    assert (translation.state, translation.is_reviewed) == ("published", False)
    assert services.reading(text, "qu").unreviewed


def test_handing_in_twice_is_once(text, rhea, rui):
    translation = services.submit(translate(text, "fr", rhea), by=rhea)
    services.submit(translation, by=rhea)
    assert Entry.objects.filter(event="translation.submitted").count() == 1


def test_the_first_time_every_paragraph_must_have_words(text, rhea):
    translation = services.open_translation(text, "fr", by=rhea)
    services.save_paragraph(translation, 2, "L'eau.", seen_revision=0, by=rhea)
    with pytest.raises(Refusal, match="4 paragraphs have no words yet"):
        services.submit(translation, by=rhea)


def test_a_renewal_may_come_in_parts(text, sol, edit):
    translation = published(text, "qu", sol)
    edit(text, SECOND + "\nUna frase más.")
    row = translation.paragraphs.get(key=3)
    services.save_paragraph(translation, 3, "Soqta.", seen_revision=row.revision, by=sol)

    services.submit(translation, by=sol)

    reading = services.reading(text, "qu")
    assert [part.body for part in reading.missing] == ["Una frase más."]
    assert reading.older == []


def test_the_submitter_cannot_approve(text, rhea, rui, stu):
    translation = services.submit(translate(text, "fr", rhea), by=rhea)
    with pytest.raises(Refusal) as refused:
        services.approve(translation, by=rhea)
    assert refused.value.code == "review-own"


def test_who_wrote_everything_cannot_approve_either(text, rhea, rui):
    translation = services.submit(translate(text, "fr", rhea), by=rui)
    with pytest.raises(Refusal) as refused:
        services.approve(translation, by=rhea)
    assert refused.value.code == "review-own"


def test_nothing_is_approved_that_changed_since_it_was_looked_at(text, rhea, rui):
    translation = services.submit(translate(text, "fr", rhea), by=rhea)
    seen = translation.revision
    services.save_paragraph(translation, 2, "Autre.", seen_revision=1, by=rhea)
    with pytest.raises(Refusal, match="Look at it once more"):
        services.approve(translation, by=rui, seen_revision=seen)


def test_sent_back_with_a_note_it_is_a_draft_again(text, rhea, rui):
    translation = services.submit(translate(text, "fr", rhea), by=rhea)
    services.send_back(translation, "La date ?", by=rui)
    assert (translation.state, translation.note, translation.noted_by) == (
        "draft",
        "La date ?",
        rui,
    )
    assert [m.template for m in outbox.pending(to=rhea)][-1] == "texts/sent-back"
    services.submit(translation, by=rhea)
    assert translation.note == ""


def test_one_takes_back_ones_own_without_a_note(text, rhea, rui):
    translation = services.submit(translate(text, "fr", rhea), by=rhea)
    services.send_back(translation, "", by=rhea)
    assert translation.stage == "draft"


def test_readers_keep_what_is_published_until_the_next_is_approved(text, rhea, rui):
    translation = published(text, "fr", rhea)
    row = translation.paragraphs.get(key=2)
    services.save_paragraph(translation, 2, "Nouveau.", seen_revision=row.revision, by=rhea)

    assert translation.is_being_renewed
    assert "Nouveau" not in services.reading(text, "fr").html

    services.approve(services.submit(translation, by=rhea), by=rui)
    assert "Nouveau" in services.reading(text, "fr").html


def test_handing_in_what_readers_have_is_refused(text, rhea):
    with pytest.raises(Refusal) as refused:
        services.submit(published(text, "fr", rhea), by=rhea)
    assert refused.value.code == "translation-unchanged"


def test_a_withdrawn_translation_comes_back_within_thirty_days(text, rhea, stu):
    translation = published(text, "fr", rhea)
    services.withdraw(translation, by=stu)
    services.withdraw(translation, by=stu)
    assert services.reading(text, "fr").is_fallback

    services.restore(translation, by=stu)
    assert services.reading(text, "fr").language == "fr"
    assert translation.stage == "published"


def test_after_thirty_days_only_the_working_copy_is_left(text, rhea, stu):
    translation = published(text, "fr", rhea)
    services.withdraw(translation, by=stu)
    Translation.objects.update(withdrawn_at=timezone.now() - timedelta(days=31))
    with pytest.raises(Refusal):
        services.restore(translation, by=stu)

    assert services.forget_withdrawn() == 1
    assert services.forget_withdrawn() == 0
    translation.refresh_from_db()
    assert (translation.published, translation.paragraphs.count()) == ({}, 5)
    assert translation.state == "draft"

    services.publish_unreviewed(translation, by=stu)
    assert services.reading(text, "fr").language == "fr"


def test_withdrawing_the_language_that_holds_leaves_none(text, rhea, edi, stu):
    translation = published(text, "fr", rhea)
    services.mark_authoritative(text, "fr", by=edi)
    services.withdraw(translation, by=stu)
    text.refresh_from_db()
    assert text.authoritative_language == ""


def test_links_that_the_source_has_not_are_found(text, rhea):
    translation = translate(text, "fr", rhea)
    services.save_paragraph(translation, 2, "[x](https://e.example/)", seen_revision=1, by=rhea)
    assert services.strange_links(translation) == {2: ["https://e.example/"]}


def test_every_step_leaves_a_line_in_the_trail(text, rhea, rui, stu):
    translation = services.submit(translate(text, "fr", rhea), by=rhea)
    services.approve(translation, by=rui)
    services.withdraw(translation, by=stu)
    services.restore(translation, by=stu)
    events = Entry.objects.filter(about_type="texts.translation").order_by("pk")
    assert list(events.values_list("event", "person_id")) == [
        ("translation.started", rhea.pk),
        ("translation.submitted", rhea.pk),
        ("translation.published", rui.pk),
        ("translation.withdrawn", stu.pk),
        ("translation.restored", stu.pk),
    ]


def test_a_title_goes_with_its_translation_and_comes_back_with_it(text, shelf, rhea, stu):
    translation = published(text, "fr", rhea)
    assert shelf.titles[text.pk] == {"es": "Ríos vivos", "fr": "«Ríos vivos»"}

    services.withdraw(translation, by=stu)
    text.refresh_from_db()
    assert shelf.titles[text.pk] == {"es": "Ríos vivos"}
    assert "«" not in text.search

    services.restore(translation, by=stu)
    assert shelf.titles[text.pk] == {"es": "Ríos vivos", "fr": "«Ríos vivos»"}


def test_a_title_that_the_editors_gave_is_not_taken_away_nor_written_over(text, shelf, rhea, stu):
    translation = published(text, "fr", rhea)
    shelf.set_title(text, "fr", "Rivières vives")
    row = translation.paragraphs.get(key=2)
    services.save_paragraph(translation, 2, "L'eau.", seen_revision=row.revision, by=rhea)
    services.publish_unreviewed(translation, by=stu)
    assert shelf.titles[text.pk]["fr"] == "Rivières vives"

    services.withdraw(translation, by=stu)
    assert shelf.titles[text.pk]["fr"] == "Rivières vives"


def test_a_title_given_while_the_translation_was_away_stays(text, shelf, rhea, stu):
    translation = published(text, "fr", rhea)
    services.withdraw(translation, by=stu)
    shelf.set_title(text, "fr", "Rivières vives")
    services.restore(translation, by=stu)
    assert shelf.titles[text.pk]["fr"] == "Rivières vives"


def test_a_renewal_that_waited_can_be_handed_in_after_the_translation_came_back(
    text, sol, stu, edit
):
    translation = published(text, "qu", sol)
    version = edit(text, SECOND).number
    row = translation.paragraphs.get(key=3)
    services.still_right(translation, 3, seen_revision=row.revision, by=sol, base_version=version)
    services.withdraw(translation, by=stu)
    services.restore(translation, by=stu)
    assert (translation.stage, services.reading(text, "qu").older != []) == ("draft", True)

    services.submit(translation, by=sol)
    assert services.reading(text, "qu").older == []


def test_which_language_holds_and_that_none_does_any_more_is_in_the_trail(text, rhea, edi, stu):
    translation = published(text, "fr", rhea)
    services.mark_authoritative(text, "fr", by=edi)
    services.mark_authoritative(text, "fr", by=edi)
    services.withdraw(translation, by=stu)
    lines = Entry.objects.filter(event="text.authority-set").order_by("pk")
    assert [(line.person_id, line.details["language"]) for line in lines] == [
        (edi.pk, "fr"),
        (stu.pk, ""),
    ]
