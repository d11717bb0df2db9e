"""`touch` raises versions of tags; `public_page` marks a view that strangers read."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from convoca.pages.models import Tag

Tags = Iterable[str] | Callable[..., Iterable[str]]
View = Callable[..., HttpResponse]


def touch(*tags: str) -> None:
    """Say, in the caller's transaction, that what these tags stand for has changed."""
    names = sorted(set(tags))  # in one order, so that two transactions cannot wait crosswise
    table = connection.ops.quote_name(Tag._meta.db_table)
    with connection.cursor() as cursor:  # every save comes by here: one statement, not three
        cursor.executemany(
            f"INSERT INTO {table} (name, version) VALUES (%s, 1) "  # noqa: S608  a table of ours
            f"ON CONFLICT (name) DO UPDATE SET version = {table}.version + 1",
            [[name] for name in names],
        )


def versions(tags: Iterable[str]) -> dict[str, int]:
    """The present version of each tag; 0 where nothing has touched it yet."""
    wanted = set(tags)
    return dict.fromkeys(wanted, 0) | dict(
        Tag.objects.filter(pk__in=wanted).values_list("name", "version")
    )


def public_page(*, tags: Tags) -> Callable[[View], View]:
    """Mark a view as a public page: GET and HEAD, the same bytes for everyone.

    The view is given a request without session, person and cookies, so it cannot read them;
    the language is the one in the path. `tags` (a list, or a callable with the view's arguments)
    names what the page shows: `touch` of one of them makes the page old.
    """

    def mark(view: View) -> View:
        @require_safe
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.user = AnonymousUser()
            request.COOKIES = {}
            request.META.pop("HTTP_COOKIE", None)
            if hasattr(request, "session"):
                del request.session
            answer = view(request, *args, **kwargs)
            patch_cache_control(answer, public=True, max_age=0, must_revalidate=True)
            return answer

        page.public_tags = tags  # type: ignore[attr-defined]
        return page

    return mark
