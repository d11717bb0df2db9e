import pytest

from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.network import services, spreadsheets
from convoca.network.models import Committee, Invitation, Organisation
from tests.cast import make_organisation, make_person
from tests.network.sheets import rows_of

SHEET = """name,name:es,kind,country,site,languages,part_of,contact_name,contact_email,committee
Union of Port Workers,Unión Portuaria,union,PT,ports.example,pt es,,Ana,ana@example.org,
Union of Port Workers,,,,,,,,,Harbour committee
Friends of the Spring,,Association,Chile,,es,Union of Port Workers,,,
"""


def take(text: str, *, by=None, dry_run=False) -> services.Tally:
    return services.import_organisations(rows_of(text), by=by, dry_run=dry_run)


def test_a_sheet_brings_organisations_committees_and_invitations(network):
    tally = take(SHEET)
    union = Organisation.objects.get(country="PT")

    assert (tally.added, tally.changed, tally.wrong) == (2, 1, 0)
    assert union.names == {"en": "Union of Port Workers", "es": "Unión Portuaria"}
    assert (union.kind, union.site, union.languages) == (
        "union",
        "https://ports.example",
        ["pt", "es"],
    )
    assert union.is_member
    spring = Organisation.objects.get(country="CL")
    assert [a.body for a in spring.affiliations.all()] == [union]
    assert [list(c.organisations.all()) for c in Committee.objects.all()] == [[union]]
    [invitation] = Invitation.objects.all()
    assert (invitation.email, invitation.role, invitation.language) == (
        "ana@example.org",
        "coordinator",
        "pt",
    )


def test_twice_is_once(network):
    take(SHEET)
    again = take(SHEET)
    assert (again.added, again.changed, again.same) == (0, 0, 3)
    assert Organisation.objects.count() == 2
    assert Committee.objects.count() == 1
    assert Invitation.objects.count() == 1


def test_a_preview_says_the_same_and_writes_nothing(network):
    preview = take(SHEET, dry_run=True)
    assert not Organisation.objects.exists()
    assert not Invitation.objects.exists()
    done = take(SHEET)
    assert [vars(row) for row in preview.rows] == [vars(row) for row in done.rows]


@pytest.mark.parametrize(
    "row",
    [
        ",PT,,",
        "A,Atlantis,,",
        "A,PT,notakind,",
        f"{'x' * 201},PT,,",
        "A,PT,,not-an-address",
    ],
)
def test_a_wrong_row_says_why_and_the_others_go_in(row, network):
    tally = take(f"name,country,kind,contact_email\n{row}\nGood,FR,,\n")
    [wrong] = tally.of("wrong")
    assert wrong.number == 2
    assert wrong.notes
    assert [str(o) for o in Organisation.objects.all()] == ["Good"]


def test_an_organisation_is_known_again_by_code_or_by_name_and_country(network):
    here = make_organisation("Água Viva", country="BR")
    make_organisation("Água Viva", country="PT")
    tally = take("name,country,site\nagua viva,BR,https://a.example\n,,\n")
    here.refresh_from_db()
    assert (tally.changed, here.site) == (1, "https://a.example")

    take(f"code,name,country\n{here.code},Água Viva do Brasil,BR\n")
    here.refresh_from_db()
    assert str(here) == "Água Viva do Brasil"


def test_a_name_that_two_organisations_have_asks_for_the_country(network):
    make_organisation("Água Viva", country="BR")
    make_organisation("Água Viva", country="PT")
    [row] = take("name\nÁgua Viva\n").rows
    assert row.state == "wrong"


def test_a_sheet_without_a_name_column_is_refused(network):
    with pytest.raises(Refusal) as refused:
        take("country\nPT\n")
    assert refused.value.code == "column-missing"


def test_a_cell_that_looks_like_a_formula_is_text_and_leaves_neutral(network):
    take('name,country\n"=HYPERLINK(""http://x"")",PT\n')
    [organisation] = Organisation.objects.all()
    assert str(organisation) == '=HYPERLINK("http://x")'
    assert spreadsheets.neutral(str(organisation)).startswith("'=")
    take('name,country\n"\'=HYPERLINK(""http://x"")",PT\n')
    assert Organisation.objects.count() == 1


