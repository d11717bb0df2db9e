"""Take down now: a steward reads an address out of a telephone, and nobody is shown it any more."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from convoca.actions.facts import Where
from convoca.audit.models import Entry
from convoca.campaigns import services as campaigns
from convoca.campaigns.models import Material
from convoca.core.names import Names
from convoca.media import services as media
from convoca.network import services as network
from convoca.network.models import Network
from convoca.pages.store import PLAIN
from convoca.texts import services as texts
from convoca.web import removals
from convoca.web.models import Removal
from tests.actions.making import make_action, town
from tests.campaigns.conftest import campaign, draft, steward  # noqa: F401  used as fixtures
from tests.cast import mandate_of
from tests.media import fixtures
from tests.media.fixtures import upload

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "/en/work/take-down/"
STREET = "Calle Canaria 99"
_DOWN = "is taken down. Nobody is shown it any more."


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def action(campaign, union):  # noqa: F811  the fixture of that name
    return make_action(campaign, union, places=[Where(town(), street=STREET)])


@pytest.fixture
def desk(client, bo, network):
    client.force_login(bo)
    return client


def kinds(address: str) -> list[str]:
    return [found.kind for found in removals.find(address)]


def take_down(desk, address: str, kind: str):
    """What a steward does who chooses the first thing of this kind."""
    chosen = next(one for one in removals.find(address) if one.kind == kind)
    sent = {"address": address, "what": chosen.value, "reason": "A person in danger"}
    answer = desk.post(f"{HERE}now/", sent, follow=True)
    done = "is gone. Readers get it as it is now." if kind == "copies" else _DOWN
    assert done in answer.content.decode()
    return answer


def bring_back(desk) -> None:
    assert desk.post(f"{HERE}{Removal.objects.get().pk}/back/").status_code == 302


def status(address: str) -> int:
    answer = Client().get(address)
    if answer.streaming:
        b"".join(answer)  # so that the file is closed
    return answer.status_code


def words_kept(kept_pages) -> bytes:
    return b"".join(kept_pages.look(key, PLAIN).body for key in list(kept_pages.keys()))


def test_an_action_goes_by_any_of_its_addresses(desk, action, kept_pages):
    page = action.get_absolute_url()
    for address in (
        f"https://rivers.example{page}?from=feed",
        f" /es/actions/{action.code}/whatever/report/ ",
        f"/a/{action.short_code}",
        f"/actions/{action.code}",
        f"rivers.example/a/{action.short_code}",
        f"localhost:8000{page}",
        page.removeprefix("/"),
    ):
        assert kinds(address)[0] == "action"
    for path in (page, "/en/actions/", "/en/actions/actions.geojson"):
        assert status(path) == 200
    assert STREET.encode() in words_kept(kept_pages)

    take_down(desk, f"https://rivers.example{page}", "action")

    assert STREET.encode() not in words_kept(kept_pages)
    assert status(page) == 410
    assert kinds(page) == []
    bring_back(desk)
    assert status(page) == 200


def test_it_is_written_down_who_did_it_and_why(desk, action, bo):
    take_down(desk, action.get_absolute_url(), "action")
    page = desk.get(HERE).content.decode()
    assert ("A person in danger" in page, "Bring back" in page) == (True, True)
    bring_back(desk)
    events = Entry.objects.filter(event__startswith="removal.").order_by("pk")
    assert [(one.event, one.person_id) for one in events] == [
        ("removal.made", bo.pk),
        ("removal.undone", bo.pk),
    ]
    assert "A person in danger" not in str([one.details for one in events])
    assert "Brought back" in desk.get(HERE).content.decode()


def test_a_campaign_goes_and_comes_back(desk, campaign):  # noqa: F811  a fixture
    page = campaign.get_absolute_url()
    take_down(desk, page, "campaign")
    assert status(page) == 410
    bring_back(desk)
    assert status(page) == 200


def translated(campaign, bo):  # noqa: F811  a fixture
    made = texts.open_translation(campaign.call, "es", by=bo)
    for source in campaign.call.sources():
        rows = {row.key: row for row in made.paragraphs.all()}
        seen = rows[source.key].revision if source.key in rows else 0
        words = f"Canario {source.key}"
        texts.save_paragraph(made, source.key, words, seen_revision=seen, by=bo)
    return texts.publish_unreviewed(made, by=bo)


def test_a_translation_goes_alone(desk, campaign, bo):  # noqa: F811  a fixture
    translated(campaign, bo)
    page = campaign.get_absolute_url().replace("/en/", "/es/")
    assert b"Canario" in Client().get(page, follow=True).content

    assert kinds(page)[:2] == ["campaign", "translation"]
    assert kinds(f"{page}in/es/")[:2] == ["translation", "campaign"]
    take_down(desk, page, "translation")

    assert b"Canario" not in Client().get(page, follow=True).content
    bring_back(desk)
    assert b"Canario" in Client().get(page, follow=True).content


def test_what_an_organisation_says_about_itself_goes_in_every_language(desk, union, bo, kept_pages):
    text = network.start_about(union, by=bo)
    texts.save_source(text, "Our canary flat.", seen_revision=0, by=bo)
    texts.publish_version(text, by=bo)
    page = union.get_absolute_url()
    assert b"canary flat" in Client().get(page).content

    take_down(desk, page, "about")

    assert b"canary flat" not in words_kept(kept_pages)
    assert b"canary flat" not in Client().get(page).content
    bring_back(desk)
    assert b"canary flat" in Client().get(page).content


def test_what_was_written_anew_is_not_written_over(desk, union, bo):
    network.start_about(union, by=bo)
    take_down(desk, union.get_absolute_url(), "about")
    network.start_about(union, by=bo)
    answer = desk.post(f"{HERE}{Removal.objects.get().pk}/back/", follow=True)
    assert "something else about itself since" in answer.content.decode()
    assert Removal.objects.get().undone_at is None


def test_a_file_goes_wherever_it_is_shown_and_comes_back_there(
    desk,
    campaign,  # noqa: F811  a fixture
    action,
    union,
    steward,  # noqa: F811  a fixture
    kept_pages,
):
    picture = media.keep_picture(upload("face.png", fixtures.picture()), alt="A face")
    again = media.described(picture, "The same face")
    for holder, field in ((campaign, "picture"), (action, "picture"), (union, "logo")):
        setattr(holder, field, again if holder is union else picture)
        holder.save()
    campaigns.add_material(campaign, picture, names=Names(en="Face"), under=steward)
    pages = [one.get_absolute_url() for one in (campaign, action, union)]
    assert [b"/media/" in Client().get(page).content for page in pages] == [True] * 3
    small = picture.url("small")

    take_down(desk, f"https://rivers.example{small}", "file")

    assert b"/media/" not in words_kept(kept_pages)
    assert [b"/media/" in Client().get(page).content for page in pages] == [False] * 3
    assert (status(small), Material.objects.get().withdrawn_at is None) == (410, False)
    bring_back(desk)
    assert [b"/media/" in Client().get(page).content for page in pages] == [True] * 3
    assert (status(small), Material.objects.get().withdrawn_at) == (200, None)
    union.refresh_from_db()
    assert union.logo == again


def test_the_files_of_a_page_are_offered_with_it(desk, campaign, union, steward):  # noqa: F811
    union.logo = media.keep_picture(upload("face.png", fixtures.picture()), alt="Our logo")
    union.save()
    paper = media.keep_file(upload("plan.pdf", fixtures.pdf()))
    campaigns.add_material(campaign, paper, names=Names(en="Plan"), under=steward)
    assert kinds(union.get_absolute_url()) == ["file", "copies"]
    assert kinds(campaign.get_absolute_url()) == ["campaign", "file", "copies"]
    page = desk.get(HERE, {"address": campaign.get_absolute_url()}).content.decode()
    assert "The file “plan.pdf”: nobody can fetch it" in page


def test_a_coordinator_does_not_bring_back_a_file_that_a_steward_took_down(
    desk,
    campaign,  # noqa: F811  a fixture
    ana,
    union,
    steward,  # noqa: F811  a fixture
):
    paper = media.keep_file(upload("plan.pdf", fixtures.pdf()))
    material = campaigns.add_material(campaign, paper, names=Names(en="Plan"), under=steward)
    take_down(desk, paper.url, "file")
    with pytest.raises(Exception, match="A steward has taken this file down"):
        campaigns.bring_back_material(material, under=mandate_of(ana, union))
    assert status(paper.url) == 410


def test_of_a_page_that_was_corrected_no_old_copy_is_shown(desk, kept_pages):
    here = Network.load()
    here.imprint_words = "Canary lane 1"
    here.save()
    assert status("/en/imprint/") == 200
    key = "http://testserver/en/imprint/"
    assert kept_pages.look(key, PLAIN)

    take_down(desk, "https://rivers.example/en/imprint/", "copies")

    assert kept_pages.look(key, PLAIN) is None
    assert not Removal.objects.exists()
    assert Entry.objects.filter(event="pages.taken-down").get().details["path"] == "/en/imprint/"


def test_a_page_that_cannot_be_drawn_now_may_still_be_kept(desk, kept_pages, monkeypatch):
    def fails(*_given):
        raise ValueError

    monkeypatch.setattr("convoca.web.views.render", fails)
    assert kinds("/en/imprint/") == ["copies"]
    take_down(desk, "/en/imprint/", "copies")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "https://rivers.example/en/work/",
        "/media/../settings.py",
        f"/media/{'0' * 40}.pdf",
        "http://[half",
        "/en/campaigns/%00/",
        "/en/campaigns/0000zzzz/mistyped/",
        "/en/actions/nothing/",
        "rivers.example",
    ],
)
def test_an_address_of_nothing_is_answered_in_words(desk, address):
    answer = desk.get(HERE, {"address": address})
    assert answer.status_code == 200
    assert ("Nothing that can be taken down" in answer.content.decode()) is bool(address)
    sent = {"address": address, "what": "action x", "reason": "x"}
    assert desk.post(f"{HERE}now/", sent).status_code == 422


def test_a_reason_is_needed_and_what_was_chosen_stays(desk, action):
    address = action.get_absolute_url()
    sent = {"address": address, "what": f"action {action.code}", "reason": " "}
    answer = desk.post(f"{HERE}now/", sent)
    assert (answer.status_code, status(address)) == (422, 200)
    assert f'value="action {action.code}"' in answer.content.decode()


def test_only_stewards_take_down(client, ana, action):
    client.force_login(ana)
    sent = {
        "address": action.get_absolute_url(),
        "what": f"action {action.code}",
        "reason": "x",
    }
    assert client.get(HERE).status_code == 403
    assert client.post(f"{HERE}now/", sent).status_code == 403
    assert status(action.get_absolute_url()) == 200


def test_why_is_forgotten_with_the_trail(desk, action):
    take_down(desk, action.get_absolute_url(), "action")
    Removal.objects.update(at=timezone.now() - timedelta(days=401))
    assert (removals.forget_old(), removals.forget_old()) == (1, 0)
    assert status(action.get_absolute_url()) == 410
