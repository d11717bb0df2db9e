"""A campaign's colour as a stylesheet of its own."""

from convoca.campaigns.inks import ink_url


def test_the_stylesheet_is_named_by_its_content_and_never_grows_old(client, db):
    answer = client.get(ink_url("vermilion"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assert "--field:#CC3311" in answer.content.decode()
    assert not answer.cookies


def test_a_colour_under_a_wrong_name_is_not_there(client, db):
    good = ink_url("#123456")
    assert client.get(good).status_code == 200
    assert client.get(good.replace("123456", "123457")).status_code == 404
    assert client.get("/ink/nonsense.css").status_code == 404
