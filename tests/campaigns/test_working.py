"""The work screens, as people use them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from convoca.audit.models import Entry
from convoca.campaigns import services
from convoca.campaigns.models import Campaign, EndorsementInvitation
from convoca.campaigns.rules import STEPS
from convoca.core.names import Names
from convoca.network import services as network_services
from convoca.outbox import services as outbox
from convoca.texts import services as texts
from tests.campaigns.conftest import members, publish, start
from tests.campaigns.test_reading import queries_of
from tests.cast import make_organisation, make_person, mandate_of

DESK = "/en/work/campaigns/{}/"
PLACES = [
    # address under /en/work/, and who may open it: stranger, other member, convenor, steward
    ("campaigns/", 302, 200, 200, 200),
    ("campaigns/export.csv", 302, 200, 200, 200),
    ("campaigns/start/", 302, 200, 200, 200),
    ("campaigns/{0}/", 302, 404, 200, 200),
    ("campaigns/{0}/preview/", 302, 404, 200, 200),
    ("campaigns/{0}/words/", 302, 404, 200, 200),
    ("campaigns/{0}/look/", 302, 404, 200, 200),
    ("campaigns/{0}/convenors/", 302, 404, 200, 200),
    ("campaigns/{0}/demands/", 302, 404, 200, 200),
    ("campaigns/{0}/demands/fr/", 302, 404, 200, 200),
    ("campaigns/{0}/moments/add/", 302, 404, 200, 200),
    ("campaigns/{0}/materials/", 302, 404, 200, 200),
    ("endorse/", 302, 200, 200, 200),
    ("endorse/{1}/", 302, 200, 200, 200),
    ("endorse/{1}/invitations/", 302, 403, 403, 200),
    ("endorse/{1}/invitations/?q=x&standing=silent", 302, 403, 403, 200),
    ("endorse/{1}/invitations.csv", 302, 403, 403, 200),
    ("endorse/{1}/invitations/invite/", 302, 403, 403, 200),
    ("endorse/{1}/endorsements/", 302, 403, 403, 200),
    ("endorse/{1}/endorsements/?q=x&how=to-confirm", 302, 403, 403, 200),
    ("endorse/{1}/endorsements/record/", 302, 403, 403, 200),
    ("endorse/{1}/endorsements.csv", 302, 200, 200, 200),
    ("campaigns/{1}/words/", 302, 403, 200, 200),
]


@pytest.fixture
def other(steward, union, campaign) -> Campaign:
    """A draft beside the published campaign."""
    return services.start(
        Names(en="A draft"), source_language="en", convenors=[union], under=steward
    )


@pytest.mark.parametrize(("place", "stranger", "member", "convenor", "by_steward"), PLACES)
def test_who_may_open_which_screen(
    client, other, campaign, ana, bo, eve, place, stranger, member, convenor, by_steward
):
    path = f"/en/work/{place.format(other.code, campaign.code)}"
    found = [client.get(path).status_code]
    for person in (eve, ana, bo):
        client.force_login(person)
        found.append(client.get(path).status_code)
    assert found == [stranger, member, convenor, by_steward]


def test_from_the_least_to_published_and_undone(client, ana, bo, union, network):
    client.force_login(ana)
    answer = client.post(
        "/en/work/campaigns/start/",
        {"title": "Clean water", "source_language": "en", "convenors": [union.pk], "ink": "leaf"},
    )
    campaign = Campaign.objects.get()
    assert answer["Location"] == DESK.format(campaign.code)
    assert (campaign.ink, campaign.state) == ("leaf", "draft")

    texts.save_source(campaign.call, "Water for all.", seen_revision=0, by=ana)
    texts.publish_version(campaign.call, by=ana)
    client.post(DESK.format(campaign.code) + "step/submit/")
    assert [m.template for m in outbox.pending(to=bo)] == ["campaigns/to-review"]
    assert client.post(DESK.format(campaign.code) + "step/publish/").status_code == 403

    client.force_login(bo)
    page = client.post(DESK.format(campaign.code) + "step/publish/", follow=True)
    assert "Published." in page.content.decode()
    assert client.get(campaign.get_absolute_url()).status_code == 200
    client.post(DESK.format(campaign.code) + "step/unpublish/")
    assert client.get(campaign.get_absolute_url()).status_code == 404


def test_what_is_done_is_recorded_under_the_mandate_one_acts_under(client, campaign, bo, union):
    """Bo is a steward, and coordinates the convening union too."""
    own = network_services.grant(bo, "coordinator", organisation=union)
    client.force_login(bo)
    path = DESK.format(campaign.code) + "demands/"
    client.post(path, {"demand_0": "As a steward"})
    client.post("/en/work/acting/", {"mandate": own.pk})
    client.post(path, {"demand_0": "For the union"})
    entries = Entry.objects.filter(event="campaign.demands_set").order_by("pk")
    assert [entry.for_whom for entry in entries] == [
        "",
        "Union of Port Workers",
    ]


def test_an_unwritten_call_cannot_be_published(client, other, bo):
    client.force_login(bo)
    page = client.post(DESK.format(other.code) + "step/publish/", follow=True)
    assert "The call has no published version yet" in page.content.decode()
    other.refresh_from_db()
    assert other.state == "draft"


def test_the_text_of_a_call_leads_to_the_desk_and_to_what_readers_see(client, campaign, other, bo):
    client.force_login(bo)
    for one, is_read in [(campaign, True), (other, False)]:
        page = client.get(f"/en/work/translate/{one.call.code}/").content.decode()
        assert f'href="/en/work/campaigns/{one.code}/"' in page
        assert (f'href="{one.get_absolute_url()}in/' in page) is is_read


def test_withdrawn_and_back(client, campaign, bo):
    client.force_login(bo)
    page = client.post(DESK.format(campaign.code) + "withdraw/", follow=True)
    assert "It can come back for 30 days." in page.content.decode()
    assert client.get(campaign.get_absolute_url()).status_code == 410
    client.post(DESK.format(campaign.code) + "bring-back/")
    assert client.get(campaign.get_absolute_url()).status_code == 200


def test_words_in_each_language_are_kept_when_refused(client, campaign, ana):
    client.force_login(ana)
    path = DESK.format(campaign.code) + "words/"
    client.post(path, {"names-in-en": "Rivers", "names-in-es": "Ríos", "lead-in-en": "Now."})
    campaign.refresh_from_db()
    assert campaign.names == {"en": "Rivers", "es": "Ríos"}

    for wrong in ({"names-in-en": "", "names-in-es": "Solo"}, {"names-in-en": "a" * 300}):
        page = client.post(path, wrong)
        assert page.status_code == 422
        assert next(iter(filter(None, wrong.values()))) in page.content.decode()
    campaign.refresh_from_db()
    assert campaign.names == {"en": "Rivers", "es": "Ríos"}


def typed(page, **words):
    """What a browser would send of a form as it stands; `words` go under the labels they name."""
    sent = {}
    for field in page.context["form"]:
        value = field.value()
        if isinstance(value, dict):
            sent |= {f"{field.html_name}-in-{tag}": said for tag, said in value.items()}
        else:
            said = "" if value is None else getattr(value, "words", value)  # of a town
            sent[field.html_name] = words.get(field.label, said)
    return sent


def test_what_two_people_write_at_once_in_two_languages_is_all_kept(client, campaign, ana):
    client.force_login(ana)
    path = DESK.format(campaign.code) + "words/"
    first, second = typed(client.get(path)), typed(client.get(path))
    client.post(path, first | {"names-in-fr": "Des rivières pour tous"})
    assert client.post(path, second | {"names-in-es": "Ríos vivos"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.names == {
        "en": "Rivers for all",
        "es": "Ríos vivos",
        "fr": "Des rivières pour tous",
    }


def test_where_two_people_write_the_same_line_the_second_is_asked_once(client, campaign, ana):
    client.force_login(ana)
    path = DESK.format(campaign.code) + "words/"
    first, second = typed(client.get(path)), typed(client.get(path))
    client.post(path, first | {"names-in-es": "Ríos vivos", "names-in-fr": "Rivières"})

    asked = client.post(path, second | {"names-in-es": "Ríos libres"})
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Stored now under “Title, Spanish”: Ríos vivos" in page
    assert 'value="Ríos libres"' in page
    campaign.refresh_from_db()
    assert campaign.names["es"] == "Ríos vivos"

    assert client.post(path, typed(asked)).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.names["es"], campaign.names["fr"]) == ("Ríos libres", "Rivières")


def test_a_moment_that_two_people_move_is_asked_about(client, campaign, ana, steward):
    moment = services.add_moment(
        campaign, kind="day", starts_on=date(2030, 5, 6), ends_on=date(2030, 5, 6), under=steward
    )
    client.force_login(ana)
    path = f"{DESK.format(campaign.code)}moments/{moment.code}/"
    sent = typed(client.get(path))
    services.change_moment(moment, ends_on=date(2030, 5, 8), under=steward)

    asked = client.post(path, sent | {"ends_on": "2030-05-10"})
    assert "Stored now under “Last day”: 8 May 2030" in asked.content.decode()
    assert client.post(path, typed(asked)).status_code == 302
    moment.refresh_from_db()
    assert moment.ends_on == date(2030, 5, 10)


def test_translated_demands_find_theirs_wherever_it_stands_by_then(client, campaign, ana):
    client.force_login(ana)
    path = DESK.format(campaign.code) + "demands/"
    client.post(path, typed(client.get(path)) | {"demand_0": "Clean", "demand_1": "Free"})
    french = typed(client.get(path + "fr/"), Clean="Propres", Free="Libres")
    client.post(path, typed(client.get(path)) | {"demand_2": "New", "place_2": 1, "demand_0": ""})

    refused = client.post(path + "fr/", french)
    assert "You had written for it: Propres" in refused.content.decode()
    client.post(path + "fr/", typed(refused))
    assert [dict(d.names) for d in campaign.demands.kept()] == [
        {"en": "New"},
        {"en": "Free", "fr": "Libres"},
    ]


def test_a_demand_that_two_people_translate_is_asked_about(client, campaign, ana):
    client.force_login(ana)
    path = DESK.format(campaign.code) + "demands/"
    client.post(path, typed(client.get(path)) | {"demand_0": "Clean"})
    first, second = (typed(client.get(path + "fr/"), Clean=words) for words in ("Un", "Deux"))
    client.post(path + "fr/", first)
    asked = client.post(path + "fr/", second)
    assert "Somebody else wrote: Un" in asked.content.decode()
    client.post(path + "fr/", typed(asked))
    assert campaign.demands.get().names["fr"] == "Deux"


def test_demands_that_two_people_change_are_asked_about_and_keep_translations(
    client, campaign, ana
):
    client.force_login(ana)
    path = DESK.format(campaign.code) + "demands/"
    client.post(path, typed(client.get(path)) | {"demand_0": "Clean", "demand_1": "Free"})
    client.post(path + "fr/", typed(client.get(path + "fr/"), Clean="Propres", Free="Libres"))
    first, second = typed(client.get(path)), typed(client.get(path))
    client.post(path, first | {"demand_0": ""})

    asked = client.post(path, second | {"demand_2": "Wild"})
    assert "Stored now under “Demands”: Free" in asked.content.decode()
    client.post(path, typed(asked) | {"demand_0": ""})
    assert [dict(d.names) for d in campaign.demands.kept()] == [
        {"en": "Free", "fr": "Libres"},
        {"en": "Wild"},
    ]


def test_demands_are_ordered_translated_and_taken_away(client, campaign, ana):
    client.force_login(ana)
    path = DESK.format(campaign.code) + "demands/"
    client.post(path, {"demand_0": "Second", "place_0": 2, "demand_1": "First", "place_1": 1})
    client.post(path + "fr/", typed(client.get(path + "fr/"), First="Un"))
    assert [dict(d.names) for d in campaign.demands.kept()] == [
        {"en": "First", "fr": "Un"},
        {"en": "Second"},
    ]
    client.post(path, typed(client.get(path)) | {"demand_0": "Only", "demand_1": ""})
    assert [dict(d.names) for d in campaign.demands.kept()] == [{"en": "Only", "fr": "Un"}]


def test_a_demand_that_was_taken_away_comes_back_with_its_translations(client, campaign, ana):
    client.force_login(ana)
    path = DESK.format(campaign.code) + "demands/"
    client.post(path, {"demand_0": "First", "demand_1": "Second"})
    french = typed(client.get(path + "fr/"), First="Un", Second="Deux")
    client.post(path + "fr/", french)
    client.post(path, typed(client.get(path)) | {"demand_0": ""})
    assert [str(d) for d in campaign.demands.kept()] == ["Second"]

    [away] = campaign.demands.taken_away()
    client.post(path, {"bring-back": away.pk})
    assert [dict(d.names) for d in campaign.demands.kept()] == [
        {"en": "Second", "fr": "Deux"},
        {"en": "First", "fr": "Un"},
    ]
    campaign.demands.filter(pk=away.pk).update(withdrawn_at=timezone.now() - timedelta(days=31))
    assert client.post(path, {"bring-back": away.pk}).status_code == 404


def test_a_moment_is_added_extended_and_cancelled(client, campaign, ana):
    client.force_login(ana)
    path = DESK.format(campaign.code) + "moments/"
    client.post(
        path + "add/",
        {
            "kind": "week",
            "starts_on": "2030-05-06",
            "ends_on": "2030-05-12",
            "where-in-en": "online",
        },
    )
    moment = campaign.moments.get()
    assert (moment.edition, str(moment.where), moment.sequence) == ("2030", "online", 0)
    facts = {"kind": "week", "starts_on": "2030-05-06", "ends_on": "2030-05-19"}
    client.post(f"{path}{moment.code}/", {**facts, "edition": "2030", "where-in-en": "online"})
    text = client.get(campaign.get_absolute_url()).content.decode()
    assert "it ended on <s>12 May 2030</s>" in text
    client.post(f"{path}{moment.code}/cancel/")
    text = client.get(campaign.get_absolute_url()).content.decode()
    assert '<strong class="state stop">Cancelled</strong>' in text
    backwards = client.post(path + "add/", {**facts, "ends_on": "2029-01-01"})
    assert backwards.status_code == 422


def test_endorsing_takes_two_clicks(client, campaign, eve, library):
    client.force_login(eve)
    first = client.get(f"/en/work/endorse/{campaign.code}/")
    assert f'value="{library.code}"' in first.content.decode()
    client.post(f"/en/work/endorse/{campaign.code}/", {"organisation": library.code})
    client.post(f"/en/work/endorse/{campaign.code}/", {"organisation": library.code})
    endorsement = campaign.endorsements.get()
    assert (endorsement.organisation, endorsement.mandate.person) == (library, eve)

    client.post(f"/en/work/endorse/{campaign.code}/{endorsement.pk}/withdraw/")
    endorsement.refresh_from_db()
    assert endorsement.withdrawn_at is not None


def test_a_published_campaign_asks_for_invitations_until_there_are_some(client, campaign, bo):
    client.force_login(bo)
    desk = DESK.format(campaign.code)
    whats = [row.what for row in client.get(desk).context["waiting"]]
    assert "No organisation has been asked to sign yet" in whats


def test_nobody_signs_for_somebody_elses_organisation_by_hand(client, campaign, eve, union):
    client.force_login(eve)
    answer = client.post(f"/en/work/endorse/{campaign.code}/", {"organisation": union.code})
    assert answer.status_code == 422
    assert not campaign.endorsements.exists()


def test_where_nobody_has_accepted_yet_whoever_was_invited_to_coordinate_is_asked(
    campaign, steward
):
    fresh = make_organisation("From the spreadsheet")
    invite = network_services.invite
    for email in ("first@fresh.example", "second@fresh.example"):
        invite("role", email=email, organisation=fresh, role="coordinator", under=steward)
    gone = invite(
        "role", email="gone@fresh.example", organisation=fresh, role="coordinator", under=steward
    )
    network_services.revoke(gone.invitation, under=steward)
    invite("role", email="talks@fresh.example", organisation=fresh, role="delegate", under=steward)

    done = services.invite(campaign, organisations=[fresh], under=steward)

    assert (done.mailed, done.unreachable) == (2, [])
    for email in ("first@fresh.example", "second@fresh.example"):
        templates = [mail.template for mail in outbox.pending(to=email)]
        assert templates[-1] == "campaigns/invitation"


def test_a_round_of_invitations_and_one_reminder(client, campaign, bo, eve, library):
    other = make_organisation("Nobody acts for it", contact_mail="hello@nobody.example")
    make_organisation("Unreachable")
    client.force_login(bo)
    path = f"/en/work/endorse/{campaign.code}/invitations/"
    chosen = [one.pk for one in (library, other)]
    asked = {"organisations": chosen, "addresses": "new@example.net, New Friends, es"}
    page = client.post(path + "invite/", asked)
    assert "This mails 3 people and cannot be undone." in page.content.decode()
    assert not campaign.invitations.exists()
    client.post(path + "invite/", {**asked, "sure": "1"})
    assert campaign.invitations.count() == 3
    assert [m.template for m in outbox.pending(to=eve)] == ["campaigns/invitation"]
    assert outbox.pending(to="new@example.net").get().language == "es"

    assert "This mails" not in client.get(path).content.decode()
    week_ago = timezone.now() - timedelta(days=8)
    campaign.invitations.update(invited_at=week_ago)
    assert "This mails 3 people and cannot be undone." in client.get(path).content.decode()
    client.post(path + "remind/")
    client.post(path + "remind/")
    sent = [m.template for m in outbox.pending(to=eve)]
    assert sent == ["campaigns/invitation", "campaigns/reminder"]
    for standing in ("invited", "opened", "endorsed", "declined", "silent"):
        assert client.get(path, {"standing": standing}).status_code == 200


def test_recording_one_given_elsewhere(client, campaign, bo, library, eve):
    client.force_login(bo)
    path = f"/en/work/endorse/{campaign.code}/endorsements/"
    today = timezone.localdate().isoformat()
    client.post(
        path + "record/", {"organisation": library.pk, "given_on": today, "proof": "Letter"}
    )
    recorded = campaign.endorsements.get()
    assert recorded.is_recorded
    client.force_login(eve)
    client.post(f"/en/work/endorse/{campaign.code}/{recorded.pk}/confirm/")
    recorded.refresh_from_db()
    assert recorded.confirmed_under == mandate_of(eve, library)
    page = client.get(f"/en/work/endorse/{campaign.code}/").content.decode()
    assert "by Eve: recorded by the secretariat" in page


def test_the_export_cannot_run_as_a_formula(client, campaign, steward, eve):
    evil = make_organisation("=1+1")
    services.record(campaign, on_behalf_of=evil, given_at=timezone.now(), proof="x", under=steward)
    client.force_login(eve)
    sheet = client.get(f"/en/work/endorse/{campaign.code}/endorsements.csv").content.decode()
    assert "'=1+1" in sheet
    assert "\n=1+1" not in sheet


LINK = {
    "organisation_name": "River Friends",
    "kind": "association",
    "country": "BR",
    "contact_name": "Noa",
    "contact_email": "noa@example.net",
}
SAME = {"headers": {"sec-fetch-site": "same-origin"}}


@pytest.fixture
def invitation(campaign, steward) -> EndorsementInvitation:
    done = services.invite(
        campaign, addresses=[("new@example.net", "River Friends", "es")], under=steward
    )
    return done.made[0]


def test_an_outsider_signs_by_link_and_a_steward_confirms(client, campaign, invitation, bo):
    path = f"/en/endorse/{invitation.token}/"
    page = client.get(path)
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    invitation.refresh_from_db()
    assert invitation.standing == "opened"
    assert client.post(path + "sign/", LINK, **SAME).status_code == 302
    assert client.post(path + "sign/", LINK, **SAME).status_code == 302

    waiting = campaign.endorsements.get()
    assert not waiting.is_standing
    assert "River Friends" not in client.get(campaign.get_absolute_url()).content.decode()
    assert [m.template for m in outbox.pending(to=bo)] == ["campaigns/waiting"]

    client.force_login(bo)
    client.post(f"/en/work/endorse/{campaign.code}/endorsements/{waiting.pk}/decide/")
    waiting.refresh_from_db()
    assert waiting.is_standing
    assert waiting.organisation.is_member
    assert waiting.mandate.person.email == "noa@example.net"
    assert "River Friends" in client.get(campaign.get_absolute_url()).content.decode()
    invitation.refresh_from_db()
    assert (invitation.contact_name, invitation.contact_email) == ("", "")


def test_a_refused_outsider_leaves_nothing_public(client, campaign, invitation, steward):
    client.post(f"/en/endorse/{invitation.token}/sign/", LINK, **SAME)
    services.refuse_waiting(campaign.endorsements.get(), under=steward)
    assert not campaign.endorsements.accepted().exists()
    invitation.refresh_from_db()
    assert invitation.contact_email == ""
    assert client.get(f"/en/endorse/{invitation.token}/").status_code == 404
    kept = campaign.invitations.filter(withdrawn_at=None)
    assert not kept.in_standing("endorsed").exists()


def test_saying_no_by_link_is_kept_and_nobody_asks_again(client, campaign, invitation, steward):
    client.post(f"/en/endorse/{invitation.token}/decline/", {}, **SAME)
    invitation.refresh_from_db()
    assert invitation.standing == "declined"
    campaign.invitations.update(invited_at=timezone.now() - timedelta(days=30))
    assert services.people_to_remind(campaign) == 0


def test_a_wrong_or_withdrawn_link_opens_nothing(client, invitation, steward):
    good = invitation.token
    for token in (good[:-1] + ("0" if good[-1] != "0" else "1"), "x", good[:8]):
        assert client.get(f"/en/endorse/{token}/").status_code == 404
    services.withdraw_invitation(invitation, under=steward)
    assert client.get(f"/en/endorse/{good}/").status_code == 404


def test_a_link_to_a_closed_campaign_says_so(client, campaign, invitation, steward):
    services.take_step(campaign, STEPS["close"], under=steward)
    page = client.get(f"/en/endorse/{invitation.token}/")
    assert "This campaign takes no endorsements now." in page.content.decode()
    answer = client.post(f"/en/endorse/{invitation.token}/sign/", LINK, **SAME)
    assert answer.status_code == 422
    assert "River Friends" in answer.content.decode()


def test_a_member_with_coordinators_is_sent_to_sign_in(client, campaign, steward, library, eve):
    made = services.invite(campaign, organisations=[library], under=steward).made[0]
    page = client.get(f"/en/endorse/{made.token}/").content.decode()
    assert "Sign in and endorse" in page
    answer = client.post(
        f"/en/endorse/{made.token}/sign/",
        {"contact_name": "X", "contact_email": "x@example.net"},
        **SAME,
    )
    assert answer.status_code == 422


def test_only_those_who_can_do_something_about_the_call_are_told_what_waits(
    client, campaign, bo, eve, library
):
    call = campaign.call
    texts.save_source(call, "Other words.", seen_revision=call.revision, by=bo)
    for person, waits in ((bo, True), (eve, False)):
        client.force_login(person)
        page = client.get(DESK.format(campaign.code)).content.decode()
        assert ("The call has changes that readers do not see" in page) is waits
        assert (f"/work/translate/{call.code}/" in page) is waits


def test_the_list_at_work_begins_with_what_still_runs(client, bo, campaign, steward, union):
    client.force_login(bo)
    later = publish(start(steward, union), steward)
    services.take_step(later, STEPS["close"], under=steward)
    page = client.get("/en/work/campaigns/")
    assert [row["campaign"] for row in page.context["rows"]] == [campaign, later]
    assert [row["edition"] for row in page.context["rows"]] == [str(timezone.now().year)] * 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_at_work_costs_as_many_queries_at_any_length(client, bo, steward, union, count):
    client.force_login(bo)
    costs = []
    for wanted in (1, count + 1):
        for number in range(wanted):
            services.start(
                Names(en=f"Call {number}"), source_language="en", convenors=[union], under=steward
            )
        costs.append(queries_of(client, "/en/work/campaigns/"))
    assert costs[0] == costs[1]


def test_invitations_cost_as_many_queries_at_any_length(client, bo, campaign, steward):
    client.force_login(bo)
    costs = []
    for _round in range(2):
        new = members(3, contact_mail="a@example.org")
        services.invite(campaign, organisations=new, under=steward)
        costs.append(queries_of(client, f"/en/work/endorse/{campaign.code}/invitations/"))
    assert costs[0] == costs[1]


def test_a_coordinator_says_no_at_work(client, campaign, steward, library, eve, ana):
    made = services.invite(campaign, organisations=[library], under=steward).made[0]
    path = f"/en/work/endorse/{campaign.code}/{made.pk}/decline/"
    client.force_login(ana)
    assert client.post(path).status_code == 404
    client.force_login(eve)
    assert "was asked on" in client.get(f"/en/work/endorse/{campaign.code}/").content.decode()
    assert "Asked" in client.get("/en/work/endorse/").content.decode()
    client.post(path)
    made.refresh_from_db()
    assert made.standing == "declined"


def test_addresses_go_ninety_days_after_the_campaign_has_closed(campaign, invitation, steward):
    services.take_step(campaign, STEPS["close"], under=steward)
    assert services.forget_addresses() == 0
    long_ago = timezone.now() - timedelta(days=91)
    Campaign.objects.update(published_at=long_ago, closed_at=long_ago)
    assert services.forget_addresses() == 1
    assert not campaign.invitations.exists()


def test_where_everybody_has_gone_the_contact_mail_is_told_whom_to_write_to(campaign, steward):
    """A first coordinator would be invited; a new one is appointed by two stewards."""
    other = make_organisation("Nobody acts for it", contact_mail="hello@nobody.example")
    gone = make_person("Gone")
    network_services.grant(gone, "coordinator", organisation=other)
    gone.is_active = False
    gone.save()
    services.record(
        campaign, on_behalf_of=other, given_at=timezone.now(), proof="Letter", under=steward
    )
    mail = outbox.pending(to="hello@nobody.example").get()
    assert "write to hello@example.org" in mail.body
    assert "/work/" not in mail.body
