"""The matrix of `permissions.toml`: every address × each of the cast, and every kind of object.

An address or a model that is missing there fails, and so does a line that nobody has read. See the
head of that file for how to read it, and `tests.record_permissions` for how to add to it.
"""

import re
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from convoca.network import services as network
from convoca.network.models import Network
from convoca.vault.fields import SealedField
from tests import matrix
from tests import world as worlds
from tests.matrix import CAST, UNREAD

pytestmark = pytest.mark.django_db

OURS = "convoca."
ROWS = {row.key: row for row in matrix.rows()}
ADDRESSES = {one.name: one for one in matrix.addresses()}
OBJECTS = matrix.read()["objects"]
EVERYBODY = " ".join(CAST)


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """One world for all of these tests; what a test does to it is undone."""
    with django_db_blocker.unblock(), translation.override("en"), transaction.atomic():
        yield matrix.Site(worlds.build())
        transaction.set_rollback(True)


@pytest.fixture
def kept(site):
    """The site, for a test that changes the world: the change is undone after it."""
    with matrix.nothing_kept():
        yield site


# The matrix is whole


def test_every_address_stands_in_the_matrix():
    named = {row.name for row in ROWS.values()}
    assert sorted(set(ADDRESSES) - named) == []
    assert sorted(named - set(ADDRESSES)) == []


def test_every_address_has_a_name_of_its_own():
    names = [one.name for one in matrix.addresses()]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
    assert [name for name in names if "/" in name or name.endswith(":")] == []


def test_every_line_has_been_read_and_says_something_of_each_of_the_cast():
    unread = [key for key, row in ROWS.items() if UNREAD in {*row.at, *row.get, *row.post}]
    short = [
        key for key, row in ROWS.items() for words in (row.get, row.post) if len(words) != len(CAST)
    ]
    assert unread == []
    assert short == []


def test_every_kind_of_object_stands_in_the_matrix():
    ours = {m._meta.label for m in apps.get_models() if m.__module__.startswith(OURS)}
    assert sorted(ours - set(OBJECTS)) == []
    assert sorted(set(OBJECTS) - ours) == []


# The site answers as the matrix says


@pytest.mark.parametrize("key", ROWS)
def test_the_site_answers_as_the_matrix_says(site, key):
    row = ROWS[key]
    path = row.path(site.world)
    said = {"get": " ".join(row.get), "post": " ".join(row.post)}
    assert {
        method: " ".join(site.word(who, path, method) for who in CAST) for method in said
    } == said


def test_reading_changes_nothing_that_is_recorded():
    acted = [key for key, row in ROWS.items() if "done" in row.get]
    assert acted == []


def test_a_permanent_id_of_what_is_hidden_ends_nowhere(site):
    hidden = [
        reverse("permanent-organisation", args=[site.world.asking.code]),
        reverse("permanent-organisation", args=["nosuch00"]),
        reverse("campaign-id", args=[site.world.draft.code]),
        reverse("campaign-id", args=[site.world.withdrawn.code]),
        reverse("campaign-id", args=["nosuch00"]),
    ]
    with matrix.nothing_kept():
        ends = {path: Client().get(path, follow=True).status_code for path in hidden}
    assert ends == {**dict.fromkeys(hidden, 404), hidden[3]: 410}  # it was public once


# Objects: who sees which


SEEN = [
    (label, number)
    for label, rules in OBJECTS.items()
    if not isinstance(rules, str)
    for number, _rule in enumerate(rules)
]


@pytest.mark.parametrize(("label", "number"), SEEN)
def test_objects_are_seen_by_whom_the_matrix_says(site, label, number):
    rule = OBJECTS[label][number]
    look = _by_queryset if "object" in rule else _by_page
    seen = [who for who in CAST if look(site, who, label, rule)]
    wanted = rule["by"].replace("everybody", EVERYBODY).replace("nobody", "").split()
    assert seen == wanted


def _by_queryset(site, who, label, rule) -> bool:
    rows = apps.get_model(label).objects.visible_to(site.person(who))
    return rows.filter(pk=site.world.find(f"{rule['object']}.pk")).exists()


def _by_page(site, who, label, rule) -> bool:
    row = ROWS[rule["page"]]
    answer = site.ask(who, row.path(site.world) + rule.get("ask", ""))
    words = site.world.find(rule["words"])
    return answer.status_code == 200 and words in answer.body.decode()


