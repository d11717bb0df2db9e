"""What is sealed opens for its own row alone, and only while its key is there."""

import sqlite3
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from convoca.core.config import INSTANCE_KEY, VAULT, make_keys
from convoca.vault import services as vault
from convoca.vault.fields import CLOSED, Closed, as_stored
from convoca.vault.keyring import Keyring, VaultUnreadable, keyring, week_of
from tests.vault.guests.models import Guest

pytestmark = pytest.mark.django_db
RIVERS, FORESTS = "campaign:k7mq02xd", "campaign:0000000a"
MONDAY = date(2031, 3, 3)


def seal(name="Rosa Pérez", *, scope=RIVERS, day=MONDAY, **facts):
    return Guest.objects.create(scope=scope, delete_on=day, name=name, **facts)


def row_of(guest):
    return [guest.pk.hex if connection.vendor == "sqlite" else guest.pk]


def stored(guest, column="name"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM guests_guest WHERE id = %s", row_of(guest))  # noqa: S608
        return bytes(cursor.fetchone()[0])


def put(guest, value, column="name"):
    change = f"UPDATE guests_guest SET {column} = %s WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(change, [value, *row_of(guest)])


def again(guest):
    return Guest.objects.get(pk=guest.pk)


def test_words_and_answers_come_back_and_stand_nowhere_in_the_table():
    guest = seal(email="rosa@x.example", answers={"lunch": ["rice"]})

    found = again(guest)
    assert (found.name, found.email, found.answers) == (
        "Rosa Pérez",
        "rosa@x.example",
        {"lunch": ["rice"]},
    )
    assert b"Rosa" not in stored(guest)
    assert b"rice" not in stored(guest, "answers")
    assert not vault.is_closed(found)


def test_bytes_come_back_as_they_were_and_no_others_are_taken():
    guest = seal(picture=b"\x1f\x8b\x00 Rosa")
    assert again(guest).picture == b"\x1f\x8b\x00 Rosa"
    assert b"Rosa" not in stored(guest, "picture")
    before = stored(guest, "picture")
    again(guest).save()
    assert stored(guest, "picture") == before
    with pytest.raises(TypeError), transaction.atomic():
        Guest.objects.update(picture=b"Rosa")
    with pytest.raises(TypeError), transaction.atomic():
        seal(picture="Rosa")
    keyring().delete_ended(MONDAY)
    assert isinstance(again(guest).picture, Closed)


def test_what_is_empty_stays_empty():
    guest = seal("")
    assert (stored(guest), stored(guest, "answers")) == (b"", b"")
    assert (again(guest).name, again(guest).answers, again(guest).picture) == ("", {}, b"")


def test_the_same_words_are_never_sealed_to_the_same_bytes():
    assert stored(seal()) != stored(seal())


def test_bytes_moved_to_another_row_or_field_are_closed():
    rosa, bo = seal("Rosa"), seal("Bo")
    put(bo, stored(rosa))
    put(rosa, stored(rosa), "email")

    assert (again(bo).name, again(rosa).email) == (CLOSED, CLOSED)
    assert vault.is_closed(again(bo))
    assert again(rosa).name == "Rosa"


def test_without_its_key_a_row_is_closed_and_saving_it_loses_nothing():
    guest = seal(email="rosa@x.example")
    before = stored(guest)
    keyring().delete_ended(MONDAY)

    found = again(guest)
    assert isinstance(found.name, Closed)
    assert not found.name
    assert f"{found.name}" == "closed"
    found.places = 3
    found.save()
    found.refresh_from_db()
    found.save()
    assert stored(guest) == before


def test_saving_what_did_not_change_leaves_its_bytes():
    guest = seal(answers={"lunch": "rice"})
    before = stored(guest), stored(guest, "answers")
    found = again(guest)
    found.answers["lunch"] = "beans"
    found.save()
    assert stored(guest) == before[0]
    assert stored(guest, "answers") != before[1]
    assert again(guest).answers == {"lunch": "beans"}


def test_changed_words_are_sealed_by_save_and_by_bulk_create():
    guest = again(seal())
    guest.name = "Rosa"
    guest.save(update_fields=["name"])
    assert again(guest).name == "Rosa"

    Guest.objects.bulk_create(Guest(scope=RIVERS, delete_on=MONDAY, name=n) for n in ("a", "b"))
    assert sorted(guest.name for guest in Guest.objects.all()) == ["Rosa", "a", "b"]


def test_sealed_words_can_be_emptied_by_update_and_nothing_else():
    guest = seal()
    with pytest.raises(TypeError), transaction.atomic():
        Guest.objects.update(name="Bo")
    with pytest.raises(TypeError):
        Guest.objects.update(delete_on=MONDAY)
    with pytest.raises(TypeError):
        Guest.objects.filter(name="Rosa Pérez").exists()
    Guest.objects.update(name="")
    assert stored(guest) == b""
    assert again(guest).name == ""


def test_put_off_rows_have_the_key_of_their_new_week():
    guest, later = seal(email="r@x.example"), MONDAY + timedelta(days=30)
    assert vault.reseal(Guest.objects.filter(scope=RIVERS), delete_on=later) == 1
    assert vault.reseal(Guest.objects.filter(scope=RIVERS), delete_on=later) == 0
    keyring().delete_ended(MONDAY)

    found = again(guest)
    assert (found.delete_on, found.name, found.email) == (later, "Rosa Pérez", "r@x.example")


def test_a_row_loaded_in_parts_is_resealed_whole():
    guest, later = seal(email="r@x.example"), MONDAY + timedelta(days=30)
    part = Guest.objects.only("scope", "delete_on").get(pk=guest.pk)
    part.delete_on = later
    part.save(update_fields=["delete_on"])
    keyring().delete_ended(MONDAY)
    assert (again(guest).name, again(guest).email) == ("Rosa Pérez", "r@x.example")


def test_a_deferred_field_opens_too():
    guest = seal()
    assert Guest.objects.only("name").get(pk=guest.pk).name == "Rosa Pérez"


def test_rows_can_be_copied_as_they_are_stored():
    guest = seal()
    with as_stored():
        assert bytes(again(guest).name) == stored(guest)


def test_two_scopes_have_two_indexes_of_one_address():
    one, two = vault.index(RIVERS, " Rosa@X.example "), vault.index(FORESTS, "rosa@x.example")
    assert one == vault.index(RIVERS, "rosa@x.example")
    assert len(one) == 64
    assert one != two


# Keys


@pytest.fixture
def ring(tmp_path):
    return Keyring(tmp_path / "keys")


def test_a_key_is_for_a_scope_and_a_week(ring):
    sunday = MONDAY + timedelta(days=6)
    keys = [
        ring.key_for_sealing(RIVERS, MONDAY),
        ring.key_for_sealing(RIVERS, sunday + timedelta(days=1)),
        ring.key_for_sealing(FORESTS, MONDAY),
    ]
    assert len({*keys}) == 3
    assert ring.key_for_sealing(RIVERS, sunday) == keys[0]
    assert Keyring(ring.folder).key_for_reading(RIVERS, week_of(MONDAY)) == keys[0]


def test_a_key_ends_with_the_last_day_that_was_told(ring):
    key, friday = ring.key_for_sealing(RIVERS, MONDAY), MONDAY + timedelta(days=4)
    assert Keyring(ring.folder).key_for_sealing(RIVERS, friday) == key

    assert ring.delete_ended(friday - timedelta(days=1)) == 0
    assert ring.delete_ended(friday, dry_run=True) == 1
    assert ring.delete_ended(friday) == 1
    assert ring.key_for_reading(RIVERS, week_of(MONDAY)) is None
    assert ring.weeks() == set()


def test_a_key_that_ended_elsewhere_is_not_used_for_a_later_day(ring):
    key = ring.key_for_sealing(RIVERS, MONDAY)
    Keyring(ring.folder).delete_ended(MONDAY)
    fresh = ring.key_for_sealing(RIVERS, MONDAY + timedelta(days=1))
    assert fresh != key
    assert Keyring(ring.folder).key_for_reading(RIVERS, week_of(MONDAY)) == fresh


def test_a_deleted_key_is_nowhere_in_the_file(ring):
    ring.key_for_sealing(FORESTS, MONDAY + timedelta(days=90))
    ring.key_for_sealing(RIVERS, MONDAY)
    with sqlite3.connect(ring.file) as file:
        (wrapped,) = file.execute("SELECT wrapped FROM keys WHERE scope = ?", [RIVERS]).fetchone()
    file.close()
    assert wrapped in ring.file.read_bytes()

    ring.delete_ended(MONDAY)
    assert wrapped not in ring.file.read_bytes()
    assert {path.name for path in ring.folder.iterdir()} == {INSTANCE_KEY, VAULT}


def test_threads_that_begin_at_once_have_one_key(ring):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(ring.key_for_sealing(RIVERS, MONDAY)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_vault_is_for_its_owner_alone(ring):
    ring.key_for_sealing(RIVERS, MONDAY)
    assert {path.stat().st_mode & 0o777 for path in ring.folder.iterdir()} == {0o600}


def test_a_lost_or_wrong_instance_key_is_said_and_never_replaced(ring, settings):
    ring.key_for_sealing(RIVERS, MONDAY)
    ring.check()
    path = ring.folder / INSTANCE_KEY
    path.write_text("ab" * 32)
    for fresh in (Keyring(ring.folder), Keyring(ring.folder)):
        with pytest.raises(VaultUnreadable):
            fresh.check()
        with pytest.raises(VaultUnreadable):
            fresh.key_for_reading(RIVERS, week_of(MONDAY))
        path.unlink(missing_ok=True)
    make_keys(replace(settings.CONFIG, home=ring.folder.parent))
    assert not path.exists()


def test_a_page_shows_closed_where_the_vault_cannot_be_read(settings, tmp_path):
    guest = seal()
    home = tmp_path / "elsewhere"
    (home / "keys").mkdir(parents=True)
    (home / "keys" / VAULT).write_bytes(b"not a database" * 100)
    settings.CONFIG = replace(settings.CONFIG, home=home)
    assert again(guest).name == CLOSED
    with pytest.raises(VaultUnreadable):
        seal()
