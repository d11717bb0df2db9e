"""Letting go of files that nobody uses."""

import os
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.forms import Form
from django.test.utils import isolate_apps
from django.utils import timezone

from convoca.core import tick
from convoca.media import forms, store
from convoca.media import services as media
from convoca.media.models import Picture
from tests.media import fixtures
from tests.media.fixtures import upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def long_ago():
    """Make every file two days old."""
    for path in store.names():
        then = time.time() - 2 * 86_400
        os.utime(path, (then, then))


def age(picture, days):
    then = timezone.now() - timedelta(days=days)
    Picture.objects.filter(pk=picture.pk).update(unused_since=then)


def test_a_picture_that_nothing_refers_to_goes_after_thirty_days_with_its_files():
    kept = media.keep_picture(upload("logo.png", fixtures.picture()))
    long_ago()

    assert media.sweep() == 0
    kept.refresh_from_db()
    assert kept.unused_since is not None
    age(kept, 29)
    assert media.sweep() == 0
    age(kept, 31)
    assert media.sweep() == 1
    assert list(store.names()) == []


def test_files_that_another_row_needs_stay():
    first = media.keep_picture(upload("a.png", fixtures.picture()))
    media.keep_picture(upload("b.png", fixtures.picture()))
    long_ago()
    age(first, 31)
    media.sweep()
    assert {path.name for path in store.names()} == first.files

    media.forget(Picture.objects.get())
    assert list(store.names()) == []


def test_a_file_without_a_row_goes_after_a_day_and_not_before():
    store.put(b"left behind", "txt")
    media.sweep()
    assert len(list(store.names())) == 1
    long_ago()
    media.sweep()
    assert list(store.names()) == []


def test_what_a_killed_process_left_behind_goes_after_a_day():
    for name, hours in [(".work-old", 25), (".work-new", 1)]:
        folder = store.root() / name
        folder.mkdir(parents=True)
        then = time.time() - hours * 3600
        os.utime(folder, (then, then))
    media.sweep()
    assert [path.name for path in store.root().iterdir()] == [".work-new"]


@isolate_apps("tests.media")
def test_whether_a_row_is_used_looks_at_every_link_even_hidden_ones():
    class Poster(models.Model):  # noqa: DJ008
        picture = models.ForeignKey(Picture, models.PROTECT, related_name="+")

        class Meta:
            app_label = "media"

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE media_poster (id bigint PRIMARY KEY, picture_id bigint)")
    used, unused = (
        media.keep_picture(upload("a.png", fixtures.picture(size=(20 + n, 20)))) for n in (1, 2)
    )
    Poster.objects.create(pk=1, picture=used)

    links = [Poster._meta.get_field("picture")]
    assert list(Picture.objects.filter(media.is_used(links))) == [used]
    assert list(Picture.objects.filter(~media.is_used(links))) == [unused]


def test_links_without_a_way_back_are_known():
    class Flag(models.Model):  # noqa: DJ008
        picture = models.ForeignKey(Picture, models.PROTECT, related_name="+")

        class Meta:
            app_label = "media"

    try:
        assert Flag._meta.get_field("picture") in media.links_to(Picture)
    finally:
        del apps.all_models["media"]["flag"]
        apps.clear_cache()


def test_the_sweep_comes_round_each_day():
    assert tick.DAILY["convoca.media.services.sweep"] is media.sweep


@pytest.mark.parametrize(
    ("field", "name", "content", "code"),
    [
        (forms.PictureField(), "a.svg", b"<svg/>", "picture-svg"),
        (forms.PictureField(), "a.png", b"<?php", "picture-unknown"),
        (forms.RecordingField(), "a.mp3", b"<?php", "recording-unknown"),
        (forms.DocumentField(), "a.pdf", b"x" * (21 * 1024 * 1024), "file-too-large"),
    ],
)
def test_fields_say_at_once_what_is_plainly_wrong(field, name, content, code):
    with pytest.raises(ValidationError) as wrong:
        field.clean(upload(name, content))
    assert wrong.value.code == code


def test_fields_pass_on_what_looks_right():
    given = upload("logo.png", fixtures.picture())
    assert forms.PictureField().clean(given) is given
    assert forms.PictureField(required=False).clean(None) is None
    form = type("LogoForm", (Form,), {"logo": forms.PictureField()})()
    assert 'accept="image/jpeg,image/png' in str(form["logo"])
