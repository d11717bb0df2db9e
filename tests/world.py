"""A small world in which everything occurs once, in every state that somebody may not see.

The cast of `tests.cast` lives in it, and the union convenes whatever is convened. Words that only
some may read hold the word "hush", so that a page can be searched for it; the names of people who
are nobody's business hold it too.
"""

import io
from datetime import timedelta
from types import SimpleNamespace

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.actions.facts import Where
from convoca.actions.services import (
    host_codes,
    hosts,
    letting_in,
    lists,
    moderation,
    signups,
    standby,
)
from convoca.actions.services.letters import link_of, proof_of
from convoca.campaigns import services as campaigns
from convoca.campaigns.front import poster_for, reader
from convoca.campaigns.inks import ink_of, stamp_of
from convoca.campaigns.models import Endorsement
from convoca.campaigns.preview import picture_of
from convoca.campaigns.rules import STEPS
from convoca.core.links import closed_words
from convoca.core.names import Names
from convoca.counting import services as counting
from convoca.counting.models import Claim, Estimate, Link, Photo, Source
from convoca.counting.press import picture_of as picture_of_results
from convoca.counting.results import Results, ledger_of
from convoca.counting.services import contesting, reporting, summing, weighing
from convoca.counting.services.weighing import Printed
from convoca.drafting import services as drafting
from convoca.drafting.models import Named
from convoca.exchange import services as exchange
from convoca.exchange.models import Import, LeftOut
from convoca.media import services as media
from convoca.network import services as network
from convoca.network.models import JoinRequest, Network, Region
from convoca.outbox import services as outbox
from convoca.outbox.models import Message
from convoca.places.models import Place
from convoca.texts import services as texts
from convoca.vault.keyring import today
from convoca.web.models import Removal
from tests.actions.making import LISBON, in_days, make_action, make_link, town, write_action
from tests.cast import make_organisation, make_person, mandate_of, with_second_factor
from tests.media import fixtures as files

HUSH = "hush"
"""Stands in whatever strangers must not read; it is part of no other word on our pages."""
CALL = "Rivers belong to everyone.\n\nCome to the banks in every town on a river."
MEMBERS = b"name,country\nHush Society,FR\n"


class World(SimpleNamespace):
    """What `build` has made, by short names: `permissions.toml` uses them."""

    def find(self, path: str) -> str:
        """The words that a dotted path leads to: `campaign.code`; `:fr` stands for itself."""
        if path.startswith(":"):
            return path[1:]
        found = self
        for step in path.split("."):
            found = getattr(found, step)
            found = found() if callable(found) else found
        return str(found)


def build() -> World:
    """Make it, inside the caller's transaction."""
    world = World()
    for add in (
        _people,
        _network,
        _campaigns,
        _words,
        _answers,
        _actions,
        _counted,
        _read,
        _mail,
        _taken_down,
        _accounts,
    ):
        add(world)
    return world


def _people(world: World) -> None:
    row = Network.load()
    row.names = Names(en="Living Rivers", es="Ríos Vivos")
    row.languages = ["en", "es", "fr", "ar"]
    row.imprint_name, row.imprint_mail = "Secretariat", "hello@rivers.example"
    row.ready_at = timezone.now()
    row.save()
    world.union = make_organisation("Union of Port Workers", country="PT", languages=["en"])
    world.union.contact_mail = "hush-union@example.org"
    world.union.save()
    world.library = make_organisation("Library of the Delta", country="EG", languages=["ar"])
    world.bo, world.ben = (with_second_factor(make_person(name)) for name in ("Bo", "Ben"))
    for steward in (world.bo, world.ben):
        network.grant(steward, "steward")
    world.secretariat, world.second = mandate_of(world.bo), mandate_of(world.ben)
    world.ana, world.eve = make_person("Ana"), make_person("Eve")
    world.anas = network.grant(world.ana, "coordinator", organisation=world.union)
    world.eves = network.grant(world.eve, "coordinator", organisation=world.library)
    world.dia, world.dov = make_person("Dia", "fr"), make_person("Dov", "fr")
    world.dias, world.dovs = (
        network.grant(one, "translator", language_pairs=[("en", "fr"), ("es", "fr")])
        for one in (world.dia, world.dov)
    )
    world.gus = make_person("Gus")
    world.guss = network.grant(world.gus, "delegate", organisation=world.union, under=world.anas)


