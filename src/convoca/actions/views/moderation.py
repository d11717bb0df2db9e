"""The queue: what waits for a moderator, one by one and in lots of similar ones."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from convoca.actions import queue
from convoca.actions.forms.moderation import AskForm, LetInForm, LotForm, QueueForm, RefuseForm
from convoca.actions.models import Action, Door, HostLink, KnownHost, LetIn, Refused
from convoca.actions.models.action import ActionQuerySet, State
from convoca.actions.queue import Row
from convoca.actions.services import letting_in, moderation
from convoca.actions.similar import Group
from convoca.actions.views.desk import (
    in_care,
    moderators_mandate,
    moderators_only,
    say_refused,
)
from convoca.campaigns.models import Campaign
from convoca.campaigns.models.campaign import State as CampaignState
from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.network.models import Mandate

MOST_IN_A_LOT = 400
"""Rows that one screen shows and one press decides about."""


@moderators_only
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """A dozen rows, the longest waiting first; similar ones are one row. Above them what was
    reported, private data first.
    """
    every = queue.to_look_at(request.user)
    form = _filter(request, every)
    wanted = form.wanted()
    rows = _wanted(every, wanted)
    page = Paginator(queue.grouped(rows), queue.ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "rows": queue.rows_of(list(page.object_list)),
        "count": rows.count(),
        "oldest": rows.values_list("waiting_since", flat=True).first(),
        "reported": queue.reported(request.user),
        "flooded": Door.objects.filter(flooded_at__isnull=False).select_related("campaign"),
        "paused": Door.objects.filter(paused_at__isnull=False).select_related("campaign"),
        "campaigns": Campaign.objects.kept().filter(state=CampaignState.PUBLISHED),
    }
    return render(request, "actions/work/queue.html", context)


def _filter(request: HttpRequest, every: ActionQuerySet) -> QueueForm:
    found = list(every.order_by().values_list("campaign", "country").distinct())
    campaigns = Campaign.objects.filter(pk__in={campaign for campaign, _country in found})
    return QueueForm(
        request.GET,
        campaigns=campaigns,
        countries={country for _campaign, country in found},
        language=get_language() or "en",
    )


def _wanted(rows: ActionQuerySet, wanted: dict[str, str]) -> ActionQuerySet:
    if wanted.get("campaign"):
        rows = rows.filter(campaign__code=wanted["campaign"])
    if wanted.get("country"):
        rows = rows.filter(country=wanted["country"])
    return rows


@moderators_only
@require_safe
def look(request: HttpRequest, code: str) -> HttpResponse:
    """All of one action, also what the public will not see, and the three answers."""
    return _looked_at(request, in_care(request, code))


def _looked_at(request: HttpRequest, action: Action, **forms: Any) -> HttpResponse:
    first = action.hostings.select_related("organisation", "committee", "vouched_by").first()
    proposed = first.proposed if first and first.is_new else ""
    links = [link for link in action.links.all() if link.role == HostLink.Role.HOST]
    known = KnownHost.objects.filter(
        scope=action.scope,
        email_index__in=[link.email_index for link in links if link.email_index],
        lost_at=None,
    ).first()
    group = queue.group_of(action, request.user)
    context = {
        "action": action,
        "when": queue.when_words(action),
        "stops": action.stops.select_related("place"),
        "hostings": action.hostings.select_related("organisation", "committee"),
        "first": first,
        "has_address": any(link.email for link in links),
        "known": known,
        "row": Row(action, group),
        "can_decide": action.state == State.WAITING or action.is_public,
        "let_in_form": LetInForm(action=action, proposed=proposed) if proposed else None,
        "ask_form": AskForm(auto_id="ask-%s"),
        "refuse_form": RefuseForm(auto_id="refuse-%s"),
        **forms,
    }
    status = 422 if any(form.is_bound for form in forms.values()) else 200
    return render(request, "actions/work/look.html", context, status=status)


@moderators_only
@require_POST
def let_in(request: HttpRequest, code: str) -> HttpResponse:
    """Let one in."""
    action = in_care(request, code)
    first = action.hostings.filter(is_first=True).first()
    form = LetInForm(request.POST, action=action, proposed=first.proposed if first else "")
    if not form.is_valid():
        return _looked_at(request, action, let_in_form=form)
    after = _after(request, action)
    try:
        lot = letting_in.let_in_one(
            action,
            under=moderators_mandate(request, [action.country]),
            **{name: value for name, value in form.cleaned_data.items() if value},
        )
    except Refusal as refusal:
        say_refused(request, refusal)
        return redirect("actions:look", code=code)
    is_told = action.links.confirmed().exclude(email_index="").exists()
    words = (
        _("“%(action)s” is let in. Its host is mailed in five minutes.")
        if is_told
        else _("“%(action)s” is let in.")
    ) % {"action": action}
    say_done(request, words, undo=reverse("actions:take-out", args=[lot.pk]))
    return after


@moderators_only
@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Send one back with a question."""
    action = in_care(request, code)
    form = AskForm(request.POST, auto_id="ask-%s")
    if not form.is_valid():
        return _looked_at(request, action, ask_form=form)
    after = _after(request, action)
    try:
        moderation.ask_for_more(
            action, form.cleaned_data["words"], under=moderators_mandate(request, [action.country])
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _looked_at(request, action, ask_form=form)
    say_done(request, _("The host of “%(action)s” is asked.") % {"action": action})
    return after


@moderators_only
@require_POST
def refuse(request: HttpRequest, code: str) -> HttpResponse:
    """Refuse one, with a way back."""
    action = in_care(request, code)
    form = RefuseForm(request.POST, auto_id="refuse-%s")
    if not form.is_valid():
        return _looked_at(request, action, refuse_form=form)
    after = _after(request, action)
    try:
        lot = moderation.refuse(
            action, under=moderators_mandate(request, [action.country]), **form.cleaned_data
        )
    except Refusal as refusal:
        say_refused(request, refusal)
        return redirect("actions:look", code=code)
    words = _("“%(action)s” is refused.") % {"action": action}
    say_done(request, words, undo=reverse("actions:take-back", args=[lot.pk]))
    return after


def _after(request: HttpRequest, action: Action) -> HttpResponse:
    """Where a moderator goes on: the next row, or the queue when nothing more waits. Asked before
    the step, because after it the action is no longer in the queue.
    """
    rows = queue.grouped(queue.to_look_at(request.user))
    place = next((n for n, group in enumerate(rows) if action.pk in group.pks), -1)
    following = [group for n, group in enumerate(rows) if n > place]
    if place < 0 or not following:
        return redirect("actions:queue")
    group = following[0]
    code = Action.objects.values_list("code", flat=True).get(pk=group.pks[0])
    return redirect("actions:lot" if group.is_lot else "actions:look", code=code)


@moderators_only
def lot(request: HttpRequest, code: str) -> HttpResponse:
    """Similar ones, all ticked: let in or refuse together those that stay ticked."""
    action = in_care(request, code)
    among = queue.to_look_at(request.user).filter(campaign=action.campaign)
    form = LotForm(among=among)
    if request.method == "POST":
        form = LotForm(request.POST, among=among)
        if form.is_valid():
            return _decide(request, list(form.cleaned_data["chosen"]), form)
    group = queue.group_of(action, request.user)
    shown = group.pks[:MOST_IN_A_LOT]
    rows = {row.pk: row for row in queue.for_rows(Action.objects.filter(pk__in=shown))}
    ticked = request.POST.getlist("chosen") if form.is_bound else None
    context = {
        "row": Row(action, group),
        "campaign": action.campaign,
        "rows": [
            {
                "action": rows[pk],
                "when": queue.short_when_words(rows[pk]),
                "is_ticked": _seems_alike(rows[pk], group)
                if ticked is None
                else rows[pk].code in ticked,
            }
            for pk in shown
            if pk in rows
        ],
        "shown": len(shown),
        "form": form,
    }
    return render(request, "actions/work/lot.html", context, status=422 if form.is_bound else 200)


def _seems_alike(action: Action, group: Group) -> bool:
    """Whether it is ticked at first. Strangers may copy an action of a host we know: that one is
    not refused with theirs by a tired press.
    """
    arrival = getattr(action, "arrival", None)
    return arrival is None or arrival.is_newcomer or not group.newcomers


def _decide(request: HttpRequest, actions: list[Action], form: LotForm) -> HttpResponse:
    under = moderators_mandate(request, {one.country for one in actions})
    if request.POST.get("do") == "let-in":
        let_in = letting_in.let_in_all(actions, under=under)
        done = let_in.actions.count()
        words = ngettext(
            "%(number)d action is let in. Hosts who left an address are mailed in five minutes.",
            "%(number)d actions are let in. Hosts who left an address are mailed in five minutes.",
            done,
        ) % {"number": done}
        if left := len(actions) - done:
            words += " " + ngettext(
                "%(number)d could not be let in and waits.",
                "%(number)d could not be let in and wait.",
                left,
            ) % {"number": left}
        undo = reverse("actions:take-out", args=[let_in.pk]) if done else None
        say_done(request, words, undo=undo)
        return redirect("actions:queue")
    given = {name: form.cleaned_data[name] for name in ("reason", "words", "tell")}
    try:
        refused = moderation.refuse_all(actions, under=under, **given)
    except Refusal as refusal:
        say_refused(request, refusal)
        return redirect("actions:queue")
    number = refused.actions.count()
    words = ngettext("%(number)d action is refused.", "%(number)d actions are refused.", number) % {
        "number": number
    }
    say_done(request, words, undo=reverse("actions:take-back", args=[refused.pk]))
    return redirect("actions:queue")


def _mandate_for(request: HttpRequest, lot: LetIn | Refused) -> Mandate:
    return moderators_mandate(request, lot.actions.values_list("country", flat=True))


def _undone(
    request: HttpRequest, lot: LetIn | Refused, undo: Callable[..., object], words: str
) -> HttpResponse:
    """Undo what was decided of a lot; back to the queue with these words, or with the refusal."""
    try:
        undo(lot, under=_mandate_for(request, lot))
    except Refusal as refusal:
        say_refused(request, refusal)
    else:
        say_done(request, words)
    return redirect("actions:queue")


@moderators_only
@require_POST
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo letting in, of one or of a lot, before its hosts are told."""
    mine = queue.wholly_in_care_of(request.user, LetIn.objects.all())
    lot = get_object_or_404(mine, pk=pk)
    return _undone(
        request,
        lot,
        letting_in.take_out,
        _("Undone: it waits where it waited, and nobody was told."),
    )


@moderators_only
@require_safe
def refused(request: HttpRequest) -> HttpResponse:
    """What was refused in the last thirty days, to be taken back."""
    mine = queue.wholly_in_care_of(request.user, Refused.objects.all())
    rows = Refused.objects.filter(pk__in=mine.values("pk")).annotate(number=Count("actions"))
    rows = rows.select_related("campaign", "by__person").order_by("-pk")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    lots = list(page.object_list)
    named = Refused.objects.filter(pk__in=[lot.pk for lot in lots]).annotate(one=Min("actions"))
    first_of = dict(named.values_list("pk", "one"))
    firsts = Action.objects.in_bulk(first_of.values())
    shown = [{"lot": lot, "first": firsts.get(first_of[lot.pk])} for lot in lots]
    context = {"page": page, "rows": shown}
    return render(request, "actions/work/refused.html", context)


@moderators_only
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a refusal, of one or of a lot."""
    mine = queue.wholly_in_care_of(request.user, Refused.objects.all())
    lot = get_object_or_404(mine, pk=pk)
    return _undone(request, lot, moderation.take_back, _("Taken back: it is where it was."))
