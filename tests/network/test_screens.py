"""Every screen: who may open it, and that it opens."""

import pytest
from django.urls import reverse
from django.utils import timezone

from convoca.network import services
from convoca.network.models import Decision, Region
from convoca.network.urls import urlpatterns
from tests.cast import make_organisation, make_person, mandate_of

EVERYBODY, NOBODY = "ana bo chi dia eve fay", ""
SIGNED_IN = "ana bo dia eve fay"
GET_SCREENS = {
    "organisations": EVERYBODY,
    "organisation": EVERYBODY,
    "committees": EVERYBODY,
    "committee": EVERYBODY,
    "join": EVERYBODY,
    "asked-to-join": EVERYBODY,
    "enter-code": EVERYBODY,
    "code-mailed": EVERYBODY,
    "invitation": EVERYBODY,
    "work": SIGNED_IN,
    "acting": SIGNED_IN,
    "audit": "bo",
    "work-organisations": "bo",
    "organisations-csv": "bo",
    "add-organisation": "bo",
    "work-organisation": "ana bo",
    "edit-organisation": "ana bo",
    "logo": "ana bo",
    "affiliate": "ana bo",
    "leave": "ana",
    "invite-to-organisation": "ana",
    "invite-member": "bo",
    "decline-organisation": "bo",
    "propose": "bo",
    "work-committees": "bo",
    "committees-csv": "bo",
    "start-committee": "ana bo eve",
    "work-committee": "ana bo fay",
    "edit-committee": "ana bo fay",
    "invite-to-committee": "ana bo fay",
    "people": "bo",
    "lost-factor": "bo",
    "invite-to-network": "bo",
    "end-mandate": "ana bo fay",
    "rearrange": "bo",
    "hand-over": "ana",
    "invitations": "bo",
    "decisions": "bo",
    "regions": "bo",
    "add-region": "bo",
    "edit-region": "bo",
    "settings": "bo",
}
REDIRECTS = {"organisation-by-code", "committee-by-code"}
NEED_A_TOKEN = {"confirm-joining"}
NEED_A_SECOND_FACTOR = {"forget-factors"}  # test_lost_factor
NEED_A_TEXT = {"organisation-in"}
POST_ONLY = {
    "ask-to-join": "public",
    "confirmed-joining": "public",
    "find-code": "public",
    "accept": "public",
    "decline": "public",
    "ask-by-code": "public",
    "start-about": "ana bo",
    "separate": "ana bo eve",
    "take-back": "bo",
    "admit": "bo",
    "end-committee": "ana bo fay",
    "reopen-committee": "ana bo fay",
    "resend": "ana bo",
    "revoke": "ana bo",
    "confirm-decision": "bo",
    "withdraw-decision": "bo",
    "undo-decision": "bo",
    "remove-region": "bo",
}


@pytest.fixture
def people(network, ana, bo, chi, dia, eve, fay):
    return {"ana": ana, "bo": bo, "chi": chi, "dia": dia, "eve": eve, "fay": fay}


@pytest.fixture
def addresses(people, union, library, harbour) -> dict[str, list]:
    """The arguments of each address, for something that is there."""
    ana, bo, dia, fay = (people[name] for name in ("ana", "bo", "dia", "fay"))
    asking = make_organisation("Friends of the Spring", state="asked")
    invited = make_organisation("Invited", state="invited")
    left = make_organisation("Left", state="left")
    sent = services.invite(
        "role", organisation=union, role="delegate", email="g@example.org", by=ana
    )
    decision = Decision.objects.create(
        kind="suspend", organisation=library, reason="!", proposed_by=bo
    )
    region = Region.objects.create(names={"en": "South"}, countries=["BR", "CL"])
    whole = {
        "organisation": [union.code, union.slug()],
        "committee": [harbour.code, harbour.slug()],
        "invite-member": [invited.code],
        "decline-organisation": [asking.code],
        "admit": [asking.code],
        "take-back": [left.code],
        "separate": [union.code, library.code],
        "end-mandate": [services.mandate_for(fay, committee=harbour).pk],
        "rearrange": [mandate_of(dia).pk],
        "hand-over": [mandate_of(ana, union).pk],
        "edit-region": [region.pk],
        "remove-region": [region.pk],
        "propose": [union.code],
    }
    for name in ("invitation", "accept", "decline", "ask-by-code"):
        whole[name] = [sent.secret]
    for name in ("resend", "revoke"):
        whole[name] = [sent.invitation.pk]
    for name in ("confirm-decision", "withdraw-decision", "undo-decision"):
        whole[name] = [decision.pk]
    for path in urlpatterns:
        if path.name in whole or "<" not in str(path.pattern):
            continue
        is_committee = "committee" in str(path.pattern)
        whole[path.name] = [harbour.code if is_committee else union.code]
    return whole


def _client_of(client, person):
    client.logout()
    if person.is_authenticated:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_every_address_is_in_the_tables():
    known = {
        *GET_SCREENS,
        *REDIRECTS,
        *NEED_A_TOKEN,
        *NEED_A_TEXT,
        *NEED_A_SECOND_FACTOR,
        *POST_ONLY,
    }
    assert {path.name for path in urlpatterns} == known


@pytest.mark.parametrize("name", GET_SCREENS)
def test_a_screen_opens_for_those_who_may_and_for_nobody_else(name, people, addresses, client):
    address = reverse(f"network:{name}", args=addresses.get(name, []))
    opened = [
        who
        for who, person in people.items()
        if _client_of(client, person).get(address).status_code == 200
    ]
    assert " ".join(opened) == GET_SCREENS[name]


