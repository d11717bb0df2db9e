"""Organisations and committees under headings of any language, without a screen."""

import pytest

from convoca.core.errors import Refusal
from convoca.exchange import reading
from convoca.exchange.reading import headers
from convoca.exchange.services.members import import_members
from convoca.network.models import Organisation


def listed(tmp_path, text):
    path = tmp_path / "members.csv"
    path.write_text(text, encoding="utf-8")
    file = reading.open_file(path, kind="members")
    return file, reading.suggest(file, "members")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("name:es", "name:es"),
        ("Comité (AR)", "committee:ar"),
        ("Organisation", "name"),
        ("Pays", "country"),
        ("E-Mail", "contact_email"),
        ("البلد", "country"),
        ("Ortsgruppe", "committee"),
        ("part of", "part_of"),
    ],
)
def test_headings_of_members_are_known(heading, field):
    found = headers.guess(heading, "members")
    assert found is not None
    assert found.field == field


def test_a_list_is_taken_in_whole_and_columns_can_be_said(tmp_path, network):
    text = "Verein;Land;Sprache der Post\nWasserfreunde;DE;de\n;FR;\n"
    file, mapping = listed(tmp_path, text)
    tally, unread = import_members(file, mapping, by=None, dry_run=True)
    assert (tally.added, tally.wrong, unread) == (1, 1, [])
    assert not Organisation.objects.exists()
    mapping = mapping.with_changes(["Sprache der Post=languages"])
    import_members(file, mapping, by=None, dry_run=False)
    organisation = Organisation.objects.get()
    assert (str(organisation), organisation.country, organisation.languages) == (
        "Wasserfreunde", "DE", ["de"],
    )  # fmt: skip


def test_a_list_without_names_is_refused(tmp_path, network):
    file, mapping = listed(tmp_path, "Land;Art\nDE;union\n")
    with pytest.raises(Refusal) as refused:
        import_members(file, mapping, by=None, dry_run=True)
    assert refused.value.code == "column-missing"
