"""A file that is withheld is given to nobody, whoever asks how; and comes back as it was."""

import os
import time

import pytest

from convoca.core.errors import Refusal
from convoca.media import services as media
from convoca.media import store
from convoca.media.models import Document
from tests.media import fixtures
from tests.media.fixtures import upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def logo():
    return media.keep_picture(upload("logo.png", fixtures.picture()), alt="The logo")


def status(client, path: str, **headers) -> int:
    answer = client.get(path, headers=headers)
    if answer.streaming:
        b"".join(answer)  # so that the file is closed
    return answer.status_code


def statuses(client, kept) -> set[int]:
    return {status(client, f"/media/{name}") for name in kept.files}


@pytest.mark.parametrize("taken_down", [False, True])
def test_every_size_of_it_is_gone_and_back(client, logo, taken_down):
    media.withhold(logo, taken_down=taken_down)
    first = logo.url("small")
    asked = [
        status(client, first),
        client.head(first).status_code,
        status(client, first, **{"if-none-match": f'"{first[7:]}"'}),
        status(client, first, range="bytes=0-9"),
    ]
    assert (statuses(client, logo), asked) == ({410}, [410] * 4)
    assert {status(client, f"{first}{end}") for end in (store.OFF, store.DOWN)} == {404}

    media.give_back(logo, taken_down=taken_down)
    assert statuses(client, logo) == {200}


def test_withholding_twice_is_withholding_once(client, logo):
    for taken_down in (False, True, True, False):
        media.withhold(logo, taken_down=taken_down)
    assert store.is_taken_down(logo.file)
    media.give_back(logo, taken_down=True)
    media.give_back(logo, taken_down=True)
    assert statuses(client, logo) == {200}


def test_what_a_steward_took_down_comes_back_by_a_steward_only(client, logo):
    media.withhold(logo, taken_down=True)
    with pytest.raises(Refusal) as refusal:
        media.give_back(logo)
    assert refusal.value.code == "file-taken-down"
    assert statuses(client, logo) == {410}


def test_what_was_taken_down_is_not_taken_in_again(client, logo):
    media.withhold(logo, taken_down=True)
    with pytest.raises(Refusal) as refusal:
        media.keep_picture(upload("other-name.png", fixtures.picture()))
    assert refusal.value.code == "file-taken-down"


def test_what_was_only_withdrawn_is_taken_in_again(client):
    first = media.keep_file(upload("a.pdf", fixtures.pdf()))
    media.withhold(first)
    again = media.keep_file(upload("b.pdf", fixtures.pdf()))
    assert (again.file, statuses(client, again)) == (first.file, {200})


def test_the_sweep_keeps_it_while_its_row_is_there(client, logo):
    media.withhold(logo, taken_down=True)
    for path in store.names():
        os.utime(path, (time.time() - 200_000,) * 2)
    media.sweep()
    media.give_back(logo, taken_down=True)
    assert statuses(client, logo) == {200}

    media.withhold(logo, taken_down=True)
    media.forget(logo)
    assert list(store.names()) == []


def test_who_refers_to_a_file_is_known_through_every_row_of_it(union, library, logo):
    other = media.described(logo, "Another word for it")
    union.logo, library.logo = logo, other
    union.save()
    library.save()
    assert sorted(media.holders(logo), key=lambda pair: pair[0].pk) == [
        (union, "logo"),
        (library, "logo"),
    ]
    assert media.rows_of(logo.size("small")["file"]) == [logo, other]
    assert media.rows_of("../settings.py") == []
    assert not Document.objects.exists()
