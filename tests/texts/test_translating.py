from datetime import timedelta

import pytest
from django.utils import timezone

from convoca.core.errors import Refusal
from convoca.outbox import services as outbox
from convoca.texts import services
from convoca.texts.models import Paragraph
from tests.texts.conftest import FIRST, SECOND, published, translate


@pytest.fixture
def fr(text, rhea):
    return services.open_translation(text, "fr", by=rhea)


def test_opening_twice_is_one_translation(text, rhea, rui):
    assert services.open_translation(text, "fr", by=rhea) == services.open_translation(
        text, "fr", by=rui
    )


@pytest.mark.parametrize(
    ("language", "code"), [("es", "language-is-source"), ("nope-x", "language-unknown")]
)
def test_what_cannot_be_translated_into(text, rhea, language, code):
    with pytest.raises(Refusal) as refused:
        services.open_translation(text, language, by=rhea)
    assert refused.value.code == code


def test_nothing_is_translated_before_it_is_published(make_text, rhea):
    with pytest.raises(Refusal) as refused:
        services.open_translation(make_text(words=""), "fr", by=rhea)
    assert refused.value.code == "text-unpublished"


def test_a_saved_paragraph_counts_as_done(fr, rhea):
    services.save_paragraph(fr, 2, "L'eau.", seen_revision=0, by=rhea)
    fr.refresh_from_db()
    assert (fr.total_count, fr.done_count, fr.missing_count, fr.state) == (5, 1, 4, "draft")


def test_saving_the_same_words_again_changes_nothing(fr, rhea, rui):
    services.save_paragraph(fr, 2, "L'eau.", seen_revision=0, by=rhea)
    row = services.save_paragraph(fr, 2, "L'eau.", seen_revision=0, by=rui)
    assert (row.revision, row.by) == (1, rhea)


def test_a_conflict_keeps_both_wordings(fr, rhea, rui):
    services.save_paragraph(fr, 2, "De Rhea.", seen_revision=0, by=rhea)
    with pytest.raises(services.Conflict) as question:
        services.save_paragraph(fr, 2, "De Rui.", seen_revision=0, by=rui)
    assert (question.value.mine, question.value.theirs) == ("De Rui.", "De Rhea.")
    assert (question.value.key, question.value.by) == (2, rhea)


def test_words_made_from_an_older_version_stay_older(text, fr, rhea, edit):
    edit(text, SECOND)
    row = services.save_paragraph(fr, 3, "Le 5.", seen_revision=0, by=rhea, base_version=1)
    fr.refresh_from_db()
    assert (row.base_version, fr.older_count) == (1, 1)
    services.save_paragraph(fr, 3, "Le 6.", seen_revision=1, by=rhea, base_version=2)
    fr.refresh_from_db()
    assert fr.older_count == 0


def test_a_claim_keeps_others_away_for_seven_days(fr, rhea, rui):
    services.claim(fr, 2, by=rhea)
    with pytest.raises(Refusal, match="Rhea has claimed"):
        services.claim(fr, 2, by=rui)

    Paragraph.objects.update(claimed_at=timezone.now() - timedelta(days=7, seconds=1))

    assert services.claim(fr, 2, by=rui).claimed_by == rui


def test_working_on_a_paragraph_renews_its_claim(fr, rhea):
    services.claim(fr, 2, by=rhea)
    Paragraph.objects.update(claimed_at=timezone.now() - timedelta(days=6))
    services.save_paragraph(fr, 2, "L'eau.", seen_revision=0, by=rhea)
    assert fr.paragraphs.get(key=2).claimed_at > timezone.now() - timedelta(minutes=1)


def test_claiming_what_is_open_leaves_what_is_done_and_what_others_have(fr, rhea, rui):
    services.save_paragraph(fr, 1, "# Fleuves", seen_revision=0, by=rui)
    services.claim(fr, 2, by=rui)
    assert services.claim_open(fr, by=rhea) == 3
    mine = fr.paragraphs.filter(claimed_by=rhea).values_list("key", flat=True)
    assert list(mine) == [0, 3, 4]


