"""The translation editor: paragraph beside paragraph, saved as one types or by one button."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from convoca.core.dates import number_words
from convoca.core.errors import Refusal
from convoca.texts import rules, services
from convoca.texts.editing import PER_PAGE, EditRow, Posted, edit_rows, number, posted_rows
from convoca.texts.models import Translation
from convoca.texts.models.text import MOST_IN_ONE
from convoca.texts.services.standing import wanted
from convoca.texts.views.common import begun_for, mandate_of, person_of, translation_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def translation(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Paragraph beside paragraph. One form: each button saves all that was typed, then acts."""
    found = translation_for(request, code, language)
    if request.method != "POST":
        return _editor(request, found)
    if found.pk is None:
        text = found.text
        found = services.open_translation(text, found.language, by=person_of(request))
        found.text = text
    errors, conflicts = _save(request, found, posted_rows(request.POST))
    if errors:
        return _editor(request, found, posted=request.POST.dict(), errors=errors, status=422)
    if conflicts:
        return _ask(request, found, conflicts)
    return _act(request, found, request.POST.get("do", "save"))


def _save(
    request: HttpRequest, translation: Translation, rows: list[Posted]
) -> tuple[dict[int, str], list[services.Conflict]]:
    """Save each touched paragraph by itself: one that is refused keeps no other from being kept."""
    person = person_of(request)
    errors: dict[int, str] = {}
    conflicts: list[services.Conflict] = []
    for row in rows:
        try:
            if row.is_touched:
                services.save_paragraph(
                    translation,
                    row.key,
                    row.body,
                    seen_revision=row.seen,
                    by=person,
                    base_version=row.base,
                    despite_claim=row.despite_claim,
                    hand=request.POST.get("hand", ""),
                )
            elif row.is_right and row.base:
                services.still_right(
                    translation, row.key, seen_revision=row.seen, by=person, base_version=row.base
                )
        except services.Conflict as conflict:
            conflicts.append(conflict)
        except Refusal as refusal:
            errors[row.key] = str(refusal)
    return errors, conflicts


def _act(request: HttpRequest, translation: Translation, do: str) -> HttpResponse:
    """After saving: claim, release, or hand in, as the pressed button says."""
    person = person_of(request)
    verb, _dash, key = do.partition("-")
    anchor = f"p-{key}" if key.isdigit() else ""
    try:
        if verb == "claim" and key == "open":
            count = services.claim_open(translation, by=person)
            words = ngettext(
                "%(count)s paragraph is yours for seven days.",
                "%(count)s paragraphs are yours for seven days.",
                count,
            ) % {"count": number_words(count)}
            messages.success(request, words)
        elif verb == "claim":
            services.claim(translation, number(key, -1), by=person)
        elif verb == "release":
            services.release(translation, number(key, -1), by=person)
        elif verb == "submit":
            return _submit(request, translation)
        elif verb == "unreviewed":
            return _publish_unreviewed(request, translation)
        elif verb == "next":
            following = number(request.POST.get("page"), 1) + 1
            url = reverse("texts:translation", args=[translation.text.code, translation.language])
            return redirect(f"{url}?page={following}")
        else:
            messages.success(request, _("Saved. Readers see it when it is published."))
    except Refusal as refusal:
        return _editor(request, translation, refused=str(refusal), status=422)
    return redirect(_address(request, translation, anchor))


def _address(request: HttpRequest, translation: Translation, anchor: str = "") -> str:
    url = reverse("texts:translation", args=[translation.text.code, translation.language])
    page = number(request.POST.get("page"), 1)
    return url + (f"?page={page}" if page > 1 else "") + (f"#{anchor}" if anchor else "")


def _submit(request: HttpRequest, translation: Translation) -> HttpResponse:
    done = services.submit(translation, by=person_of(request), under=mandate_of(request))
    if done.stage == Translation.Stage.REVIEW:
        messages.success(request, _("Handed in. A second person will look at it."))
    else:
        messages.success(
            request,
            _("Published. Nobody else translates this pair, so readers see that it is unreviewed."),
        )
    return redirect("texts:text", translation.text.code)


