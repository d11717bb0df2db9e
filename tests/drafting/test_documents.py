"""Files of every kind, and of none: a text comes out, or a sentence says what to do."""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from datetime import date

import pytest

from convoca.core.errors import Refusal
from convoca.drafting import documents, services, unpack
from convoca.drafting.models import ReadText
from tests.drafting.conftest import CALL_ES

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(**members) -> bytes:
    """An archive; `/` and `.` in names are written as they are by keyword arguments in a dict."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx(body: str, **more) -> bytes:
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return zipped(**{"[Content_Types].xml": "<Types/>", "word/document.xml": document, **more})


def odt(body: str) -> bytes:
    content = (
        '<office:document-content xmlns:office="urn:o" xmlns:text="urn:t"><office:body>'
        f"<office:text>{body}</office:text></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.text"
    return zipped(**{"mimetype": mimetype, "content.xml": content})


def pdf(*pages: str) -> bytes:
    """A small whole PDF, each page with these lines."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, page in enumerate(pages):
        lines = " T* ".join(f"({line}) Tj" for line in page.split("\n")) if page else ""
        stream = f"BT /F1 12 Tf 14 TL 50 700 Td {lines} ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * at} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, words in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{words}\nendobj\n".encode("cp1252")
    start = len(out)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode()
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out + trailer.encode()


def paragraph(words: str, facts: str = "") -> str:
    return f"<w:p><w:pPr>{facts}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


WORD = docx(
    paragraph("Bridges for all", '<w:pStyle w:val="Heading1"/>')
    + paragraph("Come on 13 March 2027.")
    + paragraph("Open bridges", "<w:numPr/>")
    + paragraph("Count people", "<w:numPr/>")
    + "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>Last</w:t></w:r></w:p>"
)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("call.txt", "Ríos\n\nMañana".encode(), "Ríos\n\nMañana"),
        ("call.txt", "Ríos".encode("cp1252"), "Ríos"),
        ("call.txt", "Ríos".encode("utf-16"), "Ríos"),
        ("call.md", b"\xef\xbb\xbf# Rivers", "# Rivers"),
        ("call.docx", WORD, "# Bridges for all\n\nCome on 13 March 2027.\n\n- Open bridges\n- Count people\n\nLast"),  # noqa: E501
        (
            "call.odt",
            odt(
                '<text:h text:outline-level="2">Bridges</text:h><text:p>On<text:s/>13 '
                "<text:span>March</text:span><text:note><text:p>a note</text:p></text:note>"
                "</text:p>"
                "<text:list><text:list-item><text:p>One</text:p></text:list-item></text:list>"
            ),
            "## Bridges\n\nOn 13 March\n\n- One",
        ),
        (
            "call.html",
            b"<!doctype html><title>x</title><style>p{}</style><h1 onclick='x()'>Bridges</h1>"
            b"<p>A &amp; B<script>alert(1)</script><br>C</p><ul><li>One</li><li>Two</ul>"
            b"<svg><text>no</text></svg><img src=x onerror=alert(1)>",
            "# Bridges\n\nA & B\nC\n\n- One\n- Two",
        ),
        ("page", b"<html><body><p>Only a page</p>", "Only a page"),
    ],
)  # fmt: skip
def test_the_words_of_a_document_and_nothing_else(name, content, text):
    assert documents.words_of(name, content).text == text


def test_the_lines_of_a_pdf_flow_together_again():
    content = pdf(
        "BRIDGES FOR ALL\nThe ferrymen of every town on the river call all who walk to a\n"
        "day of action on 13 March 2027.\n1. Open every bridge.\n2. Count who walks."
    )
    text = documents.words_of("call.pdf", content).text

    assert "call all who walk to a day of action on 13 March 2027." in text
    assert text.splitlines()[-2:] == ["1. Open every bridge.", "2. Count who walks."]


def bomb() -> bytes:
    return zipped(**{"word/document.xml": b"<a>" + b" " * 60_000_000})


def entities() -> bytes:
    laughs = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d>&b;</d>'
    return zipped(**{"word/document.xml": laughs})


def inflating_pdf() -> bytes:
    """A PDF whose one stream says more than it should."""
    packed = zlib.compress(b"BT " + b"(a) Tj " * 20_000_000, 9)
    whole = pdf("words " * 20)
    at = whole.index(b"<< /Length")
    return whole[:at] + (
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed + b"\nendstream"
    )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("call.txt", b"", "empty"),
        ("call.txt", b" \n\t ", "empty"),
        ("call.txt", bytes(range(256)) * 20, "binary"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(4000), "binary"),
        ("call.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old-format"),
        ("call.rtf", b"{\\rtf1 hello}", "old-format"),
        ("call.docx", b"only words", "mislabelled"),
        ("call.pdf", b"only words", "mislabelled"),
        ("call.docx", b"PK\x03\x04 broken", "broken"),
        ("call.docx", WORD[:-60], "broken"),
        ("call.docx", docx("<w:p>"), "broken"),
        ("sheet.xlsx", zipped(**{"xl/workbook.xml": "<a/>"}), "unknown"),
        ("call.docx", bomb(), "bomb"),
        ("call.docx", entities(), "broken"),
        ("call.pdf", b"%PDF-1.7 but this is a lie", "broken"),
        ("call.pdf", pdf("", ""), "scan"),
        ("call.pdf", inflating_pdf(), None),
    ],
)
def test_what_is_no_text_is_refused_with_a_sentence(name, content, code):
    with pytest.raises(Refusal) as caught:
        documents.words_of(name, content)
    if code:
        assert caught.value.code == f"document-{code}"
    assert str(caught.value).endswith(".")


