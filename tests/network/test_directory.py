import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from convoca.core.names import Names
from convoca.network import services
from convoca.network.models import Committee, Organisation, Region
from convoca.places.services import place_named
from convoca.texts import services as texts
from tests.cast import make_organisation

HOSTILE = "<script>alert(1)</script>{{7*7}}\u202e\u0301"


def names_on(page) -> list[str]:
    """The names of the organisations that a page lists."""
    return [str(o) for o in page.context["organisations"]]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["organisations", "committees"])
def test_a_directory_costs_the_same_queries_at_any_length(
    name, count, client, network, django_assert_num_queries
):
    for number in range(count):
        organisation = make_organisation(f"Number {number}", country="PT")
        committee = Committee.objects.create(names=Names(en=f"Committee {number}"), country="PT")
        committee.organisations.add(organisation)
    expected = 5 if name == "organisations" else 7
    with django_assert_num_queries(expected):
        page = client.get(f"/en/{name}/")
    assert len(page.context[name]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_an_organisation_costs_the_same_queries_however_many_chapters(
    count, client, network, union, django_assert_num_queries
):
    for number in range(count):
        services.affiliate(make_organisation(f"Chapter {number}"), union)
        services.start_committee(Names(en=f"Committee {number}"), organisations=[union])
    with django_assert_num_queries(12):
        page = client.get(union.get_absolute_url())
    assert len(page.context["chapters"]) == count


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?former=on",
        "?country=PT",
        "?q=sao+paulo",
        "?kind=union",
        "?page=2",
        "committees",
        "committees?country=PT&q=x",
    ],
)
def test_no_public_list_reads_a_whole_table(query, client, network):
    for number in range(70):
        make_organisation(f"Organisation {number}", country="PT")
        Committee.objects.create(names=Names(en=f"Committee {number}"), country="PT")
    path, _mark, rest = query.partition("?")
    address = f"/en/{path or 'organisations'}/?{rest}"
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    tables = ("network_organisation", "network_committee")
    plans = [_plan(q["sql"]) for q in queries if re.search("|".join(tables), q["sql"])]
    assert plans
    assert [plan for plan in plans if re.search(r"\bSCAN network_(org|comm)\w+$", plan)] == []
    assert [plan for plan in plans if "Seq Scan on network_" in plan] == []


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        cursor.execute(explain + sql)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("asked", "found"),
    [("sao paulo", "Sindicato de São Paulo"), ("ελλαδα", "Ελλάδα"), ("مكتبه", "مكتبة")],
)
def test_the_directory_finds_names_in_any_script(asked, found, client, network):
    make_organisation("Something else")
    make_organisation(found)
    assert names_on(client.get("/en/organisations/", {"q": asked})) == [found]


def test_a_region_is_a_filter_wherever_countries_are_one(client, network):
    south = Region.objects.create(names=Names(en="South"), countries=["BR", "CL"])
    make_organisation("Água", country="BR")
    make_organisation("Wasser", country="DE")
    assert names_on(client.get("/en/organisations/", {"region": south.pk})) == ["Água"]
    assert names_on(client.get("/en/organisations/", {"country": "de"})) == ["Wasser"]


@pytest.mark.parametrize(
    "query",
    [{"region": "x"}, {"country": "PORTUGAL"}, {"kind": "y"}, {"page": "-3"}, {"q": "z" * 999}],
)
def test_a_filter_that_makes_no_sense_is_passed_over(query, client, network, union):
    assert names_on(client.get("/en/organisations/", query)) == ["Union of Port Workers"]


def test_only_members_are_listed_and_former_ones_on_request(client, network, union):
    make_organisation("Asking", state="asked")
    make_organisation("Gone", state="left")
    assert names_on(client.get("/en/organisations/")) == ["Union of Port Workers"]
    page = client.get("/en/organisations/", {"former": "on"})
    assert names_on(page) == ["Gone"]
    assert "Member until" in page.content.decode()


@pytest.mark.parametrize("state", ["asked", "invited", "declined"])
def test_who_is_not_a_member_yet_has_no_public_page(state, client, network):
    hidden = make_organisation("Hidden", state=state)
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(f"/organisations/{hidden.code}", follow=True).status_code == 404


def test_a_former_member_keeps_its_page_with_word_and_date(client, network):
    gone = make_organisation("Gone", state="suspended")
    text = client.get(gone.get_absolute_url()).content.decode()
    assert "Suspended" in text
    assert "Member until" in text


def test_a_wrong_slug_leads_to_the_right_one(client, network, union, harbour):
    for thing, word in ((union, "organisations"), (harbour, "committees")):
        for wrong in (f"/en/{word}/{thing.code}/", f"/en/{word}/{thing.code}/wrong/"):
            answer = client.get(wrong)
            assert (answer.status_code, answer["Location"]) == (301, thing.get_absolute_url())


def test_the_permanent_id_leads_to_the_readers_language(client, network, union):
    answer = client.get(f"/organisations/{union.code}", headers={"accept-language": "es"})
    assert answer["Location"].startswith(f"/es/organisations/{union.code}/")


