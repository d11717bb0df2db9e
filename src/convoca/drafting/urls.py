"""Addresses of drafting, under the language."""

from django.urls import path

from convoca.drafting import views

app_name = "drafting"
urlpatterns = [
    path("work/campaigns/start/text/", views.start, name="start"),
    path("work/campaigns/start/text/<slug:code>/", views.draft, name="draft"),
    path("work/campaigns/start/text/<slug:code>/forget/", views.forget, name="forget"),
    path("work/endorse/<slug:code>/named/", views.named, name="named"),
    path("work/endorse/<slug:code>/named/ask/", views.ask_named, name="ask-named"),
    path("work/endorse/<slug:code>/named/<int:number>/prepare/", views.prepare, name="prepare"),
    path("work/endorse/<slug:code>/named/<int:number>/let-be/", views.let_be, name="let-be"),
]