def test_columns_that_are_not_used_are_named(network):
    assert take("name,shoe size\nA,42\n").unknown_columns == ["shoe size"]


def test_an_invited_organisation_gets_an_invitation_to_become_a_member(network):
    take("name,state,contact_email\nFriends,invited,f@example.org\n")
    assert Organisation.objects.get().state == "invited"
    assert Invitation.objects.get().purpose == "membership"


def test_a_committee_of_the_sheet_has_its_place(network):
    text = (
        "name,country,committee,committee_place\n"
        "Union,PT,Porto committee,Porto\nUnion,PT,Nowhere committee,Xyzzyville\n"
    )
    tally = take(text)
    [committee] = Committee.objects.all()
    assert (committee.place.name, committee.country) == ("Porto", "PT")
    assert [row.number for row in tally.of("wrong")] == [3]
    assert take(text).changed == 0


def test_an_organisation_is_known_again_by_a_name_in_any_of_its_languages(network):
    here = Organisation.objects.create(
        names={"es": "Ríos Vivos", "en": "Living Rivers"}, state="invited"
    )
    take("name,country\nliving rivers,PE\n")
    here.refresh_from_db()
    assert (here.country, Organisation.objects.count()) == ("PE", 1)


def test_two_columns_for_one_language_do_not_overwrite_each_other(network):
    tally = take("name,name:en,name:es\nOne,One,Uno\nTwo,Deux,Dos\n")
    assert [(row.words, row.state) for row in tally.rows] == [("One", "new"), ("Two", "wrong")]


@pytest.mark.parametrize("cell", ["sven at mail", "not//a site"])
def test_a_wrong_cell_is_quoted(cell, network):
    column = "contact_email" if "mail" in cell else "site"
    [row] = take(f"name,country,{column}\nBad,SE,{cell}\n").rows
    assert cell in row.notes[0]


WHOLE = """name,name:es,country,kind,part_of,contact_email,committee,committee_place
Alpha,Alfa,PT,union,Beta,a@example.org,Harbour,Porto
Alpha,,PT,,,a@example.org,Harbour,Porto
Beta,,BR,,,not-an-address,,
Gamma,,BR,,,,Spring,Nowhereville
Beta,,BR,,,b@example.org,,
Alpha,,PT,union,Beta,a2@example.org,Weir,
Beta,,BR,,Alpha,,,
Known,Conocida,FR,faith,,,Old committee,
Known,Conocida,FR,faith,,,,
Former,,FR,,,x@example.org,,
Spoken for,,FR,,,y@example.org,,
"""
STATES = "new same wrong wrong new changed same changed same changed same"


def test_a_rehearsal_says_of_every_kind_of_row_what_happens(network, ana, union):
    known = make_organisation("Known", country="FR")
    services.start_committee(Names(en="Old committee"), organisations=[known])
    make_organisation("Former", country="FR", state="left")
    spoken = make_organisation("Spoken for", country="FR")
    services.grant(make_person("Gil"), "coordinator", organisation=spoken)

    preview = take(WHOLE, dry_run=True)
    counted = Organisation.objects.count(), Committee.objects.count(), Invitation.objects.count()
    done = take(WHOLE)

    assert counted == (4, 1, 0)
    assert [vars(row) for row in preview.rows] == [vars(row) for row in done.rows]
    assert (preview.committees, preview.invitations) == (done.committees, done.invitations)
    assert " ".join(row.state for row in done.rows) == STATES


def test_a_wrong_row_is_forgotten_so_that_the_next_is_not_taken_for_it(network):
    """A row that was taken back must not leave its name to whoever gets its number."""
    take("name,contact_email\nAlpha,nonsense\nBeta,\nAlpha,a@example.org\n")

    assert sorted(str(o) for o in Organisation.objects.all()) == ["Alpha", "Beta"]


def test_a_preview_costs_the_same_however_long_the_sheet(network, django_assert_num_queries):
    def sheet(rows):
        lines = [f"Number {n},PT,n{n}@example.org,Group {n}" for n in range(rows)]
        return "\n".join(["name,country,contact_email,committee", *lines])

    for rows in (1, 50):
        with django_assert_num_queries(7):
            assert take(sheet(rows), dry_run=True).added == rows
