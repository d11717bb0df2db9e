"""What a browser may send about texts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convoca.core.languages import UnknownTag, tidy_tag
from convoca.media.forms import SheetField
from convoca.texts import registry
from convoca.texts.models import Translation
from convoca.texts.models.text import MOST_IN_ONE


class SourceForm(forms.Form):
    """The source as Markdown. The service says what is too long, in words."""

    markdown = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "long", "rows": 24}),
    )
    seen_revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    hand = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class TagField(forms.CharField):
    """A language tag, tidied: `pt_br` becomes `pt-BR`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 35)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        if not typed:
            return ""
        try:
            return tidy_tag(typed)
        except UnknownTag as error:
            raise forms.ValidationError(
                _("“%(tag)s” is no language tag. Examples: es, pt-BR, zh-Hant, qu."),
                params={"tag": typed},
            ) from error


class LanguageForm(forms.Form):
    """Begin a translation into any language."""

    language = TagField(
        label=_("Another language"),
        help_text=_("Its tag: ht for Haitian Creole, qu for Quechua, zh-Hant, pt-BR."),
    )


class AuthorityForm(forms.Form):
    """Which language holds in case of doubt."""

    language = TagField(required=False)


class NoteForm(forms.Form):
    """What a reviewer says when sending back."""

    note = forms.CharField(
        label=_("What should be looked at again?"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FileForm(forms.Form):
    """A CSV that a translator worked on offline."""

    file = SheetField(
        label=_("CSV file"), help_text=_("The file that you exported here, with your words in it.")
    )


class ImportForm(forms.Form):
    """The same file once more, after its plan was seen."""

    content = forms.CharField(strip=False, widget=forms.HiddenInput)


class SuggestionForm(forms.Form):
    """What a reader would rather read."""

    words = forms.CharField(
        label=_("How it should read"),
        max_length=MOST_IN_ONE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    note = forms.CharField(label=_("Why"), max_length=500, required=False)
    address = forms.EmailField(
        label=_("Your email"),
        required=False,
        help_text=_("Only to tell you what became of it. Deleted once it is answered."),
    )


class BoardFilter(forms.Form):
    """What a board shows. Anything it does not know is left out rather than refused."""

    q = forms.CharField(label=_("Title"), required=False, max_length=200)
    language = forms.ChoiceField(label=_("Language"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, data: Any, languages: list[tuple[str, str]]) -> None:
        super().__init__(data)
        every = [("", _("All"))]
        self.fields["language"].choices = [*every, *languages]  # type: ignore[attr-defined]
        self.fields["state"].choices = [*every, *Translation.State.choices]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            *every,
            *((owner.kind, owner.words) for owner in registry.owners()),
        ]

    def chosen(self, name: str) -> str:
        """The cleaned choice; empty where there is none or it makes no sense."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))
