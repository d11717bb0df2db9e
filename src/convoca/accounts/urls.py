"""Pages of accounts. Of allauth's, only those stand here that we want: there is no password page
and no sign-up. Its names are kept where it asks for them; the rest is `accounts:…`."""

from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.urls import include, path

from convoca.accounts import views
from convoca.accounts.views import HOUR, limited

of_allauth = [
    path("sign-in/", views.sign_in, name="account_login"),
    path(
        "sign-in/passkey/",
        limited(keys.login_webauthn, "passkey", 2 * views.TRIES_PER_CLIENT, HOUR, ("GET", "POST")),
        name="mfa_login_webauthn",
    ),
    path(
        "sign-in/second-factor/",
        limited(factors.authenticate, "second factor", views.TRIES_PER_CLIENT, HOUR),
        name="mfa_authenticate",
    ),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("closed/", views.closed, name="account_inactive"),
    path("again/", limited(factors.reauthenticate, "again"), name="mfa_reauthenticate"),
    path(
        "again/passkey/",
        limited(keys.reauthenticate_webauthn, "again"),
        name="mfa_reauthenticate_webauthn",
    ),
    path("security/", factors.index, name="mfa_index"),
    path("security/passkeys/", views.passkeys, name="mfa_list_webauthn"),
    path("security/passkeys/add/", limited(keys.add_webauthn, "add key"), name="mfa_add_webauthn"),
    path(
        "security/passkeys/<int:pk>/", limited(keys.edit_webauthn, "keys"), name="mfa_edit_webauthn"
    ),
    path(
        "security/passkeys/<int:pk>/remove/",
        limited(keys.remove_webauthn, "keys"),
        name="mfa_remove_webauthn",
    ),
    path("security/app/", limited(app.activate_totp, "set up app"), name="mfa_activate_totp"),
    path("security/app/remove/", limited(app.deactivate_totp, "keys"), name="mfa_deactivate_totp"),
    path(
        "security/recovery-codes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "security/recovery-codes/new/",
        limited(recovery_codes.generate_recovery_codes, "new recovery codes"),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "security/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
ours = [
    path("", limited(views.account, "account"), name="account"),
    path("sign-in/code/", views.enter_code, name="enter-code"),
    path(
        "sign-in/link/<str:token>/",
        limited(views.login_link, "login link", views.TRIES_PER_CLIENT, HOUR),
        name="login-link",
    ),
    path("address/", views.change_address, name="change-address"),
    path(
        "address/<str:token>/",
        limited(views.confirm_address, "confirm address"),
        name="confirm-address",
    ),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/<int:pk>/end/", limited(views.end_session, "end session"), name="end-session"),
    path(
        "sessions/end-others/",
        limited(views.end_other_sessions, "end session"),
        name="end-other-sessions",
    ),
    path("leave/", limited(views.leave, "leave"), name="leave"),
    path("come-back/<str:token>/", limited(views.come_back, "come back"), name="come-back"),
]
urlpatterns = [
    path("account/", include(of_allauth)),
    path("account/", include((ours, "accounts"))),
]
