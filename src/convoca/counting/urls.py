"""Addresses of counting, under the language."""

from django.urls import path

from convoca.counting.views import report

app_name = "counting"

# Behind a host's private link.
_LINK = "host/<str:token>"
urlpatterns = [
    path(f"{_LINK}/report/", report.host_report, name="host-report"),
]