def _publish_unreviewed(request: HttpRequest, translation: Translation) -> HttpResponse:
    if not rules.is_steward(request.user):
        raise PermissionDenied
    services.publish_unreviewed(translation, by=person_of(request), under=mandate_of(request))
    messages.success(request, _("Published. Readers see that it is unreviewed."))
    return redirect("texts:text", translation.text.code)


def _editor(
    request: HttpRequest,
    translation: Translation,
    *,
    posted: Mapping[str, Any] | None = None,
    errors: Mapping[int, str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    text = translation.text
    paginator = Paginator(text.sources(), PER_PAGE)
    page = paginator.get_page(request.POST.get("page") or request.GET.get("page"))
    rows = edit_rows(
        translation, page.object_list, person_id=request.user.pk, posted=posted, errors=errors
    )
    _add_suggestions(translation, rows)
    context = {
        "text": text,
        "translation": translation,
        "rows": rows,
        "page": page,
        "errors": [(row.key, row.error) for row in rows if row.error],
        "refused": refused,
        "hand": (posted or {}).get("hand") or get_random_string(12),
        "is_steward": rules.is_steward(request.user),
        "may_review": translation.pk is not None and rules.may_review(request.user, translation),
        "most": MOST_IN_ONE,
        "silent": len(text.sources()) - len(wanted(text)),
    }
    return render(request, "texts/translation.html", context, status=status)


def _add_suggestions(translation: Translation, rows: list[EditRow]) -> None:
    counts = {
        found["key"]: found["count"]
        for found in translation.text.suggestions.filter(
            language=translation.language, state="open"
        )
        .order_by()
        .values("key")
        .annotate(count=Count("pk"))
    }
    for row in rows:
        row.suggestions = counts.get(row.key, 0)


def _ask(
    request: HttpRequest, translation: Translation, conflicts: list[services.Conflict]
) -> HttpResponse:
    context = {
        "text": translation.text,
        "translation": translation,
        "conflicts": conflicts,
        "language": translation.language,
    }
    return render(request, "texts/merge.html", context, status=409)


@login_required
@require_POST
def merge(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Answers to merge questions, paragraph by paragraph: mine, theirs, or both put together."""
    found = begun_for(request, code, language)
    rows = []
    for row in posted_rows(request.POST):
        choice = request.POST.get(f"choice-{row.key}", "")
        if choice in {"mine", "together"}:
            words = request.POST.get(f"mine-{row.key}", "") if choice == "mine" else row.body
            rows.append(Posted(row.key, words, row.seen, row.base, True, row.despite_claim, False))
    errors, conflicts = _save(request, found, rows)
    if conflicts:
        return _ask(request, found, conflicts)
    if errors:
        kept = {f"body-{row.key}": row.body for row in rows}
        return _editor(request, found, posted=kept, errors=errors, status=422)
    messages.success(request, _("Done. Nothing was lost."))
    return redirect("texts:translation", found.text.code, found.language)


@login_required
@require_POST
def paragraph(request: HttpRequest, code: str, language: str, key: int) -> HttpResponse:
    """Save one paragraph as it is typed; answers with the end of its row."""
    found = translation_for(request, code, language)
    source = next((s for s in found.text.sources() if s.key == key), None)
    if source is None:
        raise Http404
    if found.pk is None:
        text = found.text
        found = services.open_translation(text, found.language, by=person_of(request))
        found.text = text
    errors, conflicts = _save(request, found, posted_rows(request.POST, only=key))
    rows = edit_rows(found, [source], person_id=request.user.pk, errors=errors)
    _add_suggestions(found, rows)
    row = rows[0]
    status = 409 if conflicts else (422 if errors else 200)
    if status != 200:
        row.seen = number(request.POST.get(f"seen-{key}"), row.seen)
        row.was = request.POST.get(f"was-{key}", row.was)
    context = {
        "row": row,
        "text": found.text,
        "translation": found,
        "is_saved": status == 200,
        "conflict": bool(conflicts),
        "words": request.POST.get(f"body-{key}", ""),
    }
    return render(request, "texts/_saved.html", context, status=status)
