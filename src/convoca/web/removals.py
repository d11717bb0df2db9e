"""Take down now: what a steward can take out of everybody's sight by its address, and bring back.

A telephone rings, somebody reads out an address: whatever stands there goes with one press. What
has a way out of sight of its own takes that; files leave wherever they are shown.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.apps import apps
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import models, transaction
from django.http import Http404
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from convoca.actions.models import Action
from convoca.actions.services import life
from convoca.audit import services as audit
from convoca.campaigns import services as campaigns
from convoca.campaigns.models import Campaign, Material
from convoca.core.codes import tidy_short_code
from convoca.core.errors import Refusal
from convoca.core.languages import language_name
from convoca.core.tick import every_day
from convoca.media import services as media
from convoca.network.models import Mandate, Organisation
from convoca.pages import services as pages
from convoca.pages.public import PublicPage
from convoca.texts import services as texts
from convoca.texts.models import Text, Translation
from convoca.web.models import Removal

log = structlog.get_logger(__name__)

Kind = Removal.Kind
_FILE = re.compile(r"/media/([^/]+)")
_THING = re.compile(r"/(?:[a-z-]+/)?(actions|campaigns|organisations)/([0-9a-z]{8})(?:/|$)")
_SHORT = re.compile(r"/a/([^/]+)/?")
_TRANSLATION = re.compile(r"/in/([A-Za-z0-9-]+)/$")


@dataclass(frozen=True)
class Found:
    """Something that stands at an address and can be taken down."""

    kind: str
    of: str
    name: str

    @property
    def value(self) -> str:
        return f"{self.kind} {self.of}"

    @property
    def says(self) -> str:
        """What is taken down, in words."""
        return str(_SAYS[Kind(self.kind)]()) % {"name": self.name}


_SAYS: dict[Kind, Callable[[], str]] = {
    Kind.ACTION: lambda: _("The action “%(name)s”: nobody reads any of it"),
    Kind.CAMPAIGN: lambda: _("The campaign “%(name)s”: nobody reads any of it"),
    Kind.TRANSLATION: lambda: _("The translation %(name)s: readers get another language"),
    Kind.ABOUT: lambda: _("What %(name)s says about itself, in every language"),
    Kind.FILE: lambda: _("The file %(name)s: nobody can fetch it, wherever it is shown"),
    Kind.COPIES: lambda: _(
        "Only what is kept of %(name)s: I have corrected it, and nobody shall be shown how it was"
    ),
}


def find(address: str) -> list[Found]:
    """What stands there, the most of it first; empty where nothing of ours does."""
    try:
        url = urlsplit(_whole(address.strip()))
    except ValueError:
        return []
    path = url.path
    found = [*_file(path), *_action(path), *_campaign(path), *_organisation(path)]
    if _is_read_at(path, url.query):
        name = f"\u2066{path}\u2069"  # in one piece where the sentence runs from right to left
        found.append(Found(Kind.COPIES, f"{path}{'?' if url.query else ''}{url.query}", name))
    return found


def _whole(address: str) -> str:
    """As a browser takes it that is given what was read out: without `https://`, or from the
    language on.
    """
    if "://" in address or address.startswith("/"):
        return address
    is_with_host = any(mark in address.partition("/")[0] for mark in ".:")
    return f"{'//' if is_with_host else '/'}{address}"


def _code(path: str, word: str) -> str:
    match = _THING.match(path)
    return match.group(2) if match and match.group(1) == word else ""


def _file(path: str) -> Iterator[Found]:
    match = _FILE.fullmatch(path)
    rows = media.rows_of(match.group(1)) if match else []
    if rows:
        yield _found_file(rows[0])


def _found_file(kept: Any) -> Found:
    words = getattr(kept, "name", "") or getattr(kept, "alt", "")
    return Found(Kind.FILE, kept.file, f"“{words}”" if words else kept.file)


def _action(path: str) -> Iterator[Found]:
    short = _SHORT.fullmatch(path)
    code = _code(path, "actions")
    rows = Action.objects.public().select_related("picture", "description")
    if short:
        found = rows.filter(short_code=tidy_short_code(short.group(1)) or "-").first()
    else:
        found = rows.filter(code=code).first() if code else None
    if found is not None:
        yield Found(Kind.ACTION, found.code, str(found))
        yield from _translations(found.description, "")
        if found.picture is not None:
            yield _found_file(found.picture)


def _campaign(path: str) -> Iterator[Found]:
    code = _code(path, "campaigns")
    rows = Campaign.objects.published().select_related("picture", "call")
    found = rows.filter(code=code).first() if code else None
    if found is not None:
        whole, parts = Found(Kind.CAMPAIGN, found.code, str(found)), _translations(found.call, path)
        yield from [*parts, whole] if _TRANSLATION.search(path) else [whole, *parts]
        if found.picture is not None:
            yield _found_file(found.picture)
        for material in found.materials.filter(withdrawn_at=None).order_by("pk")[:50]:
            yield _found_file(material.file)


def _organisation(path: str) -> Iterator[Found]:
    code = _code(path, "organisations")
    rows = Organisation.objects.public().select_related("logo", "about")
    found = rows.filter(code=code).first() if code else None
    if found is not None:
        if found.about is not None:
            yield Found(Kind.ABOUT, found.code, str(found))
            yield from _translations(found.about, path)
        if found.logo is not None:
            yield _found_file(found.logo)


def _translations(text: Text | None, path: str) -> Iterator[Found]:
    """Those that readers have; of a page in one language only that one."""
    asked = _TRANSLATION.search(path)
    for one in text.translations.published().order_by("language") if text else ():
        if not asked or asked.group(1) == one.language:
            words = _("“%(text)s” in %(language)s")
            words %= {"text": text, "language": language_name(one.language)}
            yield Found(Kind.TRANSLATION, str(one.pk), words)


KEPT = timedelta(days=400)
"""How long it stays written why something was taken down: as long as the trail says that it was."""


@every_day
def forget_old() -> int:
    """Delete what is older. What was taken down stays down. Says how many."""
    return Removal.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


@dataclass(frozen=True)
class _Page:
    """A public page's view, and what it is asked."""

    facts: PublicPage
    match: ResolverMatch
    request: WSGIRequest

    @property
    def tags(self) -> list[str]:
        return self.facts.tags_of(self.request, *self.match.args, **self.match.kwargs)


