"""The way in, step by step, as a browser would go it."""

import pytest
from django.urls import reverse

from convoca.accounts.models import Person
from convoca.network import services
from convoca.network.models import Committee, Invitation, JoinRequest, Mandate, Organisation
from convoca.outbox import services as outbox
from tests.cast import make_organisation, make_person, mandate_of
from tests.network.sheets import rows_of

pytestmark = pytest.mark.usefixtures("audited_pages")
HERE = {"origin": "http://testserver"}


@pytest.fixture
def sign_in(client):
    def as_person(person):
        client.logout()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_person


def _link(address: str, word: str) -> str:
    """The path of the link in the newest mail to the address."""
    mail = outbox.pending(to=address).last()
    return (
        "/"
        + mail.body.split(f"/{word}/", 1)[0].rsplit("/", 1)[1]
        + (f"/{word}/" + mail.body.split(f"/{word}/", 1)[1].split()[0])
    )


def test_a_new_coordinator_accepts_and_is_signed_in(network, bo, union, client):
    sent = services.invite(
        "role",
        organisation=make_organisation("Água"),
        role="coordinator",
        email="gil@example.org",
        under=mandate_of(bo),
    )
    address = reverse("network:invitation", args=[sent.secret])
    assert client.get(address).status_code == 200
    wrong = client.post(f"{address}accept/", {"name": "", "language": "xx"})
    assert wrong.status_code == 422
    answer = client.post(f"{address}accept/", {"name": "Gil", "language": "pt"})
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(address).status_code == 410


def test_who_is_here_already_accepts_by_the_link_and_then_signs_in(
    network, ana, eve, client, union
):
    sent = services.invite("role", organisation=union, role="delegate", email=eve.email, by=ana)
    address = reverse("network:invitation", args=[sent.secret])
    answer = client.post(f"{address}accept/")
    assert answer["Location"].startswith("/en/account/sign-in/")
    assert services.mandate_for(eve, union).role == "delegate"


def test_somebody_else_who_is_signed_in_is_told_so(network, ana, eve, union, sign_in):
    sent = services.invite("role", organisation=union, role="delegate", email="g@x.org", by=ana)
    browser = sign_in(eve)
    address = reverse("network:invitation", args=[sent.secret])
    assert "g@x.org" in browser.get(address).content.decode()
    assert browser.post(f"{address}accept/", {"name": "Eve"}).status_code == 422


def test_a_code_leads_to_its_invitation_and_a_wrong_one_says_how_codes_look(
    network, fay, harbour, client
):
    sent = services.invite("role", committee=harbour, role="host", uses=3, by=fay)
    find = reverse("network:find-code")
    assert client.post(find, {"code": "zzzz-zzzz"}, headers=HERE).status_code == 422
    answer = client.post(find, {"code": sent.secret.upper()}, headers=HERE)
    address = answer["Location"]
    assert client.get(address).status_code == 200
    asked = client.post(f"{address}ask/", {"name": "Gil", "email": "gil@example.org"}, headers=HERE)
    assert asked["Location"] == reverse("network:code-mailed")
    link = _link("gil@example.org", "invitation")
    client.post(f"{link}accept/", {"name": "Gil", "language": "en"})
    gil = Person.objects.get(email="gil@example.org")
    assert [m.whom for m in services.mandates_of(gil)] == [harbour]


@pytest.mark.parametrize("state", ["revoked", "declined", "used", "expired", "unknown"])
def test_a_closed_invitation_says_what_to_do(state, network, ana, union, client):
    sent = services.invite("role", organisation=union, role="delegate", email="g@x.org", by=ana)
    secret = sent.secret
    if state == "revoked":
        services.revoke(sent.invitation)
    elif state == "declined":
        services.decline(sent.invitation)
    elif state == "used":
        services.accept(sent.invitation, name="Gil")
    elif state == "expired":
        Invitation.objects.update(expires_at=sent.invitation.created_at)
    else:
        secret = "not-a-token"
    address = reverse("network:invitation", args=[secret])
    expected = 404 if state == "unknown" else 410
    assert client.get(address).status_code == expected
    assert client.post(f"{address}accept/", {"name": "Gil", "language": "en"}).status_code in (
        404,
        422,
        410,
    )


