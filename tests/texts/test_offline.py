import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from convoca.core.errors import Refusal
from convoca.texts import services
from convoca.texts.models import Translation
from convoca.texts.services.offline import COLUMNS, guarded, unguarded
from tests.texts.conftest import FIRST, SECOND, translate
from tests.texts.test_views import signed_in, url


@pytest.fixture
def fr(text, rhea):
    return services.open_translation(text, "fr", by=rhea)


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def written(rows, *, delimiter=",", columns=COLUMNS):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def filled(fr, words="Mots {}"):
    return [row | {"translation": words.format(n)} for n, row in enumerate(rows_of(export(fr)))]


def export(fr):
    fr.refresh_from_db()
    return services.export(fr)


@given(st.text(alphabet="'=+-@\t\rab \n", max_size=8))
def test_a_guarded_cell_is_no_formula_and_comes_back_as_it_was(cell):
    assert guarded(cell)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert unguarded(guarded(cell)) == cell


def test_an_export_holds_every_paragraph_with_its_words(fr, rhea):
    services.save_paragraph(fr, 4, "- Une bouteille", seen_revision=0, by=rhea)
    rows = rows_of(export(fr))
    assert export(fr).startswith(b"\xef\xbb\xbf")
    assert [row["paragraph"] for row in rows] == ["title", "1", "2", "3", "4"]
    assert {row["version"] for row in rows} == {"1"}
    assert rows[4]["source"].startswith("'- Traer")
    assert (rows[4]["translation"], rows[4]["revision"]) == ("'- Une bouteille", "1")


def test_what_was_exported_comes_back_unchanged(fr, rhea):
    translate(fr.text, "fr", rhea)
    plan = services.plan_import(fr, export(fr).decode("utf-8-sig"))
    assert len(plan.same) == 5
    assert services.import_lines(fr, export(fr).decode("utf-8-sig"), by=rhea) == 0


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_words_written_offline_are_imported(fr, rhea, delimiter):
    content = written(filled(fr), delimiter=delimiter)
    assert [line.kind for line in services.plan_import(fr, content).lines] == ["new"] * 5
    assert services.import_lines(fr, content, by=rhea) == 5
    fr.refresh_from_db()
    assert (fr.done_count, fr.paragraphs.get(key=0).body) == (5, "Mots 0")


def test_a_list_written_offline_loses_its_guard(fr, rhea):
    rows = filled(fr)
    rows[4]["translation"] = "'- une\n- deux"
    services.import_lines(fr, written(rows), by=rhea)
    assert fr.paragraphs.get(key=4).body == "- une\n- deux"


def test_an_empty_cell_takes_nothing_away(fr, rhea):
    translate(fr.text, "fr", rhea)
    rows = [row | {"translation": ""} for row in rows_of(export(fr))]
    assert services.import_lines(fr, written(rows), by=rhea) == 0
    assert fr.paragraphs.get(key=2).body == "«El agua es de todos.»"


def spoil(rows, row, **cells):
    return [old | (cells if n == row else {}) for n, old in enumerate(rows)]


@pytest.mark.parametrize(
    ("spoiled", "reason"),
    [
        (lambda rows: written(spoil(rows, 2, text="zzzzzzzz")), "Line 4: this line belongs to"),
        (lambda rows: written(spoil(rows, 2, language="pt")), "Line 4: this line belongs to anoth"),
        (lambda rows: written(spoil(rows, 1, paragraph="x")), "Line 3: “x” is no number"),
        (lambda rows: written(spoil(rows, 1, paragraph="77")), "Line 3: version 1 has no such"),
        (lambda rows: written(spoil(rows, 1, version="9")), "Line 3: this text has no version 9"),
        (lambda rows: written(spoil(rows, 1, digest="0" * 32)), "Line 3: the digest does not"),
        (lambda rows: written([*rows, rows[1]]), "the paragraph stands in line 3 already"),
        (lambda rows: written(spoil(rows, 1, translation="x" * 20_001)), "Line 3: This has 20001"),
        (lambda rows: written(rows, columns=COLUMNS[:-1]), "the column “translation” is missing"),
        (lambda rows: written(rows) + "a,b\r\n", "2 cells, but the head has 8"),
        (lambda rows: written(rows) + '"open', "the quotation marks do not close"),
        (lambda rows: written(spoil(rows, 1, translation="a\x00b")), "it holds a NUL"),
        (lambda rows: "", "Line 1: the column “text” is missing"),
    ],
)
def test_a_broken_file_is_refused_with_its_line_and_nothing_is_imported(fr, rhea, spoiled, reason):
    content = spoiled(filled(fr))
    with pytest.raises(Refusal) as refused:
        services.import_lines(fr, content, by=rhea)
    assert reason in str(refused.value)
    assert not fr.paragraphs.exists()


