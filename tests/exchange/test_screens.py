"""Bringing a list in, in the browser and without a script."""

import csv
import gzip
import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.signals import post_delete
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from convoca.actions.models import Action
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.counting.models import Claim, Source
from convoca.exchange import services, tasks
from convoca.exchange.models import MOST_ATTEMPTS, FilePart, Import, LeftOut, Looked
from convoca.exchange.services import foreseeing, handing_in, importing, members
from convoca.exchange.services.filing import drop_files, file_of
from convoca.exchange.services.handing_in import forget_lists
from convoca.exchange.services.looking import look_through
from convoca.exchange.services.taking import take_next
from convoca.network.models import Organisation
from convoca.vault import purging
from convoca.vault.keyring import keyring, today
from tests.campaigns.conftest import publish, start
from tests.exchange.test_importing import ROWS

pytestmark = pytest.mark.django_db
MEMBERS = (
    "Nombre;País;Correo electrónico;Comité;Ciudad;Parte de\n"
    "Amigos del río;PY;rosa@example.org;Asunción centro;Asunción;Unión del agua\n"
    "Unión del agua;PY;;;;\n"
    "Sin país;Atlantis;;;;\n"
)


@pytest.fixture
def rivers(db):
    return Source.objects.create(name="Rivers Alliance")


@pytest.fixture
def desk(client, bo):
    client.force_login(bo)
    return client


def upload(content=ROWS, name="marches.csv"):
    raw = content if isinstance(content, bytes) else content.encode()
    return SimpleUploadedFile(name, raw, "text/csv")


def hand_in(desk, source, campaign, content=ROWS, **more):
    facts = {"file": upload(content), "kind": "actions", "source": source.pk}
    facts |= {"campaign": campaign.pk, "source_kind": "network"}
    return desk.post(reverse("exchange:bring-in"), {**facts, **more})


def as_proposed(desk, address):
    """The form of columns as it stands, sent."""
    form = desk.get(address).context["form"]
    return {field.html_name: field.value() or "" for field in form}


def take_all():
    while take_next(lambda: True):
        pass


def test_a_list_comes_in_from_the_upload_to_its_result(desk, rivers, campaign, bo):
    columns = hand_in(desk, rivers, campaign)["Location"]
    page = desk.get(columns).content.decode()
    assert "March along the river" in page
    assert "Known by its heading" in page
    preview = desk.post(columns, as_proposed(desk, columns))["Location"]
    answer = desk.get(preview)
    found = answer.context["found"]
    assert dict(found.counts) == {"new": 3, "wrong": 1}
    assert [(row.number, row.state) for row in found.rows] == [
        (2, "new"), (3, "new"), (4, "wrong"), (5, "new"),
    ]  # fmt: skip
    assert "There is no such day as “2026-06-31”." in answer.content.decode()
    assert not Claim.objects.exists()

    shown = desk.post(preview)["Location"]
    assert "0 of 4 rows" in desk.get(shown).content.decode()
    take_all()
    page = desk.get(shown).content.decode()
    assert "3 new · 1 left out" in page
    assert Claim.objects.count() == 3
    assert Action.objects.public().count() == 2
    assert not FilePart.objects.exists()
    assert list(Entry.objects.order_by("pk").values_list("event", "person_id"))[-2:] == [
        ("import.begun", bo.pk), ("import.ended", bo.pk),
    ]  # fmt: skip
    sheet = desk.get(reverse("exchange:left-out-csv", args=[Import.objects.get().pk]))
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert rows[0] == ["row", *ROWS.splitlines()[0].split(","), "reason"]
    assert rows[1][0] == "4"
    assert rows[1][-1] == "There is no such day as “2026-06-31”."


def test_the_same_list_again_is_known_and_a_corrected_one_says_what_changes(desk, rivers, campaign):
    for _time in range(2):
        columns = hand_in(desk, rivers, campaign)["Location"]
        desk.post(columns.replace("columns", "preview"))
        take_all()
    assert Claim.objects.count() == 3
    second, first = Import.objects.all()
    assert (second.counts["same"], second.counts["new"], first.counts["new"]) == (3, 0, 3)
    corrected = ROWS.replace("Vigil on the quay", "Silent vigil").replace("50 - 100", "120")
    columns = hand_in(desk, rivers, campaign, corrected)["Location"]
    answer = desk.get(columns.replace("columns", "preview"))
    found = answer.context["found"]
    assert dict(found.counts) == {"same": 2, "changed": 1, "wrong": 1}
    assert found.rows[1].notes[0] == (
        "Other than before: the title and how many people (“50 - 100”, now “120”)."
    )


