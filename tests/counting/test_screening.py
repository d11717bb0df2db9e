"""Moderators hide the words of a report or one photo at once; its figures count as before."""

import pytest

from convoca.counting.models import Photo, Report
from convoca.counting.said import HowMany
from convoca.counting.services import photos, reporting
from convoca.counting.services.reporting import Told
from convoca.media import services as media
from tests.actions.making import make_link
from tests.counting.making import past_action
from tests.media import fixtures as files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("audited_pages")]


@pytest.fixture
def march(campaign, union):
    return past_action(campaign, union)


@pytest.fixture
def link(march):
    return make_link(march)


@pytest.fixture
def report(march, link):
    how_many = [HowMany(low=40, high=60, method="counted")]
    told = Told(happened="yes", words="Canary words", won="Canary won", how_many=how_many)
    return reporting.report(march, told, link=link[0])


@pytest.fixture
def photo(report):
    drawn = media.keep_picture(files.upload("a.png", files.picture()))
    return Photo.objects.create(report=report, picture=drawn, sent_as=drawn.sha256)


def public(client, march):
    return client.get(march.get_absolute_url()).content.decode()


def asked(client, file):
    answer = client.get(file)
    if answer.streaming:
        assert answer.getvalue()  # read to its end, which closes the file and leaves the database
    return answer.status_code


def desk(client, march):
    return client.get(f"/en/work/act/actions/{march.code}/").content.decode()


def test_words_are_hidden_at_once_and_come_back(client, march, report, bo):
    assert "Canary words" in public(client, march)
    client.force_login(bo)
    address = f"/en/work/act/actions/{march.code}/words/"
    assert client.post(address).status_code == 302
    words = public(client, march)
    assert ["Canary" in words, "40 to 60 people" in words] == [False, True]
    assert "A moderator has hidden what its hosts wrote." in words
    assert ["Canary words" in desk(client, march), "Canary won" in desk(client, march)] == [
        True,
        True,
    ]
    client.post(address)  # once more changes nothing
    client.post(address, {"undo": "1"})
    assert "Canary words" in public(client, march)


def test_what_hosts_write_later_stays_hidden_and_they_are_told(client, march, link, report, bo):
    client.force_login(bo)
    client.post(f"/en/work/act/actions/{march.code}/words/")
    reporting.report(march, Told(happened="yes", words="Canary again"), link=link[0])
    assert "Canary" not in public(client, march)
    assert Report.objects.get().hidden_at is not None
    told = client.get(f"/en/host/{link[1]}/report/").content.decode()
    assert "A moderator has hidden the words of this report" in told


def test_a_photo_is_hidden_with_its_file_and_comes_back(client, march, link, photo, bo):
    file = photo.picture.wide_url
    assert file in public(client, march)
    assert asked(client, file) == 200
    client.force_login(bo)
    address = f"/en/work/act/photos/{photo.pk}/"
    assert client.post(address).status_code == 302
    assert file not in public(client, march)
    assert asked(client, file) == 410
    assert "Show this photo again" in desk(client, march)
    assert "Hidden by a moderator" in client.get(f"/en/host/{link[1]}/report/photos/").text
    client.post(address, {"undo": "1"})
    assert file in public(client, march)
    assert asked(client, file) == 200


def test_a_hidden_photo_that_is_cut_stays_hidden(
    client, march, link, photo, bo, django_capture_on_commit_callbacks
):
    client.force_login(bo)
    address = f"/en/work/act/photos/{photo.pk}/"
    client.post(address)
    with django_capture_on_commit_callbacks(execute=True):
        photos.crop_photo(photo, (0, 0, 0, 50), link=link[0])
    cut = Photo.objects.get().picture
    assert cut.pk != photo.picture.pk
    assert asked(client, cut.wide_url) == 410
    client.post(address, {"undo": "1"})
    assert asked(client, cut.wide_url) == 200


def test_a_hidden_photo_that_is_sent_again_stays_hidden(
    client, report, link, photo, bo, django_capture_on_commit_callbacks
):
    client.force_login(bo)
    client.post(f"/en/work/act/photos/{photo.pk}/")
    with django_capture_on_commit_callbacks(execute=True):
        again = photos.add_photo(report, files.upload("a.png", files.picture()), link=link[0])
    assert again == photo
    assert asked(client, photo.picture.wide_url) == 410


def test_a_hidden_photo_cannot_be_taken_away_and_sent_anew(
    client, march, report, link, photo, bo, django_capture_on_commit_callbacks
):
    client.force_login(bo)
    client.post(f"/en/work/act/photos/{photo.pk}/")
    with django_capture_on_commit_callbacks(execute=True):
        photos.remove_photo(photo, link=link[0])
    assert asked(client, photo.picture.wide_url) == 404
    send = f"/en/host/{link[1]}/report/photos/"
    given = {"photos": files.upload("a.png", files.picture()), "agreed": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(send, given, headers={"origin": "http://testserver"})
    assert answer.status_code == 422
    assert "A moderator has hidden this photo. It cannot be sent once more." in answer.text
    assert asked(client, photo.picture.wide_url) == 404
    assert photo.picture.wide_url not in public(client, march)
    assert answer.context["left"] == 10


@pytest.fixture
def the_same_elsewhere(campaign, union, audited_pages):
    """A photo of the same content, in the report on another action."""
    other = past_action(campaign, union, title="Another march")
    link = make_link(other)
    report = reporting.report(other, Told(happened="yes"), link=link[0])
    return photos.add_photo(report, files.upload("a.png", files.picture()), link=link[0])


def test_what_is_hidden_or_taken_out_of_one_report_stays_in_another(
    client, march, link, photo, the_same_elsewhere, bo, django_capture_on_commit_callbacks
):
    file = photo.picture.wide_url
    client.force_login(bo)
    client.post(f"/en/work/act/photos/{photo.pk}/")
    other = the_same_elsewhere
    assert file not in public(client, march)
    assert file in public(client, other.report.action)
    assert asked(client, file) == 200
    with django_capture_on_commit_callbacks(execute=True):
        photos.remove_photo(photo, link=link[0])
    assert asked(client, file) == 200


def test_what_one_report_hides_is_given_to_nobody_once_the_other_lets_go_of_it(
    client, march, link, photo, the_same_elsewhere, bo, django_capture_on_commit_callbacks
):
    client.force_login(bo)
    client.post(f"/en/work/act/photos/{photo.pk}/")
    with django_capture_on_commit_callbacks(execute=True):
        photos.remove_photo(the_same_elsewhere, link=link[0])
    assert asked(client, photo.picture.wide_url) == 410


def test_who_does_not_moderate_hides_nothing(client, march, report, photo, ana):
    client.force_login(ana)
    assert client.post(f"/en/work/act/actions/{march.code}/words/").status_code == 403
    assert client.post(f"/en/work/act/photos/{photo.pk}/").status_code == 403
    assert Report.objects.get().hidden_at is None
