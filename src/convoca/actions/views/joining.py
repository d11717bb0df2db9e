"""Taking part: the form, what follows it, and one's own page behind its link."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from secrets import token_hex
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from convoca.accounts import limits
from convoca.accounts.guard import public_form
from convoca.actions.forms.joining import ChangeForm, SignUpForm
from convoca.actions.models import Action, SignUp
from convoca.actions.rules import why_no_sign_up
from convoca.actions.services import seats, signups
from convoca.actions.services.letters import link_of, own_url, proof_of
from convoca.actions.slip import slip_of
from convoca.actions.tags import tags_of_words
from convoca.actions.views.reading import action_tags
from convoca.campaigns.inks import ink_url
from convoca.core.errors import Refusal
from convoca.network.models import Network
from convoca.pages.keeping import Kept
from convoca.pages.public import public_page

HOUR = timedelta(hours=1)
MAILS_PER_ADDRESS = 10
"""Confirmations that one address is sent in an hour."""
SIGN_UPS_PER_HOUR = 1500
"""From one connection: a town on one mobile network, each form sent twice."""


def _with_slip() -> Any:
    return (
        Action.objects.with_front()
        .select_related("campaign", "place")
        .prefetch_related("stops__place")
    )


@public_page(tags=action_tags, mirrored="never")
def come(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The form, or a sentence why nobody can sign up."""
    action = get_object_or_404(_with_slip().public(), code=code)
    if slug != action.slug():
        return redirect("actions:come", code, action.slug(), permanent=True)
    return _form(request, action, SignUpForm(slip=slip_of(action)))


