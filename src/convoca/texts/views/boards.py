"""The queue of a translator, the board of the network, and one text in all its languages."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from convoca.core.errors import Refusal
from convoca.core.languages import language_name
from convoca.core.undo import say_done
from convoca.texts import history, queues, registry, rules, services
from convoca.texts.editing import number
from convoca.texts.forms import AuthorityForm, BoardFilter, LanguageForm
from convoca.texts.models import Text, Translation
from convoca.texts.views.common import mandate_of, person_of, tag_or_404, text_for

PER_BOARD = 40


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this translator."""
    groups = queues.queue(request.user)
    return render(
        request,
        "texts/queue.html",
        {
            "groups": groups,
            "count": sum(group.count for group in groups),
            "pairs": rules.pairs_of(request.user),
            "may_see_board": rules.may_see_board(request.user),
        },
    )


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every text in every language."""
    if not rules.may_see_board(request.user):
        raise PermissionDenied
    languages = queues.languages_of_board()
    form = BoardFilter(request.GET, sorted_names(languages))
    chosen = _chosen(form)
    page = Paginator(queues.board(**chosen), PER_BOARD).get_page(request.GET.get("page"))
    columns = [chosen["language"]] if chosen["language"] else languages
    kept = {name: value for name, value in chosen.items() if value}
    return render(
        request,
        "texts/board.html",
        {
            "form": form,
            "page": page,
            "columns": columns,
            "rows": queues.rows(page.object_list, columns),
            "query": f"{urlencode(kept)}&" if kept else "",
        },
    )


def _chosen(form: BoardFilter) -> dict[str, str]:
    return {name: form.chosen(name) for name in ("q", "language", "state", "kind")}


@login_required
@require_safe
def board_export(request: HttpRequest) -> HttpResponse:
    """The board, as it is filtered, for a spreadsheet."""
    if not rules.may_see_board(request.user):
        raise PermissionDenied
    languages = queues.languages_of_board()
    chosen = _chosen(BoardFilter(request.GET, sorted_names(languages)))
    columns = [chosen["language"]] if chosen["language"] else languages
    data = queues.board_csv(queues.board(**chosen), columns)
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="texts.csv"'
    return answer


def sorted_names(tags: list[str]) -> list[tuple[str, str]]:
    """Tags with their names in the reader's language, by name."""
    return sorted(((tag, language_name(tag)) for tag in tags), key=lambda pair: pair[1].casefold())


@login_required
@require_safe
def text(request: HttpRequest, code: str) -> HttpResponse:
    """One text: where it stands in each language, and what can be done with it."""
    return _text_page(request, text_for(request, code), LanguageForm())


def _text_page(
    request: HttpRequest, text: Text, form: LanguageForm, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    translations = {t.language: t for t in text.translations.listed().order_by("language")}
    waiting = {
        row["language"]: row["count"]
        for row in text.suggestions.filter(state="open")
        .order_by()
        .values("language")
        .annotate(count=Count("pk"))
    }
    languages = dict.fromkeys([*registry.roster().languages(), *translations])
    languages.pop(text.source_language, None)
    may = rules.targets(request.user, text, languages)
    to_review = rules.reviewable(request.user, text, translations.values())
    is_public = text.is_public
    rows = [
        {
            "language": tag,
            "translation": translations.get(tag),
            "state": translations[tag].state if tag in translations else "missing",
            "progress": queues.progress(translations[tag]) if tag in translations else "",
            "may": tag in may,
            "may_review": tag in to_review,
            "suggestions": waiting.get(tag, 0),
            "address": text.address_in(tag) if is_public else "",
        }
        for tag in languages
    ]
    context = {
        "text": text,
        "rows": rows,
        "form": form,
        "refused": refused,
        "own_suggestions": waiting.get(text.source_language, 0),
        "address": text.address_in(text.source_language) if is_public else "",
        "may_edit": rules.may_edit_source(request.user, text),
        "is_steward": rules.is_steward(request.user),
        "can_hold": [
            text.source_language,
            *(tag for tag, found in translations.items() if found.is_published),
        ],
    }
    return render(request, "texts/text.html", context, status=status)


@login_required
@require_GET
def open_language(request: HttpRequest, code: str) -> HttpResponse:
    """Go to the translation into a language that was typed."""
    text = text_for(request, code)
    form = LanguageForm(request.GET)
    if not form.is_valid():
        return _text_page(request, text, form, status=422)
    return redirect("texts:translation", text.code, form.cleaned_data["language"])


@login_required
@require_POST
def authority(request: HttpRequest, code: str) -> HttpResponse:
    """Mark the language that holds in case of doubt."""
    text = text_for(request, code, to_edit=True)
    form = AuthorityForm(request.POST)
    if not form.is_valid():
        return _text_page(request, text, LanguageForm(), status=422)
    try:
        services.mark_authoritative(
            text, form.cleaned_data["language"], by=person_of(request), under=mandate_of(request)
        )
    except Refusal as refusal:
        return _text_page(request, text, LanguageForm(), status=422, refused=str(refusal))
    return redirect("texts:text", text.code)


@login_required
@require_safe
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """The published versions, and what changed between two of them."""
    text = text_for(request, code)
    found = text.versions.select_related("published_by").defer("paragraphs")
    page = Paginator(found, PER_BOARD).get_page(request.GET.get("page"))
    newest = text.current.number if text.current else 0
    new = number(request.GET.get("to"), newest)
    old = number(request.GET.get("from"), new - 1)
    chosen = {v.number: v for v in text.versions.filter(number__in=[old, new])}
    compared = (
        history.compare(chosen[old].sources() if old in chosen else [], chosen[new].sources())
        if new in chosen
        else []
    )
    context = {
        "text": text,
        "page": page,
        "old": old,
        "new": new,
        "compared": compared,
        "changed": [part for part in compared if part.kind != "same"],
        "numbers": range(1, newest + 1),
    }
    return render(request, "texts/versions.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Take a translation from readers."""
    translation = _published_for(request, code, language)
    services.withdraw(translation, by=person_of(request), under=mandate_of(request))
    words = _("Withdrawn from readers: %(language)s.") % {"language": language_name(language)}
    say_done(request, words, undo=reverse("texts:restore", args=[code, language]))
    return redirect("texts:text", code)


@login_required
@require_POST
def restore(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Bring a withdrawn translation back."""
    translation = _published_for(request, code, language)
    try:
        services.restore(translation, by=person_of(request))
    except Refusal as refusal:
        found = text_for(request, code)
        return _text_page(request, found, LanguageForm(), status=422, refused=str(refusal))
    messages.success(request, _("It is back."))
    return redirect("texts:text", code)


def _published_for(request: HttpRequest, code: str, language: str) -> Translation:
    text = text_for(request, code)
    tag = tag_or_404(language)
    if not (rules.may_edit_source(request.user, text) or rules.is_steward(request.user)):
        raise PermissionDenied
    return get_object_or_404(Translation, text=text, language=tag)
