"""Addresses of counting, under the language."""

from django.urls import path

from convoca.counting.views import report, weighing

app_name = "counting"

# Behind a host's private link.
_LINK = "host/<str:token>"
urlpatterns = [
    path(f"{_LINK}/report/", report.host_report, name="host-report"),
    path("work/act/actions/<slug:code>/press/", weighing.note_press, name="note-press"),
    path("work/act/numbers/<int:number>/aside/", weighing.set_aside, name="set-aside"),
    path("work/act/numbers/<int:number>/back/", weighing.put_back, name="put-back"),
]
