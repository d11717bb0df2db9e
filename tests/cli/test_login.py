"""Links made at the machine, and what happens when a steward lost the second factor."""

import json

import pytest

ROSA = "rosa@rivers.example"


@pytest.fixture
def stewards(installation):
    """Rosa and Bo are stewards; Rosa has an authenticator app and recovery codes."""
    installation.python(
        "from convoca.accounts.models import Person\n"
        "from convoca.network import services as network\n"
        "from allauth.mfa.models import Authenticator\n"
        "for email in ('rosa@rivers.example', 'bo@rivers.example'):\n"
        "    network.grant(Person.objects.create_person(email), 'steward')\n"
        "rosa = Person.objects.get(email='rosa@rivers.example')\n"
        "for kind in ('totp', 'recovery_codes'):\n"
        "    Authenticator.objects.create(user_id=rosa.pk, type=kind, data={})\n"
        "Person.objects.create_person('ana@union.example')\n"
    )
    return installation


def factors(installation):
    return installation.python(
        "from allauth.mfa.models import Authenticator; print(Authenticator.objects.count())"
    )


def test_login_prints_one_link_in_the_persons_language(stewards):
    ended = stewards.run("login", "Rosa@rivers.example")
    assert ended.returncode == 0
    assert ended.stdout.startswith("http://localhost:8000/en/account/sign-in/link/")
    assert ended.stdout.count("\n") == 1


def test_login_of_nobody_is_a_sentence(stewards):
    ended = stewards.run("login", "nobody@rivers.example")
    assert ended.returncode == 1
    assert ended.stderr == "convoca: nobody here has the address nobody@rivers.example.\n"


def test_recovering_removes_the_factors_tells_every_steward_and_stands_in_the_trail(stewards):
    ended = stewards.run("steward", "recover", ROSA, "--yes", ROSA, "--json")

    done = json.loads(ended.stdout)
    assert (done["removed"], factors(stewards)) == (2, "0")
    assert "/account/sign-in/link/" in done["link"]
    said = stewards.python(
        "from convoca.outbox.models import Message\n"
        "from convoca.audit.models import Entry\n"
        "told = Message.objects.filter(template__contains='second-factor')\n"
        "print(sorted((m.to, m.template) for m in told))\n"
        "print(Entry.objects.filter(event='second-factor.forgotten').count())"
    )
    assert said == (
        "[('bo@rivers.example', 'network/second-factor-removed'), "
        "('rosa@rivers.example', 'accounts/second-factor-forgotten')]\n1"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([ROSA], f"convoca: nobody is there to confirm it. Add: --yes {ROSA}\n"),
        (
            [ROSA, "--yes", "bo@rivers.example"],
            "convoca: that is not the same address; nothing was changed.\n",
        ),
        (
            ["ana@union.example", "--yes", "ana@union.example"],
            "convoca: ana is not a steward.\n",
        ),
    ],
)
def test_recovering_needs_the_same_address_twice_and_a_steward(stewards, words, sentence):
    ended = stewards.run("steward", "recover", *words)
    assert (ended.returncode, ended.stderr, factors(stewards)) == (1, sentence, "2")
