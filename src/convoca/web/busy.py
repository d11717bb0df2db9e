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
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
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
_SECTION = re.compile(
    r'<section lang="(\w+)" dir="(\w+)">\s*<h2>(.*?)</h2>\s*<p>(.*?)</p>\s*</section>', re.S
)
_MACHINE_FIELDS = re.compile(r"(do|hand|next|seen_revision|(seen|was|base)-\d+)$")
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
        return HttpResponse(_page("500.html", _language()), status=500)
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
    page = _page("web/busy.html", _language())
    kept = typed(request)
    if not kept:
        return page
    own_first = sorted(_KEPT, key=lambda tag: tag != _language())
    head = " · ".join(f'<span lang="{tag}">{escape(_KEPT[tag])}</span>' for tag in own_first)
    return page.replace(
        "</main>", f'<section class="section"><h2>{head}</h2>{kept}</section></main>'
    )


def typed(request: HttpRequest) -> SafeString:
    """What was sent and not taken, as fields to copy from; empty where there is nothing."""
    return mark_safe("".join(_kept(request)))  # noqa: S308  every part is escaped


_KEPT = {
    "en": "What you typed",
    "es": "Lo que escribió",
    "fr": "Ce que vous avez écrit",
    "pt": "O que escreveu",
    "ar": "ما كتبته",
}


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
        is_typed = not (_MACHINE_FIELDS.match(name) or _SECRET_FIELDS.search(name))
        if not text or not is_typed or total > MOST_TEXT:
            continue
        label = escape(name.replace("_", " "))
        area = escape(text[:LONGEST_FIELD])
        yield (
            f'<p class="ask"><label>{label}<br><textarea readonly rows="4" dir="auto">\n{area}'
            "</textarea></label></p>"
        )


def _language() -> str:
    return (get_language() or "en").split("-")[0]


@cache
def _page(name: str, language: str) -> str:
    """The page in all languages of the interface, the reader's first: it changes places."""
    page = (TEMPLATES / name).read_text(encoding="utf-8")
    own = next((section for section in _SECTION.finditer(page) if section[1] == language), None)
    head = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)
    words = re.search(r"<p>(.*?)</p>", page, re.S)
    if own is None or head is None or words is None:
        return page
    tag, way, title, advice = own.groups()
    there = f'lang="{tag}" dir="{way}"'
    english = f'<section lang="en" dir="ltr">\n<h2>{head[1]}</h2>\n<p>{words[1]}</p>\n</section>'
    page = page.replace(own[0], english)
    page = page.replace(f">{head[1]}</h1>", f">{title}</h1>", 1)
    page = page.replace(f"<p>{words[1]}</p>", f"<p>{advice}</p>", 1)
    page = page.replace(f"<title>{head[1]}</title>", f"<title>{title}</title>", 1)
    return page.replace('<html lang="en" dir="ltr">', f"<html {there}>", 1)
