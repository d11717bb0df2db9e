"""Former names lead on to the present one; the log knows requests, not people."""

import dataclasses

import pytest
from structlog.testing import capture_logs

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed(settings):
    """The site is waters.example now, and was rivers.example."""
    settings.CONFIG = dataclasses.replace(
        settings.CONFIG, url="https://waters.example", former_hosts=("rivers.example",)
    )
    settings.ALLOWED_HOSTS = ["waters.example", "rivers.example"]


@pytest.mark.parametrize(
    "path", ["/en/imprint/", "/campaigns/k7mq02xd", "/es/?q=agua%20viva&page=2", "//evil.example/"]
)
def test_a_former_name_leads_to_the_same_path_for_good(client, renamed, path):
    answer = client.get(
        "/",
        headers={"host": "rivers.example"},
        PATH_INFO=path.split("?")[0],
        QUERY_STRING=path.partition("?")[2],
    )
    assert answer.status_code == 301
    assert answer["Location"].startswith("https://waters.example/")
    assert answer["Location"].removeprefix("https://waters.example").replace("/%2F", "//") == path


def test_a_form_sent_to_a_former_name_keeps_its_method(client, renamed):
    answer = client.post("/en/imprint/", {"a": "b"}, headers={"host": "RIVERS.example:443"})
    assert answer.status_code == 308
    assert answer["Location"] == "https://waters.example/en/imprint/"


def test_the_present_name_is_served(client, renamed):
    answer = client.get("/en/imprint/", headers={"host": "waters.example"})
    assert answer.status_code == 200


def test_a_request_is_one_line_with_the_pattern_of_its_address(client):
    with capture_logs() as lines:
        client.get("/en/help/secret-page/?q=rosa@rivers.example", REMOTE_ADDR="203.0.113.9")
    (line,) = [line for line in lines if line["event"] == "request"]
    assert line["route"] == "en/help/<slug:slug>/"
    assert line["status"] == 404
    assert "203.0.113.9" not in str(line)
    assert "secret-page" not in str(line)
    assert "rosa" not in str(line)
