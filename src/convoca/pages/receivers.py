"""A model that has `page_tags()` raises them when a row is saved, deleted or linked."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from convoca.pages.services import touch


@receiver([post_save, post_delete])
def touch_own_pages(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """Raise the tags of what was saved or deleted."""
    if hasattr(instance, "page_tags") and not kwargs.get("raw"):
        touch(*instance.page_tags())


@receiver(m2m_changed)
def touch_linked_pages(
    sender: type[Model],
    instance: Any,
    action: str,
    model: type[Model],
    pk_set: set[Any] | None,
    **kwargs: Any,
) -> None:
    """Raise the tags of what was linked or unlinked, on both sides."""
    if not action.startswith("post_"):
        return
    others = model._base_manager.filter(pk__in=pk_set or ()) if hasattr(model, "page_tags") else ()
    for row in (instance, *others):
        if hasattr(row, "page_tags"):
            touch(*row.page_tags())
