"""Verifying names what is wrong with a copy, and needs nothing but the copy."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from convoca.pages.mirror.manifest import (
    File,
    Manifest,
    Revoked,
    is_signed,
    private_key,
    public_words,
    read,
)
from convoca.pages.mirror.verifying import Asked, Problem, problems, read_manifest

KEY, OTHER = private_key(b"k" * 32), private_key(b"o" * 32)
FILES = {"es/index.html": b"<p>Hola", "index.html": b"<p>", "x.ics": b"BEGIN"}


def sha(content):
    return hashlib.sha256(content).hexdigest()


def sign(folder, manifest, key=KEY):
    content = manifest.written()
    (folder / "manifest.json").write_bytes(content)
    (folder / "manifest.sig").write_bytes(key.sign(content))


@pytest.fixture
def manifest():
    return Manifest(
        origin="https://rivers.example",
        base="",
        made_at=datetime.now(UTC).replace(microsecond=0),
        sequence=4,
        key=public_words(KEY),
        files={path: File(sha(content), len(content)) for path, content in FILES.items()},
        revoked=[
            Revoked("es/actions/0000bbbb/", sha(b"an address"), datetime(2027, 5, 1, tzinfo=UTC))
        ],
    )


@pytest.fixture
def folder(tmp_path, manifest):
    for path, content in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    sign(tmp_path, manifest)
    return tmp_path


def verified(folder, **asked):
    found = read_manifest(folder, Asked(**asked))
    return [found] if isinstance(found, Problem) else list(problems(folder, found))


def what(folder, **asked):
    return [(one.path, one.what) for one in verified(folder, **asked)]


def test_a_copy_that_is_as_it_was_signed_has_no_problem(folder, manifest):
    assert verified(folder, key=manifest.key, after=4) == []
    assert read((folder / "manifest.json").read_bytes()) == manifest


def test_a_flipped_byte_is_named(folder):
    (folder / "es/index.html").write_bytes(b"<p>Hole")
    assert what(folder) == [("es/index.html", "changed")]


def test_what_is_missing_and_what_is_not_listed_are_named_in_order(folder):
    (folder / "x.ics").unlink()
    (folder / "a.html").write_text("mine")
    assert what(folder) == [("a.html", "not-listed"), ("x.ics", "missing")]


def test_a_link_is_no_file_of_a_copy(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "x.ics"
    outside.write_bytes(FILES["x.ics"])
    (folder / "x.ics").unlink()
    (folder / "x.ics").symlink_to(outside)
    assert what(folder) == [("x.ics", "changed")]


def test_what_was_taken_down_is_named_wherever_it_still_stands(folder):
    (folder / "es/actions/0000bbbb/a-march").mkdir(parents=True)
    (folder / "es/actions/0000bbbb/a-march/index.html").write_bytes(b"an address")
    assert what(folder) == [("es/actions/0000bbbb/a-march/index.html", "revoked")]


def test_an_old_form_of_a_page_that_was_taken_down_is_named(folder, manifest):
    old = b"<p>Hola, an address"
    (folder / "es/index.html").write_bytes(old)
    down = Revoked("es/index.html", sha(old), datetime(2027, 5, 1, tzinfo=UTC))
    sign(folder, replace(manifest, revoked=[down]))
    assert what(folder) == [("es/index.html", "revoked")]


def test_a_copy_older_than_allowed_is_named(folder, manifest):
    sign(folder, replace(manifest, made_at=manifest.made_at - timedelta(days=8)))
    assert what(folder) == [("manifest.json", "too-old")]
    assert what(folder, oldest=timedelta(days=9)) == []


def test_a_copy_older_than_one_that_was_seen_is_named(folder):
    assert what(folder, after=5) == [("manifest.json", "gone-back")]


def test_another_key_is_named_even_where_it_signed_rightly(folder, manifest):
    sign(folder, replace(manifest, key=public_words(OTHER)), OTHER)
    assert what(folder) == []
    assert what(folder, key=manifest.key) == [("manifest.json", "wrong-key")]


@pytest.mark.parametrize(
    "break_it",
    [
        lambda folder: (folder / "manifest.sig").write_bytes(b"x" * 64),
        lambda folder: (folder / "manifest.sig").write_bytes(b""),
        lambda folder: (folder / "manifest.json").write_bytes(
            (folder / "manifest.json").read_bytes().replace(b"rivers", b"waters")
        ),
    ],
)
def test_a_list_that_nobody_signed_is_named(folder, break_it):
    break_it(folder)
    assert what(folder) == [("manifest.sig", "not-signed")]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"null", b'{"format": "convoca-mirror"}', b"\xff", b"[" * 99999]
)
def test_a_list_that_cannot_be_read_is_named(folder, content):
    (folder / "manifest.json").write_bytes(content)
    assert what(folder) == [("manifest.json", "no-manifest")]


def test_a_folder_without_a_list_is_no_copy(folder):
    (folder / "manifest.sig").unlink()
    assert what(folder) == [("manifest.sig", "no-manifest")]


@pytest.mark.parametrize("words", ["", "x", "MCowBQYDK2VwAyEA", public_words(OTHER)])
def test_no_other_key_fits_a_signature(words):
    assert not is_signed(b"x", KEY.sign(b"x"), words)
