"""One door for fetching on someone's behalf."""

from collections.abc import Callable
from typing import TypeAlias, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

Visitor: TypeAlias = AbstractBaseUser | AnonymousUser
"""A signed-in person, or a stranger."""

STRANGER = AnonymousUser()

M = TypeVar("M", bound=Model)
V = TypeVar("V")


def fetch_for(visitor: V, visible: QuerySet[M], may: Callable[[V, M], bool], **lookup: object) -> M:
    """Return the one object the visitor may act on; `visible` is what they may see.

    What they may not see does not exist (404); what they may see but not touch is forbidden (403).
    """
    found = get_object_or_404(visible, **lookup)
    if not may(visitor, found):
        raise PermissionDenied
    return found