def test_an_organisation_asks_to_join_and_is_admitted(network, bo, sign_in, client):
    form = {
        "name": "Friends of the Spring",
        "kind": "association",
        "country": "CL",
        "site": "spring.example",
        "contact_name": "Hana",
        "email": "hana@example.org",
    }
    answer = client.post(reverse("network:ask-to-join"), form, headers=HERE)
    assert answer["Location"] == reverse("network:asked-to-join")
    link = _link("hana@example.org", "join")
    assert client.get(link).status_code == 200
    assert not Organisation.objects.exists()
    client.post(link.replace("/confirm/", "/confirmed/"))
    spring = Organisation.objects.get()
    assert (spring.state, spring.site) == ("asked", "https://spring.example")

    sign_in(bo).post(reverse("network:admit", args=[spring.code]))
    spring.refresh_from_db()
    assert spring.is_member


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"email": "no"},
        {"kind": "gang"},
        {"country": "Atlantis"},
        {"site": "javascript:alert(1)"},
    ],
)
def test_a_wrong_request_to_join_keeps_what_was_typed(wrong, network, client):
    form = {
        "name": "Spring",
        "kind": "association",
        "contact_name": "<b>Hana</b>",
        "email": "hana@example.org",
    }
    answer = client.post(reverse("network:ask-to-join"), form | wrong, headers=HERE)
    assert answer.status_code == 422
    assert "&lt;b&gt;Hana&lt;/b&gt;" in answer.content.decode()
    assert not JoinRequest.objects.exists()


def test_a_foreign_page_cannot_send_the_form(network, client):
    foreign = {"origin": "https://evil.example"}
    answer = client.post(reverse("network:ask-to-join"), {}, headers=foreign)
    assert answer.status_code == 403


def test_a_coordinator_edits_invites_adds_a_committee_and_hands_over(network, ana, union, sign_in):
    browser = sign_in(ana)
    edit = reverse("network:edit-organisation", args=[union.code])
    facts = {"names-in-en": "Union of Dockers", "names-in-es": "Sindicato", "kind": "union"}
    assert browser.post(edit, facts).status_code == 302
    union.refresh_from_db()
    assert union.names == {"en": "Union of Dockers", "es": "Sindicato"}
    assert browser.post(edit, {"names-in-en": "x" * 300, "kind": "union"}).status_code == 422
    assert browser.post(edit, {"names-in-en": " ", "kind": "union"}).status_code == 422

    invite = reverse("network:invite-to-organisation", args=[union.code])
    browser.post(invite, {"role": "delegate", "way": "mail", "email": "gil@example.org"})
    shown = browser.post(invite, {"role": "delegate", "way": "code", "uses": 5})
    assert shown.status_code == 200
    assert Invitation.objects.count() == 2
    assert browser.post(invite, {"role": "steward", "way": "code"}).status_code == 422
    assert browser.post(invite, {"role": "delegate", "way": "mail"}).status_code == 422

    browser.post(
        reverse("network:start-committee"),
        {"names-in-en": "Porto", "place": "Porto, Portugal", "organisations": [union.pk]},
    )
    committee = Committee.objects.get()
    assert committee.place.name == "Porto"
    assert list(committee.organisations.all()) == [union]

    gil = make_person("Gil")
    services.grant(gil, "delegate", organisation=union)
    hand_over = reverse("network:hand-over", args=[mandate_of(ana, union).pk])
    assert browser.post(hand_over, {}).status_code == 422
    browser.post(hand_over, {"person": gil.pk})
    assert services.mandates_of(ana) == []
    assert services.has_coordinator(union)
    assert browser.get(edit).status_code == 403