def _page_at(path: str, query: str) -> _Page | None:
    """The public page there, whether or not there is anything to show on it."""
    try:
        with translation.override(translation.get_language_from_path(path)):
            match = resolve(path)
    except Resolver404:
        return None
    facts: PublicPage | None = getattr(match.func, "public_page", None)
    if facts is None:
        return None
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": settings.ALLOWED_HOSTS[0],
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    request = WSGIRequest(environ)
    request.resolver_match = match
    return _Page(facts, match, request)


def _is_read_at(path: str, query: str) -> bool:
    """Whether readers get a page there. Of an address with a slip of the tongue in it, nobody must
    believe that something was taken down.
    """
    page = _page_at(path, query)
    if page is None:
        return False
    try:
        with translation.override(translation.get_language_from_path(path)):
            answer = page.match.func(page.request, *page.match.args, **page.match.kwargs)
    except Http404:
        return False
    except Exception:  # what cannot be drawn now was drawn before, and may be kept
        log.exception("a page cannot be drawn", path=path)
        return True
    return bool(answer.status_code < 400)


# --- the deed --------------------------------------------------------------------------------


@transaction.atomic
def take_down(found: Found, *, reason: str, under: Mandate) -> Removal | None:
    """Out of everybody's sight before this returns. Answers the row by which it comes back; None
    for what has none, because nothing was changed but what is kept.
    """
    if found.kind == Kind.COPIES:
        url = urlsplit(found.of)
        page = _page_at(url.path, url.query)
        own = [tag for tag in page.tags if tag not in _OF_NEARLY_ALL] if page else []
        pages.take_down(*(own or ["site"]))
        audit.record("pages.taken-down", under=under, path=found.of[:200])
        return None
    removal = Removal(kind=found.kind, of=found.of, name=found.name[:200], under=under)
    removal.reason = reason.strip()[:500]
    removal.back = _DEEDS[Kind(found.kind)][0](found.of, under)
    removal.save()
    audit.record("removal.made", about=removal, under=under)
    return removal