def _network(world: World) -> None:
    states = {
        "invited": "Hush Invited",
        "asking": "Hush Asking",
        "declined": "Hush Declined",
        "ended": "Millers of the Marsh",
        "left": "Rowers of the Rapids",
    }
    for state, name in states.items():
        made = make_organisation(name, state="asked" if state == "asking" else state)
        setattr(world, state, made)
    world.suspended = make_organisation("Fishers of the Fjord")
    world.sue = make_person("Sue")
    world.sues = network.grant(world.sue, "coordinator", organisation=world.suspended)
    world.chapter = make_organisation("Dockers of Leixões", country="PT")
    world.affiliation = network.affiliate(world.chapter, world.union, under=world.secretariat)
    world.harbour = network.start_committee(
        Names(en="Harbour committee"),
        organisations=[world.union],
        place=Place.objects.create(
            name="Lisbon", country="PT", latitude=38.7, longitude=-9.1, zone="Europe/Lisbon"
        ),
        contact="At the quay on Mondays",
        under=world.anas,
    )
    world.fay = make_person("Fay")
    world.fays = network.grant(world.fay, "host", committee=world.harbour)
    world.over = network.start_committee(
        Names(en="Weir committee"), organisations=[world.union], under=world.anas
    )
    network.end_committee(world.over, under=world.anas)
    world.region = Region.objects.create(names=Names(en="Iberia"), countries=["PT", "ES"])
    sent = network.invite(
        "role",
        organisation=world.union,
        role="delegate",
        email="hush-gil@example.org",
        name="Hush Gil",
        under=world.anas,
    )
    world.invitation = SimpleNamespace(pk=sent.invitation.pk, token=sent.secret)
    code = network.invite(
        "role", organisation=world.union, role="communicator", uses=3, under=world.anas
    )
    world.code = SimpleNamespace(pk=code.invitation.pk, token=code.secret)
    world.joining = network.ask_to_join(
        name="Hush Joiners",
        email="hush-joiner@example.org",
        language="en",
        kind="other",
        contact_name="Hush Joiner",
    )
    world.join_token = _token_in(outbox.pending(to="hush-joiner@example.org").get().body)
    JoinRequest.objects.create(
        name="Hush Asking",
        kind="other",
        contact_name="Hush Asker",
        email="hush-asker@example.org",
        digest="0" * 64,
        expires_at=timezone.now() + timedelta(days=7),
        confirmed_at=timezone.now(),
        organisation=world.asking,
    )
    suspend = network.propose(
        "suspend", world.suspended, reason="Hush reason of old", under=world.second
    )
    world.decided = network.confirm(suspend, under=world.secretariat)
    world.proposal = network.propose(
        "suspend", world.chapter, reason="Hush reason", under=world.second
    )
    _bring_lists_in(world)


def _bring_lists_in(world: World) -> None:
    """One that waits for a yes, and one that has come in but for a row."""
    world.sheet = exchange.hand_in(
        "m.csv", io.BytesIO(MEMBERS), kind="members", under=world.secretariat
    )
    now = timezone.now()
    world.list = Import.objects.create(
        kind="members",
        name="hush.csv",
        headings=["name"],
        columns={"name": "name"},
        under=world.secretariat,
        started_at=now,
        ended_at=now,
    )
    LeftOut.objects.create(
        of=world.list,
        scope=world.list.scope,
        delete_on=today() + timedelta(days=30),
        number=2,
        reasons=["Hush words"],
        cells=["Hush"],
    )


def _token_in(body: str) -> str:
    link = next(word for word in body.split() if word.startswith("http"))
    return link.rstrip("/").rsplit("/", 1)[-1]


