"""Every field of every model that public pages show is changed, one after the other, and no page
that shows it is left as it was: what counts as fresh is what would be drawn now.

A page follows from what the database answered while it was drawn. So after each change the same
questions are put once more, and only pages to which another answer was given are drawn again. A
value is changed as the code base changes it, by `save()`; what services write in bulk, the journeys
prove.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import Error, connection, models, transaction
from django.test import RequestFactory

from convoca.actions.finding import Wanted
from convoca.actions.finding.asking import HEAD_TAGS, Asking
from convoca.actions.finding.mapping import MAP_TAGS, map_html
from convoca.actions.models import Action
from convoca.actions.rows import rows_of, tags_of
from convoca.campaigns.front import reader
from convoca.campaigns.models import Campaign
from convoca.core.names import Names, NamesField
from convoca.pages import services as pages
from convoca.pages.audit import audit
from convoca.pages.keeping import forget_everything
from convoca.vault.fields import SealedField
from tests.pages import shown

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

SHOWN = [
    "accounts.Person",
    "actions.Action",
    "actions.Attachment",
    "actions.Door",
    "actions.Hosting",
    "actions.Seats",
    "actions.Stop",
    "actions.Trigger",
    "campaigns.Campaign",
    "campaigns.Demand",
    "campaigns.Endorsement",
    "campaigns.Material",
    "campaigns.Moment",
    "counting.Claim",
    "counting.Contest",
    "counting.Estimate",
    "counting.Link",
    "counting.Photo",
    "counting.Publication",
    "counting.Report",
    "counting.Showing",
    "counting.Source",
    "counting.Summary",
    "network.Affiliation",
    "network.Committee",
    "network.Mandate",
    "network.Network",
    "network.Organisation",
    "network.Region",
    "places.Place",
    "texts.Text",
    "texts.Translation",
]
NOT_SHOWN = {
    **dict.fromkeys(
        ["media.Document", "media.Picture", "media.Recording"],
        "what is kept once stays as it is; who shows another file points to another row",
    ),
    "pages.Tag": "the versions themselves",
    "texts.Version": "what readers were given once is never changed",
}
"""What is read while public pages are drawn, and shown on none."""
OWNED = "whose it is stays as it was made"
LEFT = dict.fromkeys(
    [
        *("actions.Attachment.action", "actions.Attachment.campaign", "actions.Hosting.action"),
        *("actions.Stop.action", "actions.Trigger.campaign", "campaigns.Demand.campaign"),
        *("campaigns.Endorsement.campaign", "campaigns.Endorsement.organisation"),
        *("campaigns.Material.campaign", "campaigns.Moment.campaign", "network.Affiliation.body"),
        *("network.Affiliation.chapter", "texts.Translation.text"),
    ],
    OWNED,
) | {
    "campaigns.Campaign.call": "a campaign keeps its call, as every owner of a text",
    "counting.Claim.action": "services link and part, and touch the pages of both actions",
    "counting.Contest.action": OWNED,
    "counting.Contest.answered_at": "an answer has words and somebody who gives it",
    "counting.Estimate.claim": OWNED,
    "counting.Estimate.set_aside_at": "it is set aside by somebody for a reason",
    "counting.Photo.report": OWNED,
    "counting.Report.action": OWNED,
    "counting.Report.ask_at": "when its hosts are written to, which no page says",
    "counting.Publication.corrections": "what was published is never changed",
    "network.Mandate.countries": "where a moderator lets actions in, which no page says",
    "network.Mandate.person": "a mandate is of one person for ever",
    "texts.Text.code": "its address, and its tag, for ever",
}
"""Columns that are not changed here, and why."""
OTHER = {
    "country": ["FR"],
    "zone": ["Asia/Tokyo"],
    "language": ["pt"],
    "languages": [["en", "ar", "pt"]],
    "source_language": ["pt"],
    "ink": ["brick"],
    "fallbacks": [{"qu": "pt"}],
    "countries": [["PT", "FR"]],
    "access": [["quiet"]],
    "spoken": [["fr"]],
    "hashtags": [["seas"]],
    "score": [0.5],
    "latitude": [41.5],
    "longitude": [2.25],
    "shown_latitude": [41.5],
    "shown_longitude": [2.25],
}
"""Other values that mean something, for columns that do not take just any."""


# The world, and its pages


@pytest.fixture(scope="module")
def drawn(django_db_setup, django_db_blocker, tmp_path_factory):
    """Every page of a world in which everything is shown, kept at an instant that does not pass."""
    patch = pytest.MonkeyPatch()
    patch.setattr("django.conf.settings.PAGES_STORE", tmp_path_factory.mktemp("p") / "p.sqlite3")
    with (
        django_db_blocker.unblock(),
        time_machine.travel(datetime(2027, 5, 12, 9, tzinfo=UTC), tick=False),
        transaction.atomic(),
    ):
        yield Drawn(shown.keep(shown.build()))
        transaction.set_rollback(True)
    patch.undo()


class Try:
    """What is done inside is undone, in the database and in the store of pages."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        return self

    def __exit__(self, *failure):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        with sqlite3.connect(pages.store().path) as base:
            base.execute("DELETE FROM tags")
        base.close()


