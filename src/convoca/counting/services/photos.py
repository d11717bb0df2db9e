"""Photos that hosts add to their report."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import HostLink
from convoca.actions.services import host_links
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.counting.models import Photo, Report
from convoca.counting.models.photo import MOST_PHOTOS
from convoca.media import services as media
from convoca.media.models import Picture
from convoca.media.services import Upload
from convoca.pages import services as pages


def add_photo(report: Report, uploaded: Upload, *, link: HostLink) -> Photo:
    """Draw a photo anew and keep it with the report. The same photo once more is the same row, so
    sending all of them again after a cut harms nothing. The host has said that it may be shown.
    """
    if report.photos.count() >= MOST_PHOTOS:
        _refuse_more()
    picture = media.keep_picture(uploaded)  # takes seconds, so no row is locked meanwhile
    with transaction.atomic():
        row = Report.objects.select_for_update().get(pk=report.pk)
        known = row.photos.filter(sent_as=picture.sha256).first()
        if known is not None:
            _forget(picture)
            return known
        if row.photos.count() >= MOST_PHOTOS:
            _forget(picture)
            _refuse_more()
        row.photos_agreed_at = timezone.now()
        row.save(update_fields=["photos_agreed_at"])
        photo = Photo.objects.create(report=row, picture=picture, sent_as=picture.sha256)
        audit.record("photo.added", about=row, **host_links.who(link))
    return photo


def _refuse_more() -> None:
    raise Refusal(
        "photos-many",
        _("There are %(most)d photos already. Take one away first.") % {"most": MOST_PHOTOS},
    )


@transaction.atomic
def describe_photo(photo: Photo, alt: str) -> None:
    """Say what can be seen on it, for those who do not see it."""
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    if photo.picture is not None and photo.picture.alt != alt[:300]:
        photo.picture.alt = alt[:300]
        photo.picture.save(update_fields=["alt"])
        pages.touch(*photo.page_tags())


@transaction.atomic
def crop_photo(photo: Photo, cut: Sequence[int], *, link: HostLink) -> None:
    """Leave a part of it. What was cut off is deleted at once and cannot be had again."""
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    old = photo.picture
    if old is None or not any(cut):
        return
    photo.picture = media.cropped(old, cut)
    photo.save(update_fields=["picture"])
    _forget(old)
    audit.record("photo.cut", about=photo.report, **host_links.who(link))


@transaction.atomic
def remove_photo(photo: Photo, *, link: HostLink) -> None:
    """Delete it with its files. Harmless to repeat."""
    picture, report = photo.picture, photo.report
    photo.delete()
    if picture is not None:
        _forget(picture)
    audit.record("photo.removed", about=report, **host_links.who(link))


def _forget(picture: Picture) -> None:
    """Delete the row now, and its files once that is certain: those that another row shows stay."""
    transaction.on_commit(lambda: media.forget(picture))
