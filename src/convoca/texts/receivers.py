"""An owner was saved: its title may have changed."""

from typing import Any

from django.dispatch import receiver

from convoca.texts import services
from convoca.texts.registry import owner_saved


@receiver(owner_saved)
def learn_of_owner(sender: object, *, text: Any, owner: Any, kind: Any, **kwargs: Any) -> None:
    """Remember the owner's kind and titles."""
    services.learn_of_owner(text, owner, kind)