def test_a_list_that_was_handed_in_for_another_campaign_says_that_it_moves(
    desk, rivers, campaign, steward, union
):
    begin(desk, rivers, campaign)
    take_all()
    other = publish(start(steward, union, names=Names(en="The other")), steward)
    columns = hand_in(desk, rivers, other)["Location"]
    found = desk.get(columns.replace("columns", "preview")).context["found"]
    assert dict(found.counts) == {"changed": 3, "wrong": 1}
    assert found.rows[0].notes[0] == "Other than before: the campaign."
    desk.post(columns.replace("columns", "preview"))
    take_all()
    assert Import.objects.first().counts["changed"] == 3
    assert set(Claim.objects.values_list("campaign", flat=True)) == {other.pk}


def test_what_a_person_said_of_columns_is_offered_for_the_next_list(desk, rivers, campaign):
    columns = hand_in(desk, rivers, campaign)["Location"]
    said = as_proposed(desk, columns)
    said["column-5"] = "tags"  # Organisers
    said["dates"] = "mdy"
    desk.post(columns, said)
    desk.post(columns.replace("columns", "preview"))
    again = hand_in(desk, rivers, campaign)["Location"]
    form = desk.get(again).context["form"]
    assert form["column-5"].value() == "tags"
    assert form["dates"].value() == "mdy"
    assert "As you, or your last list, said" in desk.get(again).content.decode()


def test_one_field_is_not_two_columns_and_a_list_needs_a_day(desk, rivers, campaign):
    columns = hand_in(desk, rivers, campaign)["Location"]
    said = as_proposed(desk, columns) | {"column-5": "title"}
    answer = desk.post(columns, said)
    assert answer.status_code == 422
    assert "“Title” means this already (Title). Choose one of the two." in answer.content.decode()
    assert answer.context["form"]["column-5"].value() == "title"
    answer = desk.post(columns, as_proposed(desk, columns) | {"column-1": "other"})
    assert "Say which column holds the day, or when it begins." in answer.content.decode()


def test_a_country_is_offered_and_nothing_is_taken_for_granted(desk, rivers, campaign):
    towns = ["Lyon", "Marseille", "Lille", "Nantes", "Toulouse"]
    rows = "date,ville,titre\n" + "".join(
        f"2026-06-0{n},{t},Marche\n" for n, t in enumerate(towns, 1)
    )
    columns = hand_in(desk, rivers, campaign, "date,ville,titre\n" + rows)["Location"]
    answer = desk.get(columns)
    assert answer.context["form"]["country"].value() == "FR"
    assert Import.objects.get().settings == {}
    desk.post(columns, as_proposed(desk, columns))
    assert Import.objects.get().settings == {"country": "FR"}


def test_a_new_source_is_named_with_its_kind_and_licence(desk, campaign):
    facts = {"kind": "actions", "campaign": campaign.pk, "name": "The Gazette"}
    facts |= {"source_kind": "press", "licence": "CC BY 4.0", "site": "gazette.example"}
    answer = desk.post(reverse("exchange:bring-in"), {**facts, "file": upload()})
    assert answer.status_code == 302
    source = Source.objects.get(name="The Gazette")
    assert (source.kind, source.licence, source.site) == (
        "press", "CC BY 4.0", "https://gazette.example",
    )  # fmt: skip
    answer = desk.post(reverse("exchange:bring-in"), {**facts, "file": upload()})
    assert answer.status_code == 422
    assert "This source is here already" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The submitted file is empty."),
        (b"PK\x03\x04 something", "This is a packed folder (ZIP)"),
        (b"PK\x03\x04 [Content_Types].xml xl/", "This is a workbook."),
        (b"%PDF-1.7", "This is a PDF."),
        (b"<!doctype html><p>hello", "This is a web page, not a list."),
        (b"Dear all, it was lovely to see you. Write soon.", "This is not a list"),
        (b"date,city,title\n", "There is a heading in this file, and no row below it."),
        (b"\x1f\x8b\x08\x00\x00", "This file is packed and breaks off."),
        (b"{" * 100_000, "JSON"),
        (b"\n\n\n", "This file is empty."),
    ],
)
def test_what_is_no_list_is_refused_with_what_was_typed(desk, rivers, campaign, content, words):
    answer = hand_in(desk, rivers, campaign, content, is_whole="on", name="")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    form = answer.context["form"]
    assert (form["source"].value(), form["is_whole"].value()) == (str(rivers.pk), True)
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (ROWS.encode("utf-16"), 8),
        (("date;" + ";".join(f"c{n}" for n in range(4999)) + "\n2026-06-01" + ";x" * 4999), 500),
        ("2026-06-01,Lisbon,A march\n2026-06-02,Lisbon,Another one\n", 3),
    ],
)
def test_odd_tables_are_laid_open(desk, rivers, campaign, content, columns):
    address = hand_in(desk, rivers, campaign, content)["Location"]
    assert len(desk.get(address).context["pairs"]) == columns


