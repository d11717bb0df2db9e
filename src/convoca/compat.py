"""Names that move into Django 6: imported from here only, so that moving costs one line."""

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from csp.middleware import CSPMiddleware
from django_tasks import default_task_backend, task

__all__ = ["NONE", "SELF", "CSPMiddleware", "csp_replace", "default_task_backend", "task"]