def test_what_is_internal_says_why():
    assert [label for label, why in OBJECTS.items() if isinstance(why, str) and len(why) < 20] == []


# What strangers read


def _secrets(site) -> set[str]:
    """Every address of mail in the database but the imprint's, and every secret of a link."""
    found = {
        str(getattr(row, field.name) or "")
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.EmailField)
        or (isinstance(field, SealedField) and field.name in {"email", "to"})
        for row in model._base_manager.all()
    }
    world = site.world
    words = {word for row in ROWS.values() if row.secret for word in row.at}
    found |= {world.find(word) for word in words if not word.startswith(":")}
    found |= {world.invitation.token, world.code.token, world.asked.token, world.answered.token}
    found |= {world.sign_up_token, world.sign_up_proof}
    numbers = {one for one in found if str(one).isdecimal()}  # keys of rows are no secrets
    return found - {"", Network.load().imprint_mail} - numbers


def _links(body: str, at: str) -> set[str]:
    links = re.findall(r'(?:href|src)="([^"#]+)|<loc>([^<]+)', body)
    whole = (urljoin(f"http://testserver{at}", one or other) for one, other in links)
    parts = [urlsplit(link.replace("&amp;", "&")) for link in whole]
    return {p.path + (f"?{p.query}" if p.query else "") for p in parts if p.netloc == "testserver"}


@pytest.fixture(scope="module")
def public(site):
    """Every page that a stranger reaches from the front door and the sitemap, by its path."""
    pages, ahead = {}, {"/", "/sitemap.xml", "/robots.txt"}
    ahead |= {
        row.path(site.world) for row in ROWS.values() if row.get[:1] == ("200",) and not row.secret
    }
    while ahead:
        path = ahead.pop()
        if path in pages or path.startswith("/static/") or len(pages) > 2500:
            continue
        answer = site.ask("stranger", path)
        pages[path] = answer
        if answer.status_code in (301, 302):
            ahead.add(answer["Location"])
        elif answer.get("Content-Type", "").startswith(("text/html", "application/xml")):
            found = _links(answer.body.decode(), path)
            # Filters and places of lists of actions are followed from one list only: put
            # together they make more pages than stars.
            ahead |= {one for one in found if _leads_on(one, path)}
    return pages


def _leads_on(link: str, path: str) -> bool:
    is_part = ("?" in link or "/in/" in link) and ("/actions/" in link or "/moments/" in link)
    return not is_part or path in {"/en/actions/", "/en/actions/map/", "/en/actions/coverage/"}


def test_strangers_come_across_the_whole_public_site(public, site):
    assert len(public) > 100
    assert site.world.campaign.get_absolute_url().replace("/en/", "/ar/") in public


def test_no_link_that_strangers_find_leads_nowhere(public):
    assert [path for path, answer in public.items() if answer.status_code >= 400] == []


def test_strangers_read_no_address_no_secret_and_nothing_unpublished(public, site):
    secrets = {one.casefold() for one in _secrets(site)} | {worlds.HUSH}
    told = [
        (path, secret)
        for path, answer in public.items()
        for secret in secrets
        if secret in f"{unquote(path)} {_said(answer)}".casefold()
    ]
    assert told == []


def _said(answer):
    """What it says; the random letters of a form's token would say any short word some day."""
    return re.sub(
        r'(?<="csrfmiddlewaretoken" value=")\w+', "", answer.body.decode("utf-8", "ignore")
    )


def test_the_crawl_would_have_seen_a_secret(site):
    """The words and addresses that it looks for do stand on pages that others may read."""
    desk = ROWS["campaigns:desk of a draft"].path(site.world)
    assert worlds.HUSH in site.ask("member", desk).body.decode().casefold()
    invited = site.ask("member", ROWS["network:work-organisation"].path(site.world))
    assert "hush-gil@example.org" in invited.body.decode()
    assert "hush-gil@example.org" in _secrets(site)
    assert "ana@example.org" in _secrets(site)


PUBLIC = [
    row.key
    for row in ROWS.values()
    if row.name in ADDRESSES and ADDRESSES[row.name].is_public_page and set(row.get) == {"200"}
]