def test_one_can_only_release_ones_own(fr, rhea, rui):
    services.claim(fr, 2, by=rhea)
    services.release(fr, 2, by=rui)
    assert fr.paragraphs.get(key=2).claimed_by == rhea
    services.release(fr, 2, by=rhea)
    services.release(fr, 2, by=rhea)
    assert fr.paragraphs.get(key=2).claimed_by is None


def test_writing_over_a_claim_tells_whose_it_was(fr, rhea, rui):
    services.claim(fr, 2, by=rhea)
    services.save_paragraph(fr, 2, "De Rui.", seen_revision=0, by=rui, despite_claim=True)
    assert [m.template for m in outbox.pending(to=rhea)][-1] == "texts/written-over"


def test_a_replaced_wording_of_a_colleague_can_be_looked_up(fr, rhea, rui):
    services.save_paragraph(fr, 2, "De Rhea.", seen_revision=0, by=rhea)
    row = services.save_paragraph(fr, 2, "De Rui.", seen_revision=1, by=rui)
    assert [(was["body"], was["by"]) for was in row.earlier] == [("De Rhea.", "Rhea")]


@pytest.mark.parametrize(
    ("key", "words", "code"),
    [
        (0, "x" * 201, "title-too-long"),
        (2, "x" * 20_001, "text-too-long"),
        (2, "a\x00b", "text-unreadable"),
        (99, "x", "paragraph-gone"),
    ],
)
def test_words_that_do_not_fit_are_refused(fr, rhea, key, words, code):
    with pytest.raises(Refusal) as refused:
        services.save_paragraph(fr, key, words, seen_revision=0, by=rhea)
    assert refused.value.code == code


def test_right_to_left_and_combining_marks_are_kept(text, rhea):
    ar = services.open_translation(text, "ar", by=rhea)
    words = "المَاءُ \u202bلِلْجَمِيع\u202c"
    assert services.save_paragraph(ar, 2, words, seen_revision=0, by=rhea).body == words


def test_removed_paragraphs_wait_in_case_they_come_back(text, rhea, edit):
    translation = published(text, "fr", rhea)
    edit(text, "# Por los ríos\n\nNos vemos el 5 de octubre en la plaza.")
    translation.refresh_from_db()
    assert (translation.state, translation.total_count) == ("published", 3)
    assert translation.paragraphs.count() == 5


def test_counts_agree_with_a_fresh_count(text, rhea, rui, edit):
    fr, ar = published(text, "fr", rhea), translate(text, "ar", rui)
    edit(text, FIRST + "\nUna más.")
    for translation in (fr, ar):
        translation.refresh_from_db()
        kept = (translation.missing_count, translation.older_count, translation.behind_count)
        services.recount(text, translation)
        assert kept == (
            translation.missing_count,
            translation.older_count,
            translation.behind_count,
        )


def test_when_a_translator_leaves_drafts_stay_and_others_are_told(text, fr, rhea, rui, roster):
    services.save_paragraph(fr, 2, "L'eau.", seen_revision=0, by=rhea)
    services.claim(fr, 3, by=rhea)

    assert services.translator_left(rhea, ["fr"]) == 0  # another mandate covers the pair still
    del roster.pairs[rhea.pk]
    assert services.translator_left(rhea, ["fr", "ar"]) == 1
    assert services.translator_left(rhea, ["de"]) == 0

    assert fr.paragraphs.get(key=2).body == "L'eau."
    assert not fr.paragraphs.filter(claimed_by=rhea).exists()
    assert [m.template for m in outbox.pending(to=rui)][-1] == "texts/offered"


def test_translators_hear_of_a_new_version_once_each(text, rhea, edit, edi):
    published(text, "fr", rhea)
    published(text, "ar", rhea)
    before = outbox.pending(to=rhea).count()
    edit(text, SECOND)
    fresh = list(outbox.pending(to=rhea))[before:]
    assert [m.template for m in fresh] == ["texts/version"]
    assert outbox.pending(to=edi).count() == 0
