"""A person was saved: the name may stand beside figures that they set aside."""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from convoca.accounts.models import Person
from convoca.counting.models import Estimate
from convoca.pages import services as pages


@receiver(post_save, sender=Person)
def touch_where_named(
    instance: Person, *, created: bool, update_fields: Collection[str] | None = None, **kwargs: Any
) -> None:
    """Draw the pages anew on which this person is named."""
    if created or kwargs.get("raw") or "name" not in (update_fields or ["name"]):
        return
    rows = Estimate.objects.filter(set_aside_under__person=instance).select_related("claim__action")
    for row in rows:
        pages.touch(*row.page_tags())
