from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convoca.counting.linking.index import Index
from convoca.counting.linking.linker import Linker, Scored, Verdict
from convoca.counting.linking.reports import Report, profile
from tests.counting.linking.conftest import DAY


def pairs(links):
    return [(link.one.id, link.other.id) for link in links]


@pytest.mark.parametrize(
    ("town", "ours", "theirs"),
    [
        (
            "Valparaíso",
            ("Marcha por el agua de los ríos", "Federación de Regantes"),
            ("Federación de Regantes marcha: el agua es de los ríos", ""),
        ),
        (
            "Lyon",
            ("Rassemblement pour la bibliothèque municipale", "Union des lecteurs"),
            ("Sauvons la bibliothèque municipale !", "Union des lecteurs"),
        ),
        (
            "Beirut",
            ("وقفة من أجل المكتبة العامة", "اتحاد القراء"),
            ("إنقاذ المكتبة العامة", "اتحاد القرّاء"),
        ),
        ("Nowhere", ("For the public library", ""), ("Library: keep the public library open", "")),
    ],
)
def test_the_same_action_is_recognised_in_any_language(linker, report, town, ours, theirs):
    one = report("a1", town, words=(ours[0],), organisers=(ours[1],), low=230, high=250)
    other = report("b1", town, words=(theirs[0],), organisers=(theirs[1],), low=230)

    assert pairs(linker.link([one], [other])) == [("a1", "b1")]


def test_a_counter_protest_is_not_the_protest(linker, report):
    ours = [
        report("a1", words=("against police violence", "for racial justice"), low=300),
        report("a2", words=("supporting police",), kind="counter-protest", low=20),
    ]
    theirs = [
        report("b1", words=("For supporting police", "Counter protest"), low=20),
        report("b2", words=("For racial justice", "For greater accountability"), low=200),
    ]

    assert pairs(linker.link(ours, theirs)) == [("a1", "b2"), ("a2", "b1")]


def test_for_and_against_the_same_thing_are_told_apart_in_words_nothing_was_learned_of(
    linker, report
):
    ours = [
        report("a1", words=("a favor de la represa del valle",)),
        report("a2", words=("contra la represa del valle",)),
    ]
    theirs = [
        report("b1", words=("contra la nueva represa",)),
        report("b2", words=("por la represa",)),
    ]

    assert pairs(linker.link(ours, theirs)) == [("a1", "b2"), ("a2", "b1")]


def test_two_marches_in_one_town_on_one_day_are_told_apart_by_what_they_say(linker, report):
    ours = [
        report("a1", words=("for teachers' pay",), venue="State House"),
        report("a2", words=("against gun violence",), venue="Court House"),
    ]
    theirs = [
        report("b1", words=("Guns", "For greater gun control")),
        report("b2", words=("Education", "Against systemic underfunding")),
    ]

    assert pairs(linker.link(ours, theirs)) == [("a1", "b2"), ("a2", "b1")]


def test_a_group_is_linked_as_a_whole_and_not_pair_by_pair(linker, report):
    """a1 suits both; a2 only b1. Taken pair by pair, a1 would take b1 and leave two alone."""
    a1, a2, b1, b2 = (profile(report(name)) for name in ("a1", "a2", "b1", "b2"))
    scored = [Scored(a1, b1, 3.0), Scored(a1, b2, 2.5), Scored(a2, b1, 2.5)]

    assert pairs(linker.settle(scored)) == [("a1", "b2"), ("a2", "b1")]


def test_a_day_s_delay_is_no_reason_against_when_all_else_is_the_same(linker, report):
    one = report("a1", words=("against the pipeline",), venue="Old Harbour", low=75)
    other = replace(one, id="b1", source="b", first_on=DAY + timedelta(1))

    assert pairs(linker.link([one], [other])) == [("a1", "b1")]


def test_the_same_march_on_two_days_running_is_linked_day_by_day(linker, report):
    days = [DAY, DAY + timedelta(1)]
    ours = [report(f"a{n}", day=day, words=("for the library",)) for n, day in enumerate(days)]
    theirs = [report(f"b{n}", day=day, words=("for the library",)) for n, day in enumerate(days)]

    assert pairs(linker.link(ours, theirs)) == [("a0", "b0"), ("a1", "b1")]


def test_two_days_later_is_another_action(linker, report):
    one = report("a1", words=("for the library",), low=75)
    other = report("b1", day=DAY + timedelta(2), words=("for the library",), low=75)

    assert linker.link([one], [other]) == []


