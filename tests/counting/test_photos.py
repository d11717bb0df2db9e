"""Photos of a report: sent after it, one by one, without places; described, cut, taken away."""

from datetime import timedelta

import pytest
import time_machine

from convoca.counting.models import Photo, Report
from convoca.counting.services import reporting
from convoca.counting.services.reporting import Told
from convoca.media import store
from convoca.media.models import Picture
from convoca.network import trail
from tests.actions.making import make_link
from tests.actions.test_hosting import press
from tests.media import fixtures as files

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(action):
    return make_link(action)


@pytest.fixture
def over(action, link):
    with time_machine.travel(action.over_at + timedelta(hours=2), tick=False):
        reporting.report(action, Told(happened="yes"), link=link[0])
        yield action


def page(link, number="") -> str:
    return f"/en/host/{link[1]}/report/photos/{number}"


def jpeg(name="a.jpg", **facts):
    return files.upload(name, files.picture("JPEG", **facts))


def send(client, link, *uploads, **more):
    return press(client, page(link), photos=list(uploads), agreed="on", **more)


def test_text_and_figures_come_first(client, network, link, action):
    with time_machine.travel(action.over_at + timedelta(hours=2), tick=False):
        answer = client.get(page(link))
    assert answer["Location"] == f"/en/host/{link[1]}/report/"


def test_photos_lose_their_place_and_stand_on_the_page(client, network, link, over):
    located = files.upload("b.jpg", files.photo_with_place())
    answer = send(client, link, jpeg(), located)
    assert [answer.status_code, Photo.objects.count()] == [302, 2]
    assert all(b"Exif" not in row.picture.content() for row in Photo.objects.all())
    assert Report.objects.get().photos_agreed_at is not None
    assert client.get(over.get_absolute_url()).text.count("Photo of the action") == 2


def test_without_consent_nothing_is_kept(client, network, link, over):
    answer = press(client, page(link), photos=[jpeg()])
    assert [answer.status_code, Photo.objects.count()] == [422, 0]
    assert list(answer.context["form"].errors) == ["agreed"]


def test_one_that_is_damaged_keeps_no_other_back(client, network, link, over):
    bad = files.upload("holiday.jpg", b"\xff\xd8\xff not a picture")
    answer = send(client, link, bad, jpeg())
    assert [answer.status_code, Photo.objects.count()] == [422, 1]
    assert answer.context["form"].errors["photos"][0].startswith("holiday.jpg: ")


def test_the_same_once_more_is_one_photo(
    client, network, link, over, django_capture_on_commit_callbacks
):
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            send(client, link, jpeg())
    assert [Photo.objects.count(), Picture.objects.count()] == [1, 1]


def test_there_are_ten_at_most(client, network, link, over, monkeypatch):
    monkeypatch.setattr("convoca.counting.services.photos.MOST_PHOTOS", 2)
    uploads = [jpeg(f"{n}.jpg", colour=(n * 60, 0, 0)) for n in range(3)]
    answer = send(client, link, *uploads)
    assert [answer.status_code, Photo.objects.count()] == [422, 2]
    assert "There are 2 photos already." in answer.context["form"].errors["photos"][0]


def test_a_script_is_answered_in_words(client, network, link, over):
    headers = {"origin": "http://testserver", "accept": "application/json"}
    given = {"photos": jpeg(), "agreed": "on"}
    assert client.post(page(link), given, headers=headers).json() == {"error": ""}
    given = {"photos": files.upload("x.jpg", b"<svg xmlns=''></svg>"), "agreed": "on"}
    answer = client.post(page(link), given, headers=headers)
    assert [answer.status_code, "SVG" in answer.json()["error"]] == [422, True]


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ({"part": "upper"}, (400, 150)),
        ({"part": "right"}, (200, 300)),
        ({"part": "middle"}, (200, 150)),
        ({"part": "own", "left": "10", "top": "20", "right": "", "bottom": "5"}, (360, 225)),
    ],
)
def test_what_is_cut_off_is_gone(
    client, network, link, over, django_capture_on_commit_callbacks, given, size
):
    send(client, link, jpeg())
    photo = Photo.objects.get()
    before = photo.picture
    with django_capture_on_commit_callbacks(execute=True):
        answer = press(client, page(link, f"{photo.pk}/"), alt="A banner", **given)
    assert answer.status_code == 302
    photo.refresh_from_db()
    assert [(photo.picture.width, photo.picture.height), photo.picture.alt] == [size, "A banner"]
    assert Picture.objects.filter(pk=before.pk).exists() is False
    assert not store.path(before.file).exists()
    with django_capture_on_commit_callbacks(execute=True):
        send(client, link, jpeg())
    assert Photo.objects.get().picture.width == size[0]


@pytest.mark.parametrize(
    "given",
    [{"part": "own", "left": "60", "right": "60"}, {"part": "own", "top": "-1"}, {"part": "moon"}],
)
def test_a_cut_that_leaves_nothing_is_refused(client, network, link, over, given):
    send(client, link, jpeg())
    photo = Photo.objects.get()
    answer = press(client, page(link, f"{photo.pk}/"), **given)
    assert answer.status_code == 422
    assert Photo.objects.get().picture == photo.picture


def test_a_photo_is_taken_away_with_its_files(
    client, network, link, over, django_capture_on_commit_callbacks
):
    send(client, link, jpeg())
    photo = Photo.objects.get()
    name = photo.picture.file
    with django_capture_on_commit_callbacks(execute=True):
        press(client, page(link, f"{photo.pk}/"), remove="1")
    assert [Photo.objects.count(), store.path(name).exists()] == [0, False]
    events = {"photo.added", "photo.removed", "photo.cut", "report.sent", "report.changed"}
    assert events <= set(trail.EVENTS)


def test_a_photo_of_another_action_does_not_exist(client, network, link, over):
    assert client.get(page(link, "4711/")).status_code == 404
