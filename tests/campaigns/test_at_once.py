"""Two who act on one campaign in the same moment: decided under a lock, on both databases."""

import pytest
from django.db import connection

from convoca.campaigns import services
from convoca.core.names import Names
from convoca.outbox import services as outbox
from convoca.texts import services as texts
from tests.cast import mandate_of
from tests.network.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _threads_share_the_database():
    """SQLite in memory is one connection's own: threads would not see each other."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("needs a database that threads share: PostgreSQL")


def test_signing_three_times_at_once_is_one_endorsement_and_one_thank_you(campaign, union, ana):
    under = mandate_of(ana, union)
    step = lambda: services.endorse(campaign, on_behalf_of=union, under=under)  # noqa: E731
    assert at_once(step, step, step) == []
    assert campaign.endorsements.count() == 1
    assert [m.template for m in outbox.pending(to=ana)] == ["campaigns/thanks"]


def test_two_reminders_at_once_remind_everybody_once(campaign, steward, library, eve):
    services.invite(campaign, organisations=[library], under=steward)
    campaign.invitations.update(invited_at="2020-01-01T00:00Z")
    step = lambda: services.remind_silent(campaign, under=steward)  # noqa: E731
    assert at_once(step, step) == []
    assert [m.template for m in outbox.pending(to=eve)].count("campaigns/reminder") == 1


def test_a_title_published_while_the_campaign_is_edited_waits_its_turn(campaign, steward, ana, bo):
    """Both lock the text first, then the campaign: neither waits for what the other holds."""
    for number in range(8):
        fr = texts.open_translation(campaign.call, "fr", by=ana)
        rows = {row.key: row for row in fr.paragraphs.all()}
        for source in campaign.call.sources():
            seen = rows[source.key].revision if source.key in rows else 0
            texts.save_paragraph(fr, source.key, f"Mots {number}", seen_revision=seen, by=ana)
        names = Names({**campaign.names, "es": f"Ríos {number}"})
        refused = at_once(
            lambda fr=fr: texts.publish_unreviewed(fr, by=bo),
            lambda names=names: services.change(campaign, names=names, under=steward),
        )
        assert refused == []
        campaign.refresh_from_db()
        campaign.call.refresh_from_db()
