"""When something breaks: a full disk or a busy database is a 503 that gives back what was typed.

Nothing is half-written then: every service is one transaction. The pages need no database, no
session and no template with context, as those may be what has just broken.
"""

import errno
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoca.core import spare

TEMPLATES = Path(__file__).parent / "templates"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = re.compile(r"disk is full|no space left|could not extend|disk i/o error", re.I)
_BUSY_WORDS = re.compile(
    r"is locked|too many connections|connection slots|connection (failed|refused|is closed|to "
    r"server)|server closed the connection|starting up|shutting down|statement timeout|lock timeout"
    r"|deadlock|unable to open database",
    re.I,
)

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
        return HttpResponse(spare.page(TEMPLATES / "500.html", _language()), status=500)
    log.warning("too much at once", trouble=trouble)
    if _wants_words(request):
        answer = _in_short()
    else:
        page = TEMPLATES / "web" / "busy.html"
        answer = HttpResponse(spare.with_what_was_typed(page, _language(), _answers(request)))
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


def typed(request: HttpRequest) -> SafeString:
    """What was sent and not taken, as fields to copy from; empty where there is nothing."""
    return mark_safe("".join(spare.typed(_answers(request))))  # noqa: S308  every part is escaped


def _answers(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Each answer of the form that was sent; none where the form could not even be read."""
    try:
        answers = list(request.POST.lists()) if request.method == "POST" else []
    except (OSError, ValueError):
        return
    for name, values in answers:
        yield name, "\n".join(str(value) for value in values)


def _language() -> str:
    return (get_language() or "en").split("-")[0]
