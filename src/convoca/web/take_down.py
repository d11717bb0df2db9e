"""The stewards' page "Take down now": an address, what stands there, a reason, one press."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.network import services as network
from convoca.network.models import Mandate
from convoca.network.rules import is_steward
from convoca.web import removals
from convoca.web.models import Removal

SHOWN = 20
LONGEST_ADDRESS = 500


class DownForm(forms.Form):
    """Which of the things that stand at an address, and why."""

    what = forms.ChoiceField(label=gettext_lazy("What is taken down"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        help_text=gettext_lazy("Stewards read it, nobody else. Name no person."),
    )

    def __init__(self, data: object = None, *, found: list[removals.Found]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        what = self.fields["what"]
        what.choices = [(one.value, one.says) for one in found]  # type: ignore[attr-defined]
        what.initial = found[0].value if found else None


def _steward(request: HttpRequest) -> Mandate:
    """The mandate under which the person works for the network."""
    under = network.mandate_for(request.user, roles=["steward"])
    if under is None or not is_steward(request.user):
        raise PermissionDenied
    return under


def _page(
    request: HttpRequest, address: str, form: DownForm | None, status: int = 200
) -> HttpResponse:
    context = {
        "address": address,
        "form": form,
        "removals": Removal.objects.select_related("under__person")[:SHOWN],
    }
    return render(request, "web/take_down.html", context, status=status)


@login_required
@require_safe
def take_down(request: HttpRequest) -> HttpResponse:
    """Ask for an address; of one that was given, what stands there."""
    _steward(request)
    address = request.GET.get("address", "")[:LONGEST_ADDRESS]
    found = removals.find(address) if address else []
    return _page(request, address, DownForm(found=found) if found else None)


@login_required
@require_POST
def take_down_now(request: HttpRequest) -> HttpResponse:
    """When this is answered, no reader is shown it."""
    under = _steward(request)
    address = request.POST.get("address", "")[:LONGEST_ADDRESS]
    found = removals.find(address)
    form = DownForm(request.POST, found=found)
    if not form.is_valid():
        return _page(request, address, form if found else None, 422)
    chosen = next(one for one in found if one.value == form.cleaned_data["what"])
    try:
        removal = removals.take_down(chosen, reason=form.cleaned_data["reason"], under=under)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, address, form, 422)
    if removal is None:
        words = _("What was kept of %(name)s is gone. Readers get it as it is now.")
    else:
        words = _("%(name)s is taken down. Nobody is shown it any more.")
    undo = reverse("bring-back", args=[removal.pk]) if removal else None
    say_done(request, words % {"name": chosen.name}, undo=undo)
    return redirect("take-down")


@login_required
@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """As it was."""
    under = _steward(request)
    try:
        removal = removals.bring_back(get_object_or_404(Removal, pk=pk), under=under)
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
    else:
        messages.success(request, _("%(name)s is back.") % {"name": removal.name})
    return redirect("take-down")
