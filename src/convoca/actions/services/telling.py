"""What all who signed up must be told: written with its cause, mailed by a task."""

from convoca.actions.models import Action, SignUp, Telling
from convoca.actions.signals import something_to_tell


def tell(action: Action, kind: str, *, words: str = "", language: str = "") -> Telling | None:
    """Say, in the caller's transaction, that everybody who signed up must be told.

    None where nobody has. An earlier notice of a change that has not gone out yet is overtaken by
    this one: mails are written from the action as it stands when they are written.
    """
    if not SignUp.objects.filter(action=action).standing().exists():
        return None
    if kind != Telling.Kind.WORDS:
        overtaken = Telling.objects.unfinished().filter(action=action, after=None)
        overtaken.exclude(kind__in=[Telling.Kind.WORDS, Telling.Kind.NEW_HOST]).delete()
    telling = Telling.objects.create(
        action=action, kind=kind, words=words, language=language or action.language
    )
    something_to_tell.send(Telling, telling=telling)
    return telling
