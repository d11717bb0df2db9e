import pytest

from convoca.outbox import services as outbox

OURS = {"origin": "http://localhost:8000", "sec-fetch-site": "same-origin"}


def send(client, **answers):
    return client.post("/en/problem/send/", answers, headers={"host": "localhost:8000", **OURS})


def test_a_problem_reaches_whoever_runs_the_site(client, network):
    answer = send(client, words="The map is <script>empty</script>.", address="ana@example.org")

    assert answer.status_code == 302
    (mail,) = outbox.pending(to="hello@example.org")
    assert "The map is <script>empty</script>." in mail.body
    assert "ana@example.org" in mail.body


def test_an_empty_report_is_asked_for_again_and_keeps_the_rest(client, network):
    answer = send(client, words="", page="/en/help/")

    assert answer.status_code == 422
    assert 'value="/en/help/"' in answer.content.decode()
    assert not outbox.pending(to="hello@example.org").exists()


def test_a_foreign_page_cannot_send_it(client, network):
    answer = client.post(
        "/en/problem/send/",
        {"words": "buy"},
        headers={"host": "localhost:8000", "origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403


def test_without_an_address_in_the_imprint_nothing_is_promised(client, network):
    network.imprint_mail = ""
    network.save()

    assert "<form" not in client.get("/en/problem/").content.decode().split("<main")[1]
    assert send(client, words="Hello").status_code == 422


@pytest.mark.parametrize("path", ["problem", "problem/sent"])
def test_the_pages_around_it_open(client, network, path):
    assert client.get(f"/ar/{path}/").status_code == 200