@pytest.mark.parametrize("kind", ["ics", "geojson", "jsonl", "osdi", "halves"])
@pytest.mark.parametrize("small", [0, handing_in.SMALL])
def test_calendars_and_json_come_in_by_the_same_road(
    desk, rivers, campaign, monkeypatch, kind, small
):
    monkeypatch.setattr(handing_in, "SMALL", small)
    action = {"id": "7", "title": "March", "start_date": "2026-06-01", "city": "Lisbon"}
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-9.14, 38.72]},
        "properties": {"id": "7", "title": "March", "date": "2026-06-01"},
    }
    osdi = {
        "identifiers": ["a:7"], "title": "March", "start_date": "2026-06-01T10:00:00Z",
        "location": {"locality": "Lisbon", "country": "PT"},
    }  # fmt: skip
    files = {
        "ics": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:7\r\nSUMMARY:March\r\n"
        "DTSTART;TZID=Europe/Lisbon:20260601T100000\r\nLOCATION:Lisbon\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n",
        "geojson": json.dumps({"type": "FeatureCollection", "features": [feature]}),
        "jsonl": json.dumps(action) + "\n" + json.dumps(action | {"id": "8"}) + "\n",
        "osdi": json.dumps({"_embedded": {"osdi:events": [osdi]}}),
        "halves": json.dumps(  # of letters, and zeros
            [
                action | {"title": "Ma\ud800r\0ch", "n\ud800\0": "\0 \udc00"},
                action | {"start_date": "2026-06-31", "city": "\ud800"},
                "\ud800\0",
            ]
        ),
    }
    columns = hand_in(desk, rivers, campaign, files[kind])["Location"]
    take_all()
    preview = desk.post(columns, as_proposed(desk, columns))["Location"]
    take_all()
    desk.post(preview)
    take_all()
    assert Claim.objects.filter(title="March").exists()
    assert desk.get(reverse("exchange:list", args=[Import.objects.get().pk])).status_code == 200


def test_members_come_in_under_headings_of_any_language(desk, network, bo):
    facts = {"file": upload(MEMBERS), "kind": "members"}
    columns = desk.post(reverse("exchange:bring-in"), facts)["Location"]
    form = desk.get(columns).context["form"]
    assert [form.column(n).value() for n in range(6)] == [
        "name", "country", "contact_email", "committee", "committee_place", "part_of",
    ]  # fmt: skip
    preview = desk.post(columns, as_proposed(desk, columns))["Location"]
    page = desk.get(preview).content.decode()
    assert "This mails 1 person and cannot be undone." in page
    assert "“Atlantis” is not a country." in page
    shown = desk.post(preview)["Location"]
    take_all()
    friends = Organisation.objects.get(names__en="Amigos del río")
    assert [str(c.names) for c in friends.committees.all()] == ["Asunción centro"]
    assert [str(one.body) for one in friends.affiliations.standing()] == ["Unión del agua"]
    page = desk.get(shown).content.decode()
    assert "2 new · 1 left out" in page
    assert not Organisation.objects.filter(names__en="Sin país").exists()


def test_what_columns_of_members_were_taken_for_is_remembered(desk, network):
    heading = "Nombre;Ámbito;Parte de;Tel\n"
    facts = {"file": upload(f"{heading}Unión del agua;PY;;1\n"), "kind": "members"}
    columns = desk.post(reverse("exchange:bring-in"), facts)["Location"]
    said = {**as_proposed(desk, columns), "column-1": "country"}
    desk.post(desk.post(columns, said)["Location"])
    take_all()
    facts = {"file": upload(f"{heading}Amigos;PY;Unión del agua;2\n"), "kind": "members"}
    desk.post(reverse("exchange:bring-in"), facts)
    assert Import.objects.first().columns == {
        "Nombre": "name",
        "Ámbito": "country",
        "Parte de": "part_of",
        "Tel": "other",
    }


def test_lists_come_in_for_public_campaigns_only(desk, rivers, draft):
    answer = hand_in(desk, rivers, draft)
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_a_new_source_stands_in_the_trail(desk, campaign, bo):
    facts = {"file": upload(), "kind": "actions", "campaign": campaign.pk, "name": "The Herald"}
    desk.post(reverse("exchange:bring-in"), {**facts, "source_kind": "press"})
    entry = Entry.objects.get(event="source.added")
    assert (entry.person_id, entry.about_id) == (bo.pk, str(Source.objects.get().pk))


