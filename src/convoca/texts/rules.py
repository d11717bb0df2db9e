"""Who may do what with texts. The owner and the roster are asked; nothing here is stored."""

from collections.abc import Iterable

from convoca.core.access import Visitor
from convoca.core.languages import UnknownTag, tidy_tag
from convoca.texts import registry
from convoca.texts.models import Text, Translation


def is_steward(visitor: Visitor) -> bool:
    """Works for the network's secretariat, as the roster says."""
    return bool(visitor.is_authenticated) and registry.roster().is_steward(visitor)


def pairs_of(visitor: Visitor) -> list[tuple[str, str]]:
    """The language pairs of a translator; none for a stranger."""
    return registry.roster().pairs_of(visitor) if visitor.is_authenticated else []


def may_see_board(visitor: Visitor) -> bool:
    """Stewards and everyone who translates something."""
    return is_steward(visitor) or bool(pairs_of(visitor))


def may_edit_source(visitor: Visitor, text: Text) -> bool:
    """Whoever may edit the owner; stewards while nothing holds the text."""
    if not visitor.is_authenticated:
        return False
    kind, owner = text.kind, text.owner
    if kind is None or owner is None:
        return is_steward(visitor)
    return bool(kind.may_edit(visitor, owner))


def may_translate(visitor: Visitor, text: Text, language: str) -> bool:
    """Stewards, translators of the pair, and those whom the owner lets into this language."""
    return language in targets(visitor, text, [language])


def targets(visitor: Visitor, text: Text, languages: Iterable[str]) -> set[str]:
    """Those of these languages that the visitor may translate the text into; roster asked once."""
    if not visitor.is_authenticated:
        return set()
    wanted = {tag for tag in languages if _is_target(text, tag)}
    if is_steward(visitor):
        return wanted
    pairs = pairs_of(visitor)
    kind, owner = text.kind, text.owner
    return {
        tag
        for tag in wanted
        if any(registry.pair_covers(pair, text.source_language, tag) for pair in pairs)
        or (kind is not None and owner is not None and kind.may_translate(visitor, owner, tag))
    }


def may_see(visitor: Visitor, text: Text) -> bool:
    """Its editors, and its translators, once there is something to translate."""
    if may_edit_source(visitor, text):
        return True
    if text.current_id is None or not visitor.is_authenticated:
        return False
    known = {*registry.roster().languages(), *(target for _source, target in pairs_of(visitor))}
    return is_steward(visitor) or bool(targets(visitor, text, known))


def may_review(visitor: Visitor, translation: Translation) -> bool:
    """A second person of the language pair, or a steward; never who handed it in."""
    return bool(reviewable(visitor, translation.text, [translation]))


def reviewable(visitor: Visitor, text: Text, translations: Iterable[Translation]) -> set[str]:
    """The languages of those of its translations that the visitor may review; roster asked once."""
    if not visitor.is_authenticated:
        return set()
    waiting = {
        one.language
        for one in translations
        if one.stage == Translation.Stage.REVIEW and one.submitted_by_id != visitor.pk
    }
    if not waiting or is_steward(visitor):
        return waiting
    pairs = pairs_of(visitor)
    return {
        tag
        for tag in waiting
        if any(registry.pair_covers(pair, text.source_language, tag) for pair in pairs)
    }


def may_answer_suggestions(visitor: Visitor, text: Text, language: str) -> bool:
    """For the source language its editors, for another its translators."""
    if language == text.source_language:
        return may_edit_source(visitor, text)
    return may_translate(visitor, text, language)


def may_suggest(visitor: Visitor, text: Text) -> bool:
    """Anyone, where strangers can read the owner."""
    kind, owner = text.kind, text.owner
    return (
        kind is not None
        and owner is not None
        and text.current_id is not None
        and bool(kind.is_public(owner))
    )


def _is_target(text: Text, language: str) -> bool:
    try:
        return tidy_tag(language) == language != text.source_language
    except UnknownTag:
        return False
