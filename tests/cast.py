"""The fixed cast of the tests: who they are, and what they may do.

Ana coordinates the union; Bo and Ben are stewards; Chi is a stranger; Dia translates for the
network from English and Spanish into French; Eve coordinates the library; Fay hosts the harbour
committee of the union, without any right over the union itself.
"""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from convoca.accounts.models import Person
from convoca.core.access import STRANGER
from convoca.core.names import Names
from convoca.network import services
from convoca.network.models import Committee, Mandate, Network, Organisation


def make_person(name: str, language: str = "en") -> Person:
    """A person called `name`, with the address name@example.org."""
    return Person.objects.create_person(f"{name.lower()}@example.org", name=name, language=language)


def make_organisation(name: str, **facts) -> Organisation:
    """A member organisation called `name`, unless `facts` say otherwise."""
    facts.setdefault("state", Organisation.State.MEMBER)
    if facts["state"] in Organisation.PUBLIC:
        facts.setdefault("member_since", timezone.now())
    if facts["state"] in Organisation.FORMER:
        facts.setdefault("member_until", timezone.now())
    return Organisation.objects.create(names=Names(en=name), **facts)


def mandate_of(person: Person, organisation: Organisation | None = None) -> Mandate:
    """The mandate under which the person acts for the organisation, or for the network."""
    mandate = services.mandate_for(person, organisation)
    assert mandate is not None, f"{person} has no mandate"
    return mandate


def with_second_factor(person: Person) -> Person:
    """Give a person an authenticator app, as every steward outside a demo must have one."""
    TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    return person


@pytest.fixture
def network(db) -> Network:
    """The network, past its first run."""
    network = Network.load()
    network.names = Names(en="Living Rivers", es="Ríos Vivos")
    network.languages = ["en", "es", "fr", "ar"]
    network.imprint_name = "Secretariat of Living Rivers"
    network.imprint_mail = "hello@example.org"
    network.ready_at = timezone.now()
    network.save()
    return network


@pytest.fixture
def union(db) -> Organisation:
    return make_organisation(
        "Union of Port Workers", kind=Organisation.Kind.UNION, country="PT", languages=["pt"]
    )


@pytest.fixture
def library(db) -> Organisation:
    return make_organisation(
        "Library of the Delta", kind=Organisation.Kind.INSTITUTION, country="EG", languages=["ar"]
    )


@pytest.fixture
def harbour(union) -> Committee:
    committee = Committee.objects.create(names=Names(en="Harbour committee"), country="PT")
    committee.organisations.add(union)
    return committee


@pytest.fixture
def ana(union) -> Person:
    """Coordinates the union."""
    ana = make_person("Ana")
    services.grant(ana, "coordinator", organisation=union)
    return ana


@pytest.fixture
def bo(db) -> Person:
    """A steward, with a second factor."""
    bo = with_second_factor(make_person("Bo"))
    services.grant(bo, "steward")
    return bo


@pytest.fixture
def ben(db) -> Person:
    """A second steward, with a second factor."""
    ben = with_second_factor(make_person("Ben"))
    services.grant(ben, "steward")
    return ben


@pytest.fixture
def chi():
    """A stranger."""
    return STRANGER


@pytest.fixture
def dia(db) -> Person:
    """A translator, from English and Spanish into French."""
    dia = make_person("Dia", language="fr")
    services.grant(dia, "translator", language_pairs=[("en", "fr"), ("es", "fr")])
    return dia


@pytest.fixture
def eve(library) -> Person:
    """Coordinates the library."""
    eve = make_person("Eve")
    services.grant(eve, "coordinator", organisation=library)
    return eve


@pytest.fixture
def fay(harbour) -> Person:
    """Hosts the harbour committee."""
    fay = make_person("Fay")
    services.grant(fay, "host", committee=harbour)
    return fay
