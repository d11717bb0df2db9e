"""Choosing from hundreds of organisations and from all countries, without a script."""

import pytest
from django.urls import reverse

from convoca.core.names import Names
from convoca.network.models import Committee, Organisation, Region
from convoca.network.picking import SHOWN
from tests.cast import make_organisation

pytestmark = pytest.mark.django_db
START = "/en/work/network/committees/start/"


@pytest.fixture
def many():
    rows = [make_organisation(f"Union {n:03}", country="PT" if n % 2 else "ES") for n in range(60)]
    rows.append(make_organisation("Água Viva", country="BR", kind="faith"))
    return rows


@pytest.fixture
def steward(client, bo, network):
    client.force_login(bo)
    return client


def boxes(page, name="organisations"):
    """What is offered, and what of it is ticked, by the form's own widget."""
    field = page.context["form"][name]
    widget = field.field.widget.get_context(name, field.value(), {"id": "x"})["widget"]
    offered = [row.words for row in widget["rows"]]
    return [row.words for row in widget["chosen"]], offered


def test_a_search_sends_nothing_and_keeps_all_that_was_typed_and_ticked(steward, many):
    page = steward.post(
        START,
        {
            "names-in-en": "Harbour",
            "organisations": [many[3].pk],
            "organisations-q": "agua",
            "organisations-look": "1",
        },
    )
    assert page.status_code == 200
    assert not Committee.objects.exists()
    assert boxes(page) == (["Union 003"], ["Água Viva"])
    assert 'value="Harbour"' in page.content.decode()
    assert "This could not be sent" not in page.content.decode()
    assert "autofocus>Found: 1</p>" in page.content.decode()


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ({"organisations-where": "BR"}, ["Água Viva"]),
        ({"organisations-kind": "faith"}, ["Água Viva"]),
        ({"organisations-q": "nobody"}, []),
    ],
)
def test_the_list_is_narrowed_by_country_and_kind(steward, many, search, expected):
    page = steward.post(START, {**search, "organisations-look": "1"})
    assert boxes(page) == ([], expected)


def test_the_list_is_narrowed_by_region_and_all_of_it_chosen_at_once(steward, many):
    region = Region.objects.create(names=Names(en="Iberia"), countries=["PT", "ES"])
    where = {"organisations-where": f"r{region.pk}"}
    page = steward.post(START, {**where, "organisations-all": "1"})
    chosen, offered = boxes(page)
    assert (len(chosen), offered) == (60, [])
    page = steward.post(START, {**where, "organisations-none": "1", "organisations": [1, 2]})
    assert boxes(page)[0] == []


def test_a_search_that_was_not_answered_yet_is_answered_before_anything_is_done(steward, many):
    typed = {"names-in-en": "Harbour", "organisations-q": "agua", "organisations-shown": "||"}
    page = steward.post(START, typed)
    assert boxes(page) == ([], ["Água Viva"])
    answered = {**typed, "organisations-shown": "agua||", "organisations": [many[60].pk]}
    assert steward.post(START, answered).status_code == 302
    assert Committee.objects.get().organisations.get() == many[60]


def test_a_long_list_is_cut_and_stands_by_country(steward, many):
    page = steward.get(START)
    chosen, offered = boxes(page)
    assert (chosen, len(offered)) == ([], SHOWN)
    assert offered[0] == "Água Viva"
    assert "And 21 more: search, or narrow the list." in page.content.decode()


@pytest.mark.parametrize("count", [20, 60])
def test_a_list_costs_the_same_queries_at_any_length(steward, count, django_assert_num_queries):
    for number in range(count):
        make_organisation(f"Union {number}", country="PT")
    steward.get(START)
    with django_assert_num_queries(18):
        steward.get(START)


def test_a_few_need_no_search(client, ana, library, network):
    client.force_login(ana)
    page = client.get(START).content.decode()
    assert "organisations-q" not in page
    assert "Union of Port Workers" in page


def test_one_organisation_is_picked_from_the_same_list(steward, union, many):
    address = reverse("network:affiliate", args=[union.code])
    page = steward.post(address, {"body-q": "union 007", "body-look": "1", "body": many[9].pk})
    assert boxes(page, "body") == (["Union 009"], ["Union 007"])
    assert steward.post(address, {"body": many[7].pk}).status_code == 302
    assert list(Organisation.objects.filter(chapter_affiliations__chapter=union)) == [many[7]]


def test_countries_are_searched_too(steward):
    address = reverse("network:add-region")
    page = steward.post(address, {"countries-q": "portu", "countries": ["BR"]})
    assert boxes(page, "countries") == (["Brazil"], ["Portugal"])
    assert not Region.objects.exists()
    steward.post(address, {"names-in-en": "Lusophony", "countries": ["BR", "PT"]})
    assert Region.objects.get().countries == ["BR", "PT"]
