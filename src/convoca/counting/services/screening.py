"""What moderators hide of a report at once: its words, or one of its photos; never its figures."""

from django.db import transaction
from django.utils import timezone

from convoca.audit import services as audit
from convoca.counting.models import Photo, Report
from convoca.counting.services.photos import withhold_unshown
from convoca.media import services as media
from convoca.network.models import Mandate
from convoca.pages import services as pages


@transaction.atomic
def hide_words(report: Report, *, is_hidden: bool, under: Mandate) -> None:
    """Let nobody read the words of a report, or everybody again. What its hosts write later is
    hidden too, until a moderator shows it. Repeating it changes nothing.
    """
    report = Report.objects.select_for_update().get(pk=report.pk)
    if (report.hidden_at is not None) == is_hidden:
        return
    report.hidden_at = timezone.now() if is_hidden else None
    report.save(update_fields=["hidden_at"])
    audit.record("report.hidden" if is_hidden else "report.shown", about=report, under=under)
    if is_hidden:
        pages.take_down(f"claims:{report.action_id}")


@transaction.atomic
def hide_photo(photo: Photo, *, is_hidden: bool, under: Mandate) -> None:
    """The same for one photo: its file is answered to nobody either, unless another report shows
    the same photo.
    """
    photo = Photo.objects.select_for_update(of=("self",)).select_related("report").get(pk=photo.pk)
    if photo.picture is None or (photo.hidden_at is not None) == is_hidden:
        return
    photo.hidden_at = timezone.now() if is_hidden else None
    photo.save(update_fields=["hidden_at"])
    event = "photo.hidden" if is_hidden else "photo.shown"
    audit.record(event, about=photo.report, under=under, photo=photo.pk)
    if is_hidden:
        withhold_unshown(photo.picture)
        pages.take_down(f"claims:{photo.report.action_id}")
    else:
        media.give_back(photo.picture)
