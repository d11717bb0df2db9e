"""Report a problem: a public form whose answer goes by mail to whoever runs the site."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.accounts.guard import HoneypotForm, public_form
from convoca.network.models import Network
from convoca.outbox import services as outbox
from convoca.pages.public import public_page


class ProblemForm(HoneypotForm):
    """What is wrong, where, and perhaps whom to answer."""

    words = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("In any language. What did you want to do, and what happened?"),
    )
    page = forms.CharField(label=gettext_lazy("On which page?"), max_length=500, required=False)
    address = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        required=False,
        help_text=gettext_lazy("Only to answer you."),
    )


@public_page(tags=["site"], mirrored="never")
def problem(request: HttpRequest) -> HttpResponse:
    """The empty form."""
    return render(request, "web/problem.html", {"form": ProblemForm(), "network": Network.load()})


@public_form("problem", limit=60)
def report_problem(request: HttpRequest) -> HttpResponse:
    """Mail the report to the address of the imprint."""
    network = Network.load()
    form = ProblemForm(request.POST)
    if form.is_valid():
        if network.imprint_mail:
            outbox.mail(
                "web/problem",
                to=network.imprint_mail,
                language=network.main_language,
                context=form.cleaned_data,
            )
            return redirect("problem-reported")
        form.add_error(None, _("Whoever runs this site has not left an address yet."))
    return render(request, "web/problem.html", {"form": form, "network": network}, status=422)


@public_page(tags=["site"], mirrored="never")
def problem_reported(request: HttpRequest) -> HttpResponse:
    """Thank you, and back."""
    return render(request, "web/problem_reported.html")
