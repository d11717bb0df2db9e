"""Addresses of counting, under the language."""

from django.urls import path

from convoca.counting.views import (
    at_work,
    contesting,
    doubtful,
    exports,
    photos,
    press,
    report,
    results,
    screening,
    sources,
    speaking,
    summaries,
    weighing,
)

app_name = "counting"

_READ = "campaigns/<slug:code>/<slug:slug>/results"
_MOMENT = f"{_READ}/moments/<slug:moment>"
_WORK = "work/results/<slug:code>"
_DOUBT = "work/act/doubtful"
# Behind a host's private link.
_LINK = "host/<str:token>"
urlpatterns = [
    path(f"{_LINK}/report/", report.host_report, name="host-report"),
    path(f"{_LINK}/report/photos/", photos.host_photos, name="host-photos"),
    path(f"{_LINK}/report/photos/<int:number>/", photos.host_photo, name="host-photo"),
    path("work/act/actions/<slug:code>/press/", weighing.note_press, name="note-press"),
    path("work/act/actions/<slug:code>/same/", speaking.find_same, name="find-same"),
    path(
        "work/act/actions/<slug:code>/same/<slug:other>/", speaking.join_action, name="join-action"
    ),
    path("work/act/actions/<slug:code>/apart/", speaking.part_action, name="part-action"),
    path("work/act/reports/<slug:code>/apart/", speaking.part_claim, name="part-claim"),
    path("work/act/reports/<slug:code>/back/", speaking.rejoin, name="rejoin"),
    path("work/act/actions/<slug:code>/words/", screening.screen_words, name="screen-words"),
    path("work/act/photos/<int:number>/", screening.screen_photo, name="screen-photo"),
    path("work/act/numbers/<int:number>/aside/", weighing.set_aside, name="set-aside"),
    path("work/act/numbers/<int:number>/back/", weighing.put_back, name="put-back"),
    path(f"{_READ}/", results.results, name="results"),
    path(f"{_READ}/actions/", results.counted_actions, name="counted-actions"),
    path(f"{_READ}/actions/<slug:action>/", results.counted_action, name="counted-action"),
    path(f"{_READ}/results.csv", exports.results_csv, name="results-csv"),
    path(f"{_READ}/results.geojson", exports.results_geojson, name="results-geojson"),
    path(f"{_READ}/results.ics", exports.results_ics, name="results-ics"),
    path(f"{_READ}/results.json", exports.results_json, name="results-json"),
    path(f"{_MOMENT}/", results.results, name="results-of-moment"),
    path(f"{_MOMENT}/actions/", results.counted_actions, name="counted-actions-of-moment"),
    path(f"{_MOMENT}/results.csv", exports.results_csv, name="results-csv-of-moment"),
    path(f"{_MOMENT}/results.geojson", exports.results_geojson, name="results-geojson-of-moment"),
    path(f"{_MOMENT}/results.ics", exports.results_ics, name="results-ics-of-moment"),
    path(f"{_MOMENT}/results.json", exports.results_json, name="results-json-of-moment"),
    path(f"{_WORK}/", at_work.work_results, name="work-results"),
    path(f"{_READ}/as-of/<slug:publication>/", results.publication, name="publication"),
    path(f"{_READ}/actions/<slug:action>/contest/", contesting.contest, name="contest"),
    path(
        f"{_READ}/actions/<slug:action>/contest/send/",
        contesting.send_contest,
        name="send-contest",
    ),
    path("contests/sent/", contesting.contest_sent, name="contest-sent"),
    path(
        "contests/<uuid:number>/<slug:proof>/", contesting.contest_confirm, name="contest-confirm"
    ),
    path(
        "contests/<uuid:number>/<slug:proof>/confirmed/",
        contesting.contest_confirmed,
        name="contest-confirmed",
    ),
    path("work/contests/", contesting.contests, name="contests"),
    path("work/contests/<slug:code>/", contesting.answer_contest, name="answer-contest"),
    path(f"{_READ}/press/", press.press, name="press"),
    path(f"{_READ}/press.pdf", press.press_pdf, name="press-pdf"),
    path(f"{_READ}/preview-<slug:stamp>.png", press.picture, name="results-picture"),
    path(f"{_MOMENT}/press/", press.press, name="press-of-moment"),
    path(f"{_MOMENT}/press.pdf", press.press_pdf, name="press-pdf-of-moment"),
    path(f"{_MOMENT}/preview-<slug:stamp>.png", press.picture, name="results-picture-of-moment"),
    path(f"{_WORK}/publish/", at_work.publish_totals, name="publish-totals"),
    path(f"{_WORK}/summaries/", summaries.summaries, name="summaries"),
    path(
        f"{_WORK}/summaries/<int:number>/remove/", summaries.remove_summary, name="remove-summary"
    ),
    path(f"{_WORK}/show/", at_work.show_totals, name="show-totals"),
    path(f"{_DOUBT}/", doubtful.doubtful, name="doubtful"),
    path(f"{_DOUBT}/answers/", doubtful.answers, name="answers"),
    path(f"{_DOUBT}/unplaced/", doubtful.unplaced, name="unplaced"),
    path(f"{_DOUBT}/<slug:code>/", doubtful.compare, name="compare"),
    path(f"{_DOUBT}/<slug:code>/same/", doubtful.say_same, name="say-same"),
    path(f"{_DOUBT}/<slug:code>/apart/", doubtful.say_apart, name="say-apart"),
    path(f"{_DOUBT}/<slug:code>/back/", doubtful.take_back, name="take-back"),
    path(f"{_DOUBT}/<slug:code>/place/", doubtful.place_claim, name="place-claim"),
    path("work/act/sources/", sources.sources, name="sources"),
    path("work/act/sources/new/", sources.add_source, name="add-source"),
    path("work/act/sources/<slug:code>/", sources.edit_source, name="edit-source"),
]
