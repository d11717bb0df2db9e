import pytest

from convoca.core.names import Names
from convoca.texts import registry, services
from convoca.texts.models import Text


@pytest.mark.parametrize(
    ("pair", "source", "target", "covers"),
    [
        (("es", "fr"), "es", "fr", True),
        (("es", "fr"), "es-MX", "fr-CA", True),
        (("es-MX", "fr"), "es", "fr", False),
        (("es", "fr"), "fr", "es", False),
        (("zh", "en"), "zh-Hant", "en", True),
        (("qu", "es"), "quz", "es", False),
    ],
)
def test_a_pair_covers_regional_forms_and_no_other_language(pair, source, target, covers):
    assert registry.pair_covers(pair, source, target) is covers


def test_a_text_learns_its_owners_titles_whenever_the_owner_is_saved(union):
    text = services.start("pt")
    union.names = Names(en="Union of Port Workers", pt="União dos Portuários")
    union.about = text
    union.save()

    text.refresh_from_db()
    assert (text.title, text.owner_kind) == ("União dos Portuários", "organisation")
    assert list(Text.objects.titled("uniao port workers")) == [text]
    assert Text.objects.with_owners().get().owner == union

    union.names = Names(pt="União")
    union.save()
    text.refresh_from_db()
    assert text.title == "União"


def test_owners_of_many_texts_cost_one_query(union, library, django_assert_num_queries):
    for organisation in (union, library):
        organisation.about = services.start("en")
        organisation.save()
    with django_assert_num_queries(1):
        assert {text.owner for text in Text.objects.with_owners()} == {union, library}


def test_a_text_that_nobody_holds_has_no_title_and_no_address(db):
    text = services.start("es")
    assert (text.owner, dict(text.names), text.address_in("es")) == (None, {}, "")
