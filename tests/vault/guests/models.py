from django.db import models

from convoca.vault.fields import SealedBytesField, SealedField, SealedJSONField
from convoca.vault.models import SealedRow


class Guest(SealedRow):
    """Somebody who comes."""

    name = SealedField(default="")
    email = SealedField(default="")
    answers = SealedJSONField(default=dict)
    picture = SealedBytesField()
    address_index = models.CharField(max_length=64, blank=True, db_index=True)
    places = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.pk)
