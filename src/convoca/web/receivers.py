"""Keeps the search index true: whatever is saved, published or deleted is written down anew."""

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
    elif isinstance(instance, Version) or (
        isinstance(instance, Translation) and instance.published_at is not None
    ):
        _index_owner(instance.text)


def _index_owner(text: Text) -> None:
    for campaign in Campaign.objects.filter(call=text):
        search.index(campaign)


@receiver(post_delete)
def forget_deleted(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Take what is gone out of the index."""
    if sender in search.KINDS.values():
        search.forget(instance)