def test_macros_are_left_out_and_said():
    words = documents.words_of(
        "call.docm", docx(paragraph("Hello"), **{"word/vbaProject.bin": "x"})
    )
    assert [words.text, words.notes] == ["Hello", ["macros"]]


def test_a_locked_document_says_so():
    file = io.BytesIO(WORD)
    locked = bytearray(file.getvalue())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := locked.find(signature, start)) >= 0:
            locked[start + at] |= 1
            start += 4
    with pytest.raises(Refusal) as caught:
        documents.words_of("call.docx", bytes(locked))
    assert caught.value.code == "document-locked"


def test_an_unknown_packing_is_damage_and_no_password():
    packed = bytearray(WORD)
    for signature, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        start = 0
        while (start := packed.find(signature, start)) >= 0:
            packed[start + at] = 99
            start += 4
    assert unpack.main("call.docx", bytes(packed)) == {"refused": "broken"}


def test_limits_that_a_system_lacks_or_has_set_lower_are_no_obstacle():
    """Run apart: a limit that is set cannot be taken back."""
    words = (
        "import resource, runpy, sys; set = resource.setrlimit\n"
        "set(resource.RLIMIT_CPU, (5, 5))\n"
        "def refuse(which, most):\n"
        "    if which == resource.RLIMIT_AS: raise ValueError('not here')\n"
        "    set(which, most)\n"
        "resource.setrlimit = refuse\n"
        "sys.argv = ['unpack', 'call.txt']\n"
        f"runpy.run_path({unpack.__file__!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", words], input=b"words", capture_output=True)
    assert json.loads(done.stdout) == {"text": "words", "notes": []}


def test_without_the_extra_a_pdf_is_answered_in_words(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert unpack.main("call.pdf", pdf("Some words")) == {"refused": "needs-documents"}


def test_a_process_that_dies_harms_nobody(monkeypatch):
    monkeypatch.setattr(documents, "MOST_SECONDS", 0.01)
    with pytest.raises(Refusal) as caught:
        documents.words_of("call.txt", b"words")
    assert caught.value.code == "document-bomb"


@pytest.mark.django_db
@pytest.mark.usefixtures("network")
class TestTheForm:
    URL = "/en/work/campaigns/start/text/"

    def send(self, client, bo, **more):
        client.force_login(bo)
        return client.post(self.URL, {"received_on": "2026-11-20", **more})

    def test_a_file_is_read_and_leads_to_its_draft(self, client, bo):
        file = io.BytesIO(WORD)
        file.name = "call.docx"
        answer = self.send(client, bo, file=file)
        read = ReadText.objects.get()
        assert answer.headers["Location"] == f"{self.URL}{read.code}/"
        assert [read.name, read.of("moments")[0]["starts"]] == ["call.docx", "2027-03-13"]

    @pytest.mark.parametrize(
        ("text", "field"),
        [
            ("", "text"),
            ("   \n ", "text"),
            ("words " * 400_000, "text"),
            ("a\x00b", "text"),
            ("x" * 25_000, "text"),
        ],
    )
    def test_what_cannot_be_read_stays_typed_and_nothing_is_kept(self, client, bo, text, field):
        answer = self.send(client, bo, text=text)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert answer.context["form"]["text"].value() == text
        assert ReadText.objects.count() == 0

    def test_texts_come_no_faster_than_one_person_may_and_stay_typed(self, client, bo, monkeypatch):
        monkeypatch.setattr("convoca.drafting.views.TEXTS_AN_HOUR", 1)
        assert self.send(client, bo, text=CALL_ES).status_code == 302
        answer = self.send(client, bo, text=CALL_ES)
        assert answer.status_code == 429
        assert "This was tried too often. Wait " in answer.text
        assert answer.context["form"]["text"].value() == CALL_ES
        assert ReadText.objects.count() == 1

    def test_a_refused_file_keeps_the_rest_of_the_form(self, client, bo):
        file = io.BytesIO(b"%PDF-1.7 a lie")
        file.name = "call.pdf"
        answer = self.send(client, bo, file=file)
        assert answer.status_code == 422
        assert "file" in answer.context["form"].errors
        assert answer.context["form"]["received_on"].value() == "2026-11-20"

    def test_both_at_once_are_asked_back(self, client, bo):
        file = io.BytesIO(WORD)
        file.name = "call.docx"
        answer = self.send(client, bo, file=file, text="words")
        assert "file" in answer.context["form"].errors

    @pytest.mark.parametrize("day", ["2026-02-31", "2999-01-01", "yesterday", ""])
    def test_a_day_that_cannot_be_is_asked_back(self, client, bo, day):
        answer = self.send(client, bo, text=CALL_ES, received_on=day)
        assert "received_on" in answer.context["form"].errors


@pytest.mark.django_db
@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(
    "text",
    [
        "Nothing is named here at all.",
        "12 March 2027, 31 April 2027, 5 June 1027",
        "في 13 مارس 2027 تدعو UNESCO وRed Ibérica إلى يوم عمل في القاهرة.",
        "Hola amigos, today we march. Demain nous marchons. Morgen auch.",
        "x\u202ey <b>&amp;</b> {{ 7 }} `code` [a](javascript:alert(1)) 🏳️‍🌈",
        "\n".join(f"Lima, Quito, La Paz, Cairo {number}." for number in range(200)),
    ],
)
def test_any_text_has_an_honest_draft(client, bo, text):
    read = services.keep(text, received_on=date(2027, 1, 1), by=bo)
    client.force_login(bo)
    page = client.get(f"/en/work/campaigns/start/text/{read.code}/")

    assert page.status_code == 200
    assert "<b>&amp;</b>" not in page.text
    for item in read.items:
        start, end = item["span"]
        assert 0 <= start < end <= len(read.text)
