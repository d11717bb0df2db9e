"""The demo's front door."""

import dataclasses

import pytest

from convoca.accounts.models import Person

pytestmark = pytest.mark.django_db


def test_a_press_on_a_name_signs_in_as_that_person(client, settings):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, demo=True)
    settings.DEMO = True
    rosa = Person.objects.create(email="rosa@rivers.example", name="Rosa")
    answer = client.post("/en/demo/sign-in/rosa/", follow=True, headers={"host": "localhost:8000"})
    assert answer.redirect_chain[0][1] == 307
    assert answer.status_code == 200
    assert client.session["_auth_user_id"] == str(rosa.pk)


def test_outside_the_demo_there_is_no_such_door(client):
    Person.objects.create(email="rosa@rivers.example", name="Rosa")
    assert client.post("/en/demo/sign-in/rosa/").status_code == 404
