"""Materials, what campaigns add to other pages, mails, sitemaps, the front page's poster."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from convoca.campaigns import services
from convoca.campaigns.front import running
from convoca.campaigns.hooks import endorsed_by, open_work
from convoca.campaigns.rules import STEPS
from convoca.campaigns.sitemaps import SITEMAPS
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.outbox.models import Message
from convoca.texts.models import Text
from convoca.texts.rules import may_translate
from tests.campaigns.conftest import publish, start
from tests.cast import mandate_of

NOTE = SimpleUploadedFile("note.txt", b"Bring boots.", content_type="text/plain")


def picture() -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (640, 480), "#0A6472").save(drawn, "PNG")
    return SimpleUploadedFile("banner.png", drawn.getvalue(), content_type="image/png")


def upload(client, campaign, **files):
    path = f"/en/work/campaigns/{campaign.code}/materials/"
    return client.post(path, {"names-in-en": "A note", "language": "en", **files})


def test_a_material_shows_its_size_and_comes_back(client, campaign, ana):
    client.force_login(ana)
    assert upload(client, campaign, document=NOTE).status_code == 302
    material = campaign.materials.get()
    text = client.get(campaign.get_absolute_url()).content.decode()
    assert "A note" in text
    assert "1 kB" in text

    path = f"/en/work/campaigns/{campaign.code}/materials/{material.pk}/withdraw/"
    client.post(path)
    assert "A note" not in client.get(campaign.get_absolute_url()).content.decode()
    client.post(path, {"undo": "1"})
    assert "A note" in client.get(campaign.get_absolute_url()).content.decode()


def test_a_material_is_exactly_one_file(client, campaign, ana):
    client.force_login(ana)
    NOTE.seek(0)
    assert upload(client, campaign).status_code == 422
    assert upload(client, campaign, document=NOTE, picture=picture()).status_code == 422
    liar = SimpleUploadedFile("photo.png", b"<?php echo 1;", content_type="image/png")
    assert upload(client, campaign, picture=liar).status_code == 422
    assert not campaign.materials.exists()


def test_withdrawn_materials_come_back_for_thirty_days_only(client, campaign, ana, union):
    client.force_login(ana)
    NOTE.seek(0)
    upload(client, campaign, document=NOTE)
    material = campaign.materials.get()
    material.withdrawn_at = timezone.now() - timedelta(days=31)
    material.save()
    with pytest.raises(Refusal) as refusal:
        services.bring_back_material(material, under=mandate_of(ana, union))
    assert refusal.value.code == "material-gone"
    assert (services.forget_materials(), campaign.materials.count()) == (1, 0)
    assert services.forget_materials() == 0


def test_ink_picture_and_hashtags(client, campaign, ana):
    client.force_login(ana)
    path = f"/en/work/campaigns/{campaign.code}/look/"
    facts = {"free_ink": "#123456", "hashtags": "#Rivers two", "picture": picture(), "alt": "Blue"}
    client.post(path, facts)
    campaign.refresh_from_db()
    assert (campaign.ink, campaign.hashtags) == ("#123456", ["Rivers", "two"])
    text = client.get(campaign.get_absolute_url()).content.decode()
    assert 'alt="Blue"' in text
    assert 'class="poster ink-123456"' in text
    client.post(path, {"free_ink": "#123456", "alt": "A blue river"})
    assert 'alt="A blue river"' in client.get(campaign.get_absolute_url()).content.decode()
    for wrong in ({"free_ink": "blue"}, {"ink": "leaf", "hashtags": "a-b"}):
        assert client.post(path, wrong).status_code == 422


def test_an_organisations_page_says_what_it_signed(client, campaign, signed, union, ana, steward):
    section = endorsed_by(union)
    assert [row for row, _title in section.context["signed"]] == [signed]
    text = client.get(union.get_absolute_url()).content.decode()
    assert "Has signed" in text
    assert campaign.get_absolute_url() in text
    services.withdraw(campaign, under=steward)
    assert campaign.get_absolute_url() not in client.get(union.get_absolute_url()).content.decode()


def test_handing_over_lists_drafts_and_unanswered_invitations(
    draft, union, ana, library, eve, steward
):
    other = publish(start(steward, library, names=Names(en="Other call")), steward)
    services.invite(other, organisations=[union], under=steward)
    words = [work.words for work in open_work(mandate_of(ana, union))]
    assert words == ["Rivers for all (Draft)", "Other call"]
    assert open_work(mandate_of(eve, library)) == []


def test_hostile_words_are_inert_in_mails(union, ana, steward, eve, library):
    title = "<b>{{7*7}}</b>\r\nBcc: all@example.org"
    campaign = publish(start(steward, union, names=Names(en=title)), steward)
    services.change(campaign, lead=Names(en=title), under=steward)
    services.invite(campaign, organisations=[library], under=steward)
    services.endorse(campaign, on_behalf_of=union, under=mandate_of(ana, union))
    for mail in Message.objects.filter(template__startswith="campaigns/"):
        assert "\n" not in mail.subject
        assert "{{7*7}}" in mail.subject + mail.body
        assert "49" not in mail.subject


def test_every_public_address_is_in_the_sitemap_and_answers(client, campaign, signed):
    found = set()
    for sitemap in SITEMAPS.values():
        found |= {url["location"].split("testserver", 1)[-1] for url in _urls(sitemap)}
    assert campaign.get_absolute_url() in found
    assert {client.get(path).status_code for path in found} == {200}


def _urls(sitemap):
    class Site:
        domain = "testserver"

    return sitemap().get_urls(site=Site(), protocol="http")


def test_the_running_campaigns_stand_on_the_front_page_next_day_first(
    union, steward, django_assert_max_num_queries
):
    today = timezone.localdate()
    wanted = []
    for days in (30, 10, 20):
        campaign = publish(start(steward, union, names=Names(en=f"In {days}")), steward)
        day = today + timedelta(days=days)
        services.add_moment(campaign, kind="day", starts_on=day, ends_on=day, under=steward)
        wanted.append(campaign)
    with django_assert_max_num_queries(4):
        posters = running()
    assert [poster.campaign for poster in posters] == [wanted[1], wanted[2]]
    services.take_step(wanted[1], STEPS["close"], under=steward)
    assert [poster.campaign for poster in running()] == [wanted[2], wanted[0]]


def test_the_call_knows_its_campaign(campaign, ana, dia, eve, chi):
    text = Text.objects.get(pk=campaign.call_id)
    kind = text.kind
    assert (str(kind.label), text.owner) == ("Calls", campaign)
    assert text.title == "Rivers for all"
    assert text.address_in("fr").startswith(f"/fr/campaigns/{campaign.code}/")
    assert [kind.may_edit(who, campaign) for who in (ana, dia, eve, chi)] == [
        True,
        False,
        False,
        False,
    ]
    assert [may_translate(who, text, "fr") for who in (ana, dia, eve, chi)] == [
        True,
        True,
        False,
        False,
    ]


def test_closing_takes_the_call_off_the_translators_desks(campaign, steward):
    services.take_step(campaign, STEPS["close"], under=steward)
    assert Text.objects.get(pk=campaign.call_id).closed_at is not None
    services.take_step(campaign, STEPS["reopen"], under=steward)
    assert Text.objects.get(pk=campaign.call_id).closed_at is None


def test_nobody_is_asked_to_translate_what_was_withdrawn(campaign, steward):
    waiting = Text.objects.translatable().filter(pk=campaign.call_id)
    services.withdraw(campaign, under=steward)
    assert not waiting.exists()
    services.bring_back(campaign, under=steward)
    assert waiting.exists()

    services.take_step(campaign, STEPS["close"], under=steward)
    services.withdraw(campaign, under=steward)
    services.bring_back(campaign, under=steward)
    assert not waiting.exists()


def test_the_preview_picture_is_immutable_and_changes_its_address(client, campaign, steward):
    old = f"/en/campaigns/{campaign.code}/preview-x.png"
    first = client.get(old)["Location"]
    picture = client.get(first)
    assert picture["Content-Type"] == "image/png"
    assert "immutable" in picture["Cache-Control"]
    services.change(campaign, ink="leaf", under=steward)
    assert client.get(old)["Location"] != first
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert f'content="http://localhost:8000{client.get(old)["Location"]}"' in page


def test_a_series_of_withdrawals_and_returns_ends_after_thirty_days(campaign, steward):
    gone = services.withdraw(campaign, under=steward)
    assert services.bring_back(gone, under=steward).is_open
    gone = services.withdraw(campaign, under=steward)
    gone.withdrawn_at = timezone.now() - timedelta(days=31)
    gone.save()
    with pytest.raises(Refusal) as refusal:
        services.bring_back(gone, under=steward)
    assert refusal.value.code == "campaign-gone"
