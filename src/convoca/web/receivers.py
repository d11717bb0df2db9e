"""Keeps the search index true: whatever is saved, published or deleted is written down anew."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from convoca.campaigns.models import Campaign
from convoca.texts.models import Text, Translation, Version
from convoca.web import search


@receiver(post_save)
def index_saved(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Index what the search knows; a published text counts for its campaign."""
    if kwargs.get("raw"):
        return
    if sender in search.KINDS.values():
        search.index(instance)
    elif isinstance(instance, Version):
        _index_owner(instance.text, instance.text.source_language)
    elif isinstance(instance, Translation) and _is_for_readers(instance, kwargs["update_fields"]):
        _index_owner(instance.text, instance.language)


def _is_for_readers(translation: Translation, fields: Collection[str] | None) -> bool:
    """Whether readers may have got other words; a working copy is saved every few seconds."""
    if translation.published_at is None:
        return False
    return fields is None or bool({"published", "withdrawn_at"}.intersection(fields))


def _index_owner(text: Text, language: str) -> None:
    for campaign in Campaign.objects.filter(call=text):
        search.index(campaign, language)


@receiver(post_delete)
def forget_deleted(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Take what is gone out of the index."""
    if sender in search.KINDS.values():
        search.forget(instance)