def _campaigns(world: World) -> None:
    def start(name: str, words: str = CALL):
        campaign = campaigns.start(
            Names(en=name),
            source_language="en",
            convenors=[world.union],
            colour="petrol",
            under=world.secretariat,
        )
        texts.save_source(campaign.call, words, seen_revision=0, by=world.bo)
        texts.publish_version(campaign.call, by=world.bo)
        return campaign

    def step(campaign, *names: str):
        for name in names:
            campaign = campaigns.take_step(campaign, STEPS[name], under=world.secretariat)
        return campaign

    world.campaign = step(start("Rivers for all"), "publish")
    world.lakes = step(start("Lakes for all"), "publish")
    world.draft = start("Hush draft", "Hush words of a draft.")
    world.review = step(start("Hush in review", "Hush words in review."), "submit")
    world.closed = step(start("Wells for all"), "publish", "close")
    world.archived = step(start("Springs for all"), "publish", "close", "archive")
    world.withdrawn = step(start("Hush withdrawn", "Hush words, withdrawn."), "publish")
    campaigns.withdraw(world.withdrawn, under=world.secretariat)
    today = timezone.localdate()
    world.moment, world.past = (
        campaigns.add_moment(
            world.campaign,
            kind="day",
            starts_on=today + timedelta(days=days),
            ends_on=today + timedelta(days=days),
            edition=edition,
            under=world.secretariat,
        )
        for days, edition in ((9, ""), (-400, "first"))
    )
    campaigns.set_demands(world.campaign, [Names(en="Clean water")], under=world.secretariat)
    world.demand = world.campaign.demands.get()
    world.hidden = campaigns.add_moment(
        world.draft,
        kind="day",
        starts_on=today,
        ends_on=today,
        where=Names(en="Hush place"),
        under=world.secretariat,
    )
    world.unread = campaigns.start(
        Names(en="Hush unwritten"),
        source_language="en",
        convenors=[world.union],
        under=world.secretariat,
    ).call
    world.ink = stamp_of(ink_of(world.campaign.ink))
    who = reader()
    world.preview = picture_of(world.campaign, who, poster_for(world.campaign, who)).stamp
    world.picture = media.keep_picture(files.upload("p.png", files.picture(size=(40, 30))))
    world.recording = media.keep_recording(files.upload("r.mp3", files.mp3()))
    world.document = media.keep_file(files.upload("leaflet.txt", b"Come to the banks.\n"))
    world.material, world.gone = (
        campaigns.add_material(
            world.campaign, world.document, names=Names(en=name), under=world.secretariat
        )
        for name in ("Leaflet", "Hush leaflet")
    )
    campaigns.withdraw_material(world.gone, under=world.secretariat)


def _words(world: World) -> None:
    """The call of the running campaign in four languages, each in another state; suggestions."""

    def translate(language: str, by: Person, words: str, title: str = ""):
        made = texts.open_translation(world.campaign.call, language, by=by)
        rows = {row.key: row for row in made.paragraphs.all()}
        for source in world.campaign.call.sources():
            seen = rows[source.key].revision if source.key in rows else 0
            body = title if title and source.is_title else f"{words} {source.key}"
            texts.save_paragraph(made, source.key, body, seen_revision=seen, by=by)
        return made

    world.text = world.campaign.call
    world.spanish = texts.publish_unreviewed(translate("es", world.bo, "Ríos"), by=world.bo)
    world.french = texts.submit(translate("fr", world.dov, "Hush fleuves"), by=world.dov)
    world.arabic = translate("ar", world.bo, "Hush أنهار")
    # A title, once published, is one of the campaign's names; withdrawing leaves it there.
    withdrawn = texts.publish_unreviewed(
        translate("pt", world.bo, "Hush rios", title="Rios"), by=world.bo
    )
    world.portuguese = texts.withdraw(withdrawn, by=world.bo)
    world.key = world.text.sources()[1].key
    world.suggestion, world.better = (
        texts.suggest(
            world.text, tag, world.key, "Hush, better words.", address="hush-reader@example.org"
        )
        for tag in ("es", "en")
    )


