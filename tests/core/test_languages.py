import pytest
from django.utils.translation import override

from convoca.core.languages import (
    UnknownTag,
    autonym,
    direction,
    fallbacks,
    language_name,
    tidy_tag,
)


@pytest.mark.parametrize(
    ("typed", "tag"),
    [("PT-br", "pt-BR"), ("zh_hant", "zh-Hant"), ("ckb", "ckb"), ("arn", "arn"), ("iw", "he")],
)
def test_tags_have_one_spelling(typed, tag):
    assert tidy_tag(typed) == tag


@pytest.mark.parametrize("typed", ["", "english", "xx", "e", "en--us", "../en", "qzz", "en_" * 40])
def test_what_is_no_language_is_refused(typed):
    with pytest.raises(UnknownTag):
        tidy_tag(typed)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("ar", "rtl"), ("ckb", "rtl"), ("ku", "ltr"), ("az-Arab", "rtl"), ("ks-Deva", "ltr")],
)
def test_direction_follows_script_then_language(tag, expected):
    assert direction(tag) == expected


def test_names_of_languages_without_an_interface():
    assert autonym("qu") == "Runasimi"
    assert autonym("ht") == "Kreyòl Ayisyen"
    assert language_name("ht", "fr") == "créole haïtien"


def test_fallbacks_go_by_parents_then_by_choice_and_never_in_circles():
    assert fallbacks("pt-BR", {"pt": "es", "es": "pt"}) == ["pt-BR", "pt", "es"]


def test_a_languages_name_follows_the_page():
    with override("en"):
        assert language_name("es") == "Spanish"
    with override("fr"):
        assert language_name("es") == "espagnol"