def test_private_cells_of_refused_rows_are_not_kept(desk, rivers, campaign):
    heading, *rows = ROWS.splitlines()
    text = "\n".join([f"{heading},Contact", *(f"{row},Rosa 0981" for row in rows)])
    columns = hand_in(desk, rivers, campaign, text)["Location"]
    said = as_proposed(desk, columns)
    said[max(name for name in said if name.startswith("column-"))] = "private"
    desk.post(desk.post(columns, said)["Location"])
    take_all()
    row = LeftOut.objects.get()
    assert "2026-06-31" in row.words
    assert "Rosa" not in row.words


def test_a_list_that_runs_is_not_taken_up_twice(desk, rivers, campaign):
    columns = hand_in(desk, rivers, campaign)["Location"]
    desk.post(columns.replace("columns", "preview"))
    taken = Import.objects.claim()
    desk.post(reverse("exchange:go-on", args=[taken.pk]))
    assert Import.objects.get().due_at == taken.due_at


def test_who_may_not_import_is_refused(client, ana, rivers, campaign):
    run = Import.objects.create(source=rivers, campaign=campaign, name="m.csv")
    for name in ("bring-in", "imports"):
        assert client.get(reverse(f"exchange:{name}")).status_code == 302
    client.force_login(ana)
    assert client.get(reverse("exchange:bring-in")).status_code == 403
    for name in ("list", "columns", "preview", "left-out-csv"):
        assert client.get(reverse(f"exchange:{name}", args=[run.pk])).status_code == 403


def test_a_list_is_put_away_with_its_file(desk, rivers, campaign):
    hand_in(desk, rivers, campaign)
    run = Import.objects.get()
    desk.post(reverse("exchange:put-away", args=[run.pk]))
    assert not Import.objects.exists()
    assert not FilePart.objects.exists()


def test_a_file_that_is_gone_is_said_and_the_form_is_shown(desk, rivers, campaign):
    columns = hand_in(desk, rivers, campaign)["Location"]
    FilePart.objects.all().delete()
    answer = desk.get(columns, follow=True)
    assert "The file is not kept any more." in answer.content.decode()


@pytest.mark.parametrize("language", ["es", "fr", "pt", "ar"])
def test_reasons_are_in_the_language_of_who_reads(desk, rivers, campaign, language):
    columns = hand_in(desk, rivers, campaign)["Location"]
    preview = columns.replace("columns", "preview").replace("/en/", f"/{language}/")
    page = desk.get(preview).content.decode()
    with translation.override(language):
        sentence = translation.gettext("There is no such day as “%(text)s”.")
    assert sentence % {"text": "2026-06-31"} in page


def test_lists_that_came_in_cost_the_same_queries_at_any_length(desk, rivers, campaign):
    address = reverse("exchange:imports") + f"?source={rivers.code}"
    costs = []
    for count in (1, 3):
        while Import.objects.count() < count:
            Import.objects.create(
                source=rivers, campaign=campaign, name="m.csv", started_at=timezone.now()
            )
        desk.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(address)
        assert len(page.context["imports"]) == count
        costs.append(len(queries))
    assert costs[0] == costs[1]


def take_members(desk, content, name="m.csv"):
    facts = {"file": upload(content, name), "kind": "members"}
    columns = desk.post(reverse("exchange:bring-in"), facts)["Location"]
    preview = columns.replace("columns", "preview")
    desk.post(preview)
    take_all()
    return Import.objects.first()


@pytest.mark.parametrize(
    "raw",
    [
        "name,country\r\nÁgua,BR\r\n".encode("utf-8-sig"),
        "name;country\nÁgua;BR\n".encode(),
        "name\tcountry\rÁgua\tBR\r".encode(),
        "name,country\nÁgua,BR".encode("utf-16"),
        "name,country\n\n,,\nÁgua,BR\n\n".encode(),
        '"name","country"\n"Água","BR"\n'.encode("cp1252"),
        "name\nÁgua\n".encode(),
        "Organización (pt);País\nÁgua;Brasil\n".encode(),
    ],
)
def test_any_spreadsheet_program_will_do(raw, network, desk):
    assert take_members(desk, raw).counts["new"] == 1
    assert list(Organisation.objects.get().names.values()) == ["Água"]


def test_a_second_press_is_harmless(desk, network):
    run = take_members(desk, "name,country\nGood,FR\nBad,Atlantis\n")
    answer = desk.post(reverse("exchange:preview", args=[run.pk]))
    assert answer["Location"] == reverse("exchange:list", args=[run.pk])
    assert [str(one) for one in Organisation.objects.all()] == ["Good"]
    assert Entry.objects.filter(event="import.begun").count() == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04\x00", b"country,kind\nPT,union\n"])
