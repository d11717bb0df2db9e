"""What programs read: calendars, colours, pictures, the permanent address."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convoca.campaigns import preview
from convoca.campaigns.addresses import link_to
from convoca.campaigns.front import Reader, for_reading, poster_for, reader
from convoca.campaigns.inks import sheet_for
from convoca.campaigns.models import Campaign, Moment
from convoca.campaigns.models.campaign import TOLD_GONE
from convoca.campaigns.models.moment import SHOWN_CANCELLED, MomentQuerySet
from convoca.campaigns.poster import label_of, where_of
from convoca.campaigns.views.reading import campaign_tags
from convoca.core import ics
from convoca.pages.public import draw_again_at, public_page

FOR_EVER = "public, max-age=31536000, immutable"


def entry_of(moment: Moment, campaign: Campaign, who: Reader) -> ics.Entry:
    """A moment as a calendar says it, in the reader's language."""
    title = who.words(campaign.names).text
    label = label_of(moment, who.language, who.fallbacks).text
    return ics.Entry(
        uid=moment.uid,
        summary=f"{label} · {title}",
        description=who.words(campaign.lead).text,
        url=link_to("campaigns:detail", campaign.code, campaign.slug()),
        first=moment.starts_on,
        last=moment.ends_on,
        at=moment.closes_at,
        created_at=moment.created_at,
        changed_at=moment.changed_at,
        sequence=moment.sequence,
        status=ics.Status.CANCELLED if moment.is_cancelled else ics.Status.CONFIRMED,
        location=where_of(moment, who.language, who.fallbacks).text,
        position=(moment.place.latitude, moment.place.longitude) if moment.place else None,
        categories=campaign.hashtags,
        image=preview.picture_of(campaign, who, poster_for(campaign, who)).url,
    )


def _answer(moments: list[Moment], campaign: Campaign, who: Reader, source: str) -> HttpResponse:
    draw_again_at(*(one.cancelled_at + SHOWN_CANCELLED for one in moments if one.cancelled_at))
    title = who.words(campaign.names).text
    body = ics.calendar(
        [entry_of(moment, campaign, who) for moment in moments],
        name=title,
        source=source,
        zone=who.network.zone,
    )
    answer = HttpResponse(body, content_type=ics.CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{campaign.slug()}.ics"'
    return answer


def _answer_gone(moments: MomentQuerySet, source: str) -> HttpResponse:
    """That these dates are no more, and not what they were."""
    removed = [
        ics.Removed(one.uid, _("Removed"), one.campaign.withdrawn_at, one.sequence)
        for one in moments.select_related("campaign")
        if one.campaign.withdrawn_at is not None
    ]
    if not removed:
        raise Http404
    draw_again_at(*(one.at + TOLD_GONE for one in removed))
    zone, name = reader().network.zone, removed[0].summary
    body = ics.calendar([], name=name, source=source, zone=zone, removed=removed)
    answer = HttpResponse(body, content_type=ics.CONTENT_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="campaign.ics"'
    return answer


def _taken_off(code: str) -> MomentQuerySet:
    return Moment.objects.filter(campaign__in=Campaign.objects.taken_off().filter(code=code))


@public_page(tags=campaign_tags)
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Every moment of a campaign, to subscribe to or to keep; for a while, that there are none any
    more.
    """
    gone = _taken_off(code)
    if gone.exists():
        return _answer_gone(gone, link_to("campaigns:calendar", code))
    campaign = get_object_or_404(for_reading(Campaign.objects.published()), code=code)
    moments = list(campaign.moments.in_calendars().with_places())
    return _answer(moments, campaign, reader(), link_to("campaigns:calendar", code))


@public_page(tags=campaign_tags)
def moment_calendar(request: HttpRequest, code: str, moment: str) -> HttpResponse:
    """One moment, to put into a calendar."""
    gone = _taken_off(code).filter(code=moment)
    if gone.exists():
        return _answer_gone(gone, link_to("campaigns:moment-calendar", code, moment))
    campaign = get_object_or_404(for_reading(Campaign.objects.published()), code=code)
    found = get_object_or_404(campaign.moments.in_calendars().with_places(), code=moment)
    source = link_to("campaigns:moment-calendar", code, moment)
    return _answer([found], campaign, reader(), source)


@public_page(tags=campaign_tags, mirrored="papers")
def preview_picture(request: HttpRequest, code: str, stamp: str) -> HttpResponse:
    """The picture for sharing. An old address leads to the present picture."""
    campaign = get_object_or_404(for_reading(Campaign.objects.published()), code=code)
    who = reader()
    picture = preview.picture_of(campaign, who, poster_for(campaign, who))
    if picture.stamp != stamp:
        return redirect(picture.path)
    answer = HttpResponse(picture.png(), content_type="image/png")
    answer["Cache-Control"] = FOR_EVER
    return answer


@public_page(tags=())
def ink(request: HttpRequest, stamp: str) -> HttpResponse:
    """A colour's stylesheet; its address names its content."""
    sheet = sheet_for(stamp)
    if sheet is None:
        raise Http404
    answer = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = FOR_EVER
    return answer


@require_safe
def permanent(request: HttpRequest, code: str) -> HttpResponse:
    """A campaign's address for ever: JSON for programs, else the page in the reader's language."""
    campaign = get_object_or_404(for_reading(Campaign.objects.published()), code=code)
    answer: HttpResponse
    if _wants_json(request):
        answer = JsonResponse(_as_json(campaign))
    else:
        with translation.override(translation.get_language_from_request(request)):
            answer = redirect(campaign)
    patch_vary_headers(answer, ["Accept", "Accept-Language"])
    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
    return answer


def _wants_json(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def _as_json(campaign: Campaign) -> dict[str, object]:
    root = settings.CONFIG.url.rstrip("/")
    return {
        "id": f"{root}/campaigns/{campaign.code}",
        "names": campaign.names,
        "lead": campaign.lead,
        "state": campaign.state,
        "published": campaign.published_at,
        "hashtags": campaign.hashtags,
        "moments": [
            {
                "id": f"urn:uuid:{moment.uid}",
                "kind": moment.kind,
                "names": moment.names,
                "first_day": moment.starts_on,
                "last_day": moment.ends_on,
                "edition": moment.edition,
                "cancelled": moment.is_cancelled,
            }
            for moment in campaign.moments.all()
        ],
    }
