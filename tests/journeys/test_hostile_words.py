"""Words that want to be a program, in every field that readers see: everywhere they are words.

The whole site is walked by its links, as a stranger and as a steward, in a left-to-right and a
right-to-left language; then the calendars, the exports, the preview pictures and every mail.
"""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from convoca.campaigns import services as campaigns
from convoca.core.names import Names
from convoca.media import services as media
from convoca.network import services as network_services
from convoca.outbox.models import Message
from convoca.outbox.services import index_of
from convoca.texts import services as texts
from tests.campaigns.conftest import publish, start
from tests.cast import make_organisation, mandate_of

pytestmark = pytest.mark.django_db

BAD = "=HYPERLINK(1)<script>alert(1)</script>{{7*191}}{% now 'Y' %}\u202eab\u202c e\u0301\"'&"
EVALUATED = "1337"
HREF = re.compile(r'(?:href|src|action)="([^"#]*)')
EACH = 3


@pytest.fixture
def hostile(network, bo, ana, union, dia, settings):
    """A network in which everybody has typed BAD wherever it could be typed."""
    settings.DEMO = False
    under = mandate_of(bo)
    network.names = Names(en=BAD, ar=BAD)
    network.imprint_name = network.imprint_address = BAD
    network.save()
    for person in (bo, ana, dia):
        person.name = BAD
        person.save()
    network_services.edit_organisation(union, names=Names(en=BAD, ar=BAD), under=under)
    committee = network_services.start_committee(
        Names(en=BAD, fr=BAD), organisations=[union], contact=BAD, country="PT", under=under
    )
    body = make_organisation(BAD)
    network_services.affiliate(union, body)
    campaign = start(under, union, names=Names(en=BAD), words=f"# {BAD}\n\n{BAD}\n\n- {BAD}")
    campaigns.change(campaign, lead=Names(en=BAD, ar=BAD), names=Names(en=BAD, ar=BAD), under=under)
    campaigns.set_demands(campaign, [Names(en=BAD, ar=BAD)], under=under)
    first = timezone.localdate() + timedelta(days=9)
    campaigns.add_moment(
        campaign,
        kind="week",
        starts_on=first,
        ends_on=first + timedelta(days=6),
        names=Names(en=BAD),
        where=Names(en=BAD),
        under=under,
    )
    paper = media.keep_file(SimpleUploadedFile(f"{BAD}.txt", BAD.encode()), by=bo)
    campaigns.add_material(campaign, paper, names=Names(en=BAD), language="en", under=under)
    publish(campaign, under)
    campaigns.endorse(campaign, on_behalf_of=union, under=mandate_of(ana, union))
    campaigns.invite(
        campaign,
        organisations=[body],
        addresses=[("new@example.org", BAD, "en")],
        under=under,
    )
    french = texts.open_translation(campaign.call, "fr", by=dia)
    for source in campaign.call.sources():
        texts.save_paragraph(french, source.key, f"fr {BAD}", seen_revision=0, by=dia)
    texts.submit(french, by=dia)
    texts.suggest(campaign.call, "en", 2, f"better {BAD}", note=BAD)
    network_services.invite(
        "role", email="x@example.org", name=BAD, message=BAD, role="press", under=under
    )
    network_services.propose("suspend", union, reason=BAD, under=under)
    asked = network_services.ask_to_join(
        email="j@example.org", language="en", name=BAD, kind="union", contact_name=BAD, why=BAD
    )
    mail = Message.objects.get(template="network/confirm-joining", to_index=index_of(asked.email))
    network_services.confirm_joining(mail.body.split("/confirm/")[1].split("/")[0])
    return campaign, committee


def put_away(answer):
    """Close an answer and its file, without ending the test's own connection to the database."""
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)


def walk(client, *starts):
    """Every page, calendar and export that links lead to, `EACH` of a kind: (address, answer)."""
    queue, seen, count = list(starts), set(starts), {}
    while queue:
        address = queue.pop(0)
        path = re.sub(r"^/[a-z]{2}/", "/en/", urlsplit(address).path)
        try:
            with translation.override("en"):
                kind = resolve(path).view_name
        except Resolver404:
            continue
        count[kind] = count.get(kind, 0) + 1
        if count[kind] > EACH:
            continue
        answer = client.get(address)
        put_away(answer)
        if answer.status_code in (405, 422):  # the address of a form
            continue
        assert answer.status_code in (200, 301, 302), f"{address}: {answer.status_code}"
        found = [answer["Location"]] if "Location" in answer else []
        if answer.get("Content-Type", "").startswith("text/html"):
            found += HREF.findall(answer.content.decode())
            yield address, answer
        elif answer.status_code == 200:
            yield address, answer
        for href in found:
            target = urljoin(address, href.replace("&amp;", "&"))
            if target.startswith("/") and target not in seen:
                seen.add(target)
                queue.append(target)


def faults_in(address, answer):
    """What is wrong with one answer: something ran, or could."""
    kind = answer.get("Content-Type", "").split(";")[0]
    body = b"" if answer.streaming else answer.content
    if kind == "text/html":
        words = body.decode()
        bad = [mark for mark in ("<script>alert", EVALUATED) if mark in words]
        bad += ["javascript:"] if re.search(r'(href|src|action)="javascript', words) else []
    elif kind == "text/csv":
        rows = csv.reader(io.StringIO(body.decode("utf-8-sig")))
        bad = [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]
    elif kind == "text/calendar":
        lines = body.split(b"\r\n")
        bad = ["a long line"] if any(len(line) > 75 for line in lines) else []
        bad += [EVALUATED] if EVALUATED.encode() in body else []
    else:
        return []
    return [f"{address}: {mark}" for mark in bad]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_hostile_words_are_words_on_every_page(hostile, client, bo, language):
    campaign, committee = hostile
    starts = [f"/{language}/", f"/{language}/campaigns/{campaign.code}/"]
    steward = Client()
    steward.force_login(bo)
    faults, kinds = [], set()
    for visitor, begin in ((client, starts), (steward, [f"/{language}/work/", *starts])):
        for address, answer in walk(visitor, *begin):
            kinds.add(answer.get("Content-Type", "").split(";")[0])
            faults += faults_in(address, answer)
    assert faults == []
    assert {"text/html", "text/csv", "text/calendar"} <= kinds
    page = client.get(committee.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*191}}" in page


def test_hostile_words_are_words_in_every_mail(hostile):
    mails = list(Message.objects.all())
    assert len({mail.template for mail in mails}) >= 5
    for mail in mails:
        assert EVALUATED not in mail.subject + mail.body, mail.template
        assert "\n" not in mail.subject, mail.template
        assert "&lt;script" not in mail.body, mail.template  # plain text is not escaped either


def test_the_preview_picture_is_drawn_whatever_the_title(hostile, client):
    campaign, _committee = hostile
    page = client.get(campaign.get_absolute_url()).content.decode()
    address = re.search(r'property="og:image" content="[^"]*?(/[a-z]+/campaigns/[^"]+)"', page)
    picture = client.get(address.group(1))
    assert picture.content.startswith(b"\x89PNG")


def test_a_file_is_offered_under_a_harmless_name(hostile, client):
    campaign, _committee = hostile
    paper = campaign.materials.get().document
    answer = client.get(paper.url)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "text/html" not in answer["Content-Type"]
    assert "<" not in answer.get("Content-Disposition", "")
    put_away(answer)