def test_what_is_no_list_of_members_is_refused_in_words(content, network, desk):
    facts = {"file": upload(content), "kind": "members"}
    answer = desk.post(reverse("exchange:bring-in"), facts)
    if answer.status_code == 302:
        address = answer["Location"]
        answer = desk.post(address, as_proposed(desk, address))
    assert answer.status_code == 422


def test_a_list_of_members_that_broke_off_goes_on(network, desk, monkeypatch):
    monkeypatch.setattr("convoca.exchange.services.members.PORTION", 2)
    rows = "".join(f"Number {n},PT,Number {n + 1}\n" for n in range(5))
    facts = {"file": upload(f"name,country,part of\n{rows}Last,PT,Nobody\n"), "kind": "members"}
    columns = desk.post(reverse("exchange:bring-in"), facts)["Location"]
    shown = desk.post(columns.replace("columns", "preview"))["Location"]
    answers = iter([True] * 3)
    with monkeypatch.context() as broken:
        # Asked once before each list and once after each portion: then the worker is killed.
        broken.setattr(members, "_affiliate", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take_next(lambda: True)
    run = Import.objects.get()
    assert (run.is_read, run.settled, run.counts["new"]) == (True, 0, 6)
    assert not take_next(lambda: True)  # its lease is not over
    Import.objects.update(due_at=run.started_at)
    assert take_next(lambda: next(answers, False))
    take_all()
    run.refresh_from_db()
    assert run.ended_at
    assert (run.counts["new"], run.counts["affiliated"]) == (6, 4)
    page = desk.get(shown).content.decode()
    assert "“Nobody”, of which it should be part, is not here." in page


def test_a_list_that_never_comes_on_stops_and_a_button_takes_it_up(
    desk, rivers, campaign, monkeypatch
):
    columns = hand_in(desk, rivers, campaign)["Location"]
    shown = desk.post(columns.replace("columns", "preview"))["Location"]
    run = Import.objects.get()
    with monkeypatch.context() as broken:
        broken.setattr(importing, "_in_words", lambda *args: 1 / 0)
        for _time in range(MOST_ATTEMPTS):
            Import.objects.update(due_at=run.started_at)
            with pytest.raises(ZeroDivisionError):
                take_next(lambda: True)
    Import.objects.update(due_at=run.started_at)
    assert not take_next(lambda: True)
    assert "It stopped before its end" in desk.get(shown).content.decode()
    desk.post(reverse("exchange:go-on", args=[run.pk]))
    take_all()
    assert "3 new · 1 left out" in desk.get(shown).content.decode()


def test_the_worker_takes_all_lists_in_and_the_tick_wakes_it_for_what_was_left(
    desk, rivers, campaign, monkeypatch
):
    for _time in range(2):
        columns = hand_in(desk, rivers, campaign)["Location"]
        desk.post(columns.replace("columns", "preview"))
    waiting = DBTaskResult.objects.ready().filter(task_path=tasks.take_in.module_path)
    assert waiting.count() == 1  # for both
    monkeypatch.setattr(tasks, "A_TURN", -1.0)
    tasks.take_in.func()
    assert Import.objects.unfinished().count() == 2
    monkeypatch.undo()
    waiting.delete()
    tasks.look_for_lists()
    assert waiting.count() == 1
    tasks.take_in.func()
    assert Import.objects.unfinished().count() == 0
    assert Claim.objects.count() == 3
    waiting.delete()
    tasks.look_for_lists()
    assert waiting.count() == 0


def begin(desk, source, campaign, **facts):
    """A list that somebody said yes to, and its page."""
    columns = hand_in(desk, source, campaign, **facts)["Location"]
    return desk.post(columns.replace("columns", "preview"))["Location"]


def test_lists_of_one_source_come_in_one_after_the_other(desk, rivers, campaign):
    head, *lines = ROWS.splitlines()
    first = begin(desk, rivers, campaign, content="\n".join([head, lines[0]]), is_whole="on")
    second = begin(desk, rivers, campaign, content="\n".join([head, lines[1]]), is_whole="on")
    gazette = Source.objects.create(name="The Gazette")
    third = begin(desk, gazette, campaign)

    taken = [Import.objects.claim() for _time in range(3)]
    assert [reverse("exchange:list", args=[one.pk]) for one in taken if one] == [first, third]
    assert not Import.objects.due().exists()  # else the worker would ask again and again
    page = desk.get(second).content.decode()
    assert "when the list of the same source before it is in: <bdi>marches.csv</bdi>." in page
    assert "before it is in" not in desk.get(third).content.decode()

    Import.objects.filter(pk=taken[0].pk).update(due_at=timezone.now())
    take_all()
    said = Claim.objects.filter(source=rivers)
    assert set(said.standing().values_list("external_id", flat=True)) == {"2"}
    assert [Import.objects.get(pk=taken[0].pk).counts["vanished"], said.count()] == [0, 2]


def test_a_list_that_goes_on_waits_for_those_that_began_meanwhile(desk, rivers, campaign):
    stopped = begin(desk, rivers, campaign)
    run = Import.objects.get()
    Import.objects.update(due_at=None)
    begin(desk, rivers, campaign)
    other = Import.objects.claim()
    desk.post(reverse("exchange:go-on", args=[run.pk]))
    assert other.pk != run.pk
    assert Import.objects.claim() is None
    assert "before it is in" in desk.get(stopped).content.decode()


def test_today_says_which_lists_wait_for_a_person(desk, rivers, campaign):
    hand_in(desk, rivers, campaign)
    run = Import.objects.get()
    address = reverse("exchange:columns", args=[run.pk])
    page = desk.get(reverse("today")).content.decode()
    assert "A list waits for your yes: marches.csv" in page
    assert address in page
    desk.post(reverse("exchange:preview", args=[run.pk]))
    assert "marches.csv" not in desk.get(reverse("today")).content.decode()
    Import.objects.update(due_at=None)
    page = desk.get(reverse("today")).content.decode()
    assert "A list stopped before its end: marches.csv" in page


def test_lists_come_no_faster_than_one_person_may_and_what_was_typed_is_kept(
    desk, rivers, campaign, monkeypatch
):
    monkeypatch.setattr("convoca.exchange.views.LISTS_AN_HOUR", 1)
    assert hand_in(desk, rivers, campaign).status_code == 302
    answer = hand_in(desk, rivers, campaign, is_whole="on")
    assert answer.status_code == 429
    assert "This was tried too often. Wait " in answer.text
    form = answer.context["form"]
    assert (form["source"].value(), form["is_whole"].value()) == (str(rivers.pk), True)
    assert Import.objects.count() == 1


@pytest.fixture
def no_list_is_small(monkeypatch):
    monkeypatch.setattr("convoca.exchange.services.handing_in.SMALL", 0)


@pytest.mark.usefixtures("no_list_is_small")
def test_a_large_list_is_read_by_the_worker_and_pages_show_what_it_found(
    desk, rivers, campaign, monkeypatch
):
    columns = hand_in(desk, rivers, campaign)["Location"]
    preview = columns.replace("columns", "preview")
    run = Import.objects.get()
    assert (run.headings, run.parts.count()) == ([], 1)
    for address in (columns, preview):
        assert "The list is being read" in desk.get(address).text
    assert "The list is being read" in desk.post(preview).text
    assert not Import.objects.get().has_begun
    take_all()
    opened = []
    with monkeypatch.context() as context:
        context.setattr("convoca.exchange.services.looking.file_of", opened.append)
        page = desk.get(columns)
        said = as_proposed(desk, columns)
        assert desk.post(columns, said)["Location"] == preview
        shown = desk.get(preview)
    assert opened == []
    assert [column.name for column, _field in page.context["pairs"]] == ROWS.splitlines()[0].split(
        ","
    )
    assert "4 rows" in page.text
    assert "There is no such day as “2026-06-31”." in shown.text
    assert dict(shown.context["found"].counts) == {"new": 3, "wrong": 1}
    desk.post(preview)
    take_all()
    assert Claim.objects.count() == 3
    assert not Looked.objects.exists()


@pytest.mark.usefixtures("no_list_is_small")
def test_a_large_list_is_shown_in_the_words_of_who_looks(desk, rivers, campaign):
    columns = hand_in(desk, rivers, campaign)["Location"]
    take_all()
    assert "Known by its heading" in desk.get(columns).text
    in_spanish = columns.replace("/en/", "/es/")
    assert "Se está leyendo la lista" in desk.get(in_spanish).text
    assert not Import.objects.get().has_begun
    take_all()
    assert "Conocida por su encabezado" in desk.get(in_spanish).text
    # What somebody confirms is confirmed, in whatever words it was found.
    preview = desk.post(columns, as_proposed(desk, in_spanish))["Location"]
    take_all()
    desk.post(preview)
    take_all()
    assert Claim.objects.count() == 3


@pytest.mark.usefixtures("no_list_is_small")
def test_other_words_are_shown_where_the_worker_cannot_find_better(desk, rivers, campaign):
    columns = hand_in(desk, rivers, campaign)["Location"]
    take_all()
    in_spanish = columns.replace("/en/", "/es/")
    assert "Se está leyendo la lista" in desk.get(in_spanish).text
    Import.objects.update(due_at=None, attempts=9)
    assert "Known by its heading" in desk.get(in_spanish).text


@pytest.mark.usefixtures("no_list_is_small")
def test_a_large_list_is_read_again_where_its_columns_mean_something_else(desk, rivers, campaign):
    columns = hand_in(desk, rivers, campaign)["Location"]
    take_all()
    said = as_proposed(desk, columns)
    size = next(name for name, meant in said.items() if meant == "size")
    preview = desk.post(columns, {**said, size: "other"})["Location"]
    assert "The list is being read" in desk.get(preview).text
    take_all()
    rows = desk.get(preview).context["found"].rows
    assert rows
    assert not any("people" in row.facts for row in rows)
    assert as_proposed(desk, columns)[size] == "other"


@pytest.mark.usefixtures("no_list_is_small")
def test_a_large_list_of_members_says_all_that_it_mails(desk, network):
    facts = {"file": upload(MEMBERS), "kind": "members"}
    columns = desk.post(reverse("exchange:bring-in"), facts)["Location"]
    take_all()
    preview = desk.post(columns, as_proposed(desk, columns))["Location"]
    assert "This mails 1 person and cannot be undone." in desk.get(preview).text


@pytest.mark.usefixtures("no_list_is_small")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{" * 100_000, "JSON"),
        (b"date,city,title\n", "There is a heading in this file, and no row below it."),
    ],
)
def test_what_the_worker_cannot_read_of_a_large_list_is_said(
    desk, rivers, campaign, content, words
):
    columns = hand_in(desk, rivers, campaign, content)["Location"]
    take_all()
    page = desk.get(columns).text
    assert words in page
    assert "Put the list away" in page
    desk.post(reverse("exchange:put-away", args=[Import.objects.get().pk]))
    take_all()
    assert not Import.objects.exists()


