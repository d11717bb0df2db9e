"""Names that move into Django 6: imported from here only, so that moving costs one line."""

from csp.constants import HEADER, NONE, SELF
from csp.decorators import csp_replace
from csp.middleware import CSPMiddleware as _CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_tasks import default_task_backend, task

__all__ = ["NONE", "SELF", "CSPMiddleware", "csp_replace", "default_task_backend", "task"]


class CSPMiddleware(_CSPMiddleware):
    """Says the policy in one order: theirs is another in each process, and kept pages are compared
    with what is drawn, header by header.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The answer with its directives sorted."""
        answer = super().process_response(request, response)
        if HEADER in answer:
            answer[HEADER] = "; ".join(sorted(answer[HEADER].split("; ")))
        return answer
