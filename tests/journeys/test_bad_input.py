"""What cannot be taken: answered in the reader's language, with what was typed, and nothing
half-written. What one form refuses is tested beside it; here stands what the whole promises.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from convoca.campaigns import services as campaigns
from convoca.campaigns.models import Campaign, Endorsement
from convoca.campaigns.rules import STEPS
from convoca.exchange.services.taking import take_next
from convoca.media.models import Picture
from convoca.network import services as network_services
from convoca.network.models import Committee, Organisation
from convoca.network.services.mandates import stop
from convoca.texts.models import Translation
from tests.campaigns.conftest import publish, start
from tests.cast import mandate_of
from tests.media.fixtures import png_of

pytestmark = pytest.mark.django_db

TYPED = "Ríos <b>vivos</b> & أنهار"
KEPT = "Ríos &lt;b&gt;vivos&lt;/b&gt; &amp; أنهار"


@pytest.fixture
def steward(bo, network):
    return mandate_of(bo)


@pytest.fixture
def campaign(steward, union):
    return publish(start(steward, union), steward)


@pytest.fixture(params=["en", "es", "ar"])
def language(request):
    return request.param


@pytest.fixture
def at(language):
    """The address of a page in the language of the test."""

    def address(name, *args):
        with translation.override(language):
            return reverse(name, args=args)

    return address


def refused(answer, language, *, status=422):
    """The page that says no: whole, in its reader's language, never kept by a browser."""
    page = answer.content.decode()
    assert answer.status_code == status
    assert f'<html lang="{language}"' in page
    assert ('dir="rtl"' in page.split(">")[1]) == (language == "ar")
    assert page.count("<h1") == 1
    return page


@pytest.mark.parametrize("title", ["", " \u200b ", "w" * 300, "e\u0301" * 201])
def test_a_title_of_no_or_too_many_letters(client, bo, union, at, language, title):
    client.force_login(bo)
    sent = {"title": title, "source_language": "es", "convenors": [union.pk], "ink": "leaf"}
    page = refused(client.post(at("campaigns:start"), sent), language)
    assert title.strip(" \u200b")[:20] in page
    assert 'value="español (es)"' in page
    assert not Campaign.objects.exists()


@pytest.mark.parametrize("tag", ["klingonese", "es_", "x" * 40, "<b>", "12"])
def test_an_unknown_language(client, bo, union, at, language, tag, network):
    client.force_login(bo)
    sent = {"title": TYPED, "source_language": tag, "convenors": [union.pk]}
    page = refused(client.post(at("campaigns:start"), sent), language)
    assert KEPT in page
    assert not Campaign.objects.exists()


def test_ten_megabytes_of_markdown(client, bo, campaign, at, language):
    client.force_login(bo)
    before = (campaign.call.draft, campaign.call.revision)
    sent = {"markdown": f"# {TYPED}\n\n" + "Agua. " * 1_700_000, "seen_revision": before[1]}
    answer = client.post(at("texts:source", campaign.call.code), {**sent, "do": "save"})
    assert answer.status_code in (413, 422)
    page = answer.content.decode()
    assert f'<html lang="{language}"' in page
    if answer.status_code == 422:
        assert KEPT in page
    campaign.call.refresh_from_db()
    assert (campaign.call.draft, campaign.call.revision) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.png", b"<?php system($_GET['c']); ?>"),
        ("logo.php", b"\x89PNG\r\n\x1a\n<?php phpinfo();"),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("logo.jpg", b"GIF89a" + b"\0" * 40),
        ("logo.png", b""),
        ("logo.png", png_of(20_000, 10_000)),
    ],
    ids=["php", "png-php", "svg", "lies", "empty", "200 megapixels"],
)
def test_a_logo_that_is_none(client, ana, union, network, at, language, name, content):
    client.force_login(ana)
    sent = {"logo": SimpleUploadedFile(name, content), "picture": SimpleUploadedFile(name, content)}
    refused(client.post(at("network:logo", union.code), sent), language)
    assert not Picture.objects.exists()
    union.refresh_from_db()
    assert union.logo is None


def test_a_spreadsheet_of_formulas_is_words(client, bo, network, at, language):
    client.force_login(bo)
    sheet = "name;country;site\n=1+1;PT;\n@SUM(A1);XX;\n+49 Verein;DE;javascript:alert(1)\n"
    upload = {"file": SimpleUploadedFile("m.csv", sheet.encode()), "kind": "members"}
    columns = client.post(at("exchange:bring-in"), upload)["Location"]
    preview = columns.replace("/columns/", "/preview/")
    assert client.get(preview).context["found"].counts == {"new": 1, "wrong": 2}
    assert not Organisation.objects.exists()
    client.post(preview)
    while take_next(lambda: True):
        pass
    assert [str(o) for o in Organisation.objects.all()] == ["=1+1"]
    export = client.get(at("network:organisations-csv")).content.decode("utf-8-sig")
    assert "'=1+1" in export


