"""Three hundred fakes at night among forty real ones: fakes in a handful, real ones apart."""

import random
from datetime import UTC, datetime, timedelta

from convoca.actions.similar import Traces, Why, groups

NIGHT = datetime(2027, 3, 5, 1, tzinfo=UTC)
TOWNS = ["Asunción", "Lisbon", "Cairo", "Lagos", "Quito", "Pune", "Izmir", "Dakar", "Oslo", "Lima"]
CALLED = "Rivers for all"
LOUD = """great free join mega now come all city water power people freedom big super"""
WORDS = LOUD.split()
WHAT = ["Vigil", "March", "Concert", "Stall", "Workshop", "Banners", "Boats", "Reading"]
WHO = """mothers fishers pupils nurses farmers choirs rowers teachers bakers weavers"""
WHOM = WHO.split()


def fakes(chance: random.Random) -> list[Traces]:
    """Three hands: one network with ever new words; one text from everywhere; one title at one
    place and hour, with numbers.
    """
    found = []
    for number in range(300):
        facts = {
            "pk": 1000 + number,
            "at": NIGHT + timedelta(seconds=20 * number + chance.randint(0, 9)),
            "campaign": CALLED,
            "address": f"a{number}",
            "where": chance.choice(TOWNS),
            "when": ("2027-04-01", chance.randint(6, 22)),
            "sender": f"net{number}",
            "title": " ".join(chance.sample(WORDS, 4)).title() + f" {number}!",
        }
        if number % 3 == 0:
            facts["sender"] = "one net"
        elif number % 3 == 1:
            facts["text"] = "one text"
        else:
            facts |= {"where": "Lisbon", "when": ("2027-04-01", 18)}
            facts["title"] = f"ACTION {number} city square tonight {chance.choice(WORDS)}"
        found.append(Traces(**facts))
    return found


def real_ones() -> list[Traces]:
    """Forty committees. Ten write the campaign's own title; some share a town and an hour, with
    each other and with the fakes; some sit behind one mobile network.
    """
    found = []
    for number in range(40):
        title = f"{WHAT[number % 8]} of the {WHOM[number % 10]} at the {WHOM[number // 8]} bridge"
        found.append(
            Traces(
                pk=number,
                title=CALLED if number % 4 == 0 else title,
                at=NIGHT - timedelta(hours=3) + timedelta(minutes=9 * number),
                campaign=CALLED,
                where="Lisbon" if number in (3, 17, 33) else TOWNS[number % 10],
                when=("2027-04-01", 18) if number in (3, 17, 33) else ("2027-04-02", number),
                sender=f"mobile {number // 4}",
                address=f"real {number}",
            )
        )
    return found


def test_fakes_are_a_handful_of_groups_and_no_real_one_is_among_them():
    chance = random.Random(3)
    rows = fakes(chance) + real_ones()
    chance.shuffle(rows)

    found = groups(rows)

    lots = [group for group in found if group.is_lot]
    assert sorted(pk for group in found for pk in group.pks) == sorted(row.pk for row in rows)
    assert len(lots) <= 6
    assert sum(len(group.pks) for group in lots) == 300
    assert [pk for group in lots for pk in group.pks if pk < 1000] == []


def alike(*facts: dict) -> list[list[int]]:
    shared = {"title": "Boats on the long river", "at": NIGHT, "where": "Quito", "when": 10}
    rows = [Traces(**{"pk": n, **shared, **fact}) for n, fact in enumerate(facts)]
    return [group.pks for group in groups(rows)]


def test_the_same_posted_twice_is_one_lot():
    assert alike({}, {}) == [[0, 1]]


def test_one_word_may_differ():
    assert alike({}, {"title": "Boats on the wide river"}) == [[0, 1]]


def test_the_same_title_in_another_town_is_another_action():
    assert alike({}, {"where": "Lima"}) == [[0], [1]]


def test_the_same_town_and_hour_alone_is_chance():
    assert alike({}, {"title": "Choirs"}) == [[0], [1]]


def test_a_few_from_one_network_are_chance_many_are_not():
    def some(count):
        return alike(
            *({"sender": "net", "title": f"Town{chr(97 + n)}", "when": n} for n in range(count))
        )

    assert some(4) == [[0], [1], [2], [3]]
    assert some(5) == [[0, 1, 2, 3, 4]]


def test_long_pauses_part_a_network():
    facts = [
        {
            "sender": "net",
            "title": f"T{chr(97 + n)}",
            "when": n,
            "at": NIGHT + n * timedelta(days=1),
        }
        for n in range(6)
    ]
    assert len(alike(*facts)) == 6


def test_hosts_we_know_share_a_network_without_being_a_lot():
    facts = [
        {"sender": "office", "title": f"T{chr(97 + n)}", "when": n, "is_newcomer": False}
        for n in range(6)
    ]
    assert len(alike(*facts)) == 6


def test_what_a_host_we_know_wrote_is_in_no_lot_with_strangers_who_copied_it():
    known = {"text": "long", "title": "Boats", "when": 1, "is_newcomer": False}
    copies = [{"text": "long", "title": "Ours", "when": n} for n in (2, 3)]
    assert alike(known, *copies) == [[0], [1, 2]]


def test_a_group_says_what_its_members_share():
    rows = [
        Traces(pk=1, title="A", at=NIGHT, address="x", text="t"),
        Traces(pk=2, title="B", at=NIGHT, address="x"),
        Traces(pk=3, title="C", at=NIGHT, text="t"),
    ]
    assert [(group.pks, set(group.why)) for group in groups(rows)] == [
        ([1, 2, 3], {Why.ADDRESS, Why.TEXT})
    ]