def test_hostile_names_are_inert_everywhere(client, network):
    hostile = make_organisation(HOSTILE, site="https://x.example/?a=<b>")
    committee = services.start_committee(
        Names(ar=HOSTILE), organisations=[hostile], contact="javascript:alert(1)"
    )
    for address in (
        "/en/organisations/",
        hostile.get_absolute_url(),
        committee.get_absolute_url(),
        "/ar/committees/",
    ):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text
        assert "49" not in re.sub(r"[^>]*49[^<]*(?=\.(css|js))", "", text)
        assert 'href="javascript' not in text


def test_a_name_without_latin_letters_has_an_address(client, network):
    organisation = make_organisation("!!!")
    assert organisation.get_absolute_url().endswith("/organisation/")
    assert client.get(organisation.get_absolute_url()).status_code == 200


def test_a_name_in_another_language_is_marked(client, network):
    organisation = Organisation.objects.create(
        names=Names(ar="مكتبة الدلتا"), state="member", member_since=timezone.now()
    )
    text = client.get(organisation.get_absolute_url()).content.decode()
    assert '<bdi lang="ar" dir="rtl">مكتبة الدلتا</bdi>' in text


def test_a_committee_shows_its_place_and_how_to_reach_it(client, network, union):
    committee = services.start_committee(
        Names(en="Porto committee"),
        organisations=[union],
        place=place_named("Porto", country="PT"),
        contact="porto@example.org",
    )
    text = client.get(committee.get_absolute_url()).content.decode()
    assert "Porto" in text
    assert 'href="mailto:porto@example.org"' in text
    found = client.get(reverse("network:committees"), {"q": "porto"})
    assert list(found.context["committees"]) == [committee]


def test_public_pages_set_no_cookie(client, network, union):
    for address in ("/en/organisations/", union.get_absolute_url(), "/en/join/"):
        assert not client.get(address).cookies


def test_the_map_shows_each_place_once_and_a_part_of_it_narrows_the_list(client, network):
    porto, lima = place_named("Porto", country="PT"), place_named("Lima", country="PE")
    for name, place in (("A", porto), ("B", porto), ("C", lima)):
        services.start_committee(Names(en=name), place=place)
    page = client.get("/en/committees/")
    assert {(s.label, s.count) for s in page.context["spots"]} == {("Porto", 2), ("Lima", 1)}
    part = client.get("/en/committees/", {"box": "-20,30,10,50"})
    assert [str(c) for c in part.context["committees"]] == ["A", "B"]
    assert client.get("/en/committees/", {"box": "nonsense"}).status_code == 200


def test_a_part_of_the_map_may_lie_across_the_date_line(client, network):
    places = [
        place_named("Suva", country="FJ"),
        place_named("Porto", country="PT"),
        place_named("Lima", country="PE"),
    ]
    for place, longitude in zip(places, (178.44, -171.76, -77.04), strict=True):
        place.latitude, place.longitude = -13.0, longitude
        place.save()
    for name, place in zip("ABC", places, strict=True):
        services.start_committee(Names(en=name), place=place)
    part = client.get("/en/committees/", {"box": "170,-25,200,0"})
    assert [str(c) for c in part.context["committees"]] == ["A", "B"]


def test_names_stand_in_the_order_that_each_reader_sees(client, network):
    for names in ({"es": "Zorro", "en": "Alpha"}, {"es": "Ámbar", "en": "Zulu"}, {"es": "Mono"}):
        Organisation.objects.create(names=Names(names), state="member", member_since=timezone.now())
    english = client.get("/en/organisations/").context["organisations"]
    assert [o.names.in_language("en") for o in english] == ["Alpha", "Mono", "Zulu"]
    spanish = client.get("/es/organisations/").context["organisations"]
    assert [o.names["es"] for o in spanish] == ["Ámbar", "Mono", "Zorro"]


def test_an_organisation_speaks_of_itself_in_a_text(client, network, ana, union):
    text = services.start_about(union, by=ana)
    assert services.start_about(union, by=ana) == text
    assert client.get(union.get_absolute_url()).context["about"] is not None
    revised = texts.save_source(
        text, "We **load** ships. <script>x</script>", seen_revision=text.revision, by=ana
    )
    texts.publish_version(revised, by=ana)
    page = client.get(union.get_absolute_url()).content.decode()
    assert "<strong>load</strong>" in page
    assert "<script>x" not in page


def test_what_an_organisation_says_has_an_address_in_every_language(
    client, network, ana, bo, union
):
    text = services.start_about(union, by=ana)
    revised = texts.save_source(text, "We load ships.", seen_revision=text.revision, by=ana)
    texts.publish_version(revised, by=ana)
    at = union.get_absolute_url()
    assert client.get(f"{at}in/qu/").status_code == 404

    qu = texts.open_translation(text, "qu", by=ana)
    for source in text.sources():
        texts.save_paragraph(qu, source.key, f"Runasimi {source.key}", seen_revision=0, by=ana)
    texts.publish_unreviewed(qu, by=bo)
    union.refresh_from_db()

    assert text.address_in("qu", {"qu": "es"}) == f"{at.replace('/en/', '/es/')}in/qu/"
    page = client.get(f"{at}in/qu/").content.decode()
    assert 'lang="qu"' in page
    assert "Runasimi 1" in page
    assert "Unreviewed" in page
    assert client.get(f"{at}in/nonsense/").status_code == 404

    texts.withdraw(qu, by=bo)
    assert client.get(f"{at}in/qu/").status_code == 404
    union.refresh_from_db()
    assert "qu" not in union.names
