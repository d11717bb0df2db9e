"""Writing the source: Markdown beside its preview, then publishing it as the next version."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convoca.core.errors import Refusal
from convoca.texts import services
from convoca.texts.editing import number
from convoca.texts.forms import SourceForm
from convoca.texts.models import Text
from convoca.texts.models.text import MOST_CHARACTERS
from convoca.texts.services import notices
from convoca.texts.views.common import mandate_of, person_of, text_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, code: str) -> HttpResponse:
    """The working draft. Saving it changes nothing for readers."""
    text = text_for(request, code, to_edit=True)
    if request.method != "POST":
        return _editor(request, text, _form(text))
    form = SourceForm(request.POST)
    if not form.is_valid():
        return _editor(request, text, form, status=422)
    if request.POST.get("do") == "preview":
        return _editor(request, text, form)
    answer = _save(request, text, form)
    if answer is not None:
        return answer
    if request.POST.get("do") == "publish":
        return redirect("texts:publish", text.code)
    messages.success(request, _("Saved. Readers see it when you publish it."))
    return redirect("texts:source", text.code)


def _form(text: Text) -> SourceForm:
    return SourceForm(
        initial={
            "markdown": text.draft,
            "seen_revision": text.revision,
            "hand": get_random_string(12),
        }
    )


def _store(request: HttpRequest, text: Text, said: dict[str, Any]) -> None:
    services.save_source(
        text,
        said["markdown"],
        seen_revision=said["seen_revision"],
        by=person_of(request),
        hand=said["hand"],
    )


def _save(request: HttpRequest, text: Text, form: SourceForm) -> HttpResponse | None:
    """Save, or answer with the form in hand or the merge question; None when it is saved."""
    try:
        _store(request, text, form.cleaned_data)
    except services.Conflict as conflict:
        return _ask(request, text, conflict)
    except Refusal as refusal:
        form.add_error("markdown", str(refusal))
        return _editor(request, text, form, status=422)
    return None


def _ask(request: HttpRequest, text: Text, conflict: services.Conflict) -> HttpResponse:
    context = {"text": text, "conflicts": [conflict], "language": text.source_language}
    return render(request, "texts/merge.html", context, status=409)


def _editor(
    request: HttpRequest, text: Text, form: SourceForm, *, status: int = 200
) -> HttpResponse:
    words = str(form["markdown"].value() or "")
    context = {
        "text": text,
        "form": form,
        "preview": words if len(words) <= MOST_CHARACTERS else "",
        "most": MOST_CHARACTERS,
    }
    return render(request, "texts/source.html", context, status=status)


@login_required
@require_POST
def source_autosave(request: HttpRequest, code: str) -> HttpResponse:
    """Save as one types, and answer with the preview; for pages where scripts run."""
    text = text_for(request, code, to_edit=True)
    form = SourceForm(request.POST)
    context = {"text": text, "form": form, "refused": "", "conflict": False}
    status = 200
    if not form.is_valid():
        return render(request, "texts/_source_saved.html", context, status=422)
    try:
        _store(request, text, form.cleaned_data)
    except services.Conflict:
        context["conflict"], status = True, 409
    except Refusal as refusal:
        context["refused"], status = str(refusal), 422
    said = form.cleaned_data
    context["preview"] = said["markdown"] if len(said["markdown"]) <= MOST_CHARACTERS else ""
    return render(request, "texts/_source_saved.html", context, status=status)


@login_required
@require_POST
def source_merge(request: HttpRequest, code: str) -> HttpResponse:
    """The answer to a merge question: mine, theirs, or both put together."""
    text = text_for(request, code, to_edit=True)
    choice = request.POST.get("choice-source", "")
    words = request.POST.get("mine-source" if choice == "mine" else "body-source", "")
    if choice in {"mine", "together"}:
        form = SourceForm(
            {
                "markdown": words,
                "seen_revision": number(request.POST.get("seen-source"), 0),
                "hand": "",
            }
        )
        if not form.is_valid():
            return _editor(request, text, form, status=422)
        answer = _save(request, text, form)
        if answer is not None:
            return answer
    messages.success(request, _("Done. Nothing was lost."))
    return redirect("texts:source", text.code)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """What publishing will do; then publishing."""
    text = text_for(request, code, to_edit=True)
    try:
        plan = services.plan_version(text)
        if request.method == "POST":
            version = services.publish_version(
                text,
                by=person_of(request),
                under=mandate_of(request),
                seen_revision=number(request.POST.get("seen_revision"), -1),
                spelling_only={number(key, 0) for key in request.POST.getlist("spelling")},
            )
            messages.success(
                request, _("Published as version %(number)d.") % {"number": version.number}
            )
            return redirect("texts:text", text.code)
    except Refusal as refusal:
        form = _form(text)
        return render(
            request,
            "texts/source.html",
            {"text": text, "form": form, "preview": text.draft, "refused": str(refusal)},
            status=422,
        )
    context = {"text": text, "plan": plan, "told": notices.count_of_translators(text)}
    return render(request, "texts/publish.html", context)
