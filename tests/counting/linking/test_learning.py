from itertools import pairwise

from convoca.counting.linking.association import UNKNOWN, Associations
from convoca.counting.linking.learning import Settings, learn
from convoca.counting.linking.reports import profile
from convoca.counting.linking.trees import Trees, probability

SMALL = Settings(trees=20, leaves=4, rate=0.3, least=2, ridge=1, share=1)


def test_trees_learn_what_needs_two_features_at_once():
    rows = [(float(a), float(b)) for a in range(6) for b in range(6)]
    labels = [int(a > 2 and b > 2) for a, b in rows]
    trees = learn(rows, labels, how=SMALL)

    assert [int(trees.odds(row) > 0) for row in rows] == labels


def test_trees_are_stored_by_names_and_read_back():
    rows = [(float(n), float(n % 3)) for n in range(30)]
    trees = learn(rows, [int(n > 11) for n in range(30)], how=SMALL)
    back = Trees.read(trees.as_stored(["n", "rest"]), ["n", "rest"])
    turned = Trees.read(trees.as_stored(["n", "rest"]), ["rest", "n"])

    for row in rows:
        assert abs(back.odds(row) - trees.odds(row)) < 0.05
        assert turned.odds(row[::-1]) == back.odds(row)


def test_learning_twice_gives_the_same():
    rows = [(float(n % 7), float(n % 5)) for n in range(60)]
    labels = [int(n % 7 > n % 5) for n in range(60)]
    assert learn(rows, labels, how=SMALL) == learn(rows, labels, how=SMALL)


def test_a_probability_grows_with_the_odds_and_is_never_certain():
    chances = [probability(odds) for odds in (-1e9, -3, 0, 3, 1e9)]
    assert all(one < other for one, other in pairwise(chances))
    assert chances[0] > 0
    assert chances[-1] < 1


def test_words_that_stand_for_one_thing_go_together_and_opposites_do_not(report):
    def told(name, words):
        return profile(report(name, words=(words,)))

    pairs = [(told("a", "for the dam"), told("b", "pro reservoir")) for _ in range(20)]
    pairs += [(told("a", "against the dam"), told("b", "contra reservoir")) for _ in range(20)]
    learned = Associations.learn(pairs)

    assert learned.weight("for", "pro") > 0.5
    assert learned.weight("pro", "for") == learned.weight("for", "pro")
    assert learned.weight("agains", "pro") < -0.5
    assert abs(learned.weight("dam", "reserv")) < 0.1
    assert learned.known(["dam", "never heard"]) == ["dam"]
    assert learned.agreement([], ["dam"]) == UNKNOWN


def test_what_a_report_is_for_and_against_is_learned_whatever_words_say_it(report):
    def told(name, words):
        return profile(report(name, words=(words,)))

    one, other = told("a", "against the deportation"), told("b", "for compassionate immigration")
    learned = Associations.learn([(one, other)] * 20, of=lambda side: side.signed)

    assert learned.seen.keys() == {"-deport", "+compas", "+immigr"}
    assert learned.together["+immigr"] == {"-deport": 20}
    assert told("c", "protesting Mayor Lima's plan").signed == {"-mayor", "-lima", "-plan"}


def test_associations_are_stored_and_read_back(report):
    pairs = [(profile(report("a", words=("oak ash",))), profile(report("b", words=("elm",))))] * 5
    learned = Associations.learn(pairs)
    back = Associations.read(learned.as_stored())
    assert back.weight("oak ash", "elm") == learned.weight("oak ash", "elm")
    assert back.as_stored() == learned.as_stored()
