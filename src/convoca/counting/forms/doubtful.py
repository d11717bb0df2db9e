"""What moderators send to find an action, and to say when and where something was."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from convoca.places.forms import PlaceField


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("There is no such day. Write it like 2027-10-05.")},
        **options,
    )


class FindActionForm(forms.Form):
    """Words of its title, its town or its hosts, and its day; all of it optional."""

    q = forms.CharField(
        label=gettext_lazy("Title, town or organisation"), required=False, max_length=200
    )
    day = _day(required=False)


class PlaceClaimForm(forms.Form):
    """When and where it was, as far as a person can tell from what the source wrote."""

    day = _day()
    place = PlaceField(label=gettext_lazy("Town"))
