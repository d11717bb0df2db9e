"""Who still has to set up a second factor can do nothing else, but sees pages as everybody does."""

import pytest

from convoca.campaigns.inks import ink_url
from convoca.network import services
from tests.cast import make_person


@pytest.fixture
def new_steward(client, network, bo):
    """Signed in, a steward, and without a second factor."""
    person = make_person("Nan")
    services.grant(person, "steward")
    client.force_login(person)
    return person


def test_work_waits_until_the_second_factor_is_there(client, new_steward):
    assert client.get("/en/work/").status_code == 302
    assert client.get("/en/work/")["Location"].endswith("/account/security/")


@pytest.mark.parametrize("path", ["/en/", "/en/privacy/", "/robots.txt", "/sitemap.xml"])
def test_what_is_public_stays_open(client, new_steward, path):
    assert client.get(path).status_code == 200


def test_the_colours_of_the_page_are_not_led_astray(client, new_steward):
    assert client.get(ink_url("petrol"))["Content-Type"].startswith("text/css")