@pytest.mark.parametrize("key", PUBLIC)
def test_a_public_page_is_the_same_for_everybody_and_sets_no_cookie(site, key):
    path = ROWS[key].path(site.world)
    stranger, member = site.ask("stranger", path), site.ask("member", path)
    assert member.body == stranger.body
    assert not stranger.cookies
    assert not member.cookies
    assert member["Cache-Control"] == "no-store"
    assert "Cookie" not in stranger.get("Vary", "")


OPEN_TO_MEMBERS = [
    row.key
    for row in ROWS.values()
    if row.get[1:2] == ("200",)
    and row.name in ADDRESSES
    and not ADDRESSES[row.name].is_public_page
    and row.get[:1] == ("in",)
]


@pytest.mark.parametrize("key", OPEN_TO_MEMBERS)
def test_a_page_behind_sign_in_is_stored_nowhere(site, key):
    assert "no-store" in site.ask("member", ROWS[key].path(site.world))["Cache-Control"]


# Forms of other sites


def _one_row_each():
    return list({row.name: row.key for row in ROWS.values()}.values())


@pytest.mark.parametrize("key", _one_row_each())
def test_no_form_of_another_site_is_taken(site, key):
    """Without the token, or for public forms from another origin, nobody gets anything done."""
    row = ROWS[key]
    address = ADDRESSES[row.name]
    client = site.client("steward", enforce_csrf_checks=True)
    headers = {"Origin": "https://evil.example"} if address.is_public_form else {}
    with matrix.nothing_kept():
        answer = client.post(row.path(site.world), {"words": "x"}, headers=headers)
    assert answer.status_code == 403
    assert address.is_public_form == getattr(address.view, "csrf_exempt", False)


# What ends at once


def _walk(site, who: str, *keys: str) -> list[int]:
    client = site.client(who)
    return [client.get(ROWS[key].path(site.world)).status_code for key in keys]


def test_an_ended_mandate_loses_every_right_at_once_in_an_open_session(kept):
    mine = ("network:edit-organisation", "campaigns:edit-words", "texts:source", "network:leave")
    client = kept.client("member")
    paths = [ROWS[key].path(kept.world) for key in mine]
    signing = ROWS["campaigns:endorse"].path(kept.world)
    before = [client.get(path).status_code for path in paths]
    network.grant(kept.world.gus, "coordinator", organisation=kept.world.union)
    network.end_mandate(kept.world.anas, under=kept.world.anas)

    after = [client.get(path).status_code for path in paths]
    hidden = client.get(ROWS["campaigns:desk of a draft"].path(kept.world)).status_code
    signed = client.post(signing, {"organisation": kept.world.union.code}).status_code
    assert (before, after) == ([200] * 4, [403] * 4)
    assert (hidden, signed) == (404, 422)


def test_a_steward_whose_mandate_ends_is_a_visitor_at_once(kept):
    stewards = [key for key, row in ROWS.items() if row.get == ("in", "403", "403", "403", "200")]
    network.grant(kept.world.gus, "steward")
    before = _walk(kept, "steward", *stewards)
    network.end_mandate(kept.world.secretariat, under=kept.world.second)
    assert set(before) == {200}
    assert set(_walk(kept, "steward", *stewards)) == {403}


def test_the_coordinator_of_a_suspended_organisation_can_do_nothing_for_it(kept):
    mine = ("network:edit-organisation", "campaigns:edit-words", "texts:source", "network:leave")
    before = _walk(kept, "member", *mine)
    decision = network.propose(
        "suspend", kept.world.union, reason="For this test", under=kept.world.second
    )
    network.confirm(decision, under=kept.world.secretariat)

    assert before == [200] * 4
    assert _walk(kept, "member", *mine) == [403] * 4
    assert _walk(kept, "member", "campaigns:desk of a draft", "today", "network:work") == [
        404,
        200,
        200,
    ]
    network.undo(decision, under=kept.world.secretariat)
    assert _walk(kept, "member", *mine) == [200] * 4


def test_a_steward_without_a_second_factor_is_led_to_set_one_up(kept):
    kept.world.bo.authenticator_set.all().delete()
    client = kept.client("steward")
    for key in ("today", "network:people", "campaigns:desk of a draft", "network:settings"):
        answer = client.get(ROWS[key].path(kept.world))
        assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))
    assert client.get(reverse("mfa_index")).status_code == 200
