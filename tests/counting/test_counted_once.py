"""One march in three lists, in three formats and two languages: one action, parted into three by a
person, and joined again.
"""

import json

import pytest

from convoca.actions.models import Action
from convoca.campaigns.models import Campaign
from convoca.counting.models import Claim, Estimate, Link, Source
from convoca.counting.services import show_totals
from convoca.exchange import reading
from convoca.exchange.services import import_list
from convoca.places.services import gazetteer
from tests.actions.conftest import mia  # noqa: F401  used as a fixture
from tests.actions.making import in_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("audited_pages")]

DAY = in_days(-2)
CSV = f"""fecha;hora;ciudad;país;título;convoca;asistentes;enlace
{DAY:%d/%m/%Y};17:30;Asunción;PY;Marcha por el río hasta la presa;Sindicato de Estibadores;\
unas 300;https://rios.example/marcha
{DAY:%d/%m/%Y};20:00;Encarnación;PY;Vigilia en la costanera;Biblioteca del Delta;decenas;
"""
CALENDAR = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Comité por el agua//ES
BEGIN:VEVENT
UID:marcha-1@agua.example
DTSTAMP:20260101T000000Z
DTSTART;TZID=America/Asuncion:{DAY:%Y%m%d}T173000
SUMMARY:Marcha por el río hasta la presa\\, Sindicato de Estibadores
DESCRIPTION:El Sindicato de Estibadores marcha por un río vivo.
LOCATION:Asunción\\, Paraguay
URL:https://agua.example/marcha
END:VEVENT
END:VCALENDAR
"""
OBJECTS = json.dumps(
    [
        {
            "id": "p-17",
            "title": "Port workers march along the river to the dam",
            "date": DAY.isoformat(),
            "time": "17:30",
            "city": "Asunción",
            "country": "PY",
            "organizer": "Sindicato de Estibadores",
            "attendance": "200-400",
            "url": "https://gazette.example/march",
        }
    ]
)


@pytest.fixture
def hand_in(tmp_path, campaign):
    def take_in(source, name, words):
        path = tmp_path / name
        path.write_text(words, encoding="utf-8")
        file = reading.open_file(path)
        mapping = reading.suggest(file)
        study = reading.study_file(file, mapping)
        places = reading.Places(gazetteer())
        return import_list(file, source, campaign, mapping, study, places, name=name)

    return take_in


@pytest.fixture
def three(hand_in, campaign, steward):
    """The Alianza's CSV, the Comité's calendar, the Gazette's JSON; totals are shown."""
    show_totals(campaign, shows_totals=True, from_actions=1, under=steward)
    lists = {
        ("Alianza de los Ríos", "network"): ("marchas.csv", CSV),
        ("Comité por el agua", "network"): ("agenda.ics", CALENDAR),
        ("The Gazette", "press"): ("marches.json", OBJECTS),
    }
    return [
        hand_in(Source.objects.create(name=name, kind=kind, licence="CC BY 4.0"), *written)
        for (name, kind), written in lists.items()
    ]


def marches():
    return list(Action.objects.public().filter(place__name="Asunción").order_by("pk"))


def said():
    """All that claims say: everything but of which action they are."""
    rows = Claim.objects.order_by("pk").values()
    return [{**row, "action_id": None, "founds": None} for row in rows]


def figures(client, campaign, action):
    """What a stranger reads in Spanish behind a figure."""
    slug = Campaign.objects.get(pk=campaign.pk).slug()
    address = f"/es/campaigns/{campaign.code}/{slug}/results/actions/{action.code}/"
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_three_lists_are_one_action_with_three_sources(client, three, campaign):
    assert [(one.new, one.linked, one.doubtful, one.founded) for one in three] == [
        (2, 0, 0, 2),
        (1, 1, 0, 0),
        (1, 1, 0, 0),
    ]
    (march,) = marches()
    sizes = Estimate.objects.filter(claim__action=march).order_by("pk")
    assert list(sizes.values_list("low", "high")) == [(300, 300), (200, 400)]
    page = figures(client, campaign, march)
    for words in (
        "Alianza de los Ríos",
        "Comité por el agua",
        "The Gazette",
        "CC BY 4.0",
        "https://rios.example/marcha",
        "https://agua.example/marcha",
        "https://gazette.example/march",
        "unas 300",
    ):
        assert words in page


def test_handed_in_once_more_nothing_changes(three, hand_in):
    before = said(), list(Link.objects.values())
    again = hand_in(Source.objects.get(name="The Gazette"), "marches.json", OBJECTS)
    assert (again.same, again.new, again.linked) == (1, 0, 0)
    after = said()
    assert [{**row, "run": 0} for row in after] == [{**row, "run": 0} for row in before[0]]
    assert list(Link.objects.values()) == before[1]


def test_parted_by_a_person_they_are_three_and_joined_again_one(
    client,
    three,
    campaign,
    mia,  # noqa: F811
):
    (march,) = marches()
    before = said()
    client.force_login(mia)
    desk = f"/en/work/act/actions/{march.code}/"
    links = list(Link.objects.order_by("pk"))
    for row in links:
        assert f"/en/work/act/reports/{row.code}/apart/" in client.get(desk).text
        client.post(f"/en/work/act/reports/{row.code}/apart/")
    assert (len(marches()), said()) == (3, before)
    client.logout()
    assert "The Gazette" not in figures(client, campaign, march)

    client.force_login(mia)
    client.post(f"/en/work/act/reports/{links[0].code}/back/")
    report = f"/en/work/act/doubtful/{links[1].claim.code}/"
    found = client.get(report, {"q": "presa", "day": DAY.isoformat()}).text
    assert f'value="{march.code}"' in found
    client.post(f"{report}same/", {"action": march.code})
    assert (marches(), said()) == ([march], before)
    client.logout()
    assert "The Gazette" in figures(client, campaign, march)