@pytest.mark.usefixtures("no_list_is_small")
def test_what_is_plainly_no_list_is_refused_at_once_also_where_it_is_large(desk, rivers, campaign):
    for content in (b"PK\x03\x04 something", b"%PDF-1.7", b"Dear all, it was lovely. Write soon."):
        assert hand_in(desk, rivers, campaign, content).status_code == 422
    assert not Import.objects.exists()


@pytest.mark.usefixtures("no_list_is_small")
def test_a_large_list_that_kills_its_worker_is_given_up_with_a_sentence(desk, rivers, campaign):
    columns = hand_in(desk, rivers, campaign)["Location"]
    for _time in range(MOST_ATTEMPTS):
        assert Import.objects.claim()
        Import.objects.update(due_at=timezone.now())
    take_all()
    assert "It could not be read to its end." in desk.get(columns).text


@pytest.mark.usefixtures("no_list_is_small")
@pytest.mark.parametrize("is_put_away", [True, False])
def test_a_list_that_goes_while_the_worker_reads_it_is_let_be(
    desk, rivers, campaign, monkeypatch, is_put_away
):
    """Put away by the button that the page shows meanwhile, or its file's day has come."""
    hand_in(desk, rivers, campaign)
    run, read = Import.objects.get(), foreseeing.foresee

    def read_and_go(*args, **kwargs):
        found = read(*args, **kwargs)
        if is_put_away:
            desk.post(reverse("exchange:put-away", args=[run.pk]))
        else:
            drop_files(Import.objects.all())
        return found

    monkeypatch.setattr(foreseeing, "foresee", read_and_go)
    take_all()
    assert Import.objects.exists() is not is_put_away
    assert not Looked.objects.exists()