def test_a_closed_campaign_takes_no_signature(client, campaign, ana, union, steward, at, language):
    client.force_login(ana)
    address = at("campaigns:endorse", campaign.code)
    assert client.get(address).status_code == 200
    campaigns.take_step(campaign, STEPS["close"], under=steward)
    refused(client.post(address, {"organisation": union.code}), language)
    assert not Endorsement.objects.exists()


def test_signing_twice_is_signing_once(client, campaign, ana, union, at):
    client.force_login(ana)
    address = at("campaigns:endorse", campaign.code)
    for _ in range(2):
        assert client.post(address, {"organisation": union.code}).status_code in (302, 422)
    assert Endorsement.objects.count() == 1


def test_an_ended_mandate_signs_nothing(client, campaign, ana, bo, union, at, language, steward):
    client.force_login(ana)
    address = at("campaigns:endorse", campaign.code)
    assert client.get(address).status_code == 200
    stop(mandate_of(ana, union), under=steward)
    answer = client.post(address, {"organisation": union.code})
    assert answer.status_code in (403, 404, 422)
    assert f'<html lang="{language}"' in answer.content.decode()
    assert not Endorsement.objects.exists()


def test_what_was_typed_outlives_a_campaign_that_closed_and_a_session_that_ended(
    client, campaign, ana, steward, at, language
):
    client.force_login(ana)
    address = at("campaigns:edit-words", campaign.code)
    words = {"names-in-en": "River Week", "lead-in-en": TYPED}
    campaigns.take_step(campaign, STEPS["close"], under=steward)
    assert KEPT in refused(client.post(address, words), language, status=403)
    client.logout()
    assert KEPT in refused(client.post(address, words), language, status=403)
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("state", ["unknown", "used", "revoked"])
def test_an_invitation_that_no_longer_opens(client, network, bo, at, language, state):
    sent = network_services.invite(
        "role", email="g@example.org", role="press", under=mandate_of(bo)
    )
    if state == "used":
        network_services.accept(sent.invitation, name="Gil")
    elif state == "revoked":
        network_services.revoke(sent.invitation, under=mandate_of(bo))
    secret = "no-such-secret" if state == "unknown" else sent.secret
    expected = 404 if state == "unknown" else 410
    refused(client.get(at("network:invitation", secret)), language, status=expected)
    answer = client.post(at("network:accept", secret), {"name": "Gil", "language": "en"})
    assert answer.status_code in (404, 410, 422)


def test_two_editors_of_one_source_are_asked(client, bo, campaign, at, language):
    client.force_login(bo)
    address = at("texts:source", campaign.call.code)
    seen = campaign.call.revision
    first = {"markdown": "One wrote this.", "seen_revision": seen, "hand": "a", "do": "save"}
    second = {"markdown": TYPED, "seen_revision": seen, "hand": "b", "do": "save"}
    assert client.post(address, first).status_code == 302
    answer = client.post(address, second)
    page = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert KEPT in page
    assert "One wrote this." in page
    campaign.call.refresh_from_db()
    assert campaign.call.draft == "One wrote this."


def test_a_translation_into_no_language_is_not_begun(client, dia, campaign, at, language):
    client.force_login(dia)
    answer = client.get(at("texts:open", campaign.call.code), {"language": "klingonese"})
    page = refused(answer, language)
    assert 'value="klingonese"' in page
    assert not Translation.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "campaigns/zzzzzzzz/",
        "campaigns/%00/",
        "organisations/zzzzzzzz/x/",
        "endorse/no-such-secret/",
        "account/sign-in/link/none/",
        "ink/nothing.css",
        "help/../../etc/passwd/",
        "nothing/" + "x" * 2000 + "/",
    ],
)
def test_a_wrong_address_is_a_whole_page(client, network, language, address):
    answer = client.get(f"/{language}/{address}")
    page = answer.content.decode()
    assert answer.status_code in (404, 410)
    assert f'<html lang="{language}"' in page
    assert f'href="/{language}/"' in page


def test_names_in_two_directions_stand_apart(client, network, bo, union):
    name = "\u202eabc\u202c شبكة e\u0301\u0323\u0302"
    committee = network_services.start_committee(
        {"en": name}, organisations=[union], under=mandate_of(bo)
    )
    page = client.get(committee.get_absolute_url()).content.decode()
    assert Committee.objects.get().names["en"] in page
    assert "\u202e" not in page or "\u202c" in page
