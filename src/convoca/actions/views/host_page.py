"""The host page behind its private link, and what hosts do there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from convoca.actions.front_of_host import front_of
from convoca.actions.models import HostLink
from convoca.actions.services import host_links, hosting, life
from convoca.actions.views.host_gate import by_link
from convoca.core.errors import Refusal

DONE: dict[str, StrPromise] = {
    "sent": gettext_lazy("Sent. You are told when somebody has looked at it."),
    "still-on": gettext_lazy("Thank you. The page says that it takes place."),
    "moved": gettext_lazy("Saved. Everybody who signed up is told."),
    "words": gettext_lazy("Saved."),
    "postponed": gettext_lazy("It is put off. Everybody who signed up is told."),
    "cancelled": gettext_lazy("It is cancelled. Everybody who signed up is told."),
    "back": gettext_lazy("It takes place after all. Everybody who signed up is told."),
    "asked": gettext_lazy("They have been asked."),
    "ended": gettext_lazy("Done. That link opens nothing any more."),
    "copied": gettext_lazy("This is the new one. Look at its day and its place."),
    "same": gettext_lazy("Nothing was changed."),
}
"""What the host page says after a step, by the word in its address."""


def done(token: str, word: str) -> HttpResponse:
    """Back to the host page, which says what was done."""
    answer = redirect("actions:host-page", token=token)
    answer["Location"] += f"?done={word}"
    return answer


@by_link()
def host_page(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """The stub with its state, the one next step, how many come, and what can be done."""
    refusal = ""
    if request.method == "POST":
        try:
            word = _small_step(request.POST.get("step", ""), link)
        except Refusal as refused:
            refusal = str(refused)
        else:
            return done(token, word)
    front = front_of(link, token)
    said = DONE.get(request.GET.get("done", ""), "")
    context = {"front": front, "said": said, "refusal": refusal, "token": token}
    return render(request, "actions/host_page.html", context, status=422 if refusal else 200)


def _small_step(step: str, link: HostLink) -> str:
    """The steps that need nothing but a press: still on, send again."""
    if step == "still-on":
        life.say_still_on(link.action, **host_links.who(link))
        return "still-on"
    if step == "send":
        hosting.resubmit(link.action, link)
        return "sent"
    return "same"
