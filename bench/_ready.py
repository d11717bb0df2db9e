"""Convoca's addresses, and one view, behind all that stands before ours, that has its answer ready:
the file that `BENCH_READY` names. For `read_growth`.
"""

import os
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from convoca.web.urls import urlpatterns as ours


@cache
def body() -> bytes:
    """Read once."""
    return Path(os.environ["BENCH_READY"]).read_bytes()


def ready(request: HttpRequest) -> HttpResponse:
    """The least that Django can do."""
    return HttpResponse(body())


urlpatterns = [path("ready/", ready), *ours]
