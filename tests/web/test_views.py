import pytest

from convoca.web.help import FOLDER


@pytest.mark.parametrize("path", ["imprint", "privacy", "accessibility", "help"])
@pytest.mark.parametrize("language", ["en", "es", "fr", "pt", "ar"])
def test_the_pages_of_the_site_open_in_every_language(client, network, path, language):
    page = client.get(f"/{language}/{path}/")

    assert page.status_code == 200
    assert f'lang="{language}"' in page.content.decode()
    assert page.cookies == {}


def test_the_imprint_names_who_answers(client, network):
    assert "Secretariat of Living Rivers" in client.get("/en/imprint/").content.decode()


def test_every_page_of_the_documents_for_users_opens(client, network):
    for path in FOLDER.glob("*.md"):
        assert client.get(f"/en/help/{path.stem}/").status_code == 200


def test_a_translated_document_opens_in_its_language(client, network):
    for path in FOLDER.glob("*/*.md"):
        language, title = path.parent.name, path.read_text("utf-8").split("\n")[0].lstrip("# ")
        page = client.get(f"/{language}/help/{path.stem}/").content.decode()
        assert f">{title}</h1>" in page, path


@pytest.mark.parametrize("slug", ["nothing-here", "-", "x" * 300])
def test_a_help_page_that_is_not_there_is_not_found(client, network, slug):
    page = client.get(f"/en/help/{slug}/")
    assert page.status_code == 404
    assert "This page is not here" in page.content.decode()