@public_form("actions:sign-up", limit=SIGN_UPS_PER_HOUR)
def sign_up(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Take a sign-up. Whatever stands against it is said beside what was typed."""
    known = _kept.get(code, tags=lambda: [*tags_of_words(code), "site"], make=lambda: _known(code))
    if known is None:
        raise Http404
    action, network = known
    form = SignUpForm(request.POST, slip=slip_of(action, network=network))
    if form.is_valid() and _may_mail(form):
        try:
            row = signups.sign_up(
                action,
                sender=limits.client_key(request),
                language=get_language() or "en",
                **form.cleaned_data,
            )
        except Refusal as refusal:
            field = "email" if refusal.code == "address-needed" else None
            form.add_error(field, str(refusal))
        else:
            return redirect("actions:signed-up", link_of(row))
    return _form(request, action, form, status=422)


_kept: Kept[tuple[Action, Network]] = Kept()


def _known(code: str) -> tuple[Action, Network] | None:
    """What a form needs that was sent: read once for all who sign up for the same action."""
    action = _with_slip().exclude(published_at=None).filter(code=code).first()
    return (action, Network.load()) if action is not None else None


def _may_mail(form: SignUpForm) -> bool:
    """Nobody's letter box is filled through this form."""
    address = form.cleaned_data["email"].lower()
    if address and not limits.hit(f"sign-up mails to {address}", MAILS_PER_ADDRESS, HOUR):
        words = _("Many mails have gone to this address in the last hour. Try again later.")
        form.add_error("email", words)
        return False
    return True


def _form(
    request: HttpRequest, action: Action, form: SignUpForm, *, status: int = 200
) -> HttpResponse:
    """Of an action that cannot be read at the moment, the page shows nothing but the form."""
    why = why_no_sign_up(action)
    context = {
        "action": action,
        "slip": form.slip,
        "form": form,
        "why": why[1] if why else "",
        "is_shown": action.is_public,
        "is_full": seats.is_full(action),
        "days": signups.CONFIRM_WITHIN.days,
        "ink_url": ink_url(action.campaign.ink),
    }
    return render(request, "actions/come.html", context, status=status)


# --- one's own page -------------------------------------------------------------------------


def _by_own_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the sign-up that the link opens, too; one that is gone opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        row = signups.find(token)
        try:
            return _no_link(request) if row is None else view(request, row, token, *args, **kwargs)
        except Refusal as refusal:
            if refusal.code != "sign-up-gone":  # deleted in this moment, by the same thumb
                raise
            return _no_link(request)

    return opened


@never_cache
@require_safe
@_by_own_link
def signed_up(request: HttpRequest, row: SignUp, token: str) -> HttpResponse:
    """What follows the form: what happens next, the link to change or cancel, another person."""
    slip = slip_of(row.action, sign_up=row)
    form = SignUpForm(slip=slip, initial={"another": token_hex(4)})
    return _private(request, "actions/signed_up.html", row, token, form=form)


@never_cache
@require_safe
@_by_own_link
def own(request: HttpRequest, row: SignUp, token: str) -> HttpResponse:
    """What we hold of one sign-up: to read, change, cancel and delete."""
    return _own(request, row, token, _change_form(row))


@public_form("actions:own")
@_by_own_link
def own_change(request: HttpRequest, row: SignUp, token: str) -> HttpResponse:
    """Other words, more people or fewer."""
    form = _change_form(row, request.POST)
    if form.is_valid():
        known: dict[str, Any] = {"language": row.language, "tell_me": row.tell_me}
        try:
            signups.change(row, **(known | form.cleaned_data))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("actions:own", token)
    return _own(request, row, token, form, status=422)


@public_form("actions:own")
@_by_own_link
def own_cancel(request: HttpRequest, row: SignUp, token: str) -> HttpResponse:
    """Give the place back."""
    signups.cancel(row)
    return redirect("actions:own", token)


@public_form("actions:own")
@_by_own_link
def own_delete(request: HttpRequest, row: SignUp, token: str) -> HttpResponse:
    """Delete at once all that this sign-up told us."""
    action = row.action
    signups.delete(row)
    return render(request, "actions/deleted.html", {"action": action, "slip": slip_of(action)})


@public_form("actions:own")
@_by_own_link
def own_stop(request: HttpRequest, row: SignUp, token: str) -> HttpResponse:
    """Take back that an organisation may write again."""
    pk = request.POST.get("which", "")
    for allowed in row.allowed.all():
        if str(allowed.pk) == pk:
            signups.stop_writing(allowed)
    return redirect("actions:own", token)


@never_cache
@require_safe
@_by_own_link
def own_confirm(request: HttpRequest, row: SignUp, token: str, proof: str) -> HttpResponse:
    """The page behind the mailed link: it only asks to press; programs that look change nothing."""
    if not constant_time_compare(proof_of(row), proof):
        return _no_link(request)
    return _private(request, "actions/confirm.html", row, token, proof=proof)


@public_form("actions:own")
@_by_own_link
def own_confirmed(request: HttpRequest, row: SignUp, token: str, proof: str) -> HttpResponse:
    """Whoever reads the mail has pressed the button."""
    if not constant_time_compare(proof_of(row), proof):
        return _no_link(request)
    try:
        signups.confirm(row)
    except Refusal as refusal:
        context = {"proof": proof, "refusal": str(refusal), "status": 422}
        return _private(request, "actions/confirm.html", row, token, **context)
    return redirect("actions:own", token)


def _change_form(row: SignUp, data: Any = None) -> ChangeForm:
    slip = slip_of(row.action, sign_up=row)
    known = ("name", "people", "answer", "language", "tell_me")
    return ChangeForm(
        data,
        slip=slip,
        has_address=bool(row.email_index),
        languages=Network.load().languages,
        initial={name: getattr(row, name) or "" for name in known},
    )


def _own(
    request: HttpRequest, row: SignUp, token: str, form: ChangeForm, *, status: int = 200
) -> HttpResponse:
    allowed = row.allowed.select_related("organisation")
    return _private(
        request, "actions/own.html", row, token, form=form, allowed=allowed, status=status
    )


def _private(
    request: HttpRequest, template: str, row: SignUp, token: str, **context: Any
) -> HttpResponse:
    """Not for search engines. The secret in the address goes to no other site: so say the
    settings; a stricter policy here would make browsers hide where our own form comes from."""
    status = context.pop("status", 200)
    why = why_no_sign_up(row.action)
    known = {
        "sign_up": row,
        "action": row.action,
        "slip": slip_of(row.action, sign_up=row),
        "token": token,
        "own_url": own_url(row),
        "why": why[1] if why else "",
        "days": signups.CONFIRM_WITHIN.days,
        "ink_url": ink_url(row.action.campaign.ink),
        **context,
    }
    answer = render(request, template, known, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _no_link(request: HttpRequest) -> HttpResponse:
    return render(request, "actions/no_link.html", status=404)
