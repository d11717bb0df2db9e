"""What a browser may send about an account."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddWebAuthnForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as AllauthEditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from convoca.accounts.fields import LanguageField, LanguagesField
from convoca.accounts.models import Person, tidy_email


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("Your mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email webauthn", "dir": "ltr"}),
        help_text=_("We mail you a code. There are no passwords here."),
    )

    def clean_email(self) -> str:
        return tidy_email(self.cleaned_data["email"])


def _code_input() -> forms.TextInput:
    return forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "class": "otp",
            "size": "9",
            "dir": "ltr",
        }
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=_code_input(),
        help_text=_("8 digits. Blanks do not matter."),
    )


class DetailsForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As others in the network see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    language = LanguageField(
        label=_("Your language"),
        max_length=80,
        help_text=_("Our mails come in it, or in the nearest one that we speak."),
    )
    further_languages = LanguagesField(
        label=_("Further languages"), required=False, help_text=_("One a line; empty lines go.")
    )
    notices = forms.ChoiceField(
        label=_("News from the network"),
        choices=Person.Notices.choices,
        widget=forms.RadioSelect,
        help_text=_("Codes and warnings about your account always come at once."),
    )


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("New address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    def clean_email(self) -> str:
        return tidy_email(self.cleaned_data["email"])


class LeaveForm(forms.Form):
    sure = forms.BooleanField(label=_("Yes, close my account"))


class AddPasskeyForm(AllauthAddWebAuthnForm):  # type: ignore[misc]
    """In our words: a passkey signs in alone, a plain security key is a second step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name for it")
        self.fields["name"].required = False
        self.fields["name"].max_length = 60
        self.fields["name"].help_text = _("So that you know it again: “my phone”, “the blue key”.")
        self.fields["passwordless"].label = _("Sign in with it alone, without a mailed code")
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _(
            "Your device then asks for your finger, your face or its code. Clear this for an old "
            "security key that has none of them."
        )

    def clean_name(self) -> str:
        name: str = super().clean_name()
        return name[:60]


class RenamePasskeyForm(AllauthEditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"), max_length=60, initial=self.initial["name"]
        )


class FactorForm(AllauthAuthenticateForm):  # type: ignore[misc]
    """The second step of signing in: the app's code, or one of the recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self, _("Code from your app, or a recovery code"))


class AgainForm(AllauthReauthenticateForm):  # type: ignore[misc]
    """The same question again, before something about safety is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self, _("Code from your app, or a recovery code"))


class AppForm(AllauthActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app, which shows that it was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self, _("The code that the app shows now"))


def _in_our_words(form: forms.Form, label: StrOrPromise) -> None:
    form.fields["code"].label = label
    form.fields["code"].widget = _code_input()
