"""An action's description: a text in its host's language, kept and published in one step."""

from convoca.actions.models import Action
from convoca.texts import services as texts
from convoca.texts.models import Text


def describe(action: Action, words: str) -> None:
    """Make these the words of the description; none takes it away. Until the public reads the
    action, its text stands in no translator's queue. In the caller's transaction.
    """
    text = action.description
    if not words.strip():
        if text is not None:
            action.description = None
            action.save(update_fields=["description"])
            forget_text(text)
        return
    if text is None:
        text = texts.start(action.language)
        if not action.is_public:
            texts.close(text)
        action.description = text
        action.save(update_fields=["description"])
    texts.save_source(text, words, seen_revision=text.revision, by=None)
    texts.publish_version(text, by=None)


def words_of(action: Action) -> str:
    """The description as it was written, in its own language."""
    return action.description.draft if action.description is not None else ""


def forget_text(text: Text) -> None:
    """Delete a text that no action holds any more, with all its versions and translations."""
    text.current = None
    text.save(update_fields=["current"])
    text.delete()
