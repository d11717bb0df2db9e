"""The first run: one page, opened by the link of `convoca init`, on which a network is set up.

It needs no script and nobody signed in: the link proves that its bearer is at the machine, and a
mark in the session keeps the door open for this browser until the network is ready.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.core.codes import spoken_code, tidy_code, token_digest
from convoca.core.errors import Refusal
from convoca.core.first_run import close_door, is_open_to
from convoca.core.ink import NAMED
from convoca.core.languages import UI_LANGUAGES
from convoca.network import services as network_services
from convoca.network.forms import NetworkForm
from convoca.network.models import Mandate, Network
from convoca.outbox.trial import send_trial
from convoca.web.context import languages_of

form_page = require_http_methods(["GET", "HEAD", "POST"])
MOST_TRIES = 10
MARK = "first_run"

INKS = {
    "vermilion": gettext_lazy("Vermilion"),
    "madder": gettext_lazy("Madder"),
    "magenta": gettext_lazy("Magenta"),
    "violet": gettext_lazy("Violet"),
    "ultramarine": gettext_lazy("Ultramarine"),
    "petrol": gettext_lazy("Petrol"),
    "leaf": gettext_lazy("Leaf green"),
    "olive": gettext_lazy("Olive"),
    "marigold": gettext_lazy("Marigold"),
    "sky": gettext_lazy("Sky blue"),
    "coral": gettext_lazy("Coral"),
    "mint": gettext_lazy("Mint"),
}


def _inks() -> list[tuple[str, SafeString]]:
    """Each ink with a square of it; the attribute `fill` is no inline style."""
    square = (
        '<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<rect width="16" height="16" fill="{}"/></svg> {}'
    )
    return [(NAMED[name], format_html(square, NAMED[name], words)) for name, words in INKS.items()]


class FirstRunForm(NetworkForm):
    """The network's settings, who sets it up, the code from the mail, and a second steward."""

    ink = forms.ChoiceField(  # type: ignore[assignment]
        label=gettext_lazy("Colour"),
        choices=_inks,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The network’s own; a campaign has its own ink."),
    )
    your_name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    your_address = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        help_text=gettext_lazy("You sign in with it, as the first steward of the network."),
    )
    code = forms.CharField(
        label=gettext_lazy("The code in the mail"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "otp", "autocomplete": "one-time-code", "autocapitalize": "none"}
        ),
        error_messages={"required": gettext_lazy("Send yourself a mail; the code is in it.")},
    )
    without_mail = forms.BooleanField(
        label=gettext_lazy("Go on without mail for now"),
        required=False,
        help_text=gettext_lazy(
            "Until it works nobody can be invited, and people sign in only by links that are "
            "made on the machine: convoca login ADDRESS"
        ),
    )
    second_name = forms.CharField(
        label=gettext_lazy("Name of a second steward"), max_length=120, required=False
    )
    second_address = forms.EmailField(
        label=gettext_lazy("Mail address of a second steward"),
        required=False,
        help_text=gettext_lazy("With two, one can help when the other is ill or locked out."),
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, network=network, **kwargs)
        self.fields["code"].required = not self["without_mail"].value()
        self.fields["names"].widget.languages = list(UI_LANGUAGES)
        if not network.names:
            self.initial["languages"] = [get_language() or "en"]

    def keep_errors_of(self, *names: str) -> bool:
        """Forget what is wrong with the other answers; says whether these are right."""
        self.full_clean()
        self._errors = forms.utils.ErrorDict(
            {name: self.errors[name] for name in names if name in self.errors}
        )
        return not self._errors

    def clean_second_address(self) -> str:
        address: str = self.cleaned_data["second_address"]
        if address and address.lower() == str(self.cleaned_data.get("your_address", "")).lower():
            raise forms.ValidationError(
                _("This is your own address; a second steward has another.")
            )
        return address


@dataclass
class Trial:
    """How far the mail to oneself has come; kept in the session, the code as its digest only."""

    to: str = ""
    digest: str = ""
    trouble: str = ""
    tries: int = 0

    def is_answered_by(self, address: str, typed: str) -> bool:
        """Whether this is the code of the last mail, and that went to this address."""
        right = constant_time_compare(self.digest, _digest(typed))
        return bool(self.digest) and right and self.to == address.strip().lower()


@never_cache
@form_page
def first_run_door(request: HttpRequest, token: str) -> HttpResponse:
    """The link of `convoca init`: a button opens the page and uses the link up."""
    if Network.load().is_ready or not is_open_to(settings.CONFIG, token):
        return _closed(request)
    if request.method == "POST":
        close_door(settings.CONFIG)
        request.session.cycle_key()
        request.session[MARK] = vars(Trial())
        return redirect("first-run")
    context = {"page_languages": languages_of(request, UI_LANGUAGES)}
    return render(request, "web/first_run_door.html", context)


