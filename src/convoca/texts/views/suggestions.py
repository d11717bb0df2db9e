"""Readers suggest better words; translators answer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from convoca.accounts.guard import public_form
from convoca.core.access import STRANGER
from convoca.core.errors import Refusal
from convoca.pages.public import public_page
from convoca.texts import rules, services
from convoca.texts.forms import SuggestionForm
from convoca.texts.models import Suggestion, Text
from convoca.texts.services.suggesting import words_of
from convoca.texts.views.common import person_of, tag_or_404, text_for

PER_PAGE = 40


def _tags(*args: Any, code: str, **kwargs: Any) -> list[str]:
    """The text, and what holds it: that says where it is read, and by whom."""
    text = Text.objects.with_owners().filter(code=code).first()
    kind, owner = (text.kind, text.owner) if text else (None, None)
    of_owner = kind.tags(owner) if kind and owner is not None else []
    return [f"text:{code}", *of_owner, "site"]


def _for_readers(code: str, language: str, key: int) -> tuple[Text, str]:
    """A text that strangers can read, and its words in this language."""
    tag = tag_or_404(language)
    text = get_object_or_404(Text.objects.with_owners(), code=code)
    words = words_of(text, tag, key) if rules.may_suggest(STRANGER, text) else ""
    if not words:
        raise Http404
    return text, words


@public_page(tags=_tags, mirrored="never")
def suggest(request: HttpRequest, code: str, language: str, key: int) -> HttpResponse:
    """The form, with the words as they are."""
    text, words = _for_readers(code, language, key)
    form = SuggestionForm(initial={"words": words})
    return _form(request, text, language, key, words, form)


@public_form("texts.suggest", limit=60)
def suggest_send(request: HttpRequest, code: str, language: str, key: int) -> HttpResponse:
    """Take a suggestion; the page that follows is a page of its own."""
    text, words = _for_readers(code, language, key)
    form = SuggestionForm(request.POST)
    if form.is_valid():
        try:
            services.suggest(text, language, key, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("words", str(refusal))
        else:
            return redirect("texts:suggested", code, language)
    return _form(request, text, language, key, words, form, status=422)


@public_page(tags=_tags, mirrored="never")
def suggested(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Thanks, and the way back to the text."""
    tag = tag_or_404(language)
    text = get_object_or_404(Text.objects.with_owners(), code=code)
    if not rules.may_suggest(STRANGER, text):
        raise Http404
    context = {"text": text, "language": tag, "address": text.address_in(tag)}
    return render(request, "texts/suggested.html", context)


def _form(
    request: HttpRequest,
    text: Text,
    language: str,
    key: int,
    words: str,
    form: SuggestionForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "text": text,
        "language": language,
        "key": key,
        "words": words,
        "form": form,
        "title": text.names.in_language(language),
        "address": text.address_in(language),
    }
    return render(request, "texts/suggest.html", context, status=status)


@login_required
@require_safe
def suggestions(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """What readers suggested for one text in one language."""
    text, tag = _answerable(request, code, language)
    return _list(request, text, tag)


def _answerable(request: HttpRequest, code: str, language: str) -> tuple[Text, str]:
    tag = tag_or_404(language)
    text = text_for(request, code)
    if not rules.may_answer_suggestions(request.user, text, tag):
        raise PermissionDenied
    return text, tag


def _list(
    request: HttpRequest, text: Text, language: str, *, refused: str = "", status: int = 200
) -> HttpResponse:
    found = text.suggestions.filter(language=language).open()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"text": text, "language": language, "page": page, "refused": refused}
    return render(request, "texts/suggestions.html", context, status=status)


@login_required
@require_POST
def decide(request: HttpRequest, code: str, language: str, pk: int) -> HttpResponse:
    """Take a suggestion over, or leave the words as they are."""
    text, tag = _answerable(request, code, language)
    suggestion = get_object_or_404(Suggestion, text=text, language=tag, pk=pk)
    try:
        if request.POST.get("do") == "accept":
            services.accept(suggestion, by=person_of(request))
            messages.success(request, _("Taken over into the draft. Hand it in to publish it."))
        else:
            services.decline(suggestion, by=person_of(request))
            messages.success(request, _("Declined. The words stay as they are."))
    except Refusal as refusal:
        return _list(request, text, tag, refused=str(refusal), status=422)
    return redirect("texts:suggestions", code, tag)
