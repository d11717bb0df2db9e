"""Lists become claims and actions: once, correctable, and never half."""

import pytest

from convoca.actions.models import Action
from convoca.counting.models import Claim, Estimate, Source
from convoca.exchange import reading
from convoca.exchange.kinds import kind_of
from convoca.exchange.models import Import
from convoca.exchange.services import import_list, remembered
from convoca.places.services import gazetteer
from tests.actions.conftest import campaign, draft, steward, week  # noqa: F401  used as fixtures

pytestmark = pytest.mark.django_db

ROWS = """id,Date,City,Country,Title,Organisers,Attendees,Source
1,2026-06-01,Asunción,PY,March along the river,Union of Port Workers,dozens,https://x.example/1
2,2026-06-01,Lisbon,PT,Vigil on the quay,Friends of the quay,50 - 100,https://x.example/2
3,2026-06-31,Lima,PE,Rally,Students,200,
4,2026-06-02,Nowhere-upon-Nothing,PE,Rally,Students,200,
"""


@pytest.fixture
def rivers(db):
    return Source.objects.create(name="Rivers Alliance")


@pytest.fixture
def hand_in(tmp_path, rivers, campaign):  # noqa: F811  the fixture of that name
    def take_in(rows=ROWS, source=rivers, changes=(), **how):
        path = tmp_path / "marches.csv"
        path.write_text(rows, encoding="utf-8")
        file = reading.open_file(path)
        mapping = reading.suggest(file).with_changes(changes)
        study = reading.study_file(file, mapping)
        places = reading.Places(gazetteer())
        return import_list(file, source, campaign, mapping, study, places, name=path.name, **how)

    return take_in


def test_rows_become_claims_and_claims_become_actions(hand_in):
    report = hand_in()
    assert (report.rows, report.new, report.refused, report.unplaced) == (4, 3, 1, 1)
    assert [row.number for row in report.refused_rows] == [4]
    assert report.founded == Action.objects.public().count() == 2
    march = Claim.objects.get(external_id="1")
    assert (march.kind, march.place.name, march.urls) == (
        "march",
        "Asunción",
        ["https://x.example/1"],
    )
    sizes = Estimate.objects.order_by("pk").values_list("low", "high", "words", "method")
    assert sizes[1] == (50, 100, "50 - 100", "estimated")


def test_the_same_file_twice_changes_nothing(hand_in):
    hand_in()
    before = list(Claim.objects.exclude(run=0).values("pk", "digest", "action", "changed_at"))
    report = hand_in()
    assert (report.new, report.changed, report.same, report.founded) == (0, 0, 3, 0)
    after = list(Claim.objects.values("pk", "digest", "action", "changed_at"))
    assert after == before
    assert Import.objects.count() == 2


def test_a_corrected_file_corrects_claims_and_their_actions(hand_in):
    hand_in()
    report = hand_in(ROWS.replace("Vigil on the quay", "Silent vigil on the quay"))
    assert (report.new, report.changed) == (0, 1)
    assert Action.objects.public().filter(names__en="Silent vigil on the quay").exists()


def test_what_vanished_from_a_whole_list_is_marked(hand_in):
    hand_in()
    shorter = "\n".join(ROWS.splitlines()[:2])
    assert hand_in(shorter, is_whole=False).vanished == 0
    assert hand_in(shorter, is_whole=True).vanished == 2
    assert Claim.objects.standing().count() == 1
    assert Claim.objects.count() == 3


def test_a_dry_run_writes_nothing(hand_in):
    report = hand_in(dry_run=True)
    assert (report.new, report.refused) == (3, 1)
    assert not Claim.objects.exists()
    assert not Import.objects.exists()


def test_two_sources_that_say_the_same_are_one_action(hand_in):
    other = Source.objects.create(name="The Gazette", kind=Source.Kind.PRESS)
    hand_in()
    report = hand_in(source=other)
    assert report.linked + report.doubtful == 2
    assert Estimate.objects.filter(claim__source=other, method="press").count() == 3


def test_what_columns_were_taken_for_is_remembered(hand_in, rivers, tmp_path):
    hand_in(changes=["Organisers=other"])
    file = reading.open_file(tmp_path / "marches.csv")
    assert remembered(rivers, file).columns["Organisers"] == "other"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Sit-in vor dem Rathaus; Kundgebung", "rally"),
        ("Marche pour l’eau", "march"),
        ("مسيرة من أجل الماء", "march"),
        ("Huelga general", "strike"),
        ("Something else", "other"),
    ],
)
def test_kinds_are_known_by_the_words_of_several_languages(words, kind):
    assert kind_of(words) == kind
