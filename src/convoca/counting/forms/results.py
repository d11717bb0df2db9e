"""What stewards fill in about results."""

from django import forms
from django.utils.translation import gettext_lazy as _

from convoca.counting.models import Showing


class ShowingForm(forms.ModelForm[Showing]):
    """Whether totals are shown."""

    class Meta:
        model = Showing
        fields = ["shows_totals", "from_actions"]
        labels = {
            "shows_totals": _("Everybody reads the totals"),
            "from_actions": _("From how many actions on"),
        }
        help_texts = {
            "from_actions": _("So many actions must have a figure. Until then nobody reads any."),
        }

    from_actions = forms.IntegerField(
        label=Meta.labels["from_actions"],
        help_text=Meta.help_texts["from_actions"],
        min_value=1,
        max_value=100_000,
        initial=5,
    )
