"""Who may and who may not, over the cast of the leaflets."""

import pytest

from convoca.core.access import STRANGER
from convoca.texts import rules, services
from tests.texts.conftest import published, translate

EVERYONE = ["rhea", "sol", "edi", "stu", "nan", "stranger"]


@pytest.fixture
def cast(rhea, sol, edi, stu, nan):
    return {
        "rhea": rhea, "sol": sol, "edi": edi, "stu": stu, "nan": nan, "stranger": STRANGER,
    }  # fmt: skip


def those(cast, rule):
    return {name for name in EVERYONE if rule(cast[name])}


def test_who_edits_the_source(cast, text):
    assert those(cast, lambda who: rules.may_edit_source(who, text)) == {"edi"}


def test_who_edits_a_text_that_nobody_holds(cast, db):
    text = services.start("es")
    assert those(cast, lambda who: rules.may_edit_source(who, text)) == {"stu"}


def test_who_translates(cast, text):
    assert those(cast, lambda who: rules.may_translate(who, text, "fr")) == {"rhea", "stu"}
    assert those(cast, lambda who: rules.may_translate(who, text, "qu")) == {"sol", "stu"}
    assert those(cast, lambda who: rules.may_translate(who, text, "es")) == set()
    assert those(cast, lambda who: rules.may_translate(who, text, "no tag")) == set()


def test_a_pair_covers_regional_forms(cast, make_text):
    text = make_text(language="es-MX")
    assert rules.may_translate(cast["rhea"], text, "fr")
    assert rules.may_translate(cast["rhea"], text, "fr-CA")


def test_an_owner_may_let_somebody_into_one_language(cast, text, shelf):
    shelf.helpers.add((cast["nan"].pk, "pt"))
    assert rules.may_translate(cast["nan"], text, "pt")
    assert not rules.may_translate(cast["nan"], text, "fr")
    assert not rules.may_see(cast["nan"], text)
    shelf.helpers.add((cast["nan"].pk, "ar"))
    assert rules.may_see(cast["nan"], text)


def test_who_sees_a_text(cast, text, make_text):
    assert those(cast, lambda who: rules.may_see(who, text)) == {"rhea", "sol", "edi", "stu"}
    unpublished = make_text(words="")
    assert those(cast, lambda who: rules.may_see(who, unpublished)) == {"edi"}


def test_who_sees_the_board(cast):
    assert those(cast, rules.may_see_board) == {"rhea", "sol", "stu"}


def test_who_reviews(cast, text, rhea, rui):
    translation = services.submit(translate(text, "fr", rhea), by=rhea)
    cast["rui"] = rui
    assert {name for name, who in cast.items() if rules.may_review(who, translation)} == {
        "rui",
        "stu",
    }


def test_nobody_reviews_what_is_not_in_review(cast, text, rhea):
    translation = published(text, "fr", rhea)
    assert those(cast, lambda who: rules.may_review(who, translation)) == set()


def test_who_answers_suggestions(cast, text):
    def may(language):
        return those(cast, lambda who: rules.may_answer_suggestions(who, text, language))

    assert may("es") == {"edi"}
    assert may("fr") == {"rhea", "stu"}


def test_anyone_suggests_where_strangers_may_read(cast, text, shelf):
    assert those(cast, lambda who: rules.may_suggest(who, text)) == set(EVERYONE)
    shelf.is_public = False
    assert those(cast, lambda who: rules.may_suggest(who, text)) == set()
