"""One sheet for the press in each language, and a picture that other sites show."""

import re
from io import BytesIO

import pytest
from PIL import Image

from convoca.actions.printing import papers
from tests.counting.making import claim_of
from tests.counting.test_results import page, shown  # noqa: F401  used as a fixture
from tests.counting.test_tally import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("audited_pages")]


@pytest.fixture
def claim(rivers, campaign, shown):  # noqa: F811  the fixture of that name
    return claim_of(rivers, campaign, how_many=[people(1200, 2000)])


def test_the_sheet_says_all_of_it(client, campaign, claim, week):
    status, words = page(client, campaign, "press")
    assert status == 200
    for said in ("1,200 to 2,000 people", "1 of 1 action reported", "Paraguay", "outer bound"):
        assert said in words
    assert page(client, campaign, "press", language="ar")[0] == 200
    assert page(client, campaign, "press-of-moment", week.code)[0] == 404  # nothing is known of it


def test_nobody_reads_a_sheet_of_what_is_not_shown(client, rivers, campaign):
    claim_of(rivers, campaign, how_many=[people(1200, 2000)])
    assert page(client, campaign, "press")[0] == 404
    assert page(client, campaign, "press-pdf")[0] == 404


@pytest.mark.skipif(not papers.is_possible(), reason="the extra `pdf` is not installed")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_a_pdf_where_one_can_be_made(client, campaign, claim, language):
    from django.urls import reverse  # noqa: PLC0415  with the next
    from django.utils import translation  # noqa: PLC0415  in the language of the page

    with translation.override(language):
        url = reverse("counting:press-pdf", args=[campaign.code, campaign.slug()])
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")


def test_without_the_extra_the_page_says_so(client, campaign, claim, monkeypatch):
    monkeypatch.setattr(papers, "find_spec", lambda name: None)
    status, words = page(client, campaign, "press-pdf")
    assert status == 200
    assert "This server makes no PDF." in words


def test_the_picture_has_an_address_that_never_grows_old(client, campaign, claim):
    address = re.search(r'og:image" content="http://[^/]+([^"]+)', page(client, campaign)[1])[1]
    answer = client.get(address)
    assert answer.status_code == 200
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    old = re.sub(r"preview-\w+", "preview-old", address)
    assert client.get(old)["Location"] == address
