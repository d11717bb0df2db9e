"""Lists become claims and actions: once, correctable, and never half."""

import pytest
from django.utils import timezone

from convoca.actions.models import Action
from convoca.core.errors import Refusal
from convoca.counting.models import Claim, Estimate, Source
from convoca.counting.services import linking
from convoca.exchange import reading
from convoca.exchange.kinds import kind_of
from convoca.exchange.models import Import
from convoca.exchange.services import import_list, importing, remembered
from convoca.places.services import gazetteer

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
def hand_in(tmp_path, rivers, campaign):
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


def test_a_list_is_refused_while_another_of_its_source_comes_in(hand_in, rivers, campaign):
    Import.objects.create(
        source=rivers, campaign=campaign, name="m.csv", started_at=timezone.now(),
        due_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(Refusal, match=r"is coming in: m\.csv") as refused:
        hand_in()
    assert refused.value.code == "import-beside"
    assert hand_in(source=Source.objects.create(name="The Gazette")).new == 3


def test_of_two_who_link_one_list_the_slower_one_writes_nothing(hand_in, monkeypatch):
    """Two workers, of whom the first was thought dead while it linked."""
    monkeypatch.setattr(linking, "AT_ONCE", 1)
    hand_in()
    Import.objects.update(ended_at=None, due_at=timezone.now(), counts={"founded": 0})
    first, second = (Import.objects.get() for _time in range(2))
    Claim.objects.update(action=None, founds=False)
    pauses = iter([True, False])
    assert not importing.link_on(second, lambda: next(pauses))
    with pytest.raises(Refusal) as refused:
        importing.link_on(first, lambda: True)
    assert refused.value.code == "import-overtaken"
    assert Import.objects.get().counts["founded"] == 1


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


def test_a_list_with_one_column_more_is_taken_as_the_last_one(hand_in, rivers, tmp_path):
    hand_in(changes=["Title=about", "Organisers=other"])
    path = tmp_path / "more.csv"
    path.write_text(ROWS.replace("Source\n", "Source,Organizer\n", 1), encoding="utf-8")
    columns = remembered(rivers, reading.open_file(path)).columns
    assert (columns["Title"], columns["Organisers"]) == ("about", "other")
    assert columns["Organizer"] == "organisers"
    path.write_text("Datum,Ort\n2026-06-01,Bremen\n", encoding="utf-8")
    assert remembered(rivers, reading.open_file(path)) is None


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


def cut_off_after(portions):
    """A question that answers yes so many times."""
    answers = iter([True] * portions)
    return lambda: next(answers, False)


def test_a_list_that_is_cut_off_ends_as_an_undisturbed_one(
    tmp_path,
    monkeypatch,
    campaign,
    rivers,
):
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    many = ROWS + "".join(
        f"{n},2026-06-{n % 28 + 1:02},Lima,PE,Rally {n},Students,{n}00,\n" for n in range(5, 14)
    )
    path = tmp_path / "marches.csv"
    path.write_text(many, encoding="utf-8")
    file = reading.open_file(path)
    mapping = reading.suggest(file)
    study = reading.study_file(file, mapping)
    opened = importing.Opened(file, mapping, study, reading.Places(gazetteer()))
    whole = import_list(file, rivers, campaign, mapping, study, opened.places, name="marches.csv")
    other = Source.objects.create(name="Rivers Alliance, once more")
    run = Import.objects.create(
        source=other, campaign=campaign, name="m.csv", started_at=timezone.now()
    )

    def breaks(*_args, **_how):
        raise RuntimeError("killed")

    with monkeypatch.context() as context:
        context.setattr(importing, "keep_left_out", breaks)  # in the middle of a portion
        with pytest.raises(RuntimeError):
            importing.go_on(run, opened)
    run = Import.objects.get(pk=run.pk)
    assert (run.done, Claim.objects.filter(source=other).count()) == (0, 0)
    while not importing.go_on(run, opened, may_go_on=cut_off_after(1)):
        run = Import.objects.get(pk=run.pk)  # another worker
    run.refresh_from_db()
    assert run.ended_at
    assert importing.report_of(run).linked == whole.founded  # the same actions, told twice
    same = ["rows", "blank", "new", "changed", "same", "refused", "undated", "unplaced"]
    assert {name: run.counts[name] for name in same} == {name: whole.counts[name] for name in same}
    said = ("external_id", "title", "day", "place", "digest", "row")
    assert list(Claim.objects.filter(source=other).order_by("row").values(*said)) == list(
        Claim.objects.filter(source=rivers).order_by("row").values(*said)
    )
    assert [row.number for row in run.left_out.all()] == [4]


def test_two_workers_do_not_take_the_same_portion_in(hand_in, rivers, campaign):
    run = Import.objects.create(
        source=rivers, campaign=campaign, name="m.csv", started_at=timezone.now()
    )
    late = Import.objects.get(pk=run.pk)
    importing.note(run, {"new": 2}, done=2)
    with pytest.raises(Refusal):
        importing.note(late, {"new": 2}, done=2)