def test_what_takes_several_days_is_found_on_each_of_them(linker, report):
    camp = report("a1", last_on=DAY + timedelta(5), words=("camp for the river",), low=60)
    told = report("b1", day=DAY + timedelta(4), words=("camp for the river",), low=60)

    assert pairs(linker.link([camp], [told])) == [("a1", "b1")]


def test_another_town_is_another_action(linker, report):
    one = report("a1", words=("for the library",))
    assert linker.link([one], [report("b1", "Lyon", words=("for the library",))]) == []


def test_each_list_is_one_whatever_source_its_reports_name(linker, report):
    one = report("a1", words=("for the library",), source="x")
    other = report("b1", words=("for the library",), source="x")
    assert pairs(linker.link([one], [other])) == [("a1", "b1")]


def test_nothing_is_linked_to_nothing(linker, report):
    assert linker.link([], [report("b1")]) == []
    assert linker.link([report("a1")], []) == []
    assert linker.link([Report("a1", DAY)], [Report("b1", DAY)]) == []


def test_what_nothing_but_day_and_town_speaks_for_is_not_clear(linker, report):
    [link] = linker.link([report("a1")], [report("b1")]) or [None]
    assert link is None or link.verdict is Verdict.DOUBTFUL


def test_a_link_with_a_rival_as_good_is_doubtful(linker, report):
    one = report("a1", words=("for the library",), low=50)
    theirs = [report(f"b{n}", words=("for the library",), low=50) for n in (1, 2)]

    [link] = linker.link([one], theirs)
    assert link.verdict is Verdict.DOUBTFUL


def test_the_order_of_reports_and_of_lists_does_not_matter(linker, report):
    ours = [report(f"a{n}", words=(words,)) for n, words in enumerate(("water", "library", "pay"))]
    theirs = [report(f"b{n}", words=(words,)) for n, words in enumerate(("pay", "water", "river"))]
    links = linker.link(ours, theirs)

    assert linker.link(ours[::-1], theirs[::-1]) == links
    turned = linker.link(theirs, ours)
    assert sorted((link.other.id, link.one.id, link.score) for link in turned) == [
        (link.one.id, link.other.id, link.score) for link in links
    ]


def test_the_index_scores_a_new_report_as_the_whole_set_does(linker, report):
    ours = [report(f"a{n}", words=(w,)) for n, w in enumerate(("water", "library", "water now"))]
    theirs = [report(f"b{n}", words=(w,)) for n, w in enumerate(("library", "water"))]
    whole = Index([*ours, *theirs])
    scores = {
        (one.id, link.other.id): link.score
        for one in ours
        for link in linker.neighbours(one, whole)
    }
    arriving = Index([*ours[1:], *theirs])

    asked = {("a0", link.other.id): link.score for link in linker.neighbours(ours[0], arriving)}
    assert asked == {pair: score for pair, score in scores.items() if pair[0] == "a0"}
    for link in linker.link(ours, theirs):
        assert scores[link.one.id, link.other.id] == link.score


def test_a_report_can_be_replaced_and_forgotten(linker, report):
    one, other = report("a1", words=("water",)), report("b1", words=("water",))
    index = Index([other])
    assert pairs(linker.neighbours(one, index)) == [("a1", "b1")]

    index.add(replace(other, first_on=DAY + timedelta(9)))
    assert len(index) == 1
    assert linker.neighbours(one, index) == []

    index.discard(("b", "b1"))
    assert len(index) == 0
    assert not index._at
    assert linker.neighbours(other, index) == []


def test_only_one_of_two_likely_neighbours_may_be_clear(linker, report):
    one = report("a1", words=("for the library",), low=50)
    index = Index(report(f"b{n}", words=("for the library",), low=50) for n in (1, 2))
    found = linker.neighbours(one, index)
    assert [link.verdict for link in found] == [Verdict.DOUBTFUL, Verdict.DOUBTFUL]


words = st.text(max_size=40)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Report,
            id=st.sampled_from("123"),
            first_on=st.dates(min_value=DAY, max_value=DAY + timedelta(3)),
            last_on=st.none() | st.dates(),
            source=st.sampled_from("ab"),
            country=words,
            region=st.sampled_from(["", "x"]),
            district=words,
            town=words,
            position=st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
            is_pin=st.booleans(),
            venue=words,
            organisers=st.lists(words, max_size=2).map(tuple),
            words=st.lists(words, max_size=3).map(tuple),
            kind=words,
            low=st.none() | st.integers(),
            high=st.none() | st.integers(),
        ),
        max_size=4,
    )
)
def test_whatever_reports_say_linking_them_never_fails(reports):
    linker = Linker.shipped()
    linker.link(reports[:2], reports[2:])
    index = Index(reports)
    for report in reports:
        linker.neighbours(report, index)
