"""What hosts send of photos."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from convoca.accounts.guard import HoneypotForm
from convoca.media.forms import PictureField

SIDES = ("left", "top", "right", "bottom")
PARTS: dict[str, tuple[int, int, int, int]] = {
    "upper": (0, 0, 0, 50),
    "lower": (0, 50, 0, 0),
    "left": (0, 0, 50, 0),
    "right": (50, 0, 0, 0),
    "middle": (25, 25, 25, 25),
}
"""What is cut off at left, top, right and bottom, in hundredths."""


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """At least one file; each is looked at by itself."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)


class PhotosForm(HoneypotForm):
    """Several photos at once; the view takes one after the other, so that one that is damaged does
    not keep the others back.
    """

    photos = FilesField(
        label=gettext_lazy("Photos"),
        widget=SeveralFiles({"accept": PictureField.accept}),
        error_messages={"required": gettext_lazy("Choose at least one photo.")},
        help_text=gettext_lazy("JPEG, PNG or WebP. Place and camera are taken out of them."),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy(
            "Everybody may see these photos. Whoever can be recognised on them knows it and agrees."
        ),
        error_messages={
            "required": gettext_lazy("Photos are shown only if you say that they may be.")
        },
    )


class PhotoForm(HoneypotForm):
    """What can be seen on a photo, and which part of it stays."""

    alt = forms.CharField(
        label=gettext_lazy("What can be seen on it"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For people who do not see it. Name nobody."),
    )
    part = forms.ChoiceField(
        label=gettext_lazy("Which part stays"),
        required=False,
        choices=[
            ("", pgettext_lazy("part of a photo", "All of it")),
            ("upper", pgettext_lazy("part of a photo", "The upper half")),
            ("lower", pgettext_lazy("part of a photo", "The lower half")),
            ("left", pgettext_lazy("part of a photo", "The left half")),
            ("right", pgettext_lazy("part of a photo", "The right half")),
            ("middle", pgettext_lazy("part of a photo", "The middle")),
            ("own", pgettext_lazy("part of a photo", "What these numbers leave:")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "left": gettext_lazy("Off the left side, in hundredths"),
            "top": gettext_lazy("Off the top, in hundredths"),
            "right": gettext_lazy("Off the right side, in hundredths"),
            "bottom": gettext_lazy("Off the bottom, in hundredths"),
        }
        for side in SIDES:
            self.fields[side] = forms.IntegerField(
                label=labels[side], required=False, min_value=0, max_value=90
            )

    @property
    def cut(self) -> tuple[int, int, int, int]:
        part = self.cleaned_data["part"]
        if part == "own":
            left, top, right, bottom = (self.cleaned_data[side] or 0 for side in SIDES)
            return left, top, right, bottom
        return PARTS.get(part, (0, 0, 0, 0))
