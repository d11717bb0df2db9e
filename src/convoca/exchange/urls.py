"""Addresses of exchange, under the language."""

from django.urls import path

from convoca.exchange import views

app_name = "exchange"
_LIST = "work/import/<int:number>"
urlpatterns = [
    path("work/import/", views.bring_in, name="bring-in"),
    path("work/import/all/", views.imports, name="imports"),
    path(f"{_LIST}/", views.show_list, name="list"),
    path(f"{_LIST}/columns/", views.columns, name="columns"),
    path(f"{_LIST}/preview/", views.preview, name="preview"),
    path(f"{_LIST}/go-on/", views.go_on, name="go-on"),
    path(f"{_LIST}/put-away/", views.put_away, name="put-away"),
    path(f"{_LIST}/left-out.csv", views.left_out_csv, name="left-out-csv"),
]
