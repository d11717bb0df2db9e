from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from convoca.accounts.models import Person
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.network import services
from convoca.network.models import JoinRequest, Organisation, Region
from convoca.outbox import services as outbox
from convoca.pages.services import versions
from tests.cast import make_organisation, make_person, mandate_of


def test_editing_says_what_has_changed_and_repeating_it_changes_nothing(ana, union):
    facts = {"names": Names(en="Union of Dockers"), "country": "PT"}
    assert services.edit_organisation(union, under=mandate_of(ana, union), **facts) == ["names"]
    assert services.edit_organisation(union, under=mandate_of(ana, union), **facts) == []
    union.refresh_from_db()
    assert union.sorted_by == "union of dockers"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Sindicato de São Paulo", "sao paulo"),
        ("Ένωση Λιμενεργατών", "ενωση"),
        ("مكتبة الإسكندرية", "اسكندريه"),
        ("東京図書館", "図書"),
        ("Łódź Library", "lodz"),
    ],
)
def test_search_finds_names_whatever_the_accents(name, asked, db):
    found = Organisation.objects.create(names=Names(en=name))
    make_organisation("Something else")
    assert list(Organisation.objects.searching(asked)) == [found]


def test_a_chapter_may_be_part_of_two_bodies_but_never_of_itself(db):
    branch, national, world = (make_organisation(n) for n in ("Branch", "National", "World"))
    services.affiliate(branch, national)
    services.affiliate(branch, world)
    services.affiliate(national, world)
    assert [a.body for a in branch.affiliations.order_by("pk")] == [national, world]
    for chapter, body in [(world, branch), (national, national), (world, national)]:
        with pytest.raises(Refusal) as refused:
            services.affiliate(chapter, body)
        assert refused.value.code == "affiliation-circle"


def test_leaving_stops_mandates_and_can_be_taken_back_for_30_days(ana, bo, union):
    services.leave_network(union, under=mandate_of(ana, union))
    union.refresh_from_db()
    assert (union.state, union.is_former) == ("left", True)
    assert services.mandates_of(ana) == []
    assert [m.template for m in outbox.pending(to=bo)] == ["network/organisation-left"]

    services.take_back(union, under=mandate_of(bo))
    union.refresh_from_db()
    assert (union.state, union.member_until) == ("member", None)
    assert [m.whom for m in services.mandates_of(ana)] == [union]


def test_after_30_days_a_leaving_stays(ana, bo, union):
    services.leave_network(union, under=mandate_of(ana, union))
    with (
        time_machine.travel(timezone.now() + timedelta(days=31), tick=False),
        pytest.raises(Refusal) as refused,
    ):
        services.take_back(union, under=mandate_of(bo))
    assert refused.value.code == "organisation-gone"


def test_who_comes_again_later_begins_without_the_old_mandates(ana, bo, union):
    services.leave_network(union, under=mandate_of(ana, union))
    services.admit(union, under=mandate_of(bo))
    union.refresh_from_db()
    assert union.is_member
    assert services.mandates_of(ana) == []


def test_it_is_known_on_which_day_an_organisation_was_a_member(db):
    now = timezone.now()
    left = make_organisation(
        "Gone",
        state="left",
        member_since=now - timedelta(days=10),
        member_until=now - timedelta(days=2),
    )
    assert left.was_member_on(now - timedelta(days=5))
    assert not left.was_member_on(now - timedelta(days=1))
    assert not left.was_member_on(now - timedelta(days=11))


def test_every_change_of_state_raises_the_pages_of_the_directory(ana, union):
    tags = [*union.page_tags()]
    before = versions(tags)
    services.leave_network(union, under=mandate_of(ana, union))
    after = versions(tags)
    assert all(after[tag] > before[tag] for tag in tags)


@pytest.fixture
def asked(bo) -> JoinRequest:
    """Hana asks that the Friends of the Spring may join; nothing is confirmed yet."""
    return services.ask_to_join(
        name="Friends of the Spring",
        kind="association",
        country="CL",
        site="",
        why="We keep a spring clean.",
        contact_name="Hana",
        email="hana@example.org",
        language="es",
    )


def _token(address: str) -> str:
    [mail] = outbox.pending(to=address)
    return mail.body.split("/join/confirm/")[1].split("/")[0]


def test_asking_to_join_tells_nobody_before_it_is_confirmed(asked, bo):
    assert not Organisation.objects.exists()
    assert not outbox.pending(to=bo).exists()


