"""What translations have for Today."""

from django.urls import reverse
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.core.dates import day_words
from convoca.core.languages import language_name
from convoca.texts import registry
from convoca.texts.models import Text, Translation
from convoca.texts.queues import queue
from convoca.web.today.items import Board, Item, yesterday

MOST = 50


def related() -> list[str]:
    """What to fetch with translations, so that titles cost no query each."""
    return ["text", *(f"text__{name}" for name in registry.accessors())]


def title_of(text: Text) -> str:
    """The title of a text in the reader's language, as its owner has it, and its edition."""
    kind = registry.kind_of(text)
    owner = kind.of(text) if kind else None
    title = str(kind.title(owner)) if kind and owner else text.title
    return f"{title} {registry.edition_of(text)}".strip()


def for_steward(board: Board) -> None:
    """Published translations that are older than their source; what was published yesterday."""
    stale = Translation.objects.stale().filter(text__closed_at=None).select_related(*related())
    stale = stale.defer("published", "text__draft")
    for translation in stale.order_by("changed_at")[:MOST]:
        board.late.append(
            Item(
                _("%(language)s is stale: %(title)s")
                % {
                    "language": language_name(translation.language),
                    "title": title_of(translation.text),
                },
                _("Readers have the older words since %(day)s.")
                % {"day": day_words(translation.changed_at.date())},
                reverse("texts:text", args=[translation.text.code]),
                _("See which"),
                translation.changed_at,
            )
        )
    fresh = Translation.objects.published().filter(published_at__gte=yesterday())
    for translation in fresh.select_related(*related()).defer("published", "text__draft")[:MOST]:
        board.since.append(
            Item(
                _("%(language)s was published: %(title)s")
                % {
                    "language": language_name(translation.language),
                    "title": title_of(translation.text),
                },
                "",
                reverse("texts:text", args=[translation.text.code]),
                harm=translation.published_at or translation.changed_at,
            )
        )


def for_translator(person: Person, board: Board) -> None:
    """The translator's queue, its most urgent rows."""
    for group in queue(person):
        for task in group.tasks:
            board.waits.append(
                Item(
                    f"{group.name} · {title_of(task.text)} · {language_name(task.language)}",
                    task.why,
                    task.url,
                    task.verb,
                )
            )
