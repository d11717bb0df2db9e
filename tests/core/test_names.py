import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from convoca.core.names import Names, check_names, tidy_name


def test_a_reader_gets_their_language_then_its_parent_then_the_first():
    names = Names({"es": "Ríos vivos", "pt": "Rios vivos"})

    assert names.in_language("pt-BR") == "Rios vivos"
    assert names.in_language("ar") == "Ríos vivos"
    assert names.in_language("ar", {"ar": "pt"}) == "Rios vivos"
    with translation.override("pt"):
        assert str(names) == "Rios vivos"


@pytest.mark.parametrize(
    "names", [{"es": ""}, {"es": "   "}, {"es": "x" * 201}, {"klingonish": "x"}]
)
def test_empty_long_and_unknown_are_refused(names):
    with pytest.raises(ValidationError):
        check_names(names)


def test_a_name_is_one_line():
    assert tidy_name(" a\nb\x00  c ") == "a b c"


@pytest.mark.parametrize("words", ["\u200b", " \u202e\u2066 ", "\u0301", "\xad\ufeff", " "])
def test_a_name_that_nobody_can_see_is_no_name(words):
    assert tidy_name(words) == ""
