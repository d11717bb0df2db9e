"""Addresses that break in the ways that a full disk and a busy database do."""

import errno

from django.conf.urls.i18n import i18n_patterns
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from convoca.accounts.models import Person
from convoca.audit import services as audit


@csrf_exempt
def break_as(request: HttpRequest, how: str) -> HttpResponse:
    if how == "full":
        raise OSError(errno.ENOSPC, "No space left on device")
    if how == "wrapped":
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise RuntimeError("could not save") from error
    if how == "bug":
        raise ZeroDivisionError
    raise OperationalError(how)


@csrf_exempt
@transaction.atomic
def write(request: HttpRequest) -> HttpResponse:
    """A service of two rows: a person and a line of the trail that is long."""
    person = Person.objects.create_person("rosa@rivers.example")
    audit.record("person.added", about=person, words=request.POST["text"])
    return HttpResponse("done")


urlpatterns = i18n_patterns(path("break/<str:how>/", break_as), path("write/", write))
handler500 = "convoca.web.busy.server_error"
