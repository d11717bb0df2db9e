"""When something breaks: a full disk or a busy database is a 503 that gives back what was typed.

Nothing is half-written then: every service is one transaction. The pages need no database, no
session and no template with context, as those may be what has just broken.
"""

import errno
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.translation import gettext as _

TEMPLATES = Path(__file__).parent / "templates"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = re.compile(r"disk is full|no space left|could not extend|disk i/o error", re.I)
_BUSY_WORDS = re.compile(
    r"is locked|too many connections|connection slots|connection (failed|refused|is closed|to "
    r"server)|server closed the connection|starting up|shutting down|statement timeout|lock timeout"
    r"|deadlock|unable to open database",
    re.I,
)
_SECRET_FIELDS = re.compile(r"csrf|token|code|otp|secret|password|signature|passkey", re.I)
MOST_FIELDS, LONGEST_FIELD, MOST_TEXT = 60, 500_000, 2_000_000

log = structlog.get_logger(__name__)


def trouble_of(error: BaseException | None) -> str:
    """`full` or `busy` where the error says so, else nothing; causes are looked at too."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in FULL:
            return "full"
        if isinstance(error, OperationalError | InterfaceError):
            if _FULL_WORDS.search(str(error)):
                return "full"
            if _BUSY_WORDS.search(str(error)):
                return "busy"
        error = error.__cause__ or error.__context__
    return ""


def server_error(request: HttpRequest) -> HttpResponse:
    """The last answer to any error: 503 with Retry-After where waiting helps, else 500."""
    trouble = trouble_of(sys.exc_info()[1])
    if not trouble:
        return HttpResponse(_page("500.html"), status=500)
    log.warning("too much at once", trouble=trouble)
    answer = _in_short() if _wants_words(request) else HttpResponse(_with_what_was_typed(request))
    answer.status_code = 503
    answer["Retry-After"] = "300" if trouble == "full" else "30"
    answer["Cache-Control"] = "no-store"
    return answer


def _wants_words(request: HttpRequest) -> bool:
    asked_by_script = "HX-Request" in request.headers
    return asked_by_script or not request.accepts("text/html")


def _in_short() -> HttpResponse:
    words = _("The server is busy. Nothing was changed. Send it again in a minute.")
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def _with_what_was_typed(request: HttpRequest) -> str:
    page = _page("web/busy.html")
    kept = "".join(_kept(request))
    if not kept:
        return page
    head = " · ".join(escape(words) for words in _KEPT)
    return page.replace(
        "</main>", f'<section class="section"><h2>{head}</h2>{kept}</section></main>'
    )


_KEPT = (
    "What you typed",
    "Lo que escribió",
    "Ce que vous avez écrit",
    "O que escreveu",
    "ما كتبته",
)


def _kept(request: HttpRequest) -> Iterator[str]:
    """Each answer of the form that was sent, to be copied; never codes or secrets."""
    total = 0
    try:
        answers = list(request.POST.lists())[:MOST_FIELDS] if request.method == "POST" else []
    except (OSError, ValueError):  # the form could not even be read
        return
    for name, values in answers:
        text = "\n".join(str(value) for value in values).strip()
        total += len(text)
        if not text or _SECRET_FIELDS.search(name) or total > MOST_TEXT:
            continue
        label = escape(name.replace("_", " "))
        area = escape(text[:LONGEST_FIELD])
        yield (
            f'<p class="ask"><label>{label}<br><textarea readonly rows="4" dir="auto">\n{area}'
            "</textarea></label></p>"
        )


@cache
def _page(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
