"""Addresses of actions, under the language; `permanent_urls` stand outside it."""

from django.urls import URLPattern, path

from convoca.actions.views import feeds, reading

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
taking_part: list[URLPattern] = []
# Feeds, files, and what may be framed.
files: list[URLPattern] = [
    path("actions/<slug:code>/calendar.ics", feeds.calendar, name="calendar"),
]
# Work screens.
work: list[URLPattern] = []

urlpatterns = [*files, *hosting, *taking_part, *work, *public]
