"""Kept files over HTTP: the same bytes for ever under one address."""

import re

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from convoca.core.errors import Gone
from convoca.media import store
from convoca.media.models import Document

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve one kept file. Its type comes from our table; documents are always downloaded. What is
    withheld is gone (410), for those who have it already, too.
    """
    if not store.is_name(name):
        raise Http404
    try:
        path = store.path(name)
        size = path.stat().st_size
    except OSError as error:
        raise (Gone if store.is_withheld(name) else Http404) from error
    etag = f'"{name}"'
    if etag in request.headers.get("If-None-Match", ""):
        return _labelled(HttpResponse(status=304), name, etag)
    part = _part(request, size, etag)
    if part is None:
        whole = FileResponse(path.open("rb")) if request.method == "GET" else HttpResponse()
        response: HttpResponseBase = whole
        response["Content-Length"] = str(size)
    elif part.start >= part.stop:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
    else:
        with path.open("rb") as content:
            content.seek(part.start)
            response = HttpResponse(content.read(part.stop - part.start), status=206)
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return _labelled(response, name, etag)


def _part(request: HttpRequest, size: int, etag: str) -> range | None:
    """The one range that was asked for; an empty one cannot be given, None means all of it."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not asked or not any(asked.groups()):
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    return range(int(first), min(size, int(last) + 1 if last else size))


def _labelled(response: HttpResponseBase, name: str, etag: str) -> HttpResponseBase:
    kind = store.KINDS[name.rsplit(".", 1)[1]]
    response["Content-Type"] = kind
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    if not kind.startswith(("image/", "audio/")):
        known = Document.objects.filter(file=name).order_by("pk").values_list("name", flat=True)
        shown = known.first() or name
        response["Content-Disposition"] = str(content_disposition_header(True, shown))
    return response