@transaction.atomic
def bring_back(removal: Removal, *, under: Mandate) -> Removal:
    """As it was before, as far as nobody has changed it since. Repeating it changes nothing."""
    removal = Removal.objects.select_for_update(of=("self",)).get(pk=removal.pk)
    if removal.undone_at is not None:
        return removal
    _DEEDS[Kind(removal.kind)][1](removal, under)
    removal.undone_at = timezone.now()
    removal.save(update_fields=["undone_at"])
    audit.record("removal.undone", about=removal, under=under)
    return removal


_OF_NEARLY_ALL = {"everything", "site", "organisations", "committees"}
"""Tags of nearly every page: what was corrected stands under a tag of its own, too."""
Back = dict[str, Any]


def _hide_action(code: str, under: Mandate) -> Back:
    life.hide(Action.objects.get(code=code), why="taken-down", under=under)
    return {}


def _show_action(removal: Removal, under: Mandate) -> None:
    life.show_again(Action.objects.get(code=removal.of), under=under)


def _withdraw_campaign(code: str, under: Mandate) -> Back:
    campaigns.withdraw(Campaign.objects.get(code=code), under=under)
    return {}


def _bring_campaign_back(removal: Removal, under: Mandate) -> None:
    campaigns.bring_back(Campaign.objects.get(code=removal.of), under=under)


def _withdraw_translation(pk: str, under: Mandate) -> Back:
    texts.withdraw(Translation.objects.get(pk=pk), by=under.person, under=under)
    return {}


def _restore_translation(removal: Removal, under: Mandate) -> None:
    texts.restore(Translation.objects.get(pk=removal.of), by=under.person)


def _empty_about(code: str, under: Mandate) -> Back:
    organisation = Organisation.objects.select_for_update().get(code=code)
    back = {"about": organisation.about_id}
    text, organisation.about = organisation.about, None
    organisation.save(update_fields=["about"])
    pages.take_down(*organisation.page_tags(), *(text.page_tags() if text else ()))
    return back


def _fill_about(removal: Removal, under: Mandate) -> None:
    organisation = Organisation.objects.select_for_update().get(code=removal.of)
    if organisation.about_id is not None:
        raise Refusal("about-anew", _("It has written something else about itself since."))
    organisation.about_id = removal.back["about"]
    organisation.save(update_fields=["about"])


def _withhold_file(name: str, under: Mandate) -> Back:
    """Take it off all that shows it: a material is withdrawn, everything else is without it."""
    back: list[list[Any]] = []
    rows = media.rows_of(name)
    for holder, field in media.holders(rows[0]):
        back.append([holder._meta.label, holder.pk, field, getattr(holder, f"{field}_id")])
        _let_go(holder, field)
    for row in rows:
        media.withhold(row, taken_down=True)
    return {"holders": back}


def _let_go(holder: models.Model, field: str) -> None:
    of_holder = type(holder)._base_manager.filter(pk=holder.pk)
    if isinstance(holder, Material):
        of_holder.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    else:
        of_holder.update(**{field: None})
    if tags := getattr(holder, "page_tags", None):
        pages.take_down(*tags())


def _give_file_back(removal: Removal, under: Mandate) -> None:
    for row in media.rows_of(removal.of):
        media.give_back(row, taken_down=True)
    for label, pk, field, was in removal.back["holders"]:
        holder = apps.get_model(label)._base_manager.filter(pk=pk).first()
        if holder is None:
            continue
        of_holder = type(holder)._base_manager.filter(pk=pk)
        if isinstance(holder, Material):
            of_holder.update(withdrawn_at=None)
        else:
            of_holder.filter(**{field: None}).update(**{field: was})
        if tags := getattr(holder, "page_tags", None):
            pages.touch(*tags())


_DEEDS: dict[Kind, tuple[Callable[[str, Mandate], Back], Callable[[Removal, Mandate], None]]] = {
    Kind.ACTION: (_hide_action, _show_action),
    Kind.CAMPAIGN: (_withdraw_campaign, _bring_campaign_back),
    Kind.TRANSLATION: (_withdraw_translation, _restore_translation),
    Kind.ABOUT: (_empty_about, _fill_about),
    Kind.FILE: (_withhold_file, _give_file_back),
}
