"""Addresses of campaigns, under the language; `permanent_urls` stand outside it."""

from django.urls import path

from convoca.campaigns.views import answering, desk, editing, endorsing, files, following, reading

app_name = "campaigns"
permanent_urls = [
    path("campaigns/<slug:code>", files.permanent, name="campaign-id"),
    path("ink/<slug:stamp>.css", files.ink, name="ink"),
]

_READ = "campaigns/<slug:code>/<slug:slug>"
_DESK = "work/campaigns/<slug:code>"

public = [
    path("campaigns/", reading.index, name="index"),
    path("campaigns/<slug:code>/", reading.short, name="short"),
    path("campaigns/<slug:code>/calendar.ics", files.calendar, name="calendar"),
    path(
        "campaigns/<slug:code>/moments/<slug:moment>.ics",
        files.moment_calendar,
        name="moment-calendar",
    ),
    path(
        "campaigns/<slug:code>/preview-<slug:stamp>.png",
        files.preview_picture,
        name="preview-picture",
    ),
    path(f"{_READ}/", reading.detail, name="detail"),
    path(f"{_READ}/in/", reading.call_sheets, name="call-sheets"),
    path(f"{_READ}/in/<slug:tag>/", reading.call, name="call"),
    path(f"{_READ}/editions/<path:name>/", reading.edition, name="edition"),
    path(f"{_READ}/signers/", reading.signers, name="signers"),
    path(f"{_READ}/signers/<slug:by>/", reading.signers, name="signers-by"),
    path("endorse/<slug:token>/", answering.answer_invitation, name="answer-invitation"),
    path("endorse/<slug:token>/sign/", answering.sign_by_link, name="sign-by-link"),
    path("endorse/<slug:token>/decline/", answering.decline_by_link, name="decline-by-link"),
    path(
        "endorse/<slug:token>/answered/", answering.invitation_answered, name="invitation-answered"
    ),
]
calls = [
    path("work/campaigns/", desk.work_list, name="work-list"),
    path("work/campaigns/export.csv", desk.work_list_csv, name="work-list-csv"),
    path("work/campaigns/start/", desk.start, name="start"),
    path(f"{_DESK}/", desk.desk, name="desk"),
    path(f"{_DESK}/preview/", desk.preview, name="preview"),
    path(f"{_DESK}/step/<slug:name>/", desk.take_step, name="take-step"),
    path(f"{_DESK}/withdraw/", desk.withdraw, name="withdraw"),
    path(f"{_DESK}/bring-back/", desk.bring_back, name="bring-back"),
    path(f"{_DESK}/words/", editing.edit_words, name="edit-words"),
    path(f"{_DESK}/look/", editing.edit_look, name="edit-look"),
    path(f"{_DESK}/convenors/", editing.edit_convenors, name="edit-convenors"),
    path(f"{_DESK}/demands/", editing.edit_demands, name="edit-demands"),
    path(f"{_DESK}/demands/<slug:tag>/", editing.edit_demands, name="edit-demands-in"),
    path(f"{_DESK}/moments/add/", editing.add_moment, name="add-moment"),
    path(f"{_DESK}/moments/<slug:moment>/", editing.edit_moment, name="edit-moment"),
    path(f"{_DESK}/moments/<slug:moment>/cancel/", editing.cancel_moment, name="cancel-moment"),
    path(f"{_DESK}/materials/", editing.materials, name="materials"),
    path(
        f"{_DESK}/materials/<int:number>/withdraw/",
        editing.withdraw_material,
        name="withdraw-material",
    ),
]
endorsing_urls = [
    path("work/endorse/", endorsing.work_endorse, name="work-endorse"),
    path("work/endorse/<slug:code>/", endorsing.endorse, name="endorse"),
    path(
        "work/endorse/<slug:code>/<int:number>/withdraw/",
        endorsing.withdraw_endorsement,
        name="withdraw-endorsement",
    ),
    path(
        "work/endorse/<slug:code>/<int:number>/decline/",
        endorsing.decline_invitation,
        name="decline-invitation",
    ),
    path(
        "work/endorse/<slug:code>/<int:number>/confirm/",
        endorsing.confirm_endorsement,
        name="confirm-endorsement",
    ),
    path("work/endorse/<slug:code>/invitations/", following.invitations, name="invitations"),
    path(
        "work/endorse/<slug:code>/invitations.csv",
        following.invitations_csv,
        name="invitations-csv",
    ),
    path("work/endorse/<slug:code>/invitations/invite/", following.invite, name="invite"),
    path("work/endorse/<slug:code>/invitations/remind/", following.remind, name="remind"),
    path(
        "work/endorse/<slug:code>/invitations/<int:number>/withdraw/",
        following.withdraw_invitation,
        name="withdraw-invitation",
    ),
    path("work/endorse/<slug:code>/endorsements/", following.endorsements, name="endorsements"),
    path(
        "work/endorse/<slug:code>/endorsements.csv",
        following.endorsements_csv,
        name="endorsements-csv",
    ),
    path("work/endorse/<slug:code>/endorsements/record/", following.record, name="record"),
    path(
        "work/endorse/<slug:code>/endorsements/<int:number>/decide/",
        following.decide,
        name="decide",
    ),
    path(
        "work/endorse/<slug:code>/endorsements/<int:number>/strike/",
        following.strike_record,
        name="strike-record",
    ),
]
urlpatterns = [*public, *calls, *endorsing_urls]
