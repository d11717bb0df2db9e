"""Boards and queues: what of the network's texts is in which language, and what waits for whom.

Reading only. Every list is bounded in SQL.
"""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.core.access import Visitor
from convoca.core.dates import number_words
from convoca.texts import registry
from convoca.texts.models import Suggestion, Text, Translation
from convoca.texts.models.text import TextQuerySet
from convoca.texts.models.translation import TranslationQuerySet
from convoca.texts.rules import pairs_of
from convoca.texts.services.offline import guarded

PER_GROUP = 20


@dataclass(frozen=True)
class Task:
    """One row of a queue: a text, a language, and the one thing to do next."""

    text: Text
    language: str
    verb: str
    why: str
    url: str


@dataclass(frozen=True)
class Group:
    """Tasks of one kind; `count` is how many there are in all."""

    name: str
    tasks: list[Task]
    count: int
    more: str = ""


def queue(person: Visitor) -> list[Group]:
    """What waits for a translator, the most urgent kind first. A handful of queries at any size."""
    pairs = pairs_of(person)
    if not pairs:
        return []
    mine = (
        Translation.objects.for_pairs(pairs)
        .filter(text__closed_at=None, text__current__isnull=False)
        .select_related("text__current", *(f"text__{name}" for name in registry.accessors()))
        .defer("published", "text__draft", "text__current__paragraphs")
        .order_by("changed_at", "pk")
    )
    open_ = Q(missing_count__gt=0) | Q(older_count__gt=0) | Q(stage=Translation.Stage.DRAFT)
    drafts = mine.filter(open_).exclude(stage=Translation.Stage.REVIEW)
    is_sent_back = ~Q(note="") & Q(submitted_by=person.pk)
    is_read = Q(published_at__isnull=False, withdrawn_at=None)
    rest = drafts.exclude(is_sent_back)
    review = mine.filter(stage=Translation.Stage.REVIEW).exclude(submitted_by=person.pk)
    groups = [
        _group(_("To review"), review, _review),
        _group(_("Sent back to you"), drafts.filter(is_sent_back), _answer),
        _group(_("To renew"), rest.filter(is_read), _renew),
        _group(_("In work"), rest.exclude(is_read), _continue),
        _to_start(pairs),
        _suggestions(pairs),
    ]
    return [group for group in groups if group.count]


def _group(name: str, found: TranslationQuerySet, task: Callable[[Translation], Task]) -> Group:
    return Group(name, [task(translation) for translation in found[:PER_GROUP]], found.count())


def _task(translation: Translation, verb: str, why: str, view: str = "texts:translation") -> Task:
    url = reverse(view, args=[translation.text.code, translation.language])
    return Task(translation.text, translation.language, verb, why, url)


def _review(translation: Translation) -> Task:
    why = _("Handed in; a second person looks at it.")
    return _task(translation, _("Review"), why, "texts:review")


def _answer(translation: Translation) -> Task:
    return _task(translation, _("Answer"), translation.note[:200])


def _renew(translation: Translation) -> Task:
    count = translation.open_count
    if not count:
        return _task(translation, _("Hand in"), _("Renewed, and not handed in yet."))
    verb = ngettext("Renew %(count)s paragraph", "Renew %(count)s paragraphs", count) % {
        "count": number_words(count)
    }
    return _task(translation, verb, _("The original has changed; readers see the older words."))


def _continue(translation: Translation) -> Task:
    return _task(translation, _("Continue"), progress(translation))


def progress(translation: Translation) -> str:
    """How far a translation is, in words."""
    return ngettext(
        "%(done)d of %(total)d paragraph",
        "%(done)d of %(total)d paragraphs",
        translation.total_count,
    ) % {"done": translation.done_count, "total": translation.total_count}


def missing_in(texts: TextQuerySet, language: str) -> TextQuerySet:
    """Texts that nobody has begun to put into this language."""
    begun = Translation.objects.filter(language=language).values("text_id")
    return texts.exclude(source_language=language).exclude(pk__in=begun)


def _to_start(pairs: Iterable[tuple[str, str]]) -> Group:
    sources: dict[str, list[str]] = {}
    for source, target in pairs:
        sources.setdefault(target, []).append(source)
    tasks: list[Task] = []
    count = 0
    for target, froms in sources.items():
        texts = Text.objects.translatable().from_languages(froms)
        found = missing_in(texts, target).listed().order_by("pk")
        count += found.count()
        for text in found[: PER_GROUP - len(tasks)]:
            why = _("Nobody has begun it yet.")
            url = reverse("texts:translation", args=[text.code, target])
            tasks.append(Task(text, target, _("Start"), why, url))
    return Group(_("To start"), tasks, count)


