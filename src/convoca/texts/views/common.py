"""What the views of texts share: fetching on someone's behalf."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from convoca.accounts.models import Person
from convoca.audit.services import Authority
from convoca.core.access import Visitor
from convoca.core.languages import UnknownTag, tidy_tag
from convoca.texts import rules
from convoca.texts.models import Text, Translation
from convoca.texts.models.text import TextQuerySet


def person_of(request: HttpRequest) -> Person:
    """The signed-in person of a view behind `login_required`."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def mandate_of(request: HttpRequest) -> Authority | None:
    """The mandate that the person acts under just now, if the network says one."""
    acting: Any = getattr(request, "acting", None)
    return acting or None


def text_for(request: HttpRequest, code: str, *, to_edit: bool = False) -> Text:
    """The text that the visitor may see, or edit."""
    may = rules.may_edit_source if to_edit else rules.may_see
    return _fetch(request, Text.objects.with_owners(), may, code)


def _fetch(
    request: HttpRequest, texts: TextQuerySet, may: Callable[[Visitor, Text], bool], code: str
) -> Text:
    """`fetch_for`, where the owner says what may be seen: hidden is 404, not allowed is 403."""
    text = get_object_or_404(texts, code=code)
    if may(request.user, text):
        return text
    if rules.may_see(request.user, text) or rules.may_suggest(request.user, text):
        raise PermissionDenied
    raise Http404


def tag_or_404(typed: str) -> str:
    """A language tag from an address, in its one spelling."""
    try:
        tag = tidy_tag(typed)
    except UnknownTag as error:
        raise Http404 from error
    if tag != typed:
        raise Http404
    return tag


def translation_for(request: HttpRequest, code: str, language: str) -> Translation:
    """The translation that the visitor may work on; an unsaved one where none is begun."""
    tag = tag_or_404(language)
    text = _fetch(
        request,
        Text.objects.with_owners().filter(current__isnull=False),
        lambda visitor, text: rules.may_translate(visitor, text, tag),
        code,
    )
    return _translation(text, tag)


def begun_for(request: HttpRequest, code: str, language: str) -> Translation:
    """The same, where only a translation that is begun makes sense."""
    translation = translation_for(request, code, language)
    if translation.pk is None:
        raise Http404
    return translation


def _translation(text: Text, language: str) -> Translation:
    found = Translation.objects.filter(text=text, language=language)
    translation = found.select_related("submitted_by", "noted_by").first()
    if translation is None:
        count = len(text.sources())
        return Translation(text=text, language=language, total_count=count, missing_count=count)
    translation.text = text
    return translation
