"""What templates ask about languages and paragraphs."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from convoca.core.dates import day_words, moment_words
from convoca.core.languages import autonym, direction, language_name
from convoca.texts import diff, markdown, registry
from convoca.texts.models import Text, Translation

register = template.Library()

register.filter("language_name", language_name)
register.filter("autonym", autonym)
register.filter("direction", direction)
register.filter("moment", moment_words)


@register.filter
def day_of(at: str) -> str:
    """The day of an instant that was kept as text, in words."""
    return day_words(datetime.fromisoformat(at).date())


@register.filter
def prose(body: str) -> SafeString:
    """A member's Markdown as safe HTML."""
    return markdown.render(body, deeper=2 - markdown.top_heading([body]))


@register.filter
def plain(body: str) -> str:
    """A member's Markdown as words on one line."""
    return markdown.plain(body)


@register.filter
def has_markup(body: str) -> bool:
    """Whether the Markdown says more than its plain words do."""
    return markdown.plain(body) != " ".join(body.split())


@register.simple_tag
def word_diff(old: str, new: str) -> SafeString:
    """The new wording with what is new in `ins` and what is gone in `del`."""
    return diff.html(old, new)


@register.simple_tag
def old_words(old: str, new: str) -> SafeString:
    """The old wording with what is gone in `del`."""
    return diff.old_side(old, new)


@register.simple_tag
def new_words(old: str, new: str) -> SafeString:
    """The new wording with what is new in `ins`."""
    return diff.new_side(old, new)


@register.simple_tag
def state_word(state: str) -> SafeString:
    """A translation's state as a word in its colour."""
    tone = {"published": "ok", "stale": "wait", "review": "wait"}.get(state, "")
    label = Translation.State(state).label
    return format_html('<strong class="state {}">{}</strong>', tone, label)


@register.simple_tag
def title_of(text: Text) -> SafeString:
    """A text's title, with the language it is in, and which edition it is."""
    title = format_html(
        '<bdi lang="{}" dir="{}">{}</bdi>', text.source_language, text.dir, str(text)
    )
    edition = registry.edition_of(text)
    return format_html('{} <span class="note">{}</span>', title, edition) if edition else title
