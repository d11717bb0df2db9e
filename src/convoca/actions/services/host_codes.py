"""Codes with which people without mail post actions for an organisation or a committee."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import HostCode
from convoca.actions.models.hosting import hosted_by
from convoca.audit import services as audit
from convoca.core.codes import spoken_code, tidy_code, token_digest
from convoca.core.errors import Refusal
from convoca.network.models import Committee, Mandate, Organisation

MOST_USES = 50
GROUPS = 3
"""Three groups of four: 60 bits, so that nobody guesses one."""


@transaction.atomic
def make_code(
    host: "Organisation | Committee", *, uses: int, days: int, note: str = "", under: Mandate
) -> tuple[HostCode, str]:
    """A code, and how it is read out. It can be used so often, for so many days."""
    spoken = spoken_code(GROUPS)
    code = HostCode.objects.create(
        digest=token_digest(tidy_code(spoken).replace("-", "")),
        note=note,
        uses=uses,
        uses_left=uses,
        made_under=under,
        expires_at=timezone.now() + timedelta(days=days),
        **hosted_by(host),
    )
    audit.record("host-code.made", about=code, under=under, uses=uses)
    return code, spoken


def find(typed: str) -> HostCode | None:
    """The code that was meant, if it can still be used."""
    digest = token_digest(tidy_code(typed).replace("-", ""))
    rows = HostCode.objects.open().select_related("organisation", "committee", "made_under")
    return rows.filter(digest=digest).first()


def use(typed: str) -> HostCode:
    """Take one use of a code, in the caller's transaction; refused where there is none left."""
    code = find(typed)
    held = HostCode.objects.open().filter(pk=code.pk) if code is not None else None
    if code is None or held is None or not held.update(uses_left=F("uses_left") - 1):
        raise Refusal(
            "code-unknown",
            _("This code does not work, or no longer. Ask whoever gave it to you for another."),
        )
    return code


@transaction.atomic
def revoke(code: HostCode, *, under: Mandate) -> None:
    """From now on nobody posts with it; what was posted stays."""
    held = HostCode.objects.select_for_update().get(pk=code.pk)
    if held.revoked_at is None:
        held.revoked_at = timezone.now()
        held.save(update_fields=["revoked_at"])
        audit.record("host-code.revoked", about=held, under=under)
