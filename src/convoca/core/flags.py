"""`Flag`: a yes or no that an index begins with."""

from typing import Any

from django.db import models
from django.db.models.lookups import BuiltinLookup, Exact


class Flag(models.BooleanField):  # type: ignore[type-arg]
    """A boolean that is compared (`listed = 1`). Django writes a bare `listed` otherwise, for which
    SQLite uses no index.
    """

    def deconstruct(self) -> Any:
        """To migrations it is a boolean as any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BooleanField", args, kwargs


@Flag.register_lookup
class FlagExact(Exact):
    lookup_name = "exact"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return BuiltinLookup.as_sql(self, compiler, connection)
