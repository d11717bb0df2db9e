"""What sources say of a whole moment is noted beside the totals."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.campaigns.models import Moment
from convoca.core.errors import Refusal
from convoca.counting.models import Summary
from convoca.counting.services.sources import source_called
from convoca.network.models import Mandate


@transaction.atomic
def note_summary(
    moment: Moment, *, name: str, kind: str, words: str, url: str, said_on: date, under: Mandate
) -> Summary:
    """Note what a source says of a moment. The same once more is one. Nothing is added to any
    total.
    """
    source = source_called(name, kind=kind, under=under)
    if source.kind != kind:
        raise Refusal(
            "source-other-kind",
            _("“%(name)s” is known as this kind of source: %(kind)s. Choose that one.")
            % {"name": source.name, "kind": source.get_kind_display()},
        )
    summary, is_new = Summary.objects.get_or_create(
        moment=moment,
        source=source,
        words=words,
        url=url,
        defaults={"said_on": said_on, "noted_under": under},
    )
    if is_new:
        audit.record("summary.noted", about=summary, under=under, campaign=moment.campaign.code)
    return summary


@transaction.atomic
def remove_summary(summary: Summary, *, under: Mandate) -> None:
    """Take it away again. The audit keeps what it said."""
    audit.record(
        "summary.removed", about=summary, under=under, campaign=summary.moment.campaign.code
    )
    summary.delete()
