"""Addresses for `read_growth`: one view, behind all that stands before ours, that has its answer
ready.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench import read_growth


def ready(request: HttpRequest) -> HttpResponse:
    """The least that Django can do."""
    return HttpResponse(read_growth.ready_body())


urlpatterns = [path("ready/", ready)]
