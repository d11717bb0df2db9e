"""A translation as CSV, out and in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from convoca.core.dates import number_words
from convoca.core.errors import Refusal
from convoca.texts import services
from convoca.texts.editing import number
from convoca.texts.forms import FileForm, ImportForm
from convoca.texts.models import Translation
from convoca.texts.views.common import person_of, translation_for


@login_required
@require_safe
def export(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """The whole translation as a file for a spreadsheet."""
    found = translation_for(request, code, language)
    name = f"{found.text.code}-{found.language}.csv"
    answer = HttpResponse(services.export(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Upload; see what would change, line by line; then write it. Nothing is half imported."""
    found = translation_for(request, code, language)
    if request.method != "POST":
        return _page(request, found, FileForm())
    if "content" in request.POST:
        return _write(request, found)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            content = services.read_file(form.cleaned_data["file"].read())
            return _preview(request, found, content)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
    return _page(request, found, form, status=422)


def _write(request: HttpRequest, translation: Translation) -> HttpResponse:
    form = ImportForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal("file-missing", _("The file is empty. Choose it once more."))
        count = services.import_lines(
            translation,
            form.cleaned_data["content"],
            by=person_of(request),
            take=frozenset(number(key, -1) for key in request.POST.getlist("take")),
        )
    except Refusal as refusal:
        again = FileForm()
        context_error = str(refusal)
        return _page(request, translation, again, status=422, refused=context_error)
    words = ngettext("%(count)s paragraph imported.", "%(count)s paragraphs imported.", count) % {
        "count": number_words(count)
    }
    messages.success(request, words)
    return redirect("texts:translation", translation.text.code, translation.language)


def _preview(request: HttpRequest, translation: Translation, content: str) -> HttpResponse:
    plan = services.plan_import(translation, content)
    context = {
        "text": translation.text,
        "translation": translation,
        "plan": plan,
        "content": content,
    }
    return render(request, "texts/import_preview.html", context)


def _page(
    request: HttpRequest,
    translation: Translation,
    form: FileForm,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    context = {
        "text": translation.text,
        "translation": translation,
        "form": form,
        "refused": refused,
    }
    return render(request, "texts/import.html", context, status=status)
