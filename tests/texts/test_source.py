import pytest

from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.pages import services as pages
from convoca.texts import services
from convoca.texts.models import Version
from tests.texts.conftest import FIRST, SECOND, published


@pytest.mark.parametrize(
    ("typed", "tag"),
    [("ht", "ht"), ("QU", "qu"), ("arn", "arn"), ("ckb", "ckb"), ("zh_hant", "zh-Hant")],
)
def test_a_text_may_be_in_any_language_that_has_a_tag(db, typed, tag):
    assert services.start(typed).source_language == tag


@pytest.mark.parametrize("typed", ["", "klingonese", "x", "es--", "<b>"])
def test_an_unknown_language_is_refused_with_examples(db, typed):
    with pytest.raises(Refusal, match="no language tag") as refused:
        services.start(typed)
    assert refused.value.code == "language-unknown"


def test_a_first_version_numbers_paragraphs_block_by_block(text):
    assert text.current.number == 1
    assert [(s.key, s.body) for s in text.sources()] == [
        (0, "Ríos vivos"),
        (1, "# Por los ríos"),
        (2, "El agua es de todos."),
        (3, "Nos vemos el 5 de octubre en la plaza."),
        (4, "- Traer una botella\n- Traer una canción"),
    ]


def test_readers_see_nothing_of_the_draft_before_it_is_published(text, edi):
    services.save_source(text, SECOND, seen_revision=1, by=edi)

    assert "5 de octubre" in services.reading(text, "es").html
    assert text.has_unpublished_changes

    services.publish_version(text, by=edi)

    assert "6 de octubre" in services.reading(text, "es").html
    assert not text.has_unpublished_changes


def test_a_changed_moved_and_unchanged_paragraph_keep_their_keys(text, edit):
    edit(
        text,
        "Nuevo comienzo.\n\n- Traer una botella\n- Traer una canción\n\n# Por los ríos\n\n"
        "Nos vemos el 6 de octubre en la plaza.",
    )
    assert [(s.key, s.body[:9]) for s in text.current.sources()] == [
        (5, "Nuevo com"),
        (4, "- Traer u"),
        (1, "# Por los"),
        (3, "Nos vemos"),
    ]


def test_publishing_the_same_words_again_changes_nothing(text, edi):
    again = services.publish_version(text, by=edi)
    assert again.number == 1
    assert Version.objects.filter(text=text).count() == 1
    assert Entry.objects.filter(event="text.published").count() == 1


def test_publishing_makes_the_owners_pages_old(text, edit):
    before = pages.versions([f"leaflet:{text.pk}", f"text:{text.code}"])
    edit(text, SECOND)
    after = pages.versions(before)
    assert all(after[tag] > before[tag] for tag in before)


def test_a_second_editor_is_asked_and_nothing_is_lost(text, edi, stu):
    services.save_source(text, FIRST + "\nDe Edi.", seen_revision=1, by=edi)

    with pytest.raises(services.Conflict) as question:
        services.save_source(text, FIRST + "\nDe Stu.", seen_revision=1, by=stu)

    assert question.value.mine.endswith("De Stu.")
    assert question.value.theirs.endswith("De Edi.")
    assert (question.value.by, question.value.revision) == (edi, 2)
    text.refresh_from_db()
    assert text.draft.endswith("De Edi.")


def test_two_editors_with_the_same_words_are_not_asked(text, edi, stu):
    services.save_source(text, SECOND, seen_revision=1, by=edi)
    services.save_source(text, SECOND, seen_revision=1, by=stu)
    assert text.revision == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("x" * 10_000_000, "text-too-long"),
        ("\n\n".join("x" for _ in range(1_001)), "text-too-many-paragraphs"),
        ("kurz\n\n" + "lang " * 5_000, "paragraph-too-long"),
        ("nul \x00 nul", "text-unreadable"),
        ("half a pair \ud800", "text-unreadable"),
    ],
)
def test_what_is_no_text_or_too_long_is_refused_in_a_sentence(text, edi, words, code):
    with pytest.raises(Refusal) as refused:
        services.save_source(text, words, seen_revision=1, by=edi)
    assert refused.value.code == code
    assert len(str(refused.value)) < 300


def test_an_empty_text_cannot_be_published(make_text, edi):
    with pytest.raises(Refusal, match="nothing to publish"):
        services.publish_version(make_text(words=""), by=edi)


def test_a_plan_says_what_publishing_will_do(text, edi, rhea, sol):
    published(text, "fr", rhea)
    published(text, "qu", sol)
    services.save_source(text, SECOND + "\nUna línea más.", seen_revision=1, by=edi)

    plan = services.plan_version(text)

    assert (plan.number, plan.count("changed"), plan.count("new"), len(plan.stale)) == (2, 1, 1, 2)
    assert plan.sentence == "2 paragraphs change. 2 translations become stale."


def test_a_corrected_spelling_leaves_translations_right(text, rhea, edit):
    translation = published(text, "fr", rhea)
    edit(text, FIRST.replace("todos", "todas y todos"), spelling_only=[2])

    translation.refresh_from_db()
    assert (translation.state, translation.open_count) == ("published", 0)
    row = translation.paragraphs.get(key=2)
    assert (row.base, row.base_version) == ("El agua es de todas y todos.", 2)


def test_a_published_version_is_never_changed(text):
    with pytest.raises(Exception, match="never changed"):
        text.current.save()


def test_the_language_is_fixed_once_a_version_is_published(text, make_text, edi):
    with pytest.raises(Refusal) as refused:
        services.set_source_language(text, "pt", by=edi)
    assert refused.value.code == "text-published"
    assert services.set_source_language(make_text(words=""), "pt", by=edi).source_language == "pt"


def test_only_a_published_language_can_hold_in_case_of_doubt(text, rhea, edi):
    with pytest.raises(Refusal):
        services.mark_authoritative(text, "fr", by=edi)
    services.mark_authoritative(text, "es", by=edi)
    published(text, "fr", rhea)

    assert services.reading(text, "fr").authoritative_name == "Spanish"
    assert services.reading(text, "es").authoritative_name == ""


def test_a_changed_title_makes_translations_stale(text, shelf, rhea):
    translation = published(text, "fr", rhea)
    assert shelf.titles[text.pk] == {"es": "Ríos vivos", "fr": "«Ríos vivos»"}

    shelf.set_title(text, "es", "Ríos libres")

    translation.refresh_from_db()
    assert (translation.state, translation.older_count) == ("stale", 1)


def test_a_paragraph_that_comes_back_has_its_translations_again(text, rhea, edit):
    fr = published(text, "fr", rhea)
    edit(text, FIRST.replace("El agua es de todos.\n\n", ""))
    edit(text, "Otra cosa.")
    edit(text, FIRST)

    assert [part["key"] for part in text.current.paragraphs] == [1, 2, 3, 4]
    fr.refresh_from_db()
    assert (fr.missing_count, fr.older_count, fr.behind_count) == (0, 0, 0)


def test_nobody_publishes_words_that_they_have_not_seen(text, edi, stu):
    services.save_source(text, SECOND, seen_revision=text.revision, by=edi)
    seen = text.revision
    services.save_source(text, SECOND + "\nMás.", seen_revision=seen, by=stu)
    with pytest.raises(Refusal, match="The text has changed since"):
        services.publish_version(text, by=edi, seen_revision=seen)
    assert text.versions.count() == 1
