"""Review: what changed since readers got it, beside the source; approve or send back."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convoca.core.errors import Refusal
from convoca.texts import rules, services
from convoca.texts.editing import number
from convoca.texts.forms import NoteForm
from convoca.texts.models import Paragraph, Source, Translation
from convoca.texts.services.standing import wanted
from convoca.texts.views.common import begun_for, mandate_of, person_of

PER_PAGE = 100


@dataclass(frozen=True)
class ReviewRow:
    """One paragraph to be looked at: the source, what readers have, and what they will get."""

    source: Source
    row: Paragraph | None
    before: str
    links: list[str]

    @property
    def body(self) -> str:
        return self.row.body if self.row else ""

    @property
    def is_changed(self) -> bool:
        return self.body != self.before

    @property
    def is_older(self) -> bool:
        return (
            bool(self.body)
            and self.row is not None
            and (self.row.base_digest != self.source.digest)
        )


def review_rows(translation: Translation) -> list[ReviewRow]:
    """Every paragraph that has words, in the order of the source."""
    rows = {row.key: row for row in translation.paragraphs.select_related("by")}
    links = services.strange_links(translation)
    return [
        ReviewRow(
            source,
            rows.get(source.key),
            translation.published_body(source.key),
            links.get(source.key, []),
        )
        for source in wanted(translation.text)
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Look at what was handed in; approve it, or send it back with a note."""
    found = begun_for(request, code, language)
    if request.method != "POST":
        return _page(request, found, NoteForm())
    sends_back = request.POST.get("do") == "back"
    takes_back = sends_back and found.submitted_by_id == request.user.pk
    if not (takes_back or rules.may_review(request.user, found)):
        raise PermissionDenied
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        if sends_back:
            services.send_back(found, form.cleaned_data["note"], by=person_of(request))
            messages.success(request, _("Sent back. Its translators are told."))
        else:
            services.approve(
                found,
                by=person_of(request),
                seen_revision=number(request.POST.get("seen_revision"), -1),
                under=mandate_of(request),
            )
            messages.success(request, _("Published."))
    except Refusal as refusal:
        form.add_error("note" if refusal.code == "note-missing" else None, str(refusal))
        return _page(request, found, form, status=422)
    return redirect("texts:text", code)


def _page(
    request: HttpRequest, translation: Translation, form: NoteForm, *, status: int = 200
) -> HttpResponse:
    every = review_rows(translation)
    changed = [row for row in every if row.is_changed]
    shows_all = bool(request.GET.get("all")) or not changed
    page = Paginator(every if shows_all else changed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "text": translation.text,
        "translation": translation,
        "page": page,
        "rows": page.object_list,
        "shows_all": shows_all,
        "changed": len(changed),
        "strange": [row for row in every if row.links],
        "form": form,
        "may_review": rules.may_review(request.user, translation),
        "is_own": translation.submitted_by_id == request.user.pk,
    }
    return render(request, "texts/review.html", context, status=status)