def test_confirming_passes_the_request_on_once(asked, bo):
    token = _token("hana@example.org")
    services.confirm_joining(token)
    services.confirm_joining(token)
    [organisation] = Organisation.objects.all()
    assert (organisation.state, str(organisation)) == ("asked", "Friends of the Spring")
    assert [m.template for m in outbox.pending(to=bo)] == ["network/asks-to-join"]


def test_admitting_makes_who_asked_its_coordinator(asked, bo):
    request = services.confirm_joining(_token("hana@example.org"))
    services.admit_asking(request.organisation, under=mandate_of(bo))
    services.admit_asking(request.organisation, under=mandate_of(bo))

    hana = Person.objects.get(email="hana@example.org")
    assert [m.role for m in services.mandates_of(hana)] == ["coordinator"]
    assert [m.template for m in outbox.pending(to=hana)] == [
        "network/confirm-joining",
        "network/admitted",
    ]


def test_declining_mails_the_reason_and_does_not_close_the_door(asked, bo):
    request = services.confirm_joining(_token("hana@example.org"))
    services.decline_asking(request.organisation, reason="Come in spring.", under=mandate_of(bo))
    mail = outbox.pending(to="hana@example.org").last()
    assert (mail.template, "Come in spring." in mail.body) == ("network/declined", True)
    services.admit_asking(request.organisation, under=mandate_of(bo))
    assert Organisation.objects.get().is_member


def test_an_unconfirmed_request_is_forgotten_after_7_days(asked):
    token = _token("hana@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        with pytest.raises(Refusal) as refused:
            services.confirm_joining(token)
        assert refused.value.code == "join-expired"
        assert services.forget_unconfirmed() == 1
    assert not JoinRequest.objects.exists()


def test_committees_end_and_come_back_with_their_people(fay, harbour):
    services.end_committee(harbour, under=services.mandate_for(fay, committee=harbour))
    assert services.mandates_of(fay) == []
    services.reopen_committee(harbour)
    assert [m.whom for m in services.mandates_of(fay)] == [harbour]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", ""])
def test_an_unknown_zone_or_language_is_refused_for_the_network(zone, network):
    with pytest.raises(Refusal):
        services.save_network(zone=zone)
    with pytest.raises(Refusal):
        services.save_network(languages=["xx-nothing"])
    with pytest.raises(Refusal):
        services.save_network(languages=[])


def test_closing_an_account_is_refused_to_a_last_coordinator_and_ends_other_mandates(ana, union):
    gil = make_person("Gil")
    services.grant(gil, "delegate", organisation=union)
    services.leave_everything(gil)
    assert services.mandates_of(gil) == []
    with pytest.raises(Refusal):
        services.leave_everything(ana)


def test_an_ended_affiliation_comes_back_as_it_was(ana, union, library):
    services.affiliate(union, library, since_on=date(2020, 5, 1), under=mandate_of(ana, union))
    services.separate(union, library, under=mandate_of(ana, union))
    assert (list(union.affiliations.standing()), union.affiliations.ended().count()) == ([], 1)
    services.affiliate(union, library, under=mandate_of(ana, union))
    assert union.affiliations.standing().get().since_on == date(2020, 5, 1)


def test_what_is_ended_or_removed_can_be_undone_on_the_next_page(client, bo, union, library):
    client.force_login(bo)
    services.affiliate(union, library)
    region = Region.objects.create(names={"en": "South"}, countries=["BR"])
    for address, state in (
        (
            reverse("network:separate", args=[union.code, library.code]),
            lambda: union.affiliations.standing().exists(),
        ),
        (
            reverse("network:remove-region", args=[region.pk]),
            lambda: Region.objects.kept().exists(),
        ),
    ):
        page = client.post(address, follow=True)
        assert f'action="{address}"' in page.content.decode()
        assert not state()
        client.post(address, {"undo": "1"})
        assert state()


def test_a_region_cannot_come_back_after_thirty_days(client, bo):
    client.force_login(bo)
    long_ago = timezone.now() - timedelta(days=31)
    region = Region.objects.create(names={"en": "S"}, countries=["BR"], withdrawn_at=long_ago)
    assert "Bring back" not in client.get(reverse("network:regions")).content.decode()
    client.post(reverse("network:remove-region", args=[region.pk]), {"undo": "1"})
    assert not Region.objects.kept().exists()