@never_cache
@form_page
def first_run(request: HttpRequest) -> HttpResponse:
    """The page itself. Whatever is pressed, everything that was typed stays."""
    network = Network.load()
    if MARK not in request.session or network.is_ready:
        return _closed(request)
    trial = Trial(**request.session[MARK])
    if request.method != "POST":
        form = FirstRunForm(network=network)
        form.initial.update(_known_steward())
        return _page(request, form, trial)
    form = FirstRunForm(request.POST, network=network)
    if request.POST.get("do") == "send":
        return _send_code(request, form, trial)
    if request.POST.get("do") == "finish":
        return _finish(request, form, trial)
    form.keep_errors_of()  # only the language of the page was changed
    return _page(request, form, trial)


def _digest(code: str) -> str:
    """What is kept of a code; dashes and blanks do not count."""
    return token_digest(tidy_code(code).replace("-", ""))


def _send_code(request: HttpRequest, form: FirstRunForm, trial: Trial) -> HttpResponse:
    """Mail a code at once, and say what the mail server said if it could not be sent."""
    if not form.keep_errors_of("your_address"):
        return _page(request, form, trial, status=422)
    code = spoken_code()
    trial = Trial(to=form.cleaned_data["your_address"].strip().lower())
    try:
        send_trial(
            trial.to, template="web/first-run-code", language=get_language() or "en", code=code
        )
    except Refusal as refusal:
        trial.trouble = str(refusal)
    else:
        trial.digest = _digest(code)
    request.session[MARK] = vars(trial)
    return _page(request, form, trial)


def _finish(request: HttpRequest, form: FirstRunForm, trial: Trial) -> HttpResponse:
    """Set everything up at once, then lead on to signing in."""
    if form.is_valid() and _is_proved(request, form, trial):
        try:
            person = set_up(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            del request.session[MARK]
            return redirect(urlsplit(accounts.login_link(person)).path)
    return _page(request, form, trial, status=422)


def _is_proved(request: HttpRequest, form: FirstRunForm, trial: Trial) -> bool:
    """The code was read back, or mail is known not to work and one goes on without."""
    facts = form.cleaned_data
    if facts["without_mail"]:
        return True
    if trial.tries >= MOST_TRIES:
        trial.digest = ""
    if trial.is_answered_by(facts["your_address"], facts["code"]):
        return True
    if not trial.digest:
        form.add_error("code", _("Send yourself a mail; the code is in it."))
    elif trial.to != facts["your_address"].strip().lower():
        form.add_error("code", _("The mail went to another address than the one above."))
    else:
        form.add_error("code", _("This is not the code in the last mail."))
    trial.tries += 1
    request.session[MARK] = vars(trial)
    return False


@transaction.atomic
def set_up(facts: dict[str, Any]) -> Person:
    """The first steward, the network's settings, and the second steward's invitation.

    Refuses an account that was closed, and a second steward who cannot be invited.
    """
    language = get_language() or "en"
    person = accounts.invite_person(facts["your_address"], language, facts["your_name"])
    if not person.name:
        Person.objects.filter(pk=person.pk).update(name=facts["your_name"], language=language)
    mandate = Mandate.objects.standing().stewards().filter(person=person).first()
    mandate = mandate or network_services.grant(person, Mandate.Role.STEWARD)
    chosen = {name: facts[name] for name in NetworkForm.base_fields}
    network_services.save_network(under=mandate, **chosen)
    network_services.finish_first_run(under=mandate)
    if facts["second_address"]:
        network_services.invite(
            "role",
            email=facts["second_address"],
            name=facts["second_name"],
            language=facts["languages"][0],
            role=Mandate.Role.STEWARD,
            under=mandate,
        )
    return person


def _known_steward() -> dict[str, str]:
    """Whom `convoca init --steward` has named."""
    mandate = Mandate.objects.standing().stewards().select_related("person").first()
    if mandate is None:
        return {}
    return {"your_address": mandate.person.email, "your_name": mandate.person.name}


def _page(
    request: HttpRequest, form: FirstRunForm, trial: Trial, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "trial": trial,
        "in_folder": not settings.CONFIG.mail_url or settings.CONFIG.mail_url.startswith("folder"),
        "home": settings.CONFIG.home,
        "page_languages": languages_of(request, UI_LANGUAGES),
    }
    return render(request, "web/first_run.html", context, status=status)


def _closed(request: HttpRequest) -> HttpResponse:
    """Where the link no longer opens anything."""
    if Network.load().is_ready:
        advice = _("The network is set up. Sign in to change its settings.")
    else:
        advice = _(
            "This link has been used, or is older than three days. On the machine, convoca init "
            "prints a new one."
        )
    context = {"title": _("The first run is not open here"), "advice": advice}
    return render(request, "web/error.html", context, status=410)
