import pytest
from django.template.loader import render_to_string

from convoca.pages import services as pages
from convoca.texts import services
from tests.texts.conftest import FIRST, SECOND, published, translate


def drawn(reading):
    return " ".join(render_to_string("texts/_reading.html", {"reading": reading}).split())


def test_a_text_without_a_version_has_nothing_to_read(make_text):
    reading = services.reading(make_text(words=""), "es")
    assert (reading.is_empty, reading.html, reading.excerpt(), reading.available) == (
        True, "", "", [],
    )  # fmt: skip
    drawn(reading)


def test_the_source_is_read_as_it_is(text):
    reading = services.reading(text, "es")
    assert (reading.language, reading.dir, reading.is_fallback, reading.title) == (
        "es", "ltr", False, "Ríos vivos",
    )  # fmt: skip
    assert reading.excerpt(5) == "Por los ríos El agua…"
    assert "notice" not in drawn(reading)


def test_a_draft_is_not_read(text, rhea):
    translate(text, "fr", rhea)
    assert services.reading(text, "fr").language == "es"


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("fr", "fr"),
        ("fr-CA", "fr"),  # its parent
        ("ar", "fr"),  # as the network chose
        ("qu", "es"),
        ("de", "es"),  # the source
    ],
)
def test_a_missing_language_falls_back(text, rhea, wanted, got):
    published(text, "fr", rhea)
    reading = services.reading(text, wanted)
    assert (reading.language, reading.wanted) == (got, wanted)
    assert reading.is_fallback is (wanted not in {"fr", "fr-CA"})


def test_a_reader_of_the_language_is_served_by_a_regional_form(text, rhea):
    published(text, "pt-BR", rhea)
    assert services.reading(text, "pt").language == "pt-BR"


def test_another_writing_of_the_language_is_said_to_be_one(text, rhea):
    published(text, "zh-Hans", rhea)
    reading = services.reading(text, "zh-Hant")
    assert (reading.language, reading.is_fallback) == ("zh-Hans", True)


def test_the_fallback_says_so_in_words_with_language_and_direction(text, rhea):
    page = drawn(services.reading(text, "ar", {}))
    assert "Not yet in Arabic." in page
    assert 'lang="es" dir="ltr"' in page
    assert "Help translate" in page


def test_readers_keep_the_translation_and_see_which_paragraphs_are_older(text, rhea, edit):
    published(text, "ar", rhea, words="ماء {}")
    edit(text, SECOND)

    reading = services.reading(text, "ar")

    assert (reading.language, reading.dir) == ("ar", "rtl")
    assert [part.key for part in reading.older] == [3]
    page = drawn(reading)
    assert "1 paragraph is older than the Spanish original." in page
    assert 'href="#text-3"' in page
    assert 'class="stale-mark" id="text-3"' in page
    assert "6 de octubre" not in page


def test_unchanged_paragraphs_carry_over_to_the_new_version(text, rhea, edit):
    published(text, "fr", rhea)
    edit(text, "- Traer una botella\n- Traer una canción\n\nEl agua es de todos.")
    reading = services.reading(text, "fr")
    assert [part.key for part in reading.paragraphs] == [4, 2]
    assert reading.stale == []
    assert [entry.is_stale for entry in reading.available] == [False, False]


def test_a_new_paragraph_is_read_in_the_source_language_and_says_so(text, rhea, edit):
    published(text, "fr", rhea)
    edit(text, FIRST + "\nUna frase más.")
    reading = services.reading(text, "fr")
    assert [(p.body, p.language, p.dir) for p in reading.missing] == [
        ("Una frase más.", "es", "ltr")
    ]
    assert '<div lang="es" dir="ltr">' in reading.html
    assert "Not yet in French." in drawn(reading)


def test_what_has_no_words_needs_no_translation(text, rhea, edit):
    published(text, "fr", rhea)
    edit(text, FIRST + "\n***\n")
    reading = services.reading(text, "fr")
    assert reading.stale == []
    assert "<hr>" in reading.html


def test_one_person_alone_is_said_to_be_unreviewed(text, rhea, sol):
    services.submit(translate(text, "qu", sol), by=sol)
    assert "Unreviewed" in drawn(services.reading(text, "qu"))


def test_the_languages_are_listed_with_their_addresses(text, rhea):
    published(text, "fr", rhea)
    reading = services.reading(text, "fr")
    assert [(entry.language, entry.name) for entry in reading.available] == [
        ("es", "español"),
        ("fr", "français"),
    ]
    assert services.addresses(text, {}) == [
        ("es", f"/es/leaflets/{text.code}/"),
        ("fr", f"/fr/leaflets/{text.code}/"),
    ]


@pytest.mark.parametrize(
    ("tag", "language"), [("es", "es"), ("qu", "es"), ("ckb", "en"), ("pt-BR", "pt"), ("arn", "en")]
)
def test_a_language_without_a_catalogue_takes_its_fallbacks_words(roster, tag, language):
    assert services.interface_language(tag) == language


def test_reading_costs_three_queries_at_any_length(text, rhea, edit, django_assert_max_num_queries):
    published(text, "fr", rhea)
    edit(text, "\n\n".join(f"Párrafo {n}." for n in range(300)))
    again = type(text).objects.with_owners().get(pk=text.pk)
    with django_assert_max_num_queries(2):
        assert len(services.reading(again, "fr").paragraphs) == 300


def test_suggestions_are_offered_only_where_strangers_may_read(text, shelf):
    assert services.reading(text, "es").takes_suggestions
    shelf.is_public = False
    assert not services.reading(text, "es").takes_suggestions


def test_every_change_that_readers_see_makes_pages_old(text, rhea, stu, edi):
    tag = f"leaflet:{text.pk}"

    def version():
        return pages.versions([tag])[tag]

    before = version()
    translation = published(text, "fr", rhea)
    steps = [
        version(),
        services.mark_authoritative(text, "es", by=edi) and version(),
        services.withdraw(translation, by=stu) and version(),
        services.restore(translation, by=stu) and version(),
    ]
    assert steps == sorted(set(steps))
    assert steps[0] > before
