"""What hosts send about their list: what they look for, how many are here, words to all."""

from django import forms
from django.utils.translation import gettext_lazy as _

from convoca.accounts.guard import HoneypotForm
from convoca.actions.services.people import MOST_WALK_INS, ORDERS


class LookForm(forms.Form):
    """Search and order; what is not understood is passed over."""

    q = forms.CharField(required=False, max_length=100)
    order = forms.ChoiceField(required=False, choices=[(one, one) for one in ORDERS])

    def wanted(self) -> tuple[str, str]:
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("order") or "name"


class TickForm(forms.Form):
    """So many of one sign-up are here, or so many came who had not signed up."""

    who = forms.UUIDField(required=False)
    arrived = forms.IntegerField(required=False, min_value=0)
    walk_ins = forms.IntegerField(
        label=_("People who came without signing up"),
        required=False,
        min_value=0,
        max_value=MOST_WALK_INS,
    )


class MessageForm(HoneypotForm):
    """Words to all who signed up and wished for them."""

    words = forms.CharField(
        label=_("Your message"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("Plain words. The mail names the action and its hosts, and how to cancel."),
    )
