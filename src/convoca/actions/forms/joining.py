"""What somebody tells who wants to come, and what they may change of it later."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convoca.accounts.guard import HoneypotForm
from convoca.actions.models.signup import MOST_PEOPLE
from convoca.actions.slip import Slip, organisations_of
from convoca.core.languages import autonym
from convoca.network.models import Organisation


class _Joining(HoneypotForm):
    """What the form to sign up and the one to change have in common."""

    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=120,
        help_text=_("As the hosts should call you. You may leave it empty."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    people = forms.IntegerField(
        label=_("How many people, with you"),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        error_messages={
            "min_value": _("At least one person comes: you."),
            "max_value": _(
                "At most %(limit_value)d people in one sign-up. For more, write to the hosts."
            ),
        },
    )
    answer = forms.CharField(
        required=False, max_length=500, widget=forms.TextInput(attrs={"dir": "auto"})
    )

    def __init__(self, *args: Any, slip: Slip, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slip = slip
        if slip.question:
            self.fields["answer"].label = str(slip.question)
        else:
            del self.fields["answer"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned is not None:
            cleaned.setdefault("answer", "")
        return cleaned


class SignUpForm(_Joining):
    """Somebody will come."""

    email = forms.EmailField(
        label=_("Your mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    tell_me = forms.BooleanField(
        label=_("Remind me the day before, and send me what the hosts write about this action"),
        required=False,
    )
    another = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    """A few random letters for a further person from the same page: the same words are another."""

    field_order = ["name", "email", "people", "answer", "tell_me"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        if self.slip.action.capacity is not None:
            email.required = True
            email.help_text = _(
                "Places are limited here: with your address your place is held for you, and you "
                "can give it back. We send you a mail with a button; press it, and the place is "
                "yours."
            )
        else:
            email.help_text = _(
                "We write if time or place changes. We send you a mail with a button; press it, "
                "and you are on the list. Without an address you are on the list at once, but "
                "nobody can tell you of changes."
            )
        self.organisations = organisations_of(self.slip.action)
        for organisation in self.organisations:
            self.fields[_again(organisation)] = forms.BooleanField(
                required=False, label=words_to_agree(organisation)
            )

    def clean(self) -> dict[str, Any] | None:
        """The organisations' lines become one list: who may write again, in which words."""
        cleaned = super().clean()
        if cleaned is not None:
            cleaned["write_again"] = [
                (one, words_to_agree(one))
                for one in self.organisations
                if cleaned.pop(_again(one), False) and cleaned.get("email")
            ]
        return cleaned


def _again(organisation: Organisation) -> str:
    return f"again_{organisation.code}"


def words_to_agree(organisation: Organisation) -> str:
    """The sentence that somebody agrees to, in the language they read."""
    words = _("%(organisation)s may write to me again, for one year or until I say no")
    return str(words) % {"organisation": organisation}


class ChangeForm(_Joining):
    """Other words, more people or fewer."""

    language = forms.ChoiceField(label=_("In which language we write to you"))
    tell_me = forms.BooleanField(
        label=_("Remind me the day before, and send me what the hosts write about this action"),
        required=False,
    )
    field_order = ["name", "people", "answer", "language", "tell_me"]

    def __init__(self, *args: Any, has_address: bool, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_address:
            field: Any = self.fields["language"]
            field.choices = [(tag, autonym(tag)) for tag in languages]
        else:
            del self.fields["language"], self.fields["tell_me"]
