"""Telling translators what waits for them, at once or in their mail of the day."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.texts import registry
from convoca.texts.models import Paragraph, Text, Translation


def _tell(person: Person, template: str, *, about: Text | Translation, **context: object) -> None:
    accounts.notify(person, template, about=about, **context)


def people_for(text: Text, language: str, *besides: Person | None) -> list[Person]:
    """Translators of the pair, without those named."""
    gone = {person.pk for person in besides if person is not None}
    found = registry.roster().people_for(text.source_language, language)
    return [person for person in found if person.pk not in gone and person.is_active]


def tell_of_version(text: Text, number: int, *, besides: Person | None) -> None:
    """One notice per translator: a text to begin, or paragraphs to renew."""
    known = {translation.language: translation for translation in text.translations.listed()}
    told: set[int] = set()
    languages = dict.fromkeys([*registry.roster().languages(), *known])
    for language in languages:
        translation = known.get(language)
        waiting = translation.open_count if translation else len(text.sources())
        if language == text.source_language or not waiting:
            continue
        for person in people_for(text, language, besides):
            if person.pk not in told:
                told.add(person.pk)
                _tell(
                    person,
                    "texts/version",
                    about=text,
                    text=text,
                    language=language,
                    waiting=waiting,
                    renewing=bool(translation and translation.published_at),
                )


def tell_reviewers(translation: Translation, reviewers: Iterable[Person], by: Person) -> None:
    """A translation waits for a second pair of eyes."""
    for person in reviewers:
        _tell(person, "texts/review", about=translation, translation=translation, by=by)


def tell_translators(translation: Translation, template: str, by: Person | None) -> None:
    """Everyone who worked on the translation, but the one who did this."""
    ids = set(translation.paragraphs.values_list("by", flat=True)) | {translation.submitted_by_id}
    wanted = Person.objects.filter(
        pk__in=[pk for pk in ids if pk is not None and (by is None or pk != by.pk)], is_active=True
    )
    for person in wanted:
        _tell(person, template, about=translation, translation=translation, by=by)


def tell_claimer(row: Paragraph, by: Person) -> None:
    """Somebody wrote in a paragraph that this person had claimed."""
    if row.claimed_by is not None:
        _tell(
            row.claimed_by,
            "texts/written-over",
            about=row.translation,
            translation=row.translation,
            by=by,
        )


def tell_of_suggestions(person: Person, text: Text, language: str, count: int) -> None:
    """Readers have sent better words since yesterday."""
    _tell(person, "texts/suggestions", about=text, text=text, language=language, count=count)


@transaction.atomic
def translator_left(person: Person, languages: Iterable[str]) -> int:
    """Free what the person had claimed in these target languages; their drafts stay.

    The other translators of each unfinished text are told. A text whose pair the person still
    translates is left alone. Returns how many texts are offered anew. Harmless to repeat.
    """
    offered = 0
    for language in set(languages):
        theirs = Q(paragraphs__claimed_by=person) | Q(
            ~Q(stage=Translation.Stage.PUBLISHED), paragraphs__by=person, text__closed_at=None
        )
        found = Translation.objects.filter(theirs, language=language).select_related("text")
        for translation in found.distinct():
            source = translation.text.source_language
            people = registry.roster().people_for(source, language)
            if person in people:
                continue
            offered += 1
            translation.paragraphs.filter(claimed_by=person).update(
                claimed_by=None, claimed_at=None
            )
            audit.record("translation.offered", about=translation, by=person)
            for other in people_for(translation.text, language, person):
                _tell(
                    other, "texts/offered", about=translation, translation=translation, left=person
                )
    return offered


def count_of_translators(text: Text) -> int:
    """How many people at most hear of a new version."""
    languages = [
        *registry.roster().languages(),
        *text.translations.values_list("language", flat=True),
    ]
    told = {
        person.pk
        for language in dict.fromkeys(languages)
        if language != text.source_language
        for person in people_for(text, language)
    }
    return len(told)
