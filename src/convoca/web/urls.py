"""Every address of the site. Words are English in every language; the language comes first."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from convoca.actions.urls import permanent_urls as action_ids
from convoca.campaigns.urls import permanent_urls
from convoca.web import (
    demo,
    demo_mail,
    first_run,
    held,
    mail,
    offline,
    problem,
    read_road,
    search,
    take_down,
    views,
)
from convoca.web import help as help_pages
from convoca.web.sitemaps import robots, sitemap
from convoca.web.today import views as today

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.front_door, name="front-door"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", robots, name="robots"),
    path("service-worker.js", offline.worker, name="service-worker"),
    path("", include("convoca.media.urls")),
    path("", include("convoca.network.permanent")),
    path("", include(permanent_urls)),
    path("", include(action_ids)),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("about/", views.about, name="about"),
        path("search/", search.search, name="search"),
        path("work/", today.today, name="today"),
        path("work/search/", search.work_search, name="work-search"),
        path("demo/", demo.demo, name="demo"),
        path("demo/sign-in/<slug:who>/", demo.demo_sign_in, name="demo-sign-in"),
        path("imprint/", views.imprint, name="imprint"),
        path("privacy/", views.privacy, name="privacy"),
        path("accessibility/", views.accessibility, name="accessibility"),
        path("offline/", offline.offline, name="offline"),
        path("problem/", problem.problem, name="problem"),
        path("problem/send/", problem.report_problem, name="report-problem"),
        path("problem/sent/", problem.problem_reported, name="problem-reported"),
        path("your-data/", held.ask, name="your-data"),
        path("your-data/ask/", held.ask_by_mail, name="your-data-ask"),
        path("your-data/asked/", held.asked, name="your-data-asked"),
        path("your-data/<str:token>/", held.show, name="held"),
        path("your-data/<str:token>/<str:kind>/<uuid:pk>/", held.row, name="held-row"),
        path("your-data/<str:token>/<str:kind>/<uuid:pk>/save/", held.correct, name="held-correct"),
        path("your-data/<str:token>/<str:kind>/<uuid:pk>/sure/", held.sure, name="held-sure"),
        path("your-data/<str:token>/<str:kind>/<uuid:pk>/delete/", held.delete, name="held-delete"),
        path("work/mail/", mail.mail, name="mail"),
        path("work/mail/release/", mail.release_mail, name="mail-release"),
        path("work/mail/code/", mail.spoken_code, name="spoken-code"),
        path("work/mail/<uuid:number>/retry/", mail.retry_mail, name="mail-retry"),
        path("work/pages/", read_road.read_road, name="read-road"),
        path("work/take-down/", take_down.take_down, name="take-down"),
        path("work/take-down/now/", take_down.take_down_now, name="take-down-now"),
        path("work/take-down/<int:pk>/back/", take_down.bring_back, name="bring-back"),
        path("work/pages/again/", read_road.draw_again, name="read-road-again"),
        path("demo/mail/", demo_mail.mails, name="demo-mails"),
        path("demo/mail/<str:name>/", demo_mail.mail, name="demo-mail"),
        path("first-run/", first_run.first_run, name="first-run"),
        path("first-run/<str:token>/", first_run.first_run_door, name="first-run-door"),
        path("help/", help_pages.index, name="help"),
        path("help/<slug:slug>/", help_pages.detail, name="help-page"),
        path("", include("convoca.accounts.urls")),
        path("", include("convoca.texts.urls")),
        path("", include("convoca.network.urls")),
        path("", include("convoca.campaigns.urls")),
        path("", include("convoca.actions.urls")),
        path("", include("convoca.counting.urls")),
        path("", include("convoca.drafting.urls")),
        path("", include("convoca.exchange.urls")),
    ),
]
handler400 = "convoca.web.views.bad_request"
handler403 = "convoca.web.views.permission_denied"
handler404 = "convoca.web.views.page_not_found"
handler500 = "convoca.web.busy.server_error"
