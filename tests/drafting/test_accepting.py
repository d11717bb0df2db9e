"""A text becomes a campaign's draft: what people confirmed, once, and nothing by itself."""

from datetime import date, timedelta

import pytest
from django.db import connection

from convoca.audit.models import Entry
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.counting.models import Summary
from convoca.drafting import services
from convoca.drafting.found import merged
from convoca.drafting.models import ReadText
from convoca.network.models import Organisation
from convoca.network.trail import in_words
from convoca.outbox.models import Message
from convoca.vault import purging
from convoca.vault.keyring import keyring, today
from tests.campaigns.conftest import publish
from tests.drafting.conftest import REPORT, address, posted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network")]


@pytest.fixture
def desk(client, bo):
    """A steward at the desk."""
    client.force_login(bo)
    return client


def accept(desk, read, **more):
    page = desk.get(address(read))
    return desk.post(address(read), posted(page, do="accept", **more))


def test_what_was_confirmed_becomes_a_draft_and_the_text_is_forgotten(desk, read_es, union):
    answer = accept(desk, read_es, **{"m1-take": "yes", "l2-take": "yes"})
    campaign = Campaign.objects.get()

    assert answer.headers["Location"] == f"/en/work/campaigns/{campaign.code}/"
    assert [campaign.state, dict(campaign.names)] == [
        "draft",
        {"es": "CONVOCATORIA: LOS PUENTES SON DE TODOS"},
    ]
    assert list(campaign.convenors.all()) == [union]
    days = [(m.kind, m.starts_on, m.ends_on, m.place.name) for m in campaign.moments.all()]
    assert days == [
        ("day", date(2027, 3, 13), date(2027, 3, 13), "Asunción"),
        ("assembly", date(2027, 6, 5), date(2027, 6, 7), "Montevideo"),
    ]
    assert [d.names["es"] for d in campaign.demands.all()] == [
        "Contar cuántas personas pasan, en más de 40 ciudades."
    ]
    assert campaign.call.draft.startswith("Lisboa, 10 de enero de 2027")
    assert campaign.call.current is None
    assert [row.name for row in campaign.named.all()] == ["Red Ibérica de Barqueros"]
    kept = ReadText.objects.get()
    assert [kept.text, kept.items, kept.facts, kept.campaign] == ["", [], {}, campaign]
    assert Entry.objects.filter(event="campaign.drafted").count() == 1
    assert Message.objects.count() == 0


