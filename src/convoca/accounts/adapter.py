"""How allauth behaves in this house: no sign-up, no passwords, no addresses of visitors kept,
and every mail of its own written by us, in the person's language."""

from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from convoca.accounts.models import Person
from convoca.accounts.services.notices import tell

NOWHERE = "0.0.0.0"  # noqa: S104  no address at all
"""What stands where allauth would keep the address of a visitor: we keep none."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitations, never by a sign-up page."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "incorrect_code": _("This is not the right code. Look at it once more, please."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, please."),
        "rate_limited": _("Too many tries. Wait five minutes, please."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """After a code or a passkey, only the second factor."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return f"/{get_language()}/work/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return f"/{get_language()}/"

    def is_safe_url(self, url: str) -> bool:
        """Only addresses on the very host that was asked."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """No visitor's address is stored; limits by client are ours, by a keyed hash."""
        return NOWHERE

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The passkey first, where there is one; never a password."""
        words = {
            "mfa_reauthenticate:webauthn": gettext("Use your passkey or security key"),
            "mfa_reauthenticate": gettext("Use a code of your app or a recovery code"),
        }
        there = {one["id"]: one for one in super().get_reauthentication_methods(user)}
        return [{**there[key], "description": words[key]} for key in words if key in there]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing of allauth's own mails is sent but the notices below."""

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person of a change to how they sign in."""
        with override(user.ui_language):
            what = {
                "mfa/email/webauthn_added": gettext("A passkey or security key was added."),
                "mfa/email/webauthn_removed": gettext("A passkey or security key was removed."),
                "mfa/email/totp_activated": gettext("An authenticator app was set up."),
                "mfa/email/totp_deactivated": gettext("The authenticator app was removed."),
                "mfa/email/recovery_codes_generated": gettext("New recovery codes were made."),
            }[template_prefix]
        tell(user, "accounts/security-changed", what=what)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: our words, our name, and a QR code that the content policy lets through."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the right code. Look at it once more, please."),
        "cannot_delete_authenticator": _("This cannot be removed now."),
        "cannot_generate_recovery_codes": _(
            "Recovery codes come with a passkey, a security key or an app: set one up first."
        ),
    }

    def build_totp_svg(self, url: str) -> str:
        code: str = segno.make(url, error="m").svg_inline(scale=5, border=4, light="#ffffff")
        return code

    def _get_site_name(self) -> str:
        """The name that a phone shows beside the code or the passkey."""
        host: str = context.request.get_host().partition(":")[0]
        return host

    def generate_authenticator_name(self, user: Person, type: str) -> str:  # noqa: A002  allauth's
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}