def _read(world: World) -> None:
    """Texts that were handed in to be read, and whom the campaign's text named."""
    day = timezone.localdate()
    world.read = drafting.keep(f"Hush heading\n\n{CALL}", received_on=day, by=world.bo)
    world.read_by_ana = drafting.keep(f"Hush title\n\n{CALL}", received_on=day, by=world.ana)
    world.named = Named.objects.create(campaign=world.campaign, name="Hush Ferrymen", language="en")


def _taken_down(world: World) -> None:
    """What a steward took down, to be brought back."""
    world.removal = Removal.objects.create(
        kind=Removal.Kind.ABOUT,
        of=world.library.code,
        name="Hush about",
        reason="Hush reason",
        under=world.secretariat,
        back={"about": None},
    )


def _answers(world: World) -> None:
    """Endorsements in every state, and the invitations that asked for them."""
    under = world.secretariat
    world.signed = campaigns.endorse(world.campaign, on_behalf_of=world.union, under=world.anas)
    world.recorded = campaigns.record(
        world.campaign,
        on_behalf_of=world.library,
        given_at=timezone.now() - timedelta(days=2),
        proof="Hush letter",
        under=under,
    )
    campaigns.invite(
        world.campaign,
        organisations=[world.chapter],
        addresses=[
            ("hush-asked@example.org", "Hush Asked", "en"),
            ("hush-waiting@example.org", "Hush Waiting", "en"),
        ],
        under=under,
    )
    campaigns.invite(world.lakes, organisations=[world.union], under=under)
    world.to_union = world.lakes.invitations.get()
    invitations = {one.email: one for one in world.campaign.invitations.all()}
    world.asked = invitations["hush-asked@example.org"]
    answered = invitations["hush-waiting@example.org"]
    world.waiting = campaigns.answer_by_link(
        answered,
        organisation_name="Hush Waiting",
        contact_name="Hush Contact",
        contact_email="hush-contact@example.org",
        language="en",
    )
    world.answered = answered
    assert Endorsement.objects.waiting().get() == world.waiting


def _actions(world: World) -> None:
    """What the union hosts: public, waiting with words that are nobody's business, and a draft."""
    world.action = make_action(world.campaign, world.union, title="March along the river")
    world.action_waiting = write_action(
        world.campaign, world.union, title="Hush march", state="waiting"
    )
    world.action_draft = write_action(world.campaign, "Hush newcomers", title="Hush vigil")
    world.host_link, world.host_token = make_link(world.action, "hush-host@example.org")
    gone = write_action(world.campaign, world.union, title="Hush stall", state="waiting")
    world.refused = moderation.refuse(gone, reason="twice", under=world.secretariat)
    world.refused_action = gone
    again = write_action(world.campaign, world.union, title="Picnic", state="waiting")
    world.let_in = letting_in.let_in_one(again, under=world.secretariat)
    world.draft_link, world.draft_token = make_link(
        world.action_draft, "hush-draft@example.org", confirmed_at=None
    )
    world.trigger = standby.add_trigger(
        world.campaign, names=Names(en="The day after the ruling"), under=world.secretariat
    )
    world.asked_hosting = hosts.ask(world.action, world.library)
    lisbon = [Where(town("Lisbon", **LISBON))]
    waiting = write_action(
        world.campaign, "Hush strangers", title="Hush stall", places=lisbon, state="waiting"
    )
    world.newcomer = waiting.hostings.get()
    world.host_code, _spoken = host_codes.make_code(
        world.union, uses=2, days=30, note="Hush note", under=world.anas
    )
    guest = {"sender": "s" * 64, "name": "Hush guest", "email": "hush-guest@example.org"}
    world.sign_up = signups.confirm(signups.sign_up(world.action, people=2, **guest))
    world.list_asked = lists.ask(world.campaign, reason="Hush reason", under=world.second)
    world.past_action = make_action(
        world.campaign, world.union, title="Regatta", moment=world.moment
    )
    world.past_action.day = in_days(-1)
    world.past_action.save()
    world.past_link, world.past_token = make_link(world.past_action, "hush-past@example.org")
    world.summary = summing.note_summary(
        world.campaign.moments.first(),
        name="The Gazette",
        kind="press",
        words="close to 100 cities",
        url="https://example.org/100",
        said_on=in_days(-1),
        under=world.secretariat,
    )
    told = reporting.Told(happened="yes", words="Loud and dry.")
    report = reporting.report(world.past_action, told, link=world.past_link)
    drawn = media.keep_picture(files.upload("boats.png", files.picture(colour=(9, 9, 99))))
    world.photo = Photo.objects.create(report=report, picture=drawn, sent_as=drawn.sha256)
    printed = Printed(
        paper="The Gazette", low=90, high=None, method="press", url="https://example.org/a"
    )
    world.estimate = weighing.note_press(world.past_action, printed, under=world.secretariat)
    world.sign_up_token, world.sign_up_proof = link_of(world.sign_up), proof_of(world.sign_up)


