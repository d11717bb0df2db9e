"""Looking up without opening, and putting off the day."""

import hmac
from datetime import date
from hashlib import sha256
from typing import TypeVar

from django.db import models, transaction

from convoca.vault.fields import CLOSED as CLOSED
from convoca.vault.fields import is_closed as is_closed_value
from convoca.vault.keyring import keyring
from convoca.vault.models import SealedRow

R = TypeVar("R", bound=SealedRow)


def index(scope: str, value: str) -> str:
    """What is stored beside a sealed value to find it again: HMAC-SHA256 under the scope's key.

    Case and blanks at the ends do not count. The same value has another index in each scope.
    """
    return _keyed(keyring().index_key(scope), value)


def indexes(value: str) -> dict[str, str]:
    """The index of a value in every scope there is, to look for it in all of them."""
    return {scope: _keyed(key, value) for scope, key in keyring().index_keys().items()}


def _keyed(key: bytes, value: str) -> str:
    return hmac.new(key, value.strip().casefold().encode(), sha256).hexdigest()


def is_closed(row: SealedRow) -> bool:
    """Whether something in this row cannot be opened any more."""
    return any(is_closed_value(getattr(row, field.attname)) for field in row.sealed_fields())


@transaction.atomic
def reseal(rows: "models.QuerySet[R]", *, delete_on: date) -> int:
    """Tell rows another day, as when an action is put off, and seal them for its week.

    Rows that are closed stay so. Says how many were told another day.
    """
    changing = list(rows.exclude(delete_on=delete_on).values_list("pk", flat=True))
    for start in range(0, len(changing), 500):
        part = rows.model._default_manager.filter(pk__in=changing[start : start + 500])
        for row in part.select_for_update():
            row.delete_on = delete_on
            row.save(update_fields=["delete_on"])
    return len(changing)
