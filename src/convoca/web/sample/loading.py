"""Puts the sample network in, through the same services that people use."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.campaigns import services as campaigns
from convoca.campaigns.models import Campaign, Endorsement, EndorsementInvitation
from convoca.campaigns.rules import STEPS
from convoca.core.names import Names
from convoca.network import services as network
from convoca.network.models import (
    Committee,
    Decision,
    Invitation,
    JoinRequest,
    Mandate,
    Organisation,
)
from convoca.outbox.models import Message
from convoca.places.models import Place
from convoca.places.services import place_named
from convoca.texts import services as texts
from convoca.texts.markdown import split
from convoca.texts.models import Text, Translation, Version
from convoca.texts.models.text import TITLE
from convoca.web.sample.actions import ActionLoader
from convoca.web.sample.reports import ReportLoader

DATA = Path(__file__).parent / "data"
HOST = "rivers.example"
GIVEN_NAMES = (
    "Adwoa", "Bruno", "Chipo", "Dalia", "Esra", "Farid", "Giulia", "Hiro", "Ilse", "João", "Kateri",
    "Laila", "Mateo", "Naledi", "Olga", "Priya", "Quim", "Rania", "Siaka", "Thuy", "Uxía", "Vera",
    "Wiremu", "Ximena", "Yara", "Zanele", "Aroha", "Binh", "Ciro", "Dorte", "Eloïse", "Fatou",
)  # fmt: skip
"""What coordinators are called of whom nothing else is told."""


@dataclass(frozen=True)
class Role:
    """Somebody to sign in as."""

    key: str
    name: str
    words: StrOrPromise

    @property
    def email(self) -> str:
        return f"{self.key}@{HOST}"


ROLES = (
    Role("rosa", "Rosa", gettext_lazy("Steward of the network, reads Spanish")),
    Role("amal", "Amal", gettext_lazy("Second steward, reads Arabic")),
    Role("wanjiru", "Wanjiru", gettext_lazy("Coordinator of an organisation")),
    Role("tomas", "Tomás", gettext_lazy("Communicator of an organisation")),
    Role("nadia", "Nadia", gettext_lazy("Translator from Spanish and English into French")),
    Role("mireia", "Mireia", gettext_lazy("Looks after a committee")),
    Role("sofia", "Sofía", gettext_lazy("Moderator for three countries")),
)


def address_of(key: str) -> str:
    """The mail address of somebody in the sample."""
    return f"{key}@{HOST}"


def load(*, today: date | None = None) -> None:
    """Put the whole sample in, around `today`. The database must be empty of members."""
    with transaction.atomic():
        Loader(today or timezone.localdate()).load()


class Loader:
    """One loading of the sample: what has been made so far, by key."""

    data = DATA
    given_names = GIVEN_NAMES

    def __init__(self, today: date) -> None:
        self.today = today
        self.organisations: dict[str, Organisation] = {}
        self.committees: dict[str, Committee] = {}
        self.people: dict[str, Person] = {}
        self.campaigns: dict[str, Campaign] = {}
        self.facts = tomllib.loads((DATA / "network.toml").read_text(encoding="utf-8"))
        self.plans = tomllib.loads((DATA / "campaigns.toml").read_text(encoding="utf-8"))

    def load(self) -> None:
        """Everything, in the order in which it would have come about."""
        self.load_network()
        self.load_organisations()
        self.load_committees()
        self.load_people()
        self.load_campaigns()
        self.load_endorsements()
        self.load_invitations()
        self.load_requests()
        ActionLoader(self).load()
        ReportLoader(self).load()
        Message.objects.all().delete()  # the mail of this invented past has been read

    def day(self, days: int) -> date:
        """The day that lies `days` after the anchor."""
        return self.today + timedelta(days=days)

    def at(self, days: int, hour: int = 10) -> datetime:
        """An instant on that day."""
        return timezone.make_aware(datetime.combine(self.day(days), time(hour)))

    @cached_property
    def steward(self) -> Mandate:
        found = network.mandate_for(self.people["rosa"], roles=["steward"])
        assert found is not None  # noqa: S101  granted a few lines above
        return found

    def coordinator(self, key: str) -> Mandate:
        """The mandate of an organisation's coordinator; most are nobody of note."""
        held = Mandate.objects.filter(organisation=self.organisations[key], role="coordinator")
        standing = held.standing().select_related("person").first()
        if standing is not None:
            return standing
        name = GIVEN_NAMES[list(self.organisations).index(key) % len(GIVEN_NAMES)]
        person = accounts.invite_person(f"{key}@{HOST}", "en", name)
        return network.grant(
            person, "coordinator", organisation=self.organisations[key], from_at=self.at(-700)
        )

    # The network

    def load_network(self) -> None:
        facts = dict(self.facts["network"])
        names = Names(facts.pop("names"))
        network.save_network(names=names, **facts)
        network.finish_first_run()
        for region in self.facts["regions"]:
            network.save_region(Names(region["names"]), region["countries"])

    def load_organisations(self) -> None:
        for row in self.facts["organisations"]:
            facts = {k: row[k] for k in ("kind", "country", "languages", "site") if k in row}
            state = row.get("state", "member")
            begins = "member" if state in ("left", "suspended") else state
            organisation = network.add_organisation(Names(row["names"]), state=begins, **facts)
            self.organisations[row["key"]] = organisation
        age(
            Organisation.objects.members(),
            member_since=self.at(-800),
            state_since=self.at(-800),
        )
        age(Organisation.objects.exclude(state="member"), state_since=self.at(-4))
        for organisation in self.organisations.values():
            organisation.refresh_from_db()
        for chapter, bodies in self.facts["affiliations"].items():
            for body in bodies:
                network.affiliate(self.organisations[chapter], self.organisations[body])

    def load_committees(self) -> None:
        for key, cities in self.facts["committees"].items():
            organisation = self.organisations[key]
            for city in cities:
                place = self.place(city, organisation.country)
                self.committees[city] = network.start_committee(
                    Names({organisation.languages[0]: city.partition(",")[0]}),
                    organisations=[organisation],
                    place=place,
                    languages=organisation.languages,
                    contact=f"{key}@{HOST}",
                )
        age(Committee.objects.all(), state_since=self.at(-640))

    def place(self, city: str, country: str) -> Place:
        return place_named(city, country=country)

    def load_people(self) -> None:
        for row in self.facts["people"]:
            key = row.get("address", row["name"].lower())
            person = accounts.invite_person(address_of(key), row["language"], row["name"])
            self.people[key] = person
            self.give_mandates(person, row)

    def give_mandates(self, person: Person, row: dict[str, Any]) -> None:
        since = self.at(-780)
        for role in row.get("roles", ()):
            network.grant(person, role, from_at=since)
        for words, role in (("coordinates", "coordinator"), ("communicates", "communicator")):
            if words in row:
                body = self.organisations[row[words]]
                network.grant(person, role, organisation=body, from_at=since)
        if "translates" in row:
            network.grant(person, "translator", language_pairs=row["translates"], from_at=since)
        if "moderates" in row:
            network.grant(person, "moderator", countries=row["moderates"], from_at=since)
        if "hosts" in row:
            network.grant(person, "host", committee=self.committees[row["hosts"]], from_at=since)

    # Campaigns

    def load_campaigns(self) -> None:
        for plan in self.plans["campaigns"]:
            self.load_campaign(plan)
        self.write_week_call(self.campaigns["week"])
        for key in ("day-before", "day"):
            self.write_day_call(self.campaigns[key])
        for plan in self.plans["campaigns"]:
            self.publish(self.campaigns[plan["key"]], plan)

    def load_campaign(self, plan: dict[str, Any]) -> None:
        follows = self.campaigns.get(plan.get("follows", ""))
        own = {plan["source"]: plan["names"][plan["source"]]}
        campaign = campaigns.start(
            Names({**own, **plan["names"]}),
            source_language=plan["source"],
            convenors=[self.organisations[key] for key in plan["convenors"]],
            colour=plan["ink"],
            follows=follows,
            under=self.steward,
        )
        campaign = campaigns.change(
            campaign,
            lead=Names(plan["lead"]),
            hashtags=plan["hashtags"],
            under=self.steward,
        )
        demands = [Names(row) for row in plan.get("demands", ())]
        if demands:
            campaigns.set_demands(campaign, demands, under=self.steward)
        for row in plan["moments"]:
            self.add_moment(campaign, row)
        self.campaigns[plan["key"]] = campaign

    def add_moment(self, campaign: Campaign, row: dict[str, Any]) -> None:
        starts = self.day(row["starts"])
        city = row.get("city")
        campaigns.add_moment(
            campaign,
            kind=row["kind"],
            starts_on=starts,
            ends_on=self.day(row.get("ends", row["starts"])),
            edition=str(starts.year),
            names=Names(row.get("names", {})),
            where=Names(row.get("where", {})),
            place=self.place(*city) if city else None,
            under=self.steward,
        )

    def publish(self, campaign: Campaign, plan: dict[str, Any]) -> None:
        campaign = campaigns.take_step(campaign, STEPS["publish"], under=self.steward)
        published = self.at(plan["published"])
        age(Campaign.objects.filter(pk=campaign.pk), published_at=published)
        if "closed" in plan:  # its texts are as old as it is
            age(Version.objects.filter(text=campaign.call), published_at=published)
            made = Translation.objects.filter(text=campaign.call)
            age(made, published_at=published, changed_at=published)

    def write_day_call(self, campaign: Campaign) -> None:
        self.write_source(campaign.call, "day.en.md")
        spanish = self.translate(campaign.call, "es", "day.es.md", by="rosa")
        texts.publish_unreviewed(spanish, by=self.people["rosa"])

    def write_week_call(self, campaign: Campaign) -> None:
        """Spanish twice; French is of the first version; Arabic and English of the second;
        Portuguese is half done."""
        call = campaign.call
        self.write_source(call, "call.es.1.md")
        french = self.translate(call, "fr", "call.fr.md", by="nadia")
        self.publish_reviewed(french, writer="nadia", reader="paul")
        self.write_source(call, "call.es.2.md")
        english = self.translate(call, "en", "call.en.md", by="grace")
        texts.submit(english, by=self.people["grace"])
        arabic = self.translate(call, "ar", "call.ar.md", by="hala")
        texts.submit(arabic, by=self.people["hala"])
        self.translate(call, "pt", "call.pt.md", by="beatriz")
        for translation in (english, arabic):
            translation.refresh_from_db()
            if translation.stage == Translation.Stage.REVIEW:
                texts.approve(translation, by=self.people["rosa"])
        made = Translation.objects.filter(text=call)
        age(made.filter(language="pt"), changed_at=self.at(-3))
        age(made.filter(language="fr"), changed_at=self.at(-5), published_at=self.at(-50))
        renewed = made.filter(language__in=["en", "ar"])
        age(renewed, changed_at=self.at(-4), published_at=self.at(-4))
        age(Version.objects.filter(text=call, number=1), published_at=self.at(-55))
        age(Version.objects.filter(text=call, number=2), published_at=self.at(-5))

    def write_source(self, text: Text, file: str) -> None:
        text.refresh_from_db()
        markdown = (DATA / file).read_text(encoding="utf-8")
        text = texts.save_source(
            text, markdown, seen_revision=text.revision, by=self.people["rosa"]
        )
        texts.publish_version(text, by=self.people["rosa"], under=self.steward)

    def translate(self, text: Text, language: str, file: str, *, by: str) -> Translation:
        """Fill in paragraphs in the order of the source, as far as the file goes."""
        text.refresh_from_db()
        person = self.people[by]
        translation = texts.open_translation(text, language, by=person)
        words = split((DATA / file).read_text(encoding="utf-8"))
        assert text.current is not None  # noqa: S101  published before it is translated
        sources = [p for p in text.current.sources() if p.key != TITLE]
        for source, body in zip(sources, words, strict=False):
            texts.save_paragraph(translation, source.key, body, seen_revision=0, by=person)
        translation.refresh_from_db()
        return translation

    def publish_reviewed(self, translation: Translation, *, writer: str, reader: str) -> None:
        texts.submit(translation, by=self.people[writer])
        translation.refresh_from_db()
        texts.approve(translation, by=self.people[reader])

    # Endorsements and invitations

    def load_endorsements(self) -> None:
        for key, signed in self.plans["endorsements"].items():
            for organisation, days in signed.items():
                self.endorse(self.campaigns[key], organisation, days)
        for key, recorded in self.plans["recorded"].items():
            for organisation, (days, proof) in recorded.items():
                campaigns.record(
                    self.campaigns[key],
                    on_behalf_of=self.organisations[organisation],
                    given_at=self.at(-days),
                    proof=proof,
                    under=self.steward,
                )
        for key, gone in self.plans["withdrawn"].items():
            for organisation in gone:
                self.withdraw(self.campaigns[key], organisation)
        for plan in self.plans["campaigns"]:
            if "closed" in plan:
                self.close(self.campaigns[plan["key"]], plan["closed"])
        self.end_memberships()

    def endorse(self, campaign: Campaign, key: str, days: int) -> None:
        endorsement = campaigns.endorse(
            campaign, on_behalf_of=self.organisations[key], under=self.coordinator(key)
        )
        given = self.at(-days, 9 + hash_of(key) % 9)
        given = min(given, timezone.now())
        age(Endorsement.objects.filter(pk=endorsement.pk), given_at=given, accepted_at=given)

    def withdraw(self, campaign: Campaign, key: str) -> None:
        endorsement = Endorsement.objects.get(
            campaign=campaign, organisation=self.organisations[key]
        )
        campaigns.withdraw_endorsement(endorsement, under=self.coordinator(key))
        age(
            Endorsement.objects.filter(pk=endorsement.pk),
            withdrawn_at=endorsement.given_at + timedelta(days=12),
        )

    def close(self, campaign: Campaign, days: int) -> None:
        campaigns.take_step(campaign, STEPS["close"], under=self.steward)
        age(
            Campaign.objects.filter(pk=campaign.pk),
            closed_at=self.at(days),
            counted_at=self.at(days),
        )

    def end_memberships(self) -> None:
        """One has left; one is suspended by two stewards."""
        network.leave_network(self.organisations["tejo"], under=self.coordinator("tejo"))
        age(
            Organisation.objects.filter(pk=self.organisations["tejo"].pk),
            member_until=self.at(-20),
            state_since=self.at(-20),
        )
        second = network.mandate_for(self.people["amal"], roles=["steward"])
        assert second is not None  # noqa: S101  granted above
        decision = network.propose(
            "suspend",
            self.organisations["volta"],
            reason="It has not answered since the spring meeting, and two members object.",
            under=self.steward,
        )
        decision = network.confirm(decision, under=second)
        decided = self.at(-5)
        age(
            Organisation.objects.filter(pk=decision.organisation_id),
            member_until=decided,
            state_since=decided,
        )
        age(
            Decision.objects.filter(pk=decision.pk),
            proposed_at=self.at(-6),
            confirmed_at=decided,
            carried_out_at=decided,
        )

    def load_invitations(self) -> None:
        """Calls to sign in every state, and invitations of people in every state."""
        week, invited = self.campaigns["week"], self.plans["invited"]["week"]
        keys = [key for group in invited.values() for key in group]
        for key in keys:
            self.coordinator(key)
        campaigns.invite(
            week, organisations=[self.organisations[key] for key in keys], under=self.steward
        )
        campaigns.invite(
            week,
            addresses=[("boats@delta.example", "Delta Boat Builders", "en")],
            under=self.steward,
        )
        asked = EndorsementInvitation.objects.filter(campaign=week)
        age(asked, invited_at=self.at(-18))
        for invitation in self.asked_of(week, invited["opened"]):
            age(asked.filter(pk=invitation.pk), invited_at=self.at(-2))
            campaigns.open_invitation(invitation)
        for invitation in self.asked_of(week, invited["declined"]):
            campaigns.open_invitation(invitation)
            campaigns.decline(invitation)
        self.invite_people()

    def asked_of(self, campaign: Campaign, keys: list[str]) -> Iterator[EndorsementInvitation]:
        bodies = [self.organisations[key] for key in keys]
        yield from EndorsementInvitation.objects.filter(campaign=campaign, organisation__in=bodies)

    def invite_people(self) -> None:
        invited = [
            network.invite(
                "role", email=f"{name}@{HOST}", name=name.title(), under=self.steward, **what
            ).invitation
            for name, what in (
                ("ada", {"organisation": self.organisations["hudson"], "role": "coordinator"}),
                ("bilal", {"role": "translator", "language_pairs": [["en", "ar"]]}),
                ("chiara", {"role": "press"}),
                ("deniz", {"role": "moderator", "countries": ["GR"]}),
            )
        ]
        network.open_invitation(invited[1])
        network.decline(invited[2])
        network.revoke(invited[3], under=self.steward)
        every = Invitation.objects.filter(pk__in=[one.pk for one in invited])
        age(every, created_at=self.at(-12), sent_at=self.at(-12), expires_at=self.at(18))
        age(every.filter(opened_at__isnull=False), opened_at=self.at(-10))
        age(every.filter(answered_at__isnull=False), answered_at=self.at(-9))
        age(
            every.filter(pk=invited[0].pk),
            created_at=self.at(-32),
            sent_at=self.at(-32),
            expires_at=self.at(-2),
        )

    def load_requests(self) -> None:
        """One organisation asks to join and has confirmed its mail."""
        asking = self.organisations["oder"]
        JoinRequest.objects.create(
            name=str(asking.names),
            language="de",
            kind=asking.kind,
            country=asking.country,
            why="Wir messen seit 2022 an der Oder und möchten uns anschließen.",
            contact_name="Jule",
            email=f"jule@{HOST}",
            digest="sample",
            expires_at=self.at(30),
            confirmed_at=self.at(-4),
            organisation=asking,
        )


def age(rows: models.QuerySet[Any], **dates: datetime) -> None:
    """Give rows the dates of the past that they were invented for."""
    rows.update(**dates)


def hash_of(key: str) -> int:
    """A small number that is always the same for a key."""
    return sum(map(ord, key))
