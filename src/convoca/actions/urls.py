"""Addresses of actions, under the language; `permanent_urls` stand outside it."""

from django.urls import URLPattern, path

from convoca.actions.views import feeds, joining, reading

app_name = "actions"

permanent_urls = [
    path("actions/<slug:code>", reading.permanent, name="action-id"),
    path("a/<str:typed>", reading.short, name="action-short"),
]

# What everybody reads.
public = [
    path("actions/<slug:code>/<slug:slug>/", reading.detail, name="detail"),
]
# The form to host, and the host page behind its private link.
hosting: list[URLPattern] = []
# Taking part.
taking_part = [
    path("actions/<slug:code>/<slug:slug>/come/", joining.come, name="come"),
    path("actions/<slug:code>/<slug:slug>/come/send/", joining.sign_up, name="sign-up"),
    path("come/<str:token>/", joining.own, name="own"),
    path("come/<str:token>/done/", joining.signed_up, name="signed-up"),
    path("come/<str:token>/change/", joining.own_change, name="own-change"),
    path("come/<str:token>/cancel/", joining.own_cancel, name="own-cancel"),
    path("come/<str:token>/delete/", joining.own_delete, name="own-delete"),
    path("come/<str:token>/stop/", joining.own_stop, name="own-stop"),
    path("come/<str:token>/confirm/<str:proof>/", joining.own_confirm, name="own-confirm"),
    path("come/<str:token>/confirm/<str:proof>/yes/", joining.own_confirmed, name="own-confirmed"),
]
# Feeds, files, and what may be framed.
files: list[URLPattern] = [
    path("actions/<slug:code>/calendar.ics", feeds.calendar, name="calendar"),
]
# Work screens.
work: list[URLPattern] = []

urlpatterns = [*files, *hosting, *taking_part, *work, *public]
