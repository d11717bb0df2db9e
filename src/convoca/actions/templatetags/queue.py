"""What the moderators' screens say of an action."""

from datetime import datetime

from django import template
from django.utils import timezone

from convoca.actions import queue

register = template.Library()
register.filter("when_words", queue.when_words)
register.filter("short_when_words", queue.short_when_words)


@register.filter
def age_words(since: datetime | None) -> str:
    """How long something has waited."""
    return queue.age_words(since or timezone.now())
