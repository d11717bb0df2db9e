"""What stewards fill in about results."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convoca.campaigns.models import Campaign
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


class PublishForm(forms.Form):
    """Of what the totals are published, and why they are others than before."""

    moment = forms.ChoiceField(label=_("Of what"), required=False)
    why = forms.CharField(
        label=_("Why the figures have changed"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where they differ from what was published before. Everybody reads it."),
    )

    def __init__(self, data: Any = None, *, campaign: Campaign) -> None:
        super().__init__(data)
        self._moments = {one.code: one for one in campaign.moments.all()}
        moment: Any = self.fields["moment"]
        moment.choices = [
            ("", _("The whole campaign")),
            *((code, str(one)) for code, one in self._moments.items()),
        ]

    def asked(self) -> dict[str, Any]:
        """What the service is given."""
        cleaned = self.cleaned_data
        return {"moment": self._moments.get(cleaned["moment"]), "why": cleaned["why"]}
