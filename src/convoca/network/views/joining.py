"""An organisation asks to join: the form, the mail's link, and what follows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.accounts import limits
from convoca.accounts.guard import public_form
from convoca.accounts.models import tidy_email
from convoca.accounts.views import HOUR
from convoca.core.errors import Refusal
from convoca.network import services
from convoca.network.forms import JoinForm
from convoca.pages.public import public_page

MAILS_PER_ADDRESS = 5


@public_page(tags=["site"], mirrored="never")
def join(request: HttpRequest) -> HttpResponse:
    """The form with which an organisation asks to join."""
    return render(request, "network/join.html", {"form": JoinForm()})


@public_form("ask to join", limit=30)
def ask_to_join(request: HttpRequest) -> HttpResponse:
    """Keep what was asked and mail a link; the answer is the same whatever is known."""
    form = JoinForm(request.POST)
    if form.is_valid():
        address = tidy_email(form.cleaned_data["email"])
        if not limits.hit(f"joining mails to {address}", MAILS_PER_ADDRESS, HOUR):
            form.add_error("email", limits.wait_words(HOUR))
            return render(request, "network/join.html", {"form": form}, status=429)
        try:
            services.ask_to_join(language=get_language() or "en", **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("network:asked-to-join")
    return render(request, "network/join.html", {"form": form}, status=422)


@public_page(tags=["site"], mirrored="never")
def asked_to_join(request: HttpRequest) -> HttpResponse:
    """What happens next: a mail with a link."""
    return render(request, "network/asked_to_join.html")


@never_cache
@require_safe
def confirm_joining(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the mail's link: it only asks to press; programs that look burn nothing."""
    found = services.join_request_of(token)
    if found is None:
        return _no_such_link(request)
    context = {"joining": found, "token": token}
    return render(request, "network/confirm_joining.html", context)


@never_cache
@require_POST
def confirmed_joining(request: HttpRequest, token: str) -> HttpResponse:
    """Pass the request on to the stewards."""
    try:
        found = services.confirm_joining(token)
    except Refusal as refusal:
        context = {"joining": services.join_request_of(token), "refusal": refusal}
        return render(request, "network/confirm_joining.html", context, status=422)
    return render(request, "network/confirm_joining.html", {"joining": found, "is_done": True})


def _no_such_link(request: HttpRequest) -> HttpResponse:
    return render(request, "network/confirm_joining.html", {"joining": None}, status=404)
