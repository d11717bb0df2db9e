"""One search over all that a person may see.

Names and texts are folded when they are written and when they are asked (`core.fold`), and
looked up in FTS5 on SQLite and in `tsvector('simple')` on PostgreSQL. What is found is then
fetched through each model's own `visible_to`, so the index cannot show what a person may not see.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convoca.accounts.models import Person
from convoca.actions.models import Action
from convoca.campaigns.models import Campaign
from convoca.core.access import STRANGER, Visitor
from convoca.core.fold import fold, terms
from convoca.network.models import Committee, Organisation
from convoca.network.rules import is_steward
from convoca.network.services import mandates_of
from convoca.pages.public import public_page
from convoca.texts.models import Translation
from convoca.web.models import SearchEntry

MOST = 60
KINDS: dict[str, type[models.Model]] = {
    "campaign": Campaign,
    "organisation": Organisation,
    "committee": Committee,
    "action": Action,
}


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, what it is, and where it stands."""

    title: str
    kind: str
    url: str


def words_of(thing: models.Model, language: str = "") -> Iterator[tuple[str, str, str]]:
    """For each language of an object, or this one: tag, title, and all the words it can be found
    by."""
    names: dict[str, str] = thing.names  # type: ignore[attr-defined]
    texts = dict(_texts(thing, language))
    for tag in {**names, **texts}:
        if language and tag != language:
            continue
        title = names.get(tag) or next(iter(names.values()), "")
        yield tag, title, " ".join([title, texts.get(tag, "")])


def _texts(thing: models.Model, language: str) -> Iterator[tuple[str, str]]:
    if isinstance(thing, Campaign):
        version = thing.call.current
        if version is not None and language in ("", thing.call.source_language):
            yield thing.call.source_language, " ".join(p.body for p in version.sources())
        published = Translation.objects.published().filter(text=thing.call)
        for translation in published.filter(language=language) if language else published:
            words = " ".join(row["body"] for row in translation.published.values())
            yield translation.language, words
    elif isinstance(thing, Action) and thing.place is not None:
        yield thing.language, f"{thing.place.name} {thing.place.region}"


@transaction.atomic
def index(thing: models.Model, language: str = "") -> None:
    """Write down what an object can be found by, in every language or in this one. Repeating it
    changes nothing."""
    kind = thing._meta.model_name or ""
    entries = SearchEntry.objects.filter(kind=kind, object_id=thing.pk)
    (entries.filter(language=language) if language else entries).delete()
    SearchEntry.objects.bulk_create(
        SearchEntry(
            kind=kind,
            object_id=thing.pk,
            language=tag,
            title=title,
            words=" ".join(terms(words)),
        )
        for tag, title, words in words_of(thing, language)
    )


def forget(thing: models.Model) -> None:
    """Take an object out of the index."""
    SearchEntry.objects.filter(kind=thing._meta.model_name, object_id=thing.pk).delete()


def index_all() -> None:
    """Make the whole index anew: after a restore, or when the fold has changed."""
    SearchEntry.objects.all().delete()
    for model in KINDS.values():
        for thing in model._default_manager.iterator(chunk_size=500):
            index(thing)


def matching(asked: str) -> models.QuerySet[SearchEntry]:
    """Entries that hold every word asked for, the last one perhaps only begun."""
    wanted = terms(asked)[:8]
    if not wanted:
        return SearchEntry.objects.none()
    if connection.vendor == "sqlite":
        match = " ".join(f'"{word}"' for word in wanted) + "*"
        return SearchEntry.objects.extra(
            where=["web_searchentry.id IN (SELECT rowid FROM web_search WHERE words MATCH %s)"],
            params=[match],
        )
    query = " & ".join(f"'{word}'" for word in wanted) + ":*"
    return SearchEntry.objects.extra(
        where=["to_tsvector('simple', web_searchentry.words) @@ to_tsquery('simple', %s)"],
        params=[query],
    )


def find(asked: str, visitor: Visitor = STRANGER) -> list[Hit]:
    """What the visitor may see of what matches, best first: titles before texts."""
    entries = list(matching(asked).order_by("kind", "object_id")[: MOST * 4])
    wanted = defaultdict(set)
    for entry in entries:
        wanted[entry.kind].add(entry.object_id)
    seen: dict[tuple[str, int], Any] = {
        (kind, thing.pk): thing
        for kind, numbers in wanted.items()
        for thing in KINDS[kind]._default_manager.visible_to(visitor).filter(pk__in=numbers)  # type: ignore[attr-defined]
    }
    folded = fold(asked)
    best: dict[tuple[str, int], tuple[int, str]] = {}
    for entry in entries:
        key = (entry.kind, entry.object_id)
        if key in seen:
            rank = _rank(entry, folded)
            best[key] = min(best.get(key, rank), rank)
    ordered = sorted(best, key=lambda key: best[key])[:MOST]
    at_work = isinstance(visitor, Person)
    hits = [_hit(seen[key], at_work=at_work) for key in ordered]
    return (_people(asked) if is_steward(visitor) else []) + hits


def _rank(entry: SearchEntry, folded: str) -> tuple[int, str]:
    title = fold(entry.title)
    place = 0 if title == folded else 1 if title.startswith(folded) else 2 if folded in title else 3
    own = 0 if entry.language == get_language() else 1
    return (place * 2 + own, title)


def _hit(thing: Any, *, at_work: bool) -> Hit:
    if not at_work or isinstance(thing, Action):
        url = thing.get_absolute_url()
    elif isinstance(thing, Campaign):
        url = reverse("campaigns:desk", args=[thing.code])
    else:
        url = thing.get_work_url()
    return Hit(str(thing), _kind_words(thing._meta.model_name), url)


def _kind_words(kind: str) -> str:
    return {
        "campaign": _("Campaign"),
        "organisation": _("Organisation"),
        "committee": _("Committee"),
        "action": _("Action"),
    }[kind]


def _people(asked: str) -> list[Hit]:
    wanted = asked.strip()
    people = Person.objects.filter(
        models.Q(name__icontains=wanted) | models.Q(email__istartswith=wanted)
    )[:10]
    return [Hit(str(person), _("Person"), _where(person)) for person in people]


def _where(person: Person) -> str:
    """The work page of what the person acts for; the network's people where there is none."""
    held = [mandate for mandate in mandates_of(person) if mandate.organisation or mandate.committee]
    thing = (held[0].organisation or held[0].committee) if held else None
    return thing.get_work_url() if thing else reverse("network:people")


@public_page(
    tags=["campaigns", "actions", "organisations", "committees", "site"],
    personal=("q",),
    mirrored="never",
)
def search(request: HttpRequest) -> HttpResponse:
    """The public search: campaigns with their calls, organisations, committees, actions."""
    asked = request.GET.get("q", "")[:200].strip()
    context = {"asked": asked, "hits": find(asked) if asked else []}
    return render(request, "web/search.html", context)


@login_required
@require_safe
def work_search(request: HttpRequest) -> HttpResponse:
    """The same over all that the signed-in person may see."""
    asked = request.GET.get("q", "")[:200].strip()
    context = {"asked": asked, "hits": find(asked, request.user) if asked else []}
    return render(request, "web/work_search.html", context)
