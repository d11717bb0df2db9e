"""Permanent ids, without a language: outside `i18n_patterns`."""

from django.urls import path

from convoca.network.views import directory

urlpatterns = [
    path(
        "organisations/<str:code>",
        directory.permanent_organisation,
        name="permanent-organisation",
    ),
    path("committees/<str:code>", directory.permanent_committee, name="permanent-committee"),
]
