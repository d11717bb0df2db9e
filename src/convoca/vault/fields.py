"""Sealed columns: words in Python, AES-GCM in the database, bound to table, field and row."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeGuard

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.html import escape
from django.utils.translation import gettext as _

from convoca.vault.keyring import NONCE, VaultUnreadable, keyring

if TYPE_CHECKING:
    from convoca.vault.models import SealedRow

    Words = models.BinaryField[str, str]
else:
    Words = models.BinaryField

_VERSION = b"\x01"
_as_stored: ContextVar[bool] = ContextVar("vault_as_stored", default=False)
log = structlog.get_logger(__name__)


class Stored(bytes):
    """A sealed value as it stands in the database. `under` is the scope and week of its key."""

    under: tuple[str, str] | None = None

    def __str__(self) -> str:
        return "sealed"


class Opened:
    """What was stored, and what it says; saved unchanged, it is not sealed anew."""

    def __init__(self, stored: Stored, plain: bytes, value: Any) -> None:
        self.stored, self.plain, self.value = stored, plain, value


class Closed(str):
    """What is read where the key is gone or the bytes were moved: false, and the word "closed".

    It carries the stored bytes, so that saving the row again loses nothing.
    """

    stored: Stored | None = None

    def __new__(cls, stored: Stored | None = None) -> "Closed":
        made = super().__new__(cls, "closed")
        made.stored = stored
        return made

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return _("closed")

    def __html__(self) -> str:
        return escape(str(self))


CLOSED = Closed()


def is_closed(value: object) -> TypeGuard[Closed]:
    """Whether a value was read from what cannot be opened any more."""
    return isinstance(value, Closed)


@contextmanager
def as_stored() -> Iterator[None]:
    """Read and write sealed columns as the bytes they are, to copy rows without their keys."""
    before = _as_stored.set(True)
    try:
        yield
    finally:
        _as_stored.reset(before)


class SealedAttribute(DeferredAttribute):
    """Opens what was stored when somebody reads it, and remembers."""

    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        row: SealedRow = instance  # type: ignore[assignment]
        value = instance.__dict__.get(self.field.attname)
        if value is None and self.field.attname not in instance.__dict__:
            value = super().__get__(instance, cls)
        if _as_stored.get():
            return value.stored if isinstance(value, Opened) else value
        if isinstance(value, Stored):
            value = instance.__dict__[self.field.attname] = self.field.open(row, value)
        return value.value if isinstance(value, Opened) else value

    def __set__(self, instance: "SealedRow", value: Any) -> None:
        """Only so that reading comes here although the instance holds a value of this name."""
        instance.__dict__[self.field.attname] = value


class SealedField(Words):
    """Words that only this installation's vault can open. Empty words stay empty.

    Rows are sealed as they are saved, one by one or with `bulk_create`; they can be neither
    searched for nor written by `update`, except to empty them.
    """

    descriptor_class = SealedAttribute
    empty_strings_allowed = True

    def _check_str_default_value(self) -> list[Any]:
        return []  # here a default is words, as Python reads it

    def get_default(self) -> Any:
        value = models.Field.get_default(self)
        return "" if value in (b"", None) else value

    def to_python(self, value: Any) -> Any:
        return value

    def from_db_value(self, value: Any, _expression: object, _connection: object) -> Any:
        return Stored(value) if value else self.get_default()

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None or isinstance(value, bytes):
            return value
        if isinstance(value, Closed):
            return value.stored or b""
        if value == self.get_default():
            return b""
        raise TypeError(f"{self} is sealed row by row: it is no part of a filter or an update")

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes:
        """The bytes for the database; the ones that were there, where nothing changed."""
        row: SealedRow = model_instance  # type: ignore[assignment]
        value = row.__dict__.get(self.attname, "")
        if isinstance(value, Closed):
            return value.stored or b""
        under = row.key_name
        if isinstance(value, Stored):
            if value.under in (None, under):
                return value
            value = self.open(row, value)
        if isinstance(value, Opened):
            plain = self.written(value.value)
            if plain == value.plain and value.stored.under == under:
                return value.stored
            value = value.value
        elif isinstance(value, Closed):
            return value.stored or b""
        else:
            plain = self.written(value)
        if not plain:
            return b""
        stored = self.seal(row, plain)
        row.__dict__[self.attname] = Opened(stored, plain, value)
        return stored

    def seal(self, row: "SealedRow", plain: bytes) -> Stored:
        """Seal for one row, under the key of its scope and week, made when it is missing."""
        key = keyring().key_for_sealing(row.scope, row.delete_on)
        nonce = os.urandom(NONCE)
        sealed = AESGCM(key).encrypt(nonce, plain, self._bound(row))
        stored = Stored(_VERSION + nonce + sealed)
        stored.under = row.key_name
        return stored

    def open(self, row: "SealedRow", stored: Stored) -> Opened | Closed:
        """What was sealed; `Closed` where the key is gone or the bytes stood elsewhere."""
        if stored.under is None:
            stored.under = row.stored_under
        try:
            key = keyring().key_for_reading(*stored.under)
        except VaultUnreadable as error:
            log.error("the vault cannot be read", error=error.why)
            return Closed(stored)
        if key is None or stored[:1] != _VERSION:
            return Closed(stored)
        nonce, sealed = stored[1 : 1 + NONCE], stored[1 + NONCE :]
        try:
            plain = AESGCM(key).decrypt(nonce, sealed, self._bound(row))
            return Opened(stored, plain, self.read(plain))
        except (InvalidTag, ValueError):
            return Closed(stored)

    def written(self, value: Any) -> bytes:
        """What is sealed for a value; empty for what is not sealed at all."""
        if not isinstance(value, str):
            raise TypeError(f"{self} takes words, not {type(value).__name__}")
        return value.encode()

    def read(self, plain: bytes) -> Any:
        return plain.decode()

    def _bound(self, row: "SealedRow") -> bytes:
        return f"{self.model._meta.db_table}\0{self.column}\0{row.pk}".encode()


class SealedJSONField(SealedField):
    """A list or dictionary, sealed. What equals the field's default is not sealed."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_default(self) -> Any:
        return models.Field.get_default(self) if self.has_default() else None

    def written(self, value: Any) -> bytes:
        if value is None or value == self.get_default():
            return b""
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder).encode()

    def read(self, plain: bytes) -> Any:
        return json.loads(plain)


class SealedBytesField(SealedField):
    """Bytes, sealed: a piece of a file. Keep pieces small, since each is opened whole."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_default(self) -> Any:
        return b""

    def get_prep_value(self, value: Any) -> bytes | None:
        if isinstance(value, bytes) and value and not isinstance(value, Stored):
            raise TypeError(f"{self} is sealed row by row: it is no part of a filter or an update")
        return super().get_prep_value(value)

    def written(self, value: Any) -> bytes:
        if not isinstance(value, bytes):
            raise TypeError(f"{self} takes bytes, not {type(value).__name__}")
        return value

    def read(self, plain: bytes) -> Any:
        return plain