@pytest.mark.parametrize("name", [n for n, who in GET_SCREENS.items() if who != EVERYBODY])
def test_a_stranger_is_led_to_sign_in(name, addresses, client):
    address = reverse(f"network:{name}", args=addresses.get(name, []))
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/en/account/sign-in/")


@pytest.mark.parametrize("name", [n for n, who in POST_ONLY.items() if who != "public"])
def test_a_step_is_taken_by_those_who_may_and_by_nobody_else(name, people, addresses, client):
    address = reverse(f"network:{name}", args=addresses[name])
    for who in ("chi", "dia", "eve", "fay", "ana", "bo"):
        answer = _client_of(client, people[who]).post(address)
        if who == "chi":
            assert "/account/sign-in/" in answer["Location"]
        elif who in POST_ONLY[name].split():
            assert answer.status_code == 302, who
            assert "/account/" not in answer["Location"]
            break  # the first step may have changed what the next could do
        else:
            assert answer.status_code in (403, 404), who


@pytest.mark.parametrize("name", POST_ONLY)
def test_looking_at_a_step_does_nothing(name, addresses, people, client):
    address = reverse(f"network:{name}", args=addresses.get(name, []))
    assert _client_of(client, people["bo"]).get(address).status_code == 405


@pytest.mark.parametrize("language", ["es", "ar"])
@pytest.mark.parametrize("name", GET_SCREENS)
def test_a_screen_opens_in_other_languages_too(name, language, people, addresses, client):
    address = reverse(f"network:{name}", args=addresses.get(name, []))
    who = (GET_SCREENS[name].split() or ["bo"])[0]
    answer = _client_of(client, people[who]).get(address.replace("/en/", f"/{language}/", 1))
    assert answer.status_code == 200
    if not name.endswith("-csv"):
        assert f'lang="{language}"' in answer.content.decode()[:200]


def test_a_steward_needs_a_second_factor_outside_the_demo(ana, client, settings, network):
    gil = make_person("Gil")
    services.grant(gil, "steward")
    answer = _client_of(client, gil).get(reverse("network:work"))
    assert answer["Location"] == reverse("mfa_index")
    settings.DEMO = True
    assert client.get(reverse("network:work")).status_code == 200
    settings.DEMO = False
    assert _client_of(client, ana).get(reverse("network:work")).status_code == 200


def test_an_ended_mandate_is_gone_in_an_open_session(ana, union, client, network):
    signed_in = _client_of(client, ana)
    address = union.get_work_url()
    assert signed_in.get(address).status_code == 200
    mandate = mandate_of(ana, union)
    mandate.until_at = timezone.now()
    mandate.save()

    assert signed_in.get(address).status_code == 403
    assert signed_in.get(reverse("network:work")).wsgi_request.acting is None


def test_the_switch_changes_for_whom_one_acts(ana, union, library, client, network):
    services.grant(ana, "delegate", organisation=library)
    signed_in = _client_of(client, ana)
    other = mandate_of(ana, library)
    signed_in.post(reverse("network:acting"), {"mandate": other.pk})
    assert signed_in.get(reverse("network:work")).wsgi_request.acting == other

    signed_in.post(reverse("network:acting"), {"mandate": 999_999})
    assert signed_in.get(reverse("network:work")).wsgi_request.acting == other


def test_people_and_decisions_are_searched_filtered_and_exported(bo, dia, union, client, network):
    Decision.objects.create(
        kind="suspend",
        organisation=union,
        reason="=1+1",
        proposed_by=bo,
        withdrawn_by=bo,
        withdrawn_at=timezone.now(),
    )
    signed_in = _client_of(client, bo)
    people = reverse("network:people")
    for wanted, found in (({"role": "translator"}, [dia]), ({"q": "bo@"}, [bo])):
        held = signed_in.get(people, wanted).context["held"]
        assert [mandate.person for mandate in held] == found
    sheet = signed_in.get(people, {"role": "translator", "as": "csv"}).content.decode("utf-8-sig")
    assert sheet.splitlines()[1].startswith("Dia,dia@example.org,translator,")

    decisions = reverse("network:decisions")
    assert len(signed_in.get(decisions, {"q": "port"}).context["settled"]) == 1
    assert len(signed_in.get(decisions, {"q": "nobody"}).context["settled"]) == 0
    sheet = signed_in.get(decisions, {"as": "csv"}).content.decode("utf-8-sig")
    assert sheet.splitlines()[1].startswith("Union of Port Workers,suspend,'=1+1,Bo,")


def test_committees_are_exported_as_they_are_filtered(bo, harbour, client, network):
    address = reverse("network:committees-csv")
    for words, count in (("harbour", 2), ("nowhere", 1)):
        sheet = _client_of(client, bo).get(address, {"q": words}).content.decode("utf-8-sig")
        assert len(sheet.splitlines()) == count


def test_lists_at_work_are_narrowed_to_a_country_or_a_region(bo, client, network):
    for name, country in (("Tejo", "PT"), ("Ebro", "ES"), ("Tana", "KE")):
        make_organisation(name, country=country)
    region = Region.objects.create(names={"en": "Iberia"}, countries=["PT", "ES"])
    address = reverse("network:work-organisations")
    signed_in = _client_of(client, bo)
    for where, names in (("KE", ["Tana"]), (f"r{region.pk}", ["Ebro", "Tejo"])):
        found = signed_in.get(address, {"where": where}).context["organisations"]
        assert [str(one) for one in found] == names