@pytest.mark.usefixtures("no_list_is_small")
def test_a_list_that_is_put_away_while_it_is_read_stays_away(desk, rivers, campaign):
    hand_in(desk, rivers, campaign)
    run = Import.objects.claim()
    desk.post(reverse("exchange:put-away", args=[run.pk]))
    with pytest.raises(Refusal, match="not kept any more"):
        look_through(run)
    assert not Looked.objects.exists()


def ended(days, monkeypatch):
    """So many days later: what was told to end is deleted, as each day, and closed before."""
    monkeypatch.setattr("convoca.vault.purging.today", lambda: today() + timedelta(days))
    monkeypatch.setattr(
        "convoca.exchange.services.handing_in.today", lambda: today() + timedelta(days)
    )
    purging.purge(clock_is_right=True)
    forget_lists()


def test_files_and_rows_are_forgotten_on_their_days(desk, rivers, campaign, monkeypatch):
    hand_in(desk, rivers, campaign)
    columns = hand_in(desk, rivers, campaign)["Location"]
    desk.post(columns.replace("columns", "preview"))
    take_all()
    ended(6, monkeypatch)
    assert (Import.objects.count(), FilePart.objects.count()) == (2, 1)
    ended(7, monkeypatch)
    assert Import.objects.get().started_at
    assert (FilePart.objects.count(), LeftOut.objects.count()) == (0, 1)
    ended(30, monkeypatch)
    assert LeftOut.objects.count() == 0


