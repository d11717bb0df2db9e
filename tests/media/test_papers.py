"""Documents are kept as they are, when they only want to be read."""

import zlib
from time import monotonic

import pytest

from convoca.core.errors import Refusal
from convoca.media import services as media
from convoca.media import store
from tests.media.fixtures import pdf, picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.parametrize("content", [pdf(), pdf(packed=True)])
def test_a_pdf_is_kept_byte_for_byte_under_a_tidy_name(content):
    kept = media.keep_file(upload('..\\.."Poster" für\nalle.pdf', content))
    assert kept.content() == content
    assert (kept.kind, kept.name) == ("application/pdf", "Poster für alle.pdf")


def test_a_plain_text_is_kept():
    kept = media.keep_file(upload("slogans.txt", "أنهار حية\nRíos vivos\n".encode()))
    assert (kept.kind, kept.name) == ("text/plain", "slogans.txt")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "document-acts"),
        ("a.pdf", pdf(b"/OpenAction << /S /Java#53cript /JS (1) >>"), "document-acts"),
        ("a.pdf", pdf(b"/AA << /O << /S /Launch /F (cmd.exe) >> >>"), "document-acts"),
        ("a.pdf", pdf(b"/Names << /EmbeddedFiles 3 0 R >>"), "document-acts"),
        ("a.pdf", pdf(stream=b"3 0 << /S /JavaScript >> ", packed=True), "document-acts"),
        ("a.pdf", pdf(b"/Encrypt 9 0 R"), "document-locked"),
        ("a.pdf", pdf()[:-20], "document-broken"),
        ("a.pdf", picture(), "document-mislabelled"),
        ("a.txt", pdf(), "document-mislabelled"),
        ("a.txt", b"\0\1\2", "document-unknown"),
        ("a.html", b"<script>alert(1)</script>", "document-unknown"),
        ("a.docx", b"PK\x03\x04", "document-unknown"),
        ("a.php", b"<?php echo 1;", "document-unknown"),
        ("a.pdf", b"", "file-empty"),
    ],
)
def test_what_acts_or_lies_or_is_locked_is_refused_with_a_sentence(name, content, code):
    with pytest.raises(Refusal) as refused:
        media.keep_file(upload(name, content))
    assert refused.value.code == code
    assert str(refused.value).endswith(".")
    assert list(store.names()) == []


def test_a_pdf_that_unpacks_to_far_more_than_it_is_is_refused(monkeypatch):
    monkeypatch.setattr("convoca.media.papers.MOST_UNPACKED", 1_000_000)
    with pytest.raises(Refusal) as refused:
        media.keep_file(upload("a.pdf", pdf(stream=bytes(5_000_000), packed=True)))
    assert refused.value.code == "document-too-heavy"


def test_a_pdf_of_many_streams_is_read_in_one_pass():
    one = b"stream\r\n" + zlib.compress(b"BT (Hello) Tj ET") + b"\nendstream\n"
    content = pdf().replace(b"%%EOF", one * 20_000 + b"stream\n" * 500_000 + b"%%EOF")
    began = monotonic()
    assert media.keep_file(upload("a.pdf", content)).bytes == len(content)
    assert monotonic() - began < 60, "stream by stream it would take hours"
