"""Pages are kept until something they show changes, and audited."""

import pytest

from convoca.pages.middleware import KEPT_AS
from convoca.pages.store import BROTLI, GZIP, PLAIN

pytestmark = pytest.mark.django_db


def test_what_a_stranger_was_answered_is_kept_in_all_forms(client, kept_pages):
    answer = client.get("/en/about/")
    found = {form: kept_pages.look(answer[KEPT_AS], form) for form in (PLAIN, GZIP, BROTLI)}

    assert answer[KEPT_AS] == "http://testserver/en/about/"
    assert found[PLAIN].body == answer.content
    assert len(found[BROTLI].body) < len(found[GZIP].body) < len(answer.content)
    assert all(page.is_fresh for page in found.values())
    assert answer["ETag"] == f'"{found[PLAIN].etag}"'
