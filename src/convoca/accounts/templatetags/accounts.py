"""Days and moments in words, and whether somebody must set up a second factor first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone

from convoca.accounts.models import Person
from convoca.accounts.rules import has_second_factor, needs_second_factor
from convoca.core.dates import day_words, moment_words

register = template.Library()


@register.filter
def day(at: datetime) -> str:
    """The day of an instant (UTC), in words."""
    return day_words(timezone.localtime(at).date())


@register.filter
def moment(at: datetime) -> str:
    """An instant in words, with its zone."""
    return moment_words(at)


@dataclass(frozen=True)
class FactorState:
    is_missing: bool


@register.simple_tag(takes_context=True)
def second_factor_state(context: dict[str, Any]) -> FactorState:
    """Whether the person of this page must set up a second factor before anything else."""
    person = context["request"].user
    if not isinstance(person, Person):
        return FactorState(is_missing=False)
    return FactorState(is_missing=needs_second_factor(person) and not has_second_factor(person))
