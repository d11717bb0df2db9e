"""The form to sign up, what follows it, and one's own page, as browsers meet them."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from convoca.actions.facts import Where
from convoca.actions.models import Action, Seats, SignUp
from convoca.actions.services import life, signups
from convoca.actions.services.letters import link_of, proof_of
from convoca.core.languages import UI_LANGUAGES
from convoca.outbox import services as outbox
from tests.actions.making import make_action, town

pytestmark = pytest.mark.django_db
OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


def form_of(action):
    return reverse("actions:come", args=[action.code, action.slug()])


def send(action, address="192.0.2.1", **typed):
    typed.setdefault("people", "1")
    client = Client(headers=OURS, REMOTE_ADDR=address)
    return client.post(reverse("actions:sign-up", args=[action.code, action.slug()]), typed)


def press(page, *args, **typed):
    return Client(headers=OURS).post(reverse(f"actions:{page}", args=args), typed)


def only(action):
    return SignUp.objects.get(action=action)


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_form_says_until_which_day_everything_is_kept(client, network, action):
    page = words(client.get(form_of(action)))
    assert "14 days after the action" in page
    assert only_day(action) in page


def only_day(action):
    row = signups.sign_up(action, sender="s")
    day = row.delete_on
    signups.delete(row)
    return f"{day.day} {day:%B} {day.year}"


def test_a_wrong_slug_leads_to_the_form(client, network, action):
    answer = client.get(reverse("actions:come", args=[action.code, "other"]))
    assert (answer.status_code, answer["Location"]) == (301, form_of(action))


@pytest.mark.parametrize("proof", ["no-such", "Ж"])
def test_what_is_no_proof_confirms_nothing(network, action, proof):
    send(action, name="Nima", email="nima@example.org")
    row = only(action)
    assert press("own-confirmed", link_of(row), proof).status_code == 404
    assert only(action).state == SignUp.State.UNCONFIRMED


def test_from_the_form_over_the_mail_onto_the_list(client, network, action):
    answer = send(action, name="Nima", email="nima@example.org", people="2")
    row = only(action)
    assert (answer.status_code, row.state) == (302, SignUp.State.UNCONFIRMED)
    assert "One more step" in words(client.get(answer["Location"]))
    body = outbox.pending(to="nima@example.org").get().body
    link = re.search(r"http\S+/confirm/\S+", body)[0]

    looked = client.get(link)  # as a scanner does
    assert looked.status_code == 200
    assert only(action).state == SignUp.State.UNCONFIRMED

    pressed = press("own-confirmed", link_of(row), proof_of(row))
    assert pressed["Location"] == reverse("actions:own", args=[link_of(row)])
    assert only(action).state == SignUp.State.COMING
    assert "confirmed already" in words(client.get(link))


def test_nobody_confirms_without_the_mail(network, action):
    send(action, email="nima@example.org")
    row = only(action)
    assert press("own-confirmed", link_of(row), "0" * 40).status_code == 404
    assert only(action).state == SignUp.State.UNCONFIRMED
    assert proof_of(row) not in words(Client().get(reverse("actions:own", args=[link_of(row)])))


def test_the_answer_page_adds_another_person_at_once(client, network, action):
    answer = send(action)
    page = words(client.get(answer["Location"]))
    another = re.search(r'name="another" value="(\w+)"', page)[1]
    for _thumb in range(2):
        assert send(action, another=another).status_code == 302
    assert Seats.objects.get(action=action).people == 2


def test_what_was_wrong_is_said_and_what_was_typed_is_kept(network, action):
    answer = send(action, name="Nima Okonkwo", email="not a mail", people="0")
    page = words(answer)
    assert answer.status_code == 422
    assert 'value="Nima Okonkwo"' in page
    assert "At least one person comes" in page
    assert SignUp.objects.count() == 0


@pytest.mark.parametrize(
    ("step", "words_said"),
    [
        (lambda action: life.cancel(action), "This action was cancelled"),
        (lambda action: life.hide(action, why="reported"), "cannot be read at the moment"),
    ],
)
def test_a_form_sent_too_late_keeps_what_was_typed(network, action, step, words_said):
    step(action)
    answer = send(action, name="Nima Okonkwo")
    page = words(answer)
    assert answer.status_code == 422
    assert words_said in page
    assert 'value="Nima Okonkwo"' in page
    assert "Nothing of it was stored" in page
    assert SignUp.objects.count() == 0


def test_a_hidden_action_shows_nothing_of_itself(network, action):
    life.hide(action, why="reported")
    assert "March along the river" not in words(send(action))


def test_limited_places_ask_for_an_address_and_say_why(client, network, campaign, union):
    small = make_action(campaign, union, capacity=2)
    assert "Places are limited here" in words(client.get(form_of(small)))
    assert send(small).status_code == 422


def test_a_hidden_address_is_told_to_who_is_on_the_list(client, network, campaign, union):
    place = [Where(town(), venue="Canary house", street="Canary street 3")]
    city = make_action(campaign, union, places=place, visibility=Action.Visibility.CITY)
    asked = make_action(campaign, union, places=place, visibility=Action.Visibility.REQUEST)
    for action, knows in ((city, True), (asked, False)):
        assert "Canary" not in words(client.get(form_of(action)))
        answer = send(action, email="nima@example.org")
        row = only(action)
        assert "Canary" not in words(client.get(answer["Location"]))
        signups.confirm(row)
        page = words(client.get(reverse("actions:own", args=[link_of(row)])))
        last = outbox.pending(to="nima@example.org").last()
        assert (("Canary street 3" in page), ("Canary street 3" in last.body)) == (knows, knows)


def test_ones_own_page_changes_cancels_and_deletes(client, network, action):
    send(action, name="Nima")
    token = link_of(only(action))
    own = reverse("actions:own", args=[token])
    assert press("own-change", token, name="Nima", people="4")["Location"] == own
    assert Seats.objects.get(action=action).people == 4
    press("own-cancel", token)
    assert "This sign-up is cancelled" in words(client.get(own))
    assert press("own-delete", token).status_code == 200
    assert SignUp.objects.count() == 0
    assert client.get(own).status_code == 404


def test_private_pages_are_kept_by_nobody(client, network, action):
    answer = client.get(send(action)["Location"])
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_three_hundred_people_behind_one_address_sign_up(network, action):
    codes = {send(action, name=f"Person {n}").status_code for n in range(300)}
    assert codes == {302}
    assert Seats.objects.get(action=action).people == 300
    assert mail.outbox == []


def test_a_robot_that_fills_the_trap_is_asked_once_more(network, action):
    answer = send(action, name="Robot", fax_number="1")
    assert (answer.status_code, SignUp.objects.count()) == (200, 0)
    assert "press once more" in words(answer)


def test_the_page_that_explains_signing_up_stands_where_it_is_needed(client, action):
    page = f"/en/actions/{action.code}/{action.slug()}/come/"
    assert 'href="/en/help/signing-up/">What is this?' in client.get(page).content.decode()
    assert 'href="/en/help/signing-up/"' in client.get("/en/help/").content.decode()
    for language in UI_LANGUAGES:
        text = client.get(f"/{language}/help/signing-up/").content.decode()
        assert f'<article class="prose" lang="{language}"' in text