def _counted(world: World) -> None:
    """What a source says of the march, and that its totals are shown."""
    source = Source.objects.create(name="The Herald", kind=Source.Kind.PRESS)
    world.claim = Claim.objects.create(
        source=source, external_id="1", campaign=world.campaign, action=world.action, digest="1"
    )
    Estimate.objects.create(claim=world.claim, low=200, high=300, method=Estimate.Method.PRESS)
    world.doubtful_claim = Claim.objects.create(
        source=source, external_id="2", campaign=world.campaign, title="Hush march", digest="2"
    )
    world.doubt = Link.objects.create(
        claim=world.doubtful_claim, action=world.action, state=Link.State.DOUBTFUL, score=0.5
    )
    world.action.attachments.update(moment=world.moment)
    counting.show_totals(world.campaign, shows_totals=True, from_actions=1, under=world.secretariat)
    words = {"name": "Hush contester", "reason": "Hush reason", "email": "hush-c@example.org"}
    world.contest_asked = contesting.contest(world.action, **words)
    world.contest_proof = contesting.proof_of(world.contest_asked)
    words["email"] = "hush-d@example.org"
    world.contest = contesting.confirm(contesting.contest(world.action, **words))
    found = Results(world.campaign, None, reader(), ledger_of(world.campaign, None))
    world.results_stamp = picture_of_results(found).stamp
    world.publication = counting.publish_totals(world.campaign, under=world.secretariat)


def _mail(world: World) -> None:
    world.dead = outbox.pending(to="hush-gil@example.org").get()
    world.dead.state, world.dead.last_error = Message.State.DEAD, "550 hush"
    world.dead.save()
    outbox.hold("Hush, a restore", by=world.bo)
    world.held_token = closed_words(world.sign_up.email, purpose="your-data")
    world.other_token = closed_words("nobody@example.org", purpose="your-data")


def _credential() -> dict:
    """A passkey as allauth keeps it; it opens nothing."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    data = AuthenticatorData.create(
        b"0" * 32,
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT,
        0,
        AttestedCredentialData.create(Aaguid.NONE, b"hush" * 4, public),
    )
    answer = {
        "clientDataJSON": websafe_encode(b'{"type":"webauthn.create","challenge":"","origin":""}'),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    return {"id": "aHVzaA", "rawId": "aHVzaA", "type": "public-key", "response": answer}


def _accounts(world: World) -> None:
    """Sessions, keys and links of the cast; Lea has closed her account."""
    for person in (world.ana, world.bo):
        made = UserSession.objects.create(
            user_id=person.pk,
            session_key=f"elsewhere-{person.pk}",
            ip="192.0.2.7",
            user_agent="Elsewhere",
        )
        setattr(world, f"device_of_{person.name.lower()}", made)
    world.key_of_ana = Authenticator.objects.create(
        user_id=world.ana.pk,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Hush key", "credential": _credential()},
    )
    world.login_token = _token_in(accounts.login_link(world.gus))
    accounts.request_address_change(world.ana, "hush-new@example.org")
    world.address_token = _token_in(outbox.pending(to="hush-new@example.org").get().body)
    world.lea = make_person("Lea")
    accounts.leave(world.lea)
    world.lea.refresh_from_db()
    world.back_token = _token_in(outbox.pending(to=world.lea).last().body)