class Drawn:
    """Every page, with the questions that were put while it was drawn and their answers; and the
    same of what this process keeps: every row of lists, and heads and maps of many lists.
    """

    def __init__(self, read: dict[str, set[shown.Statement]]) -> None:
        self.parts = {}
        for key, (draw, tags) in {**rows(), **heads()}.items():
            with shown.statements(read.setdefault(key, set())):
                self.parts[key] = draw, drawn_anew(draw), pages.versions(tags)
        self.pages: dict[shown.Statement, set[str]] = {}
        for key, questions in read.items():
            for question in questions:
                self.pages.setdefault(question, set()).add(key)
        self.answers = {question: self.ask(question) for question in self.pages}

    def wrong(self, keys: set[str]) -> set[str]:
        """Which of these count as fresh and are not."""
        forget_everything()
        found = {str(one)[:300] for one in audit(keys)} if keys else set()
        for key in keys & set(self.parts):
            draw, html, seen = self.parts[key]
            if pages.versions(seen) == seen and drawn_anew(draw) != html:
                found.add(f"{key}: {html} → {drawn_anew(draw)}")
        return found

    @staticmethod
    def ask(question: shown.Statement) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(*question)
            return cursor.fetchall()

    def tables(self) -> set[str]:
        return {
            table
            for sql, _params in self.pages
            for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', sql)
        }

    def told_otherwise(self, table: str, columns: set[str] | None = None) -> set[str]:
        """Keys of pages that are told something else now, of a table or these columns of it."""
        words = re.compile(rf'"({"|".join(map(re.escape, sorted(columns or ())))})"')
        asked = [one for one in self.pages if f'"{table}"' in one[0]]
        asked = [one for one in asked if columns is None or words.search(one[0])]
        changed = [one for one in asked if self.ask(one) != self.answers[one]]
        return {key for one in changed for key in self.pages[one]}


def drawn_anew(draw: Callable[[], str]) -> str:
    forget_everything()
    return draw()


def rows() -> dict[str, tuple[Callable[[], str], Iterable[str]]]:
    """Every row of lists: how it is drawn, and by what it is kept."""
    return {
        f"row {number}": (
            lambda n=number: "".join(row.html for row in rows_of([n], reader())),
            tags_of(number),
        )
        for number in Action.objects.public().values_list("pk", flat=True)
    }


def heads() -> dict[str, tuple[Callable[[], str], Iterable[str]]]:
    """Heads and maps of all kinds of sets."""
    asked = ["", "when=past", "kind=march", "spoken=es", "access=step-free", "online=1"]
    asked += ["from=2027-05-12", "to=2027-06-12", "day=2027-05-22"]
    scopes = [{}, *({"cc": code} for code in ("py", "pt"))]
    for campaign in Campaign.objects.published():
        scopes.append({"code": campaign.code})
        scopes += [{"code": campaign.code, "moment": one.code} for one in campaign.moments.all()]
    return {
        f"head {query} {scope}": (lambda q=query, s=scope: head(q, **s), {*HEAD_TAGS, *MAP_TAGS})
        for query in asked
        for scope in scopes
    }


def head(query: str, **scope: str) -> str:
    wanted = Wanted.read(RequestFactory().get(f"/en/actions/?{query}"), **scope)
    return Asking(wanted, wanted.figures(), reader(), "list").html() + map_html(wanted, "?")


def columns_of(row: models.Model) -> dict[str, object]:
    return row._meta.model._base_manager.filter(pk=row.pk).values().get()


# What else could stand there


def others(field: models.Field, row: models.Model) -> Iterator[object]:
    """Other values for a field; most are two, of a choice all."""
    value = getattr(row, field.attname)
    if field.name in OTHER:
        yield from OTHER[field.name]
    elif isinstance(field, NamesField):
        yield Names({tag: f"{words} anew" for tag, words in value.items()} or {"en": "Anew"})
        if field.blank and value:
            yield Names()
    elif field.choices:
        yield from (one for one in dict(field.flatchoices) if one != value)
    elif field.is_relation:
        rows = field.related_model._base_manager.exclude(pk=value)
        yield from (one.pk for one in rows[:2])
        yield from [None] * (field.null and value is not None)
    elif isinstance(field, models.BooleanField):
        yield not value
    else:
        yield from _of_a_kind(field, value)
        yield from [None] * (field.null and value is not None)


