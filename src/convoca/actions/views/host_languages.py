"""Hosts write title and description of their action in further languages."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.actions.forms.host_page import LanguageForm, TranslateForm
from convoca.actions.models import HostLink
from convoca.actions.services import host_deeds
from convoca.actions.views.host_gate import by_link
from convoca.actions.views.host_page import done
from convoca.core.dates import number_words
from convoca.core.errors import Refusal
from convoca.core.languages import UnknownTag, autonym, direction, language_name, tidy_tag
from convoca.network.models import Network
from convoca.network.picking import status_of


@dataclass(frozen=True)
class Standing:
    """A language, and what readers have of the action in it."""

    tag: str
    words: str
    state_class: str = ""

    @property
    def autonym(self) -> str:
        return autonym(self.tag)

    @property
    def dir(self) -> str:
        return direction(self.tag)


@by_link()
def host_languages(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """In which languages it can be read, and where to write one more."""
    form = LanguageForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return redirect("actions:host-translate", token, form.cleaned_data["language"].lower())
    context = {
        "action": link.action,
        "token": token,
        "form": form,
        "own": language_name(link.action.language),
        "rows": _standings(link),
    }
    return render(request, "actions/host_languages.html", context, status=status_of(form))


def _standings(link: HostLink) -> list[Standing]:
    action, text = link.action, link.action.description
    found = {one.language: one for one in text.translations.listed()} if text is not None else {}
    tags = dict.fromkeys([*Network.load().languages, *action.names, *found])
    rows = []
    for tag in tags:
        if tag == action.language:
            continue
        one = found.get(tag)
        if one is not None and one.is_published:
            words = _("In your own words") if one.is_authors_own else _("By translators")
            if one.behind_count:
                older = ngettext(
                    "%(count)s paragraph older than yours or missing",
                    "%(count)s paragraphs older than yours or missing",
                    one.behind_count,
                ) % {"count": number_words(one.behind_count)}
                rows.append(Standing(tag, f"{words} · {older}", "wait"))
            else:
                rows.append(Standing(tag, words, "ok"))
        elif tag in action.names:
            only = _("Title only") if text is not None else _("Title; there is no description")
            rows.append(Standing(tag, only))
        else:
            rows.append(Standing(tag, _("Not yet")))
    return rows


@by_link()
def host_translate(request: HttpRequest, link: HostLink, token: str, language: str) -> HttpResponse:
    """Title and description in one language, beside those in the host's own."""
    try:
        tag = tidy_tag(language)
    except UnknownTag as unknown:
        raise Http404 from unknown
    action = link.action
    if tag == action.language:
        return redirect("actions:host-words", token)
    sent = request.POST if request.method == "POST" else None
    form = TranslateForm(sent, action=action, language=tag)
    if form.is_bound and form.is_valid():
        try:
            host_deeds.translate(action, link, tag, names=form.names, words=form.words)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(token, "words")
    context = {
        "action": action,
        "token": token,
        "form": form,
        "tag": tag,
        "tag_dir": direction(tag),
        "language_name": language_name(tag),
        "title": action.own_words("names"),
        "source_dir": direction(action.language),
    }
    return render(request, "actions/host_translate.html", context, status=status_of(form))
