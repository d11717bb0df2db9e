"""What the server itself has for a steward: backups, mail that was given up, mail on hold."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.core.backups import OLD_BACKUP, OLD_DRILL, last_backup, last_drill
from convoca.core.dates import day_words
from convoca.outbox import services as outbox
from convoca.vault import clock
from convoca.vault.keyring import VaultUnreadable
from convoca.web.today.items import Board, Item


def for_steward(board: Board) -> None:
    """Rows for what nobody else would notice in time."""
    if outbox.is_held():
        board.late.append(
            Item(
                _("Let mail leave again"),
                _("This server was restored from a copy, and nothing leaves it yet."),
                reverse("mail"),
                _("Look at what waits"),
                timezone.now() - timedelta(days=3650),
            )
        )
    if words := _vault_words():
        board.late.append(
            Item(
                _("Personal data is not deleted"),
                words,
                reverse("help-page", args=["today"]),
                harm=timezone.now() - timedelta(days=3650),
            )
        )
    dead = outbox.dead().count()
    if dead:
        board.late.append(
            Item(
                ngettext("%(n)d mail was given up", "%(n)d mails were given up", dead)
                % {"n": dead},
                _("The addresses may be wrong."),
                reverse("mail"),
                _("Look at them"),
            )
        )


def _vault_words() -> str:
    """Why what people were told is not kept just now; empty when it is."""
    try:
        return clock.trouble()
    except VaultUnreadable as error:
        return str(error)


def backup_words() -> tuple[str, str, bool]:
    """The age of the last backup and of the last restore drill in words; whether one is late."""
    backup, drill = last_backup(settings.CONVOCA_HOME), last_drill(settings.CONVOCA_HOME)
    now = timezone.now()
    backup_text = (
        _("Last backup: %(day)s.") % {"day": day_words(backup.at.date())}
        if backup
        else _("There is no backup yet: run “convoca backup FILE” on the server.")
    )
    drill_text = (
        _("Last restore drill: %(day)s.") % {"day": day_words(drill.at.date())}
        if drill
        else _("No restore has been tried yet: run “convoca restore FILE --drill”.")
    )
    late = not backup or now - backup.at > OLD_BACKUP or not drill or now - drill.at > OLD_DRILL
    return backup_text, drill_text, late
