"""Start from a text: hand it in, look through what was found, make the campaign of it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convoca.accounts import limits
from convoca.campaigns.authority import starting_mandate, stewards_mandate
from convoca.campaigns.front import reader
from convoca.campaigns.models import Campaign
from convoca.campaigns.rules import may_edit_campaign
from convoca.campaigns.views.desk import convenors_for
from convoca.core.access import fetch_for
from convoca.core.dates import list_words, number_words
from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.drafting import documents, rules, services, showing
from convoca.drafting.answers import Answers
from convoca.drafting.forms import TOLD, StartForm
from convoca.drafting.models import Named, ReadText
from convoca.drafting.services.accepting import Told
from convoca.network.picking import status_of
from convoca.network.views.desk import person_of
from convoca.texts.models import Translation
from convoca.vault.services import is_closed

A_PAGE = 20
"""Texts that wait."""
TEXTS_AN_HOUR, HOUR = 30, timedelta(hours=1)
"""Of one person: each is read, and what is uploaded in a process of its own."""
form_page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@login_required
@form_page
def start(request: HttpRequest) -> HttpResponse:
    """Paste a text or choose a file; what is found in it stands on the next page."""
    if not rules.may_start_from_text(request.user):
        raise PermissionDenied
    is_sent = request.method == "POST"
    form = StartForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        initial={"received_on": timezone.localdate()},
    )
    status = 0
    if form.is_bound and form.is_valid():
        try:
            limits.refuse_often(f"texts of {person_of(request).pk}", TEXTS_AN_HOUR, HOUR)
            read = _kept(request, form.cleaned_data)
        except limits.TooOften as refusal:
            form.add_error(None, str(refusal))
            status = 429
        except Refusal as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "text", str(refusal))
        else:
            return redirect("drafting:draft", read.code)
    begun = ReadText.objects.visible_to(request.user).waiting().select_related("kept_by")
    page = Paginator(begun, A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "reads_pdf": documents.reads_pdf()}
    return render(request, "drafting/start.html", context, status=status or status_of(form))


def _kept(request: HttpRequest, given: dict[str, Any]) -> ReadText:
    uploaded = given["file"]
    by = person_of(request)
    if uploaded is None:
        return services.keep(given["text"], received_on=given["received_on"], by=by)
    name = uploaded.name or ""
    words = documents.words_of(name, uploaded.read(documents.MOST_FILE + 1))
    return services.keep(
        words.text, name=name, received_on=given["received_on"], notes=words.notes, by=by
    )


def _worked_at(request: HttpRequest, code: str) -> ReadText:
    rows = ReadText.objects.visible_to(request.user).select_related("campaign", "like__call")
    return fetch_for(request.user, rows, rules.may_work_at, code=code)


@never_cache
@login_required
@form_page
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """The text with what was found in it, and the draft: one form, which keeps everything."""
    read = _worked_at(request, code)
    if read.used_at is not None:
        return _where_it_went(read)
    if is_closed(read):  # as after a restore without the keys
        words = _("This text cannot be opened any more. Hand it in once more.")
        messages.error(request, words, extra_tags="stop")
        return redirect("drafting:start")
    answers = Answers(
        read,
        request.POST if request.method == "POST" else None,
        convenors=convenors_for(request),
        notes_figures=rules.may_note_figures(request.user, read),
    )
    if answers.data is not None and answers.is_valid() and not _lacks(request, answers):
        try:
            return _done(request, read, answers)
        except Refusal as refusal:
            answers.facts.add_error(None, str(refusal))
    translated = _call_to_translate(request, read)
    context = {
        "read": read,
        "answers": answers,
        "text": showing.marked_text(read),
        "notes": showing.notes_of(read),
        "translated": translated,
        "unread": _call_not_published(request, read),
        **showing.groups(answers),
    }
    return render(request, "drafting/draft.html", context, status=422 if answers.wrong else 200)


def _where_it_went(read: ReadText) -> HttpResponse:
    if read.campaign is None:
        raise Http404
    return redirect("campaigns:desk", read.campaign.code)


def _lacks(request: HttpRequest, answers: Answers) -> bool:
    """Whether something is missing that only the making of a campaign needs; it is asked for."""
    given, facts, do = answers.facts.cleaned_data, answers.facts, request.POST.get("do")
    if do == "accept" and not given["title"]:
        facts.add_error("title", _("A campaign needs a title."))
    if do == "accept" and not given["convenors"]:
        facts.add_error("convenors", _("Say which organisations call together."))
    if do in {"accept", "translate"} and not given["language"]:
        facts.add_error("language", _("Say in which language the text is written."))
    if do == "accept":
        _check_figures(answers)
    return bool(answers.wrong)


def _check_figures(answers: Answers) -> None:
    """A figure that is noted needs its source, and a date that is taken."""
    noted = [form for form in answers.figures if form.is_taken]
    for name in TOLD if noted else ():
        if not answers.facts.cleaned_data[name]:
            words = _("A figure needs who says it, and where it can be read.")
            answers.facts.add_error(name, words)
    taken = {form.item["id"] for form in answers.moments if form.item and form.is_taken}
    for form in noted:
        if form.cleaned_data["moment"] not in taken:
            form.add_error("moment", _("Take this date first, or choose another one."))


def _done(request: HttpRequest, read: ReadText, answers: Answers) -> HttpResponse:
    """Keep the answers, then do what the button says."""
    given = answers.facts.cleaned_data
    do = request.POST.get("do", "save")
    with transaction.atomic():  # what is refused is not half kept: its form is shown once more
        read = services.save(
            read,
            facts=answers.facts.facts(),
            items=answers.results(),
            received_on=given["received_on"],
        )
        if do == "accept":
            return _accepted(request, read, given)
        if do == "translate":
            return _translated(request, read)
    if do == "again":
        services.read_again(read)
        say_done(request, _("Read once more. What you had answered stays."))
    else:
        say_done(request, _("Saved."))
    return redirect("drafting:draft", read.code)


def _accepted(request: HttpRequest, read: ReadText, given: dict[str, Any]) -> HttpResponse:
    told = Told(given["told_by"], given["told_at"]) if "told_by" in given else None
    campaign = services.accept(
        read, convenors=given["convenors"], told=told, under=starting_mandate(request)
    )
    say_done(
        request,
        _("The draft is here. Read the call once more and publish it; then the campaign can be."),
    )
    return redirect("campaigns:desk", campaign.code)


def _call_to_translate(request: HttpRequest, read: ReadText) -> Campaign | None:
    """The campaign whose call this is in another language, where one may and can add it."""
    campaign, language = read.like, read.language
    if campaign is None or not language or campaign.call.current_id is None:
        return None
    if campaign.source_language == language:
        return None
    if not rules.may_add_translation(request.user, campaign, language):
        return None
    done = Translation.objects.filter(text=campaign.call, language=language, missing_count=0)
    return None if done.exists() else campaign


def _call_not_published(request: HttpRequest, read: ReadText) -> Campaign | None:
    """The same campaign, where its call must be published first."""
    campaign = read.like
    if campaign is None or campaign.call.current_id is not None or campaign.withdrawn_at:
        return None
    return campaign if may_edit_campaign(request.user, campaign) else None


def _translated(request: HttpRequest, read: ReadText) -> HttpResponse:
    campaign = _call_to_translate(request, read)
    if campaign is None:
        raise Refusal("call-elsewhere", _("This call can take no translation at present."))
    added = services.accept_as_translation(read, campaign, by=person_of(request))
    words = _("Added as a working copy. Look through it and hand it in; nobody reads it before.")
    if not added.is_even:
        words = _(
            "Added as a working copy. Its paragraphs are not those of the original: look where "
            "each belongs, then hand it in; nobody reads it before."
        )
    if added.kept:
        words += " " + ngettext(
            "%(count)s paragraph was translated already; its words stay.",
            "%(count)s paragraphs were translated already; their words stay.",
            added.kept,
        ) % {"count": number_words(added.kept)}
    say_done(request, words)
    return redirect("texts:translation", campaign.call.code, read.language or added.language)


@login_required
@require_POST
def forget(request: HttpRequest, code: str) -> HttpResponse:
    """Forget a text and all that was answered."""
    services.drop(_worked_at(request, code), by=person_of(request))
    say_done(request, _("The text is forgotten."))
    return redirect("drafting:start")


# --- whom the text names --------------------------------------------------------------------


def _followed(request: HttpRequest, code: str) -> Campaign:
    rows = Campaign.objects.visible_to(request.user)
    return fetch_for(request.user, rows, rules.may_ask_named, code=code)


@never_cache
@login_required
@require_safe
def named(request: HttpRequest, code: str) -> HttpResponse:
    """The organisations that the campaign's text names, and what can be done with each."""
    campaign = _followed(request, code)
    rows = list(campaign.named.select_related("organisation"))
    waiting = [row for row in rows if row.settled_at is None]
    context = {
        "campaign": campaign,
        "title": reader().words(campaign.names),
        "members": [row for row in waiting if row.is_known],
        "others": [row for row in waiting if not row.is_known],
        "settled": [row for row in rows if row.settled_at is not None],
    }
    return render(request, "drafting/named.html", context)


