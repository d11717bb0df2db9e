"""Photos that hosts add to their report."""

from collections.abc import Sequence
from typing import NoReturn

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

    Refused where a moderator hid it and its host has taken it away since.
    """
    if report.photos.kept().count() >= MOST_PHOTOS:
        _refuse_more()
    picture = media.keep_picture(uploaded)  # takes seconds, so no row is locked meanwhile
    with transaction.atomic():
        row = Report.objects.select_for_update().get(pk=report.pk)
        known = row.photos.filter(sent_as=picture.sha256).first()
        if known is None and row.photos.kept().count() < MOST_PHOTOS:
            row.photos_agreed_at = timezone.now()
            row.save(update_fields=["photos_agreed_at"])
            photo = Photo.objects.create(report=row, picture=picture, sent_as=picture.sha256)
            audit.record("photo.added", about=row, **host_links.who(link))
            return photo
        _forget(picture)  # keeping it has given a file back that may be hidden
    if known is None:
        _refuse_more()
    if known.picture is None:
        _refuse_gone(known)
    return known


def _refuse_more() -> NoReturn:
    raise Refusal(
        "photos-many",
        _("There are %(most)d photos already. Take one away first.") % {"most": MOST_PHOTOS},
    )


def _refuse_gone(photo: Photo) -> NoReturn:
    if photo.hidden_at is None:
        raise Refusal("photo-taken-down", _("This file was taken down here. Use another one."))
    raise Refusal(
        "photo-hidden", _("A moderator has hidden this photo. It cannot be sent once more.")
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
    withhold_unshown(photo.picture)
    _forget(old)
    audit.record("photo.cut", about=photo.report, **host_links.who(link))


@transaction.atomic
def remove_photo(photo: Photo, *, link: HostLink) -> None:
    """Delete it with its files. Harmless to repeat. Of one that a moderator hid it stays known that
    it is hidden: else it could be sent anew and seen.
    """
    photo = Photo.objects.select_for_update(of=("self",)).select_related("report").get(pk=photo.pk)
    picture, report = photo.picture, photo.report
    if photo.hidden_at is None:
        photo.delete()
    else:
        photo.picture = None
        photo.save(update_fields=["picture"])
    if picture is not None:
        _forget(picture)
    audit.record("photo.removed", about=report, **host_links.who(link))


def _forget(picture: Picture) -> None:
    """Delete the row and its files once that is certain: those that another row shows stay."""

    def forget() -> None:
        media.forget(picture)
        withhold_unshown(picture)

    transaction.on_commit(forget)


def withhold_unshown(picture: Picture) -> None:
    """Answer nobody who asks for its files, unless something shows them that nobody hid: the same
    photo may stand in another report.
    """
    holders = [holder for holder, _field in media.holders(picture)]
    hidden = [one for one in holders if isinstance(one, Photo) and one.hidden_at is not None]
    if hidden and len(hidden) == len(holders):
        media.withhold(picture)
