"""What do you hold on me? Asked by anybody, answered by mail, corrected and deleted from there.

The answer to asking is the same whether something is held or not. The link in the mail is good for
an hour; it carries the address, sealed, and nothing is stored of the asking.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from convoca.accounts import limits
from convoca.accounts.guard import HoneypotForm, public_form
from convoca.accounts.models import Person, tidy_email
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.core.links import closed_words, opened_words
from convoca.outbox import services as outbox
from convoca.pages.public import public_page
from convoca.vault import services as vault
from convoca.vault.holdings import Holding, all_holdings, holding
from convoca.vault.keyring import today
from convoca.vault.models import SealedRow

VALID = timedelta(hours=1)
MAILS_PER_HOUR = 3
SHOWN = 200
_PURPOSE = "your-data"

View = Callable[..., HttpResponse]


class AskForm(HoneypotForm):
    """Whose data."""

    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        help_text=gettext_lazy("The link goes to this address, and nowhere else."),
    )

    def clean_email(self) -> str:
        return tidy_email(self.cleaned_data["email"])


class CorrectForm(HoneypotForm):
    """The sealed words of one row that its person may put right."""

    def __init__(self, *args: Any, held: Holding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in held.correct.items():
            self.fields[name] = forms.CharField(label=label, max_length=2000, required=False)


# Asking


@public_page(tags=["site"], mirrored="never")
def ask(request: HttpRequest) -> HttpResponse:
    """The question for an address."""
    return render(request, "web/held_ask.html", {"form": AskForm()})


@public_form("your-data", limit=60)
def ask_by_mail(request: HttpRequest) -> HttpResponse:
    """Mail the link. Who asks too often for one address is answered as ever, without a mail."""
    form = AskForm(request.POST)
    if not form.is_valid():
        return render(request, "web/held_ask.html", {"form": form}, status=422)
    address = form.cleaned_data["email"]
    if limits.hit(f"your-data {address}", MAILS_PER_HOUR, timedelta(hours=1)):
        outbox.mail(
            "web/held",
            to=address,
            language=get_language() or "en",
            context={"token": closed_words(address, purpose=_PURPOSE)},
            until=_tomorrow(),
        )
    return redirect("your-data-asked")


@public_page(tags=["site"], mirrored="never")
def asked(request: HttpRequest) -> HttpResponse:
    """Look into your mail."""
    return render(request, "web/held_asked.html")


def _tomorrow() -> date:
    return today() + timedelta(days=1)


# Behind the link


def _with_address(view: View) -> View:
    """Give the view the address that the link in the path proves; an old link leads to asking."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        address = opened_words(token, purpose=_PURPOSE, valid=VALID)
        if address is None:
            return _private(request, "web/held_over.html", status=404)
        return view(request, token, address, *args, **kwargs)

    return opened


def _with_row(view: View) -> View:
    """Give the view one row about the address; what is about others, or is gone, is not there."""

    @wraps(view)
    def found(request: HttpRequest, token: str, address: str, kind: str, pk: UUID) -> HttpResponse:
        held = holding(kind)
        row = held.one(address, pk) if held else None
        if held is None or row is None:
            return _private(request, "web/held_gone.html", token=token, status=404)
        return view(request, token, held, row)

    return _with_address(found)


@never_cache
@require_safe
@_with_address
def show(request: HttpRequest, token: str, address: str) -> HttpResponse:
    """Everything that is held on the address, in words."""
    groups = []
    for held in all_holdings():
        rows = held.about(address)
        if rows:
            entries = [_entry(held, row) for row in rows[:SHOWN]]
            groups.append({"held": held, "entries": entries, "more": len(rows) - len(entries)})
    has_account = Person.objects.filter(email=address, is_active=True).exists()
    return _private(
        request,
        "web/held.html",
        token=token,
        address=address,
        groups=groups,
        has_account=has_account,
    )


@never_cache
@require_safe
@_with_row
def row(request: HttpRequest, token: str, held: Holding, row: SealedRow) -> HttpResponse:
    """One thing, to put right or to delete."""
    known = {name: getattr(row, name) or "" for name in held.correct}
    return _row(request, token, held, row, CorrectForm(held=held, initial=known))


@public_form("your-data-row")
@_with_row
def correct(request: HttpRequest, token: str, held: Holding, row: SealedRow) -> HttpResponse:
    """Put right what was typed wrong."""
    form = CorrectForm(request.POST, held=held)
    if not held.correct or not form.is_valid():
        return _row(request, token, held, row, form, status=422)
    words = {name: form.cleaned_data[name] for name in held.correct}
    try:
        held.put_right(row, words)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _row(request, token, held, row, form, status=422)
    audit.record("holding.corrected")
    return _private(request, "web/held_done.html", token=token, is_deleted=False)


@never_cache
@require_safe
@_with_row
def sure(request: HttpRequest, token: str, held: Holding, row: SealedRow) -> HttpResponse:
    """Deleting asks once."""
    return _private(request, "web/held_sure.html", token=token, entry=_entry(held, row))


@public_form("your-data-row")
@_with_row
def delete(request: HttpRequest, token: str, held: Holding, row: SealedRow) -> HttpResponse:
    """Delete it at once, by the door of the app whose it is."""
    if held.delete is None:
        return _private(request, "web/held_gone.html", token=token, status=404)
    try:
        held.delete(row)
    except Refusal as refusal:
        entry = _entry(held, row)
        return _private(
            request, "web/held_sure.html", token=token, entry=entry, refusal=refusal, status=422
        )
    audit.record("holding.deleted")
    return _private(request, "web/held_done.html", token=token, is_deleted=True)


def _row(
    request: HttpRequest,
    token: str,
    held: Holding,
    row: SealedRow,
    form: CorrectForm,
    *,
    status: int = 200,
) -> HttpResponse:
    entry = _entry(held, row)
    return _private(
        request, "web/held_row.html", token=token, entry=entry, form=form, status=status
    )


def _entry(held: Holding, row: SealedRow) -> dict[str, Any]:
    """A row as the pages show it."""
    is_closed = vault.is_closed(row)
    return {
        "held": held,
        "row": row,
        "words": "" if is_closed else held.describe(row),
        "facts": held.facts(row),
        "is_closed": is_closed,
        "url": held.url(row) if held.url else "",
        "may_correct": bool(held.correct) and not is_closed,
        "may_delete": held.delete is not None,
        "before": held.before(row) if held.before else "",
    }


def _private(
    request: HttpRequest, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    answer = render(request, template, context, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
