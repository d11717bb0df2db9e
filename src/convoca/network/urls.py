"""Addresses of the network: public pages, invitations, work screens."""

from django.urls import path

from convoca.accounts.views import limited
from convoca.network.views import (
    committees,
    decisions,
    directory,
    invitations,
    joining,
    lost_factor,
    organisations,
    people,
    settings,
    work,
)

app_name = "network"

public = [
    path("organisations/", directory.organisations, name="organisations"),
    path("organisations/<str:code>/", directory.organisation, name="organisation-by-code"),
    path("organisations/<str:code>/<slug:slug>/", directory.organisation, name="organisation"),
    path(
        "organisations/<str:code>/<slug:slug>/in/<slug:tag>/",
        directory.organisation,
        name="organisation-in",
    ),
    path("committees/", directory.committees, name="committees"),
    path("committees/<str:code>/", directory.committee, name="committee-by-code"),
    path("committees/<str:code>/<slug:slug>/", directory.committee, name="committee"),
    path("join/", joining.join, name="join"),
    path("join/send/", joining.ask_to_join, name="ask-to-join"),
    path("join/sent/", joining.asked_to_join, name="asked-to-join"),
    path("join/confirm/<str:token>/", joining.confirm_joining, name="confirm-joining"),
    path("join/confirmed/<str:token>/", joining.confirmed_joining, name="confirmed-joining"),
    path("invitation/", invitations.enter_code, name="enter-code"),
    path("invitation/find/", invitations.find_code, name="find-code"),
    path("invitation/mailed/", invitations.code_mailed, name="code-mailed"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("invitation/<str:token>/accept/", invitations.accept_invitation, name="accept"),
    path("invitation/<str:token>/decline/", invitations.decline_invitation, name="decline"),
    path("invitation/<str:token>/ask/", invitations.ask_by_code, name="ask-by-code"),
]
at_work = [
    path("work/acting/", work.acting, name="acting"),
    path("work/audit/", settings.audit, name="audit"),
    path("work/network/", work.work, name="work"),
    path("work/network/organisations/", work.work_organisations, name="work-organisations"),
    path("work/network/organisations.csv", work.organisations_csv, name="organisations-csv"),
    path(
        "work/network/organisations/add/", organisations.add_organisation, name="add-organisation"
    ),
    path(
        "work/network/organisations/<str:code>/",
        organisations.work_organisation,
        name="work-organisation",
    ),
    path(
        "work/network/organisations/<str:code>/edit/",
        organisations.edit_organisation,
        name="edit-organisation",
    ),
    path("work/network/organisations/<str:code>/logo/", organisations.logo, name="logo"),
    path(
        "work/network/organisations/<str:code>/about/",
        organisations.start_about,
        name="start-about",
    ),
    path(
        "work/network/organisations/<str:code>/part-of/", organisations.affiliate, name="affiliate"
    ),
    path(
        "work/network/organisations/<str:code>/part-of/<str:body>/end/",
        organisations.separate,
        name="separate",
    ),
    path("work/network/organisations/<str:code>/leave/", organisations.leave_network, name="leave"),
    path(
        "work/network/organisations/<str:code>/take-back/",
        organisations.take_back,
        name="take-back",
    ),
    path("work/network/organisations/<str:code>/admit/", organisations.admit, name="admit"),
    path(
        "work/network/organisations/<str:code>/decline/",
        organisations.decline,
        name="decline-organisation",
    ),
    path(
        "work/network/organisations/<str:code>/invite-as-member/",
        organisations.invite_member,
        name="invite-member",
    ),
    path(
        "work/network/organisations/<str:code>/invite/",
        people.invite,
        {"kind": "organisation"},
        name="invite-to-organisation",
    ),
    path("work/network/organisations/<str:code>/propose/", decisions.propose, name="propose"),
    path("work/network/committees/", work.work_committees, name="work-committees"),
    path("work/network/committees.csv", work.committees_csv, name="committees-csv"),
    path("work/network/committees/start/", committees.start_committee, name="start-committee"),
    path("work/network/committees/<str:code>/", committees.work_committee, name="work-committee"),
    path(
        "work/network/committees/<str:code>/edit/",
        committees.edit_committee,
        name="edit-committee",
    ),
    path("work/network/committees/<str:code>/end/", committees.end_committee, name="end-committee"),
    path(
        "work/network/committees/<str:code>/reopen/",
        committees.reopen_committee,
        name="reopen-committee",
    ),
    path(
        "work/network/committees/<str:code>/invite/",
        people.invite,
        {"kind": "committee"},
        name="invite-to-committee",
    ),
    path("work/network/people/", people.network_people, name="people"),
    path(
        "work/network/people/invite/",
        people.invite,
        {"kind": "network"},
        name="invite-to-network",
    ),
    path(
        "work/network/people/lost-factor/",
        limited(lost_factor.find_person, "lost factor"),
        name="lost-factor",
    ),
    path(
        "work/network/people/<int:pk>/lost-factor/",
        limited(lost_factor.forget_factors, "lost factor"),
        name="forget-factors",
    ),
    path("work/network/mandates/<int:pk>/end/", people.end_mandate, name="end-mandate"),
    path("work/network/mandates/<int:pk>/scope/", people.rearrange, name="rearrange"),
    path("work/network/mandates/<int:pk>/hand-over/", people.hand_over, name="hand-over"),
    path("work/network/invitations/", people.invitations, name="invitations"),
    path("work/network/invitations/<int:pk>/resend/", people.resend, name="resend"),
    path("work/network/invitations/<int:pk>/revoke/", people.revoke, name="revoke"),
    path("work/network/decisions/", decisions.decisions, name="decisions"),
    path("work/network/decisions/<int:pk>/confirm/", decisions.confirm, name="confirm-decision"),
    path("work/network/decisions/<int:pk>/withdraw/", decisions.withdraw, name="withdraw-decision"),
    path("work/network/decisions/<int:pk>/undo/", decisions.undo, name="undo-decision"),
    path("work/network/regions/", settings.regions, name="regions"),
    path("work/network/regions/add/", settings.edit_region, name="add-region"),
    path("work/network/regions/<int:pk>/", settings.edit_region, name="edit-region"),
    path("work/network/regions/<int:pk>/remove/", settings.remove_region, name="remove-region"),
    path("work/network/settings/", settings.settings, name="settings"),
]
urlpatterns = [*public, *at_work]
