"""What a steward says of a source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from convoca.core.names import tidy_name
from convoca.counting.models import Source
from convoca.network.models import Organisation


class SourceForm(forms.ModelForm[Source]):
    """Name, kind, page and licence stand in public beside each of its figures, the note nowhere."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of source"),
        choices=[one for one in Source.Kind.choices if one[0] != Source.Kind.HOSTS],
        initial=Source.Kind.NETWORK,
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("The member that it is"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("No member"),
    )
    site = forms.URLField(
        label=gettext_lazy("Its web page"), max_length=500, required=False, assume_scheme="https"
    )

    class Meta:
        model = Source
        fields = ["name", "kind", "organisation", "site", "licence", "note"]
        labels = {
            "name": gettext_lazy("Name"),
            "licence": gettext_lazy("Licence"),
            "note": gettext_lazy("Note for colleagues"),
        }
        help_texts = {
            "licence": gettext_lazy(
                "Under which its list may be passed on, in its own words, such as: CC BY 4.0."
            ),
            "note": gettext_lazy("How its list comes, and whom to ask. Not public."),
        }
        error_messages = {
            "name": {"unique": gettext_lazy("There is a source of this name already.")}
        }
        widgets = {"note": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        members = Organisation.objects.members().by_name()
        self.fields["organisation"].queryset = members  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return tidy_name(str(self.cleaned_data["name"]))