@pytest.mark.parametrize(
    ("data", "code"),
    [("Ríos".encode("latin-1"), "file-not-utf8"), (b"x" * 5_000_001, "file-too-large")],
)
def test_a_file_in_another_spelling_or_far_too_large_is_refused(data, code):
    with pytest.raises(Refusal) as refused:
        services.read_file(data)
    assert refused.value.code == code


def test_of_an_older_file_only_what_is_still_current_is_imported(fr, rhea, edit):
    content = written(filled(fr))
    edit(fr.text, SECOND)
    fr.text.refresh_from_db()

    plan = services.plan_import(fr, content)
    assert [(line.number, line.key) for line in plan.moved_on] == [(5, 3)]

    assert services.import_lines(fr, content, by=rhea) == 4
    assert set(fr.paragraphs.values_list("key", flat=True)) == {0, 1, 2, 4}


def test_a_paragraph_changed_here_meanwhile_is_kept_unless_chosen(fr, rhea, rui):
    content = written(filled(fr))
    services.save_paragraph(fr, 2, "De Rui.", seen_revision=0, by=rui)

    assert [line.key for line in services.plan_import(fr, content).contested] == [2]
    services.import_lines(fr, content, by=rhea)
    assert fr.paragraphs.get(key=2).body == "De Rui."

    services.import_lines(fr, content, by=rhea, take=frozenset({2}))
    row = fr.paragraphs.get(key=2)
    assert (row.body, row.earlier[0]["body"]) == ("Mots 2", "De Rui.")


def test_the_file_goes_out_and_in_through_the_browser(network, text, rhea):
    client = signed_in(rhea)
    out = client.get(url("export", text, "fr"))
    assert out["Content-Type"] == "text/csv; charset=utf-8"
    assert {row["translation"] for row in rows_of(out.content)} == {""}
    content = written(
        [row | {"translation": f"Mots {n}"} for n, row in enumerate(rows_of(out.content))]
    )
    file = SimpleUploadedFile("words.csv", content.encode("utf-8-sig"), "text/csv")

    preview = client.post(url("import", text, "fr"), {"file": file})
    assert preview.status_code == 200
    assert "5 paragraphs are written" in preview.content.decode()
    assert not Translation.objects.exists()

    done = client.post(url("import", text, "fr"), {"content": preview.context["content"]})
    assert done.status_code == 302
    assert Translation.objects.get(text=text, language="fr").paragraphs.count() == 5


def test_a_refused_import_begins_no_translation(network, text, rhea):
    page = signed_in(rhea).post(url("import", text, "fr"), {"content": "nonsense"})
    assert page.status_code == 422
    assert not Translation.objects.exists()


def test_lines_in_another_order_and_a_part_of_them_are_imported(fr, rhea):
    rows = filled(fr)
    assert services.import_lines(fr, written([rows[3], rows[1]]), by=rhea) == 2
    assert set(fr.paragraphs.values_list("key", flat=True)) == {1, 3}


@pytest.mark.parametrize("data", [b"", b"nonsense", "Ríos".encode("latin-1")])
def test_a_broken_upload_is_answered_with_the_line(network, text, rhea, data):
    file = SimpleUploadedFile("words.csv", data, "text/csv")
    page = signed_in(rhea).post(url("import", text, "fr"), {"file": file})
    assert page.status_code == 422


def test_the_longest_paragraph_fits_and_a_title_that_long_does_not(make_text, rhea):
    text = make_text(words=FIRST + "\n" + "agua " * 3_900)
    fr = services.open_translation(text, "fr", by=rhea)
    rows = filled(fr, "x" * 19_990 + "{}")
    with pytest.raises(Refusal, match="Line 2: A title has at most 200 characters"):
        services.import_lines(fr, written(rows), by=rhea)
    assert services.import_lines(fr, written(rows[1:]), by=rhea) == 5