@login_required
@require_POST
def ask_named(request: HttpRequest, code: str) -> HttpResponse:
    """Ask those who are members to endorse."""
    campaign = _followed(request, code)
    try:
        done = services.ask_members(campaign, under=stewards_mandate(request))
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
        return redirect("drafting:named", code)
    asked = len(done.made)
    words = ngettext(
        "%(count)s organisation was asked.", "%(count)s organisations were asked.", asked
    ) % {"count": number_words(asked)}
    say_done(request, words)
    if done.unreachable:
        nobody = _("Nobody could be written to at: %(names)s.")
        messages.warning(request, nobody % {"names": list_words(done.unreachable)})
    return redirect("drafting:named", code)


@login_required
@require_POST
def prepare(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Prepare an invitation into the network; it is written and sent on the next page."""
    campaign = _followed(request, code)
    row = get_object_or_404(Named, campaign=campaign, pk=number)
    try:
        organisation = services.prepare_invitation(row, under=stewards_mandate(request))
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
        return redirect("drafting:named", code)
    return redirect("network:invite-member", organisation.code)


@login_required
@require_POST
def let_be(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take one off the list; the line that says so puts it back."""
    campaign = _followed(request, code)
    row = get_object_or_404(Named, campaign=campaign, pk=number)
    back = "undo" in request.POST
    services.let_be(row, back=back, under=stewards_mandate(request))
    if back:
        say_done(request, _("It is on the list again."))
    else:
        undo = reverse("drafting:let-be", args=[code, number])
        say_done(request, _("Taken off the list."), undo=undo)
    return redirect("drafting:named", code)
