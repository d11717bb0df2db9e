"""Somebody lost their second proof, and a steward lets them set up a new one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.accounts.views import shown_again
from convoca.core.errors import Refusal
from convoca.network import rules, services
from convoca.network.forms import LostFactorForm
from convoca.network.views.desk import posted, steward_only, under

form_page = require_http_methods(["GET", "HEAD", "POST"])


@steward_only
@form_page
def find_person(request: HttpRequest) -> HttpResponse:
    """Whose it was, by their address; the next page says what happens."""
    form = LostFactorForm(posted(request))
    if request.method == "POST" and form.is_valid():
        person = Person.objects.filter(email=form.cleaned_data["email"], is_active=True).first()
        if person is not None:
            return redirect("network:forget-factors", person.pk)
        form.add_error("email", _("Nobody with this address has an account here."))
    status = 422 if form.is_bound else 200
    return render(request, "network/work/lost_factor.html", {"form": form}, status=status)


@steward_only
@shown_again
@form_page
def forget_factors(request: HttpRequest, pk: int) -> HttpResponse:
    """What happens, and the step; the steward has just shown their own second factor."""
    person = get_object_or_404(Person, pk=pk, is_active=True)
    if person == request.user:
        raise PermissionDenied
    context = {
        "person": person,
        "is_steward": not rules.may_forget_factors(request.user, person),
        "has_factor": accounts.has_second_factor(person),
        "refusal": "",
    }
    if request.method != "POST":
        return render(request, "network/work/forget_factors.html", context)
    try:
        count = services.forget_factors_of_member(person, under=under(request))
    except Refusal as refusal:
        context["refusal"] = str(refusal)
        return render(request, "network/work/forget_factors.html", context, status=422)
    words = _(
        "%(person)s was signed out everywhere, told by mail, and can set up a new second proof."
    )
    if not count:
        words = _("This person has no second proof: a mailed code alone signs them in.")
    messages.success(request, words % {"person": person})
    return redirect("network:people")