def test_a_list_whose_file_ends_while_it_waits_its_turn_stops_and_says_so(
    desk, rivers, campaign, monkeypatch
):
    columns = hand_in(desk, rivers, campaign)["Location"]
    shown = desk.post(columns.replace("columns", "preview"))["Location"]
    ended(7, monkeypatch)
    take_all()
    assert "The file is not kept any more." in desk.get(shown).content.decode()


def test_files_and_rows_are_sealed_and_nobody_reads_a_copy_after_their_day(
    desk, rivers, campaign, monkeypatch
):
    monkeypatch.setattr("convoca.exchange.services.filing.PIECE", 100)
    hand_in(desk, rivers, campaign)
    columns = hand_in(desk, rivers, campaign)["Location"]
    shown = desk.post(columns.replace("columns", "preview"))["Location"]
    take_all()
    waits = Import.objects.get(started_at=None)
    assert waits.parts.count() > 1
    with file_of(waits) as file:
        assert [one.cells for one in file.records()] == list(csv.reader(io.StringIO(ROWS)))[1:]
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM exchange_filepart ORDER BY number")
        lain = b"".join(bytes(row[0]) for row in cursor.fetchall())
        cursor.execute("SELECT cells, reasons FROM exchange_leftout")
        cells = b"".join(map(bytes, cursor.fetchone()))
    assert gzip.compress(b"")[:3] not in lain
    assert b"2026-06-31" not in cells
    keyring().delete_ended(today() + timedelta(30))  # as where an old backup came back
    assert "The file is not kept any more." in desk.get(columns_of(waits), follow=True).text
    assert "2026-06-31" not in desk.get(shown).text
    left_out = desk.get(shown + "left-out.csv")
    assert left_out.status_code == 200
    assert "2026-06-31" not in left_out.text


@pytest.mark.parametrize("how", ["put away", "forgotten", "come in", "ended"])
def test_a_file_is_deleted_without_being_read(desk, rivers, campaign, monkeypatch, how):
    columns = hand_in(desk, rivers, campaign)["Location"]
    run = Import.objects.get()
    if how == "come in":
        desk.post(columns.replace("columns", "preview"))
        run.refresh_from_db()
    unread = []

    def note(instance, **kwargs):
        unread.append("content" in instance.get_deferred_fields())

    post_delete.connect(note, FilePart)
    try:
        if how == "put away":
            services.put_away(run)
        elif how == "forgotten":
            monkeypatch.setattr(
                "convoca.exchange.services.handing_in.today", lambda: today() + timedelta(7)
            )
            forget_lists()
        elif how == "come in":
            importing.end(run)
        else:
            ended(7, monkeypatch)
    finally:
        post_delete.disconnect(note, FilePart)
    assert unread == [True]


def columns_of(run):
    return reverse("exchange:columns", args=[run.pk])


def test_a_packed_list_that_grows_without_end_is_refused(desk, rivers, campaign, monkeypatch):
    monkeypatch.setattr("convoca.exchange.services.filing.MOST_UNPACKED", 1000)
    answer = hand_in(desk, rivers, campaign, gzip.compress(ROWS.encode() * 100))
    assert "This file is too large to read." in answer.content.decode()


def test_what_is_asked_of_actions_is_asked_in_words_and_not_of_members(desk, campaign):
    answer = desk.post(reverse("exchange:bring-in"), {"file": upload(), "kind": "actions"})
    page = answer.content.decode()
    assert "Say to which campaign the actions belong." in page
    assert "Say whose list it is: choose a source, or name it." in page


def test_what_may_be_of_a_known_action_is_said_before_it_comes_in(desk, rivers, campaign):
    hand_in(desk, rivers, campaign)
    desk.post(reverse("exchange:preview", args=[Import.objects.get().pk]))
    take_all()
    other = Source.objects.create(name="The Gazette", kind=Source.Kind.PRESS)
    columns = hand_in(desk, other, campaign)["Location"]
    before = list(Claim.objects.values("pk", "action"))
    found = desk.get(columns.replace("columns", "preview")).context["found"]
    assert list(Claim.objects.values("pk", "action")) == before
    foreseen = [row for row in found.rows if row.notes and "which is known" in row.notes[0]]
    assert [row.number for row in foreseen] == [2, 3]
    desk.post(columns.replace("columns", "preview"))
    take_all()
    counts = Import.objects.first().counts
    assert counts["doubtful"] == sum(row.is_doubtful for row in foreseen)
    assert counts["linked"] == sum(not row.is_doubtful for row in foreseen)