def _of_a_kind(field: models.Field, value: object) -> Iterator[object]:
    match field:
        case models.DateTimeField():
            now = datetime.now().astimezone()
            yield (value or now) + timedelta(hours=1)
            yield (value or now) - timedelta(days=200)
        case models.DateField():
            yield (value or date.today()) + timedelta(days=3)  # noqa: DTZ011
            yield (value or date.today()) - timedelta(days=400)  # noqa: DTZ011
        case models.TimeField():
            yield time(13, 20)
        case models.UUIDField():
            yield UUID(int=7)
        case models.JSONField():
            yield [*value, "anew"] if isinstance(value, list) else {**value, "anew": "anew"}
        case models.IntegerField() | models.FloatField():
            yield (value or 0) + 3
            yield from [0] * bool(value)
        case models.CharField() | models.TextField():
            room = (field.max_length or 1000) - 4
            yield f"{value or ''}"[:room] + "anew"
            yield from [""] * bool(value and field.blank)


def instances(model: type[models.Model]) -> list[models.Model]:
    return list(model._base_manager.order_by("pk"))


def fields_of(model: type[models.Model]) -> list[models.Field]:
    return [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or isinstance(field, SealedField))
        and f"{model._meta.label}.{field.name}" not in LEFT
    ]


REFUSED = (Error, ValidationError, ImproperlyConfigured, ValueError, AttributeError, TypeError)


def wrong_after(
    drawn: Drawn, row: models.Model, field: models.Field, value: object
) -> set[str] | None:
    """Keys of pages that count as fresh and are not; None where the row cannot be so."""
    before = columns_of(row)
    setattr(row, field.attname, value)
    try:
        with transaction.atomic():
            row.save()
            connection.check_constraints()
    except REFUSED:
        return None
    after = columns_of(row)
    columns = {name for name in after if after[name] != before[name]}
    keys = drawn.told_otherwise(row._meta.db_table, columns) if columns else set()
    return drawn.wrong(keys)


# The tests


def test_every_model_that_a_public_page_reads_is_changed_here(drawn):
    read = {m._meta.label for m in apps.get_models() if m._meta.db_table in drawn.tables()}
    assert read - set(SHOWN) == set(NOT_SHOWN)
    assert set(SHOWN) - read == set()


def test_a_change_of_which_no_tag_tells_is_seen(drawn):
    """This test would see it: here somebody wrote past the models."""
    with Try():
        rows = apps.get_model("actions.Action").objects.filter(names__en="Walk to the bridge")
        before = rows.get()
        rows.update(names={"en": "Swim to the bridge"})
        wrong = drawn.wrong(drawn.told_otherwise("actions_action", {"names"}))
    keys = {one.partition(": ")[0] for one in wrong}
    assert f"http://testserver{before.get_absolute_url()}" in keys
    assert {"http://testserver/ar/", f"row {before.pk}"} <= keys


@pytest.mark.parametrize("label", SHOWN)
def test_no_page_stays_as_it_was_when_a_field_changes(drawn, label):
    model = apps.get_model(label)
    wrong, settable = {}, set()
    for field in fields_of(model):
        for row in instances(model):
            for value in others(field, row):
                with Try():
                    fresh = model._base_manager.get(pk=row.pk)
                    found = wrong_after(drawn, fresh, field, value)
                if found is not None:
                    settable.add(field.name)
                for one in found or ():
                    wrong.setdefault(f"{label}.{field.name}", set()).add(one)
    assert {name: sorted(found)[:4] for name, found in wrong.items()} == {}
    assert {field.name for field in fields_of(model)} - settable == set()


LINKS = [
    (label, field.name)
    for label in SHOWN
    for field in apps.get_model(label)._meta.local_many_to_many
]


@pytest.mark.parametrize(("label", "name"), LINKS)
def test_no_page_stays_as_it_was_when_rows_are_linked_or_unlinked(drawn, label, name):
    model, wrong = apps.get_model(label), set()
    field = model._meta.get_field(name)
    table = field.remote_field.through._meta.db_table
    for row in instances(model):
        linked = set(getattr(row, name).all())
        others = [one for one in instances(field.related_model) if one not in linked]
        for rows in ([], [*linked, *others[:1]], others[:1]):
            with Try():
                getattr(row, name).set(rows)
                wrong |= drawn.wrong(drawn.told_otherwise(table))
    assert sorted(wrong) == []


@pytest.mark.parametrize("label", SHOWN)
def test_no_page_stays_as_it_was_when_a_row_goes(drawn, label):
    model = apps.get_model(label)
    wrong = set()
    for row in instances(model):
        with Try():
            try:
                with transaction.atomic():
                    row.delete()
                    connection.check_constraints()
            except Error:
                continue
            wrong |= drawn.wrong(drawn.told_otherwise(model._meta.db_table))
    assert sorted(wrong) == []
