"""Many rows at once. `bulk_create` builds a statement for every few rows of a wide table and takes
each value through half a dozen calls, and a model's own beginning asks every column for its
default: together several times what the database itself needs.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


def insert(rows: Sequence[M], *, known_by: str = "") -> Sequence[M]:
    """Write new rows of one model, in the caller's transaction, and give them back. Like
    `bulk_create` it calls no `save` and sends no signals.

    Their keys are known afterwards where `known_by` names a column that is unique and set.
    """
    if not rows:
        return rows
    model = type(rows[0])
    plan = _plan(model)
    for field in plan.derived:
        for row in rows:
            field.pre_save(row, add=True)
    columns = list(zip(*map(plan.columns, rows), strict=True))
    known: defaultdict[type, dict[Hashable, Any]] = defaultdict(dict)
    for at, field in plan.prepared:
        columns[at] = _prepared(field, columns[at], known[type(field)])
    with connection.cursor() as cursor:
        cursor.executemany(plan.statement, list(zip(*columns, strict=True)))
    for row in rows:
        row._state.adding = False
    if known_by:
        wanted = [getattr(row, known_by) for row in rows]
        written = model._base_manager.filter(**{f"{known_by}__in": wanted})
        keys = dict(written.values_list(known_by, "pk"))
        for row in rows:
            row.pk = keys[getattr(row, known_by)]
    return rows


def like(pattern: M) -> Callable[[], M]:
    """A maker of unwritten rows with everything that `pattern` has.

    Its defaults were drawn once: whoever makes rows sets anew what no two of them share, such as
    codes, and changes no list or dictionary of theirs in place.
    """
    model = type(pattern)
    columns = {name: value for name, value in pattern.__dict__.items() if name != "_state"}
    known = pattern._state.fields_cache

    def make() -> M:
        row = model.__new__(model)
        row.__dict__.update(columns)
        row._state = ModelState()
        row._state.fields_cache = known.copy()
        return row

    return make


def refer(row: models.Model, **to: models.Model | None) -> None:
    """Let foreign keys point to rows that are written, as assigning them does, but without asking
    for each whether both are of one database: of thousands that takes longer than all the rest.
    """
    for name, target in to.items():
        setattr(row, f"{name}_id", None if target is None else target.pk)  # forgets who it was
        row._state.fields_cache[name] = target


_AT_HAND = {"cache_size": -32_000, "wal_autocheckpoint": 8_000}
"""32 MB of pages in memory, and as many in the log before they are brought home: rows go to random
places of their indexes, and each page is wanted again and again."""


@contextmanager
def much_to_write() -> Iterator[None]:
    """On SQLite, keep more of the file at hand until the block is left; elsewhere nothing."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]  # the names stand above
            for name in _AT_HAND
        }
        for name, value in _AT_HAND.items():
            cursor.execute(f"PRAGMA {name}={value}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name}={value}")


class _Plan(NamedTuple):
    statement: str
    columns: Callable[[models.Model], tuple[Any, ...]]
    derived: list[Any]
    """Fields that set themselves before they are written."""
    prepared: list[tuple[int, Any]]
    """Those whose values the database takes in another form, by their place in the row."""


@cache
def _plan(model: type[models.Model]) -> _Plan:
    fields = [one for one in model._meta.local_concrete_fields if not one.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(one.column)) for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    return _Plan(
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})",  # noqa: S608  ours
        attrgetter(*(one.attname for one in fields)),
        [one for one in fields if _sets_itself(one)],
        [(at, one) for at, one in enumerate(fields) if not _is_plain(one)],
    )


def _sets_itself(field: Any) -> bool:
    if isinstance(field, models.DateField | models.TimeField):  # some for each row of a wide table
        return field.auto_now or field.auto_now_add
    return type(field).pre_save is not models.Field.pre_save


_PLAIN = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.FloatField,
    models.BooleanField,
)


def _is_plain(field: Any) -> bool:
    """Whether what the model holds is what the database takes."""
    while field.is_relation:
        field = field.target_field
    kind = type(field)
    return isinstance(field, models.AutoField) or (
        kind.get_db_prep_save is models.Field.get_db_prep_save
        and kind.get_db_prep_value is models.Field.get_db_prep_value
        and any(kind.get_prep_value is plain.get_prep_value for plain in _PLAIN)
    )


def _prepared(field: Any, values: tuple[Any, ...], known: dict[Hashable, Any]) -> tuple[Any, ...]:
    """As the database takes them; what comes twice, as days and instants do, is worked out once."""
    try:
        named: Mapping[Hashable, Any] = dict(zip(values, values, strict=True))
        keys: Sequence[Hashable] = values
    except TypeError:  # lists or dictionaries
        keys = tuple(map(repr, values))
        named = dict(zip(keys, values, strict=True))
    is_instant = type(field).get_db_prep_value is models.DateTimeField.get_db_prep_value
    for key in named.keys() - known.keys():
        value = named[key]
        known[key] = (
            connection.ops.adapt_datetimefield_value(value)
            if is_instant  # several for each row: the way through the field takes twice as long
            else field.get_db_prep_save(value, connection)
        )
    return tuple(map(known.__getitem__, keys))
