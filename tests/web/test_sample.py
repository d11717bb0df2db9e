from datetime import date, timedelta

import pytest

from convoca.actions.models import Action
from convoca.audit import services as audit
from convoca.campaigns.models import Campaign, EndorsementInvitation, Moment
from convoca.counting.models import Claim, Estimate, Link, Publication
from convoca.network.models import Affiliation, Committee, Organisation
from convoca.texts.models import Translation
from convoca.web import sample
from convoca.web.sample import Kept

SUNDAY = date(2026, 11, 22)


@pytest.mark.django_db
def test_the_sample_is_as_large_as_it_says():
    sample.load(today=SUNDAY)

    members = Organisation.objects.members()
    assert members.count() >= 24
    assert len(set(members.values_list("country", flat=True))) >= 14
    assert Committee.objects.exclude(place=None).count() >= 60
    chapters = Affiliation.objects.values_list("chapter", flat=True)
    assert len(chapters) > len(set(chapters))  # one belongs to two bodies
    assert Campaign.objects.open().count() == 1
    assert Campaign.objects.filter(state="closed").count() == 2

    week = Action.objects.filter(campaign=Campaign.objects.open().get())
    assert week.count() >= 300
    assert week.values("place").distinct().count() >= 120
    assert {*week.values_list("state", flat=True)} == {
        "published", "tentative", "standby", "postponed", "cancelled", "waiting",
    }  # fmt: skip

    assert Link.objects.filter(state="doubtful").exists()
    assert Estimate.objects.exclude(set_aside_at=None).exists()
    last, first = Publication.objects.order_by("-published_at")
    assert (bool(last.corrections), first.corrections) == (True, [])
    assert last.figures["total"]["reported"] > first.figures["total"]["reported"] >= 15

    call = Campaign.objects.open().get().call
    states = {t.language: str(t.state) for t in Translation.objects.filter(text=call)}
    assert states == {"en": "published", "ar": "published", "fr": "stale", "pt": "draft"}
    asked = {i.standing for i in EndorsementInvitation.objects.all()}
    assert {"silent", "opened", "declined"} <= asked


@pytest.fixture
def home(tmp_path, transactional_db):
    """A home whose sample hangs on a Sunday."""
    assert sample.refresh(tmp_path, today=SUNDAY) == (Kept.LOADED, 0)
    return tmp_path


def week_begins():
    return Moment.objects.get(kind="week").starts_on


@pytest.mark.slow
def test_on_the_same_day_nothing_is_done(home):
    campaign = Campaign.objects.open().get()
    assert sample.refresh(home, today=SUNDAY) == (Kept.AS_IT_WAS, 0)
    assert Campaign.objects.open().get() == campaign


@pytest.mark.slow
def test_an_unchanged_sample_is_made_anew_on_a_later_day(home):
    before = week_begins()
    assert sample.refresh(home, today=SUNDAY + timedelta(days=3)) == (Kept.MADE_ANEW, 0)
    assert week_begins() == before + timedelta(days=3)


@pytest.mark.slow
def test_a_changed_sample_moves_by_whole_weeks(home):
    before, said = week_begins(), Claim.objects.earliest("pk")
    campaign = Campaign.objects.open().get()
    audit.record("campaign.changed", about=campaign)

    assert sample.refresh(home, today=SUNDAY + timedelta(days=5)) == (Kept.AS_IT_WAS, 0)
    assert week_begins() == before
    assert sample.refresh(home, today=SUNDAY + timedelta(days=17)) == (Kept.MOVED, 2)
    assert week_begins() == before + timedelta(weeks=2)
    assert Claim.objects.get(pk=said.pk).day == said.day + timedelta(weeks=2)
    assert Campaign.objects.open().get() == campaign
