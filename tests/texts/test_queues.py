import pytest

from convoca.texts import queues, services
from tests.texts.conftest import SECOND, published, translate


def verbs(person):
    return [(g.name, t.language, t.verb) for g in queues.queue(person) for t in g.tasks]


def test_each_state_offers_the_one_thing_to_do(text, rhea, rui, edit):
    assert verbs(rhea) == [("To start", "fr", "Start"), ("To start", "ar", "Start")]

    fr = services.open_translation(text, "fr", by=rhea)
    services.save_paragraph(fr, 2, "L'eau.", seen_revision=0, by=rhea)
    assert ("In work", "fr", "Continue") in verbs(rhea)

    fr = services.submit(translate(text, "fr", rhea), by=rhea)
    assert ("To review", "fr", "Review") in verbs(rui)
    assert [v for v in verbs(rhea) if v[1] == "fr"] == []

    services.send_back(fr, "La date ?", by=rui)
    assert ("Sent back to you", "fr", "Answer") in verbs(rhea)
    assert ("In work", "fr", "Continue") in verbs(rui)

    services.approve(services.submit(fr, by=rhea), by=rui)
    assert [v for v in verbs(rhea) if v[1] == "fr"] == []

    edit(text, SECOND)
    assert ("To renew", "fr", "Renew 1 paragraph") in verbs(rhea)

    row = fr.paragraphs.get(key=3)
    services.save_paragraph(fr, 3, "Le 6.", seen_revision=row.revision, by=rhea)
    assert ("To renew", "fr", "Hand in") in verbs(rui)


def test_a_closed_text_leaves_the_queue_and_comes_back(text, rhea):
    services.close(text)
    services.close(text)
    assert verbs(rhea) == []
    services.reopen(text)
    assert len(verbs(rhea)) == 2


def test_a_queue_is_bounded_and_says_how_many_there_are(make_text, sol):
    for number in range(queues.PER_GROUP + 3):
        make_text(title=f"T{number}")
    (group,) = queues.queue(sol)
    assert (len(group.tasks), group.count) == (queues.PER_GROUP, queues.PER_GROUP + 3)


@pytest.mark.parametrize("words", ["rios", "RÍOS vivos", "ríos"])
def test_titles_are_found_without_their_accents(text, words):
    assert list(queues.board(q=words)) == [text]


def test_the_board_has_a_column_for_every_language_that_is_used(text, rhea):
    published(text, "pt-BR", rhea)
    assert queues.languages_of_board() == ["es", "fr", "ar", "qu", "pt-BR"]


def test_the_boards_first_page_uses_indexes(text, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        queues.rows(list(queues.board()[:40]), ["es", "fr"])