def _suggestions(pairs: Iterable[tuple[str, str]]) -> Group:
    wanted = Q(pk__in=[])
    for source, target in pairs:
        wanted |= (
            Q(text__source_language=source) | Q(text__source_language__startswith=f"{source}-")
        ) & (Q(language=target) | Q(language__startswith=f"{target}-"))
    rows = (
        Suggestion.objects.open()
        .filter(wanted)
        .order_by()
        .values("text_id", "language")
        .annotate(waiting=Count("pk"))
    )
    shown = list(rows.order_by("text_id", "language")[:PER_GROUP])
    texts = Text.objects.listed().in_bulk([row["text_id"] for row in shown])
    tasks = []
    for row in shown:
        text, count = texts[row["text_id"]], row["waiting"]
        verb = ngettext("Read %(count)s suggestion", "Read %(count)s suggestions", count) % {
            "count": number_words(count)
        }
        url = reverse("texts:suggestions", args=[text.code, row["language"]])
        tasks.append(Task(text, row["language"], verb, _("Readers suggest better words."), url))
    return Group(_("Suggestions from readers"), tasks, rows.count())


@dataclass(frozen=True)
class Cell:
    """One text in one language, on the board."""

    language: str
    state: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One text on the board."""

    text: Text
    cells: list[Cell]


def board(*, q: str = "", language: str = "", state: str = "", kind: str = "") -> TextQuerySet:
    """Texts with a published version, the newest first, as the filters say."""
    texts = Text.objects.filter(current__isnull=False)
    texts = texts.titled(q) if q else texts
    texts = texts.filter(owner_kind=kind) if kind else texts
    if state == Translation.State.MISSING and language:
        texts = missing_in(texts, language)
    elif state == Translation.State.MISSING:
        known = registry.roster().languages()
        begun = Count("translations", filter=Q(translations__language__in=known))
        is_whole = Q(begun=len(known)) | Q(begun=len(known) - 1, source_language__in=known)
        texts = texts.annotate(begun=begun).exclude(is_whole)
    elif state or language:
        found = Translation.objects.all()
        found = found.in_state(state) if state else found
        found = found.filter(language=language) if language else found
        # A language alone is a choice of columns, not of texts.
        texts = texts.filter(pk__in=found.values("text_id")) if state else texts
    translations = Prefetch("translations", Translation.objects.listed())
    return texts.listed().prefetch_related(translations).order_by("-pk")


def rows(texts: Iterable[Text], languages: list[str]) -> list[Row]:
    """The board's rows for these columns."""
    return [Row(text, [_cell(text, language) for language in languages]) for text in texts]


def _cell(text: Text, language: str) -> Cell:
    url = reverse("texts:text", args=[text.code])  # who may translate goes on from there
    if language == text.source_language:
        return Cell(language, "source", _("Original"), url)
    found = {t.language: t for t in text.translations.all()}.get(language)
    if found is None:
        return Cell(language, Translation.State.MISSING)
    note = ""
    if found.state == Translation.State.STALE:
        note = ngettext("%(count)s older", "%(count)s older", found.behind_count) % {
            "count": number_words(found.behind_count)
        }
    elif found.state == Translation.State.DRAFT:
        note = f"{found.done_count}/{found.total_count}"
    elif found.is_published and found.is_authors_own:
        note = _("by its authors")
    elif found.is_published and not found.is_reviewed:
        note = _("unreviewed")
    return Cell(language, found.state, note, url)


def languages_of_board() -> list[str]:
    """The network's languages, then others that something has been translated into."""
    known = registry.roster().languages()
    others = (
        Translation.objects.order_by("language").values_list("language", flat=True).distinct()[:100]
    )
    return list(dict.fromkeys([*known, *others]))


MOST_EXPORTED = 5_000


def board_csv(texts: TextQuerySet, languages: list[str]) -> bytes:
    """The board for a spreadsheet: a line a text, a column a language."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["text", "title", "edition", "kind", "version", "original", *languages])
    for row in rows(texts[:MOST_EXPORTED], languages):
        text = row.text
        number = text.current.number if text.current else 0
        cells = [f"{cell.state} {cell.note}".strip() for cell in row.cells]
        edition = guarded(registry.edition_of(text))
        facts = [text.code, guarded(text.title), edition, text.owner_kind, number]
        facts.append(text.source_language)
        writer.writerow([*facts, *cells])
    return out.getvalue().encode("utf-8-sig")
