"""A cut connection: half of what was typed is not taken for all of it."""

from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.test import RequestFactory
from django.test.client import ClientHandler

from convoca.outbox.models import Message
from convoca.web.whole import CutOff, WholeBody, whole_bodies

pytestmark = pytest.mark.django_db


class Slow(BytesIO):
    """A connection on which three bytes come at a time."""

    def read(self, size=-1, /):
        return super().read(min(size, 3) if size >= 0 else 3)


def test_a_body_is_read_to_its_end_however_it_arrives():
    assert WholeBody(Slow(b"river water"), 11).read() == b"river water"
    body = WholeBody(Slow(b"river\nwater"), 11)
    assert (body.readline(), body.read(2), body.read()) == (b"river\n", b"wa", b"ter")


def test_a_body_that_ends_early_is_refused():
    with pytest.raises(CutOff):
        WholeBody(BytesIO(b"river"), 11).read()


@pytest.mark.parametrize(("share", "status", "mails"), [(1.0, 302, 1), (0.6, 400, 0)])
def test_a_form_that_was_cut_off_does_nothing(network, share, status, mails):
    form = urlencode({"address": "", "page": "", "words": "The map is empty. " * 20}).encode()
    request = RequestFactory().post(
        "/en/problem/send/",
        form,
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": "http://testserver"},
    )
    environ = {**request.environ, "wsgi.input": BytesIO(form[: int(len(form) * share)])}
    handler, answers = ClientHandler(), []
    whole_bodies(lambda environ, _start: answers.append(handler(environ)))(environ, None)
    assert [answer.status_code for answer in answers] == [status]
    assert Message.objects.count() == mails