def test_two_stewards_suspend_and_undo(network, bo, ben, ana, union, sign_in):
    sign_in(bo).post(
        reverse("network:propose", args=[union.code]),
        {"kind": "suspend", "reason": "No answer."},
    )
    decision = union.decisions.get()
    confirm = reverse("network:confirm-decision", args=[decision.pk])
    sign_in(bo).post(confirm)
    union.refresh_from_db()
    assert union.is_member
    sign_in(ben).post(confirm)
    union.refresh_from_db()
    assert union.state == "suspended"
    sign_in(bo).post(reverse("network:undo-decision", args=[decision.pk]))
    union.refresh_from_db()
    assert union.is_member


def test_a_steward_invites_a_translator_and_changes_the_pairs(network, bo, sign_in):
    browser = sign_in(bo)
    invite = reverse("network:invite-to-network")
    form = {"role": "translator", "way": "mail", "email": "gil@example.org"}
    assert browser.post(invite, form).status_code == 422
    assert browser.post(invite, form | {"language_pairs": "en > xxyyzzq"}).status_code == 422
    browser.post(invite, form | {"language_pairs": "en > fr, es → pt-br"})
    invitation = Invitation.objects.get()
    assert invitation.language_pairs == [["en", "fr"], ["es", "pt-BR"]]

    services.accept(invitation, name="Gil")
    mandate = Mandate.objects.get(person__email="gil@example.org")
    browser.post(reverse("network:rearrange", args=[mandate.pk]), {"language_pairs": "en > ar"})
    assert Mandate.objects.unended().get(role="translator").language_pairs == [["en", "ar"]]


def test_the_network_is_named_in_each_language(network, bo, sign_in):
    form = {
        "names-in-en": "Living Rivers",
        "names-in-ar": "الأنهار الحية",
        "ink": "#CC3311",
        "languages": ["en", "ar", "qu"],
        "fallbacks": "qu > es",
        "zone": "America/Lima",
        "imprint_name": "Secretariat",
        "imprint_mail": "hello@example.org",
    }
    browser = sign_in(bo)
    assert browser.post(reverse("network:settings"), form).status_code == 302
    network.refresh_from_db()
    assert network.languages == ["en", "ar", "qu"]
    assert network.fallbacks == {"qu": "es"}
    assert browser.post(reverse("network:settings"), form | {"ink": "red"}).status_code == 422


def test_an_export_is_neutral_and_can_be_imported_again(network, bo, sign_in):
    make_organisation("=1+1", country="PT")
    answer = sign_in(bo).get(reverse("network:organisations-csv"))
    text = answer.content.decode("utf-8-sig")
    assert ",'=1+1," in text
    tally = services.import_organisations(rows_of(text), dry_run=True)
    assert (tally.added, tally.changed, tally.wrong) == (0, 0, 0)


def test_lists_of_invitations_and_the_trail_can_be_exported(network, bo, ana, union, sign_in):
    services.invite("role", organisation=union, role="delegate", email="=g@x.org", by=ana)
    browser = sign_in(bo)
    for name in ("invitations", "audit"):
        answer = browser.get(reverse(f"network:{name}"), {"as": "csv"})
        assert answer["Content-Type"].startswith("text/csv")
    text = browser.get(reverse("network:invitations"), {"as": "csv"}).content.decode()
    assert "'=g@x.org" in text


def test_a_mandate_by_invitation_may_have_a_last_day(network, ana, union, sign_in):
    invite = reverse("network:invite-to-organisation", args=[union.code])
    form = {"role": "delegate", "way": "mail", "email": "gil@example.org"}
    browser = sign_in(ana)
    assert browser.post(invite, form | {"until_on": "2020-01-01"}).status_code == 422
    browser.post(invite, form | {"until_on": "2099-12-31"})
    accepted = services.accept(Invitation.objects.get(), name="Gil")
    assert accepted.mandate.until_at.date().isoformat() == "2100-01-01"