def test_pressing_twice_makes_one_campaign(desk, read_es):
    page = desk.get(address(read_es))
    sent = posted(page, do="accept")
    first, second = (desk.post(address(read_es), sent) for _time in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert Campaign.objects.count() == 1
    campaign = Campaign.objects.get()
    again = services.accept(read_es, convenors=[], under=None)
    assert again == campaign


@pytest.mark.parametrize(
    ("without", "field"), [({"title": ""}, "title"), ({"convenors": []}, "convenors")]
)
def test_what_a_campaign_needs_is_asked_for_with_everything_kept(desk, read_es, without, field):
    answer = accept(desk, read_es, **{"m1-kind": "launch", **without})

    assert answer.status_code == 422
    assert field in answer.context["answers"].facts.errors
    assert answer.context["answers"].moments[0]["kind"].value() == "launch"
    assert Campaign.objects.count() == 0


def test_saving_keeps_every_answer_and_what_was_added(desk, read_es):
    page = desk.get(address(read_es))
    sent = posted(
        page,
        **{
            "m1-take": "no",
            "m2-starts": "2027-06-04",
            "new-moments-starts": "2027-09-01",
            "new-moments-kind": "deadline",
            "new-organisations-name": "Amigos del Vado",
            "new-places-place": "Salto, Uruguay",
            "new-lines-words": "Puentes sin peaje.",
        },
    )
    assert desk.post(address(read_es), sent).status_code == 302
    read_es.refresh_from_db()
    moments = [(m["id"], m["take"], m["starts"], m["kind"]) for m in read_es.of("moments")]

    assert moments == [
        ("m1", "no", "2027-03-13", "day"),
        ("m2", "yes", "2027-06-04", "assembly"),
        ("m3", "yes", "2027-09-01", "deadline"),
    ]
    assert [o["name"] for o in read_es.of("organisations")][-1] == "Amigos del Vado"
    assert [p["name"] for p in read_es.of("places")][-1] == "Salto"
    assert read_es.of("lines")[-1]["words"] == "Puentes sin peaje."


def test_a_second_reading_leaves_what_people_answered(desk, bo):
    read = services.keep(
        "Acción el 13 de marzo en Lima y asamblea el 5 de junio en Montevideo.",
        received_on=date(2026, 1, 5),
        by=bo,
    )
    assert [m["starts"] for m in read.of("moments")] == ["2026-03-13", "2026-06-05"]
    page = desk.get(address(read))
    sent = posted(
        page, do="again", received_on="2025-01-05", **{"m1-take": "yes", "m1-starts": "2026-03-14"}
    )
    assert desk.post(address(read), sent).status_code == 302
    read.refresh_from_db()

    assert [m["starts"] for m in read.of("moments")] == ["2026-03-14", "2025-06-05"]


def test_what_is_uncertain_is_asked_first_and_left_out_unanswered(desk, bo, union):
    read = services.keep(
        "El Foro de las Barcas llama a una acción el 13 de marzo en Lima.",
        received_on=date(2027, 1, 5),
        by=bo,
    )
    page = desk.get(address(read))
    assert "m1" in [form.item["id"] for form in page.context["unsure"]]
    answer = accept(desk, read, title="Barcas", convenors=[union.pk])

    assert answer.status_code == 302
    assert Campaign.objects.get().moments.count() == 0


def test_a_mistake_is_named_and_nothing_is_lost(desk, read_es):
    page = desk.get(address(read_es))
    sent = posted(page, **{"m1-starts": "2027-02-31", "m2-ends": "2027-01-01", "title": "Puentes"})
    answer = desk.post(address(read_es), sent)

    assert answer.status_code == 422
    assert [where for where, _label, _error in answer.context["answers"].wrong] == [
        "id_m1-starts",
        "id_m2-ends",
    ]
    assert answer.context["answers"].facts["title"].value() == "Puentes"


def test_a_report_offers_its_figures_with_their_source(desk, bo, union):
    read = services.keep(REPORT, received_on=date(2027, 4, 1), by=bo)
    figure, moment = read.of("figures")[0]["id"], read.of("moments")[0]["id"]
    wanted = {
        f"{figure}-take": "yes",
        f"{figure}-moment": moment,
        f"{moment}-take": "yes",
        "convenors": [union.pk],
    }
    answer = accept(desk, read, **wanted)
    assert answer.status_code == 422
    assert "told_at" in answer.context["answers"].facts.errors

    told = {**wanted, "told_at": "https://example.org/report"}
    answer = accept(desk, read, **{**told, f"{moment}-take": "no"})
    assert answer.status_code == 422
    assert Campaign.objects.count() == 0
    answer = accept(desk, read, **told)
    assert answer.status_code == 302
    summary = Summary.objects.get()
    assert [summary.source.name, summary.words, summary.said_on, summary.url] == [
        "Rede das Pontes",
        "Mais de 350 pessoas",
        date(2027, 3, 26),
        "https://example.org/report",
    ]


def test_a_coordinator_begins_for_their_own_organisation_and_notes_no_figures(client, ana, union):
    client.force_login(ana)
    read = services.keep(REPORT, received_on=date(2027, 4, 1), by=ana)
    page = client.get(address(read))
    assert page.context["figures"] == []
    answer = client.post(address(read), posted(page, do="accept", convenors=[union.pk]))

    assert answer.status_code == 302
    assert list(Campaign.objects.get().convenors.all()) == [union]


def test_members_are_asked_and_others_prepared_by_a_person(desk, read_es, library, steward, eve):
    library.names["es"] = "Red Ibérica de Barqueros"
    library.save()
    page = desk.get(address(read_es))
    sent = posted(page, do="save", **{"new-organisations-name": "Amigos del Vado"})
    desk.post(address(read_es), sent)
    accept(desk, read_es)
    campaign = Campaign.objects.get()
    url = f"/en/work/endorse/{campaign.code}/named/"
    page = desk.get(url)
    assert [row.organisation for row in page.context["members"]] == [library]
    (other,) = page.context["others"]

    answer = desk.post(f"{url}{other.pk}/prepare/")
    made = Organisation.objects.get(state="invited")
    assert answer.headers["Location"].endswith(f"/{made.code}/invite-as-member/")
    assert [dict(made.names), Message.objects.count()] == [{"es": "Amigos del Vado"}, 0]

    desk.post(f"{url}ask/")
    assert Message.objects.count() == 0  # it is no call yet
    from_text = campaign.call
    from convoca.texts import services as texts  # noqa: PLC0415

    texts.publish_version(from_text, by=steward.person)
    publish(campaign, steward)
    desk.post(f"{url}ask/")
    assert [one.to for one in Message.objects.all()] == ["eve@example.org"]
    assert desk.get(url).context["members"] == []


def test_a_second_reading_gives_no_id_anew_and_answers_keep_what_they_name():
    def item(number, span, **facts):
        group = {"m": "moments", "p": "places"}[number[0]]
        return {"id": number, "group": group, "span": span, "touched": False, **facts}

    before = [
        item("m1", [0, 5], place="p2", touched=True),
        item("m2", [40, 45], place="p3", touched=True),
        item("p1", [8, 12]),
        item("p2", [20, 24]),
        item("p3", [50, 54]),
    ]
    again = [
        item("m1", [0, 5], place="p1"),
        item("m2", [60, 64], place="p2"),
        item("p1", [20, 24]),
        item("p2", [70, 74]),
    ]
    found = {one["id"]: (one["span"], one.get("place")) for one in merged(before, again)}
    assert found == {
        "m1": ([0, 5], "p2"),
        "m2": ([40, 45], ""),
        "m3": ([60, 64], "p4"),
        "p2": ([20, 24], None),
        "p4": ([70, 74], None),
    }


def test_who_cannot_be_written_to_stays_on_the_list(desk, read_es, library, steward):
    library.names["es"] = "Red Ibérica de Barqueros"
    library.save()
    accept(desk, read_es)
    campaign = Campaign.objects.get()
    from convoca.texts import services as texts  # noqa: PLC0415

    texts.publish_version(campaign.call, by=steward.person)
    publish(campaign, steward)
    url = f"/en/work/endorse/{campaign.code}/named/"
    assert "Nobody could be written to" in desk.post(f"{url}ask/", follow=True).text
    page = desk.get(url)
    assert [row.organisation for row in page.context["members"]] == [library]


def test_what_nobody_works_at_is_deleted_on_its_day(read_es, monkeypatch):
    monkeypatch.setattr("convoca.vault.purging.today", lambda: read_es.delete_on - timedelta(1))
    purging.purge(clock_is_right=True)
    assert ReadText.objects.get().text == read_es.text
    monkeypatch.setattr("convoca.vault.purging.today", lambda: read_es.delete_on)
    purging.purge(clock_is_right=True)
    assert read_es.delete_on == today() + timedelta(30)
    assert not ReadText.objects.exists()


def test_whoever_works_at_a_text_keeps_it_longer(desk, read_es):
    read_es.delete_on = today() + timedelta(3)
    read_es.save()
    page = desk.get(address(read_es))
    desk.post(address(read_es), posted(page, title="Puentes"))
    kept = ReadText.objects.get()
    assert (kept.delete_on, str(kept)) == (today() + timedelta(30), "Puentes")


def test_a_text_is_sealed_and_nobody_reads_a_copy_after_its_day(desk, read_es):
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, facts, items FROM drafting_readtext")
        lain = b"".join(map(bytes, cursor.fetchone()))
    assert b"PUENTES" not in lain
    assert b"Asunci" not in lain
    keyring().delete_ended(read_es.delete_on)  # as where an old backup came back
    assert read_es.code in desk.get("/en/work/campaigns/start/text/").text
    page = desk.get(address(read_es), follow=True).text
    assert "This text cannot be opened any more." in page
    desk.post(f"{address(read_es)}forget/")
    assert not ReadText.objects.exists()


def test_who_took_a_named_one_off_the_list_stands_in_the_trail(desk, read_es, bo):
    accept(desk, read_es)
    campaign, [named] = Campaign.objects.get(), Campaign.objects.get().named.all()
    url = f"/en/work/endorse/{campaign.code}/named/{named.pk}/let-be/"
    desk.post(url)
    desk.post(url, {"undo": "1"})
    off, on = Entry.objects.filter(event__startswith="campaign.named").order_by("pk")
    text = "the list of those whom the text of CONVOCATORIA: LOS PUENTES SON DE TODOS names"
    assert [line.text for line in in_words([off, on])] == [
        f"{bo} took Red Ibérica de Barqueros (RIB) off {text}",
        f"{bo} put Red Ibérica de Barqueros (RIB) back on {text}",
    ]


def test_forgetting_a_text_stands_in_the_trail_without_its_words(desk, read_es, bo):
    desk.post(f"{address(read_es)}forget/")
    entry = Entry.objects.get(event="text.forgotten")
    assert (entry.person_id, entry.about_words) == (bo.pk, read_es.code)
    [line] = in_words([entry])
    assert line.text == f"{bo} forgot a text that {bo} had started from"


def test_strangers_and_others_do_not_know_of_it(client, read_es, ana):
    assert client.get(address(read_es)).status_code == 302
    client.force_login(ana)
    assert client.get(address(read_es)).status_code == 404
    assert client.post(f"{address(read_es)}forget/").status_code == 404
    assert ReadText.objects.count() == 1


def test_a_window_left_open_overwrites_nothing_that_was_saved_meanwhile(desk, read_es):
    page = desk.get(address(read_es))
    more = {"title": "Puentes", "new-organisations-name": "Amigos del Vado"}
    assert desk.post(address(read_es), posted(page, **more)).status_code == 302

    late = posted(page, **{"m1-kind": "launch"})
    answer = desk.post(address(read_es), late)
    read_es.refresh_from_db()
    assert answer.status_code == 422
    assert "Puentes" in str(answer.context["answers"].facts.non_field_errors())
    assert answer.context["answers"].moments[0]["kind"].value() == "launch"
    assert [o["name"] for o in read_es.of("organisations")][-1] == "Amigos del Vado"

    assert desk.post(address(read_es), posted(answer)).status_code == 302
    read_es.refresh_from_db()
    assert read_es.of("moments")[0]["kind"] == "launch"
    assert [o["name"] for o in read_es.of("organisations")][-1] == "Amigos del Vado"


def test_a_date_of_issue_that_was_corrected_outlives_a_second_reading(desk, read_es):
    page = desk.get(address(read_es))
    desk.post(address(read_es), posted(page, do="again", issued="2027-01-09"))

    read_es.refresh_from_db()
    assert read_es.facts["issued"] == "2027-01-09"


def test_what_cannot_be_made_is_not_half_kept(desk, read_es, monkeypatch):
    def refuse(*_args, **_facts):
        raise Refusal("no", "Not now.")

    monkeypatch.setattr("convoca.campaigns.services.start", refuse)
    answer = accept(desk, read_es, **{"new-organisations-name": "Amigos del Vado"})
    assert answer.status_code == 422
    monkeypatch.undo()

    desk.post(address(read_es), posted(answer))
    read_es.refresh_from_db()
    names = [o["name"] for o in read_es.of("organisations")]
    assert [names.count("Amigos del Vado"), names.count("")] == [1, 0]


def test_too_many_demands_are_asked_back_and_none_is_dropped(desk, union, bo):
    lines = "".join(f"{n}. Abrir el puente número {n}.\n" for n in range(1, 23))
    text = f"LLAMAMIENTO\n\nProponemos:\n\n{lines}\nEl 13 de marzo de 2027 en Asunción.\n"
    read = services.keep(text, received_on=date(2027, 1, 11), by=bo)
    taken = {f"{line['id']}-take": "yes" for line in read.of("lines")}
    assert len(taken) > 20

    answer = accept(desk, read, **taken, title="Puentes", language="es", convenors=[union.pk])
    assert answer.status_code == 422
    assert "at most 20 demands" in str(answer.context["answers"].facts.non_field_errors())
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"received_on": "9999-12-31"}, "received_on"),
        ({"new-moments-ends": "2027-09-01"}, "starts"),
    ],
)
def test_days_that_make_no_sense_are_asked_back(desk, read_es, typed, field):
    answer = desk.post(address(read_es), posted(desk.get(address(read_es)), do="again", **typed))
    answers = answer.context["answers"]
    assert answer.status_code == 422
    assert field in {**answers.facts.errors, **answers.new["moments"].errors}
