"""The pages that belong to the site as a whole, and the error pages."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from convoca.accounts.services.sessions import DEVICES_KEPT
from convoca.actions.models.hosting import DRAFT_KEPT, LINK_KEPT
from convoca.actions.models.signup import KEPT as SIGN_UPS_KEPT
from convoca.actions.services.problems import KEPT as REPORTS_KEPT
from convoca.actions.services.signups import AGAIN_KEPT
from convoca.audit.services import KEPT as AUDIT_KEPT
from convoca.campaigns import doing, front
from convoca.campaigns.figures import figures_of
from convoca.campaigns.models import Campaign
from convoca.campaigns.models.endorsement import WAITS
from convoca.core.dates import number_words
from convoca.core.errors import Gone
from convoca.core.languages import UI_LANGUAGES
from convoca.drafting.models import KEPT as TEXTS_KEPT
from convoca.exchange.services.filing import KEPT as LISTS_KEPT
from convoca.exchange.services.importing import LEFT_OUT_KEPT
from convoca.media import uploads
from convoca.network.models import Committee, Network, Organisation
from convoca.outbox.services import BODIES_KEPT
from convoca.pages.keys import language_for
from convoca.pages.public import public_page
from convoca.pages.services import fact
from convoca.web.busy import typed

SHOWN = 6


def _tags_of_home(request: HttpRequest) -> list[str]:
    return ["site", "campaigns", "organisations", "committees", "places", *doing.tags()]


@public_page(tags=_tags_of_home)
def home(request: HttpRequest) -> HttpResponse:
    """The running campaign's poster; two share the field; none: the network's own name."""
    running = front.running()
    context = {
        "running": running,
        "counts": _counts(),
        "figures": figures_of([running[0].campaign])[running[0].campaign.pk] if running else None,
        "earlier": Campaign.objects.published()
        .exclude(pk__in=[poster.campaign.pk for poster in running])
        .order_by("-published_at")[:SHOWN],
    }
    return render(request, "web/home.html", context)


def _counts() -> dict[str, int]:
    members = Organisation.objects.members()
    return {
        "organisations": members.count(),
        "countries": members.exclude(country="").values("country").distinct().count(),
        "committees": Committee.objects.acting().count(),
    }


@public_page(tags=["site", "organisations", "committees"])
def about(request: HttpRequest) -> HttpResponse:
    """What this network is, in figures, and where to go on."""
    context = {"network": Network.load(), "counts": _counts()}
    return render(request, "web/about.html", context)


@fact("languages")
def languages_offered() -> str:
    """The network's languages that have an interface, the first of them first."""
    return ",".join([tag for tag in Network.load().languages if tag in UI_LANGUAGES] or ["en"])


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """`/`: to the home page in the reader's language, as far as the network speaks it.

    The front does the same by itself once it has been told the languages.
    """
    offered = languages_offered().split(",")
    answer = redirect(f"/{language_for(request.headers.get('Accept-Language', ''), offered)}/")
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


@public_page(tags=["site"])
def imprint(request: HttpRequest) -> HttpResponse:
    """Who answers for this site."""
    return render(request, "web/imprint.html", {"network": Network.load()})


@public_page(tags=["site"])
def accessibility(request: HttpRequest) -> HttpResponse:
    """What this site does for everyone to be able to use it, and whom to tell where it fails."""
    return render(request, "web/accessibility.html", {"network": Network.load()})


@public_page(tags=["site"])
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, how long, and why there is no cookie banner: from the real settings."""
    context = {
        "network": Network.load(),
        "audit_days": number_words(AUDIT_KEPT.days),
        "mail_days": number_words(BODIES_KEPT.days),
        "session_days": number_words(settings.SESSION_COOKIE_AGE // 86_400),
        "device_days": number_words(DEVICES_KEPT.days),
        "waiting_days": number_words(WAITS.days),
        "sign_up_days": number_words(SIGN_UPS_KEPT.days),
        "again_days": number_words(AGAIN_KEPT.days),
        "host_days": number_words(LINK_KEPT.days),
        "draft_days": number_words(DRAFT_KEPT.days),
        "report_days": number_words(REPORTS_KEPT.days),
        "list_days": number_words(LISTS_KEPT.days),
        "row_days": number_words(LEFT_OUT_KEPT.days),
        "text_days": number_words(TEXTS_KEPT.days),
        "host": settings.CONFIG.host,
    }
    return render(request, "web/privacy.html", context)


def _error(request: HttpRequest, status: int, title: str, advice: str, **more: str) -> HttpResponse:
    context: dict[str, Any] = {"title": title, "advice": advice, "typed": typed(request), **more}
    with suppress(NoReverseMatch):
        context["search_url"] = reverse("search")
    if not hasattr(request, "user"):
        request.user = AnonymousUser()
    return render(request, "web/error.html", context, status=status)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say so, and offer the search."""
    if isinstance(exception, Gone):
        return _error(
            request,
            410,
            _("This page was taken down"),
            _("What stood here is no longer for anybody to read."),
        )
    return _error(
        request,
        404,
        _("This page is not here"),
        _("The address may be mistyped, or what stood here is not for everyone to see."),
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Invite a stranger to sign in; tell a member whom to ask."""
    if request.user.is_authenticated:
        advice = _(
            "Your role does not allow this, or no longer does: a campaign may have closed, or a "
            "mandate ended. Ask a coordinator or a steward."
        )
        return _error(request, 403, _("Not allowed"), advice)
    advice = _("Sign in and try again.")
    return _error(request, 403, _("Not allowed"), advice, sign_in_url=reverse("account_login"))


def signed_out(request: HttpRequest, sign_in_url: str) -> HttpResponse:
    """A form came from somebody who is signed in no more: nothing is taken, nothing is lost."""
    advice = _(
        "You are no longer signed in, so nothing was changed. What you typed stands below: copy "
        "it, sign in, and send it again."
    )
    return _error(request, 403, _("Sign in once more"), advice, sign_in_url=sign_in_url)


def too_large(request: HttpRequest) -> HttpResponse:
    """More was sent than the site takes at once; the browser still has it."""
    megabytes = uploads.most() // uploads.MEGABYTE
    words = ngettext(
        "What you sent is larger than %(most)s megabyte, so nothing of it was taken and nothing "
        "was changed. Go back: your browser still has what you typed. Make the file smaller, or "
        "send a long text in parts.",
        "What you sent is larger than %(most)s megabytes, so nothing of it was taken and nothing "
        "was changed. Go back: your browser still has what you typed. Make the file smaller, or "
        "send a long text in parts.",
        megabytes,
    )
    advice = words % {"most": number_words(megabytes)}
    return _error(request, 413, _("This is too large"), advice)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Something was sent that no form of ours sends, or more than the site takes."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _error(
        request,
        400,
        _("This could not be understood"),
        _("Go back, look at what was typed, and try again."),
    )
