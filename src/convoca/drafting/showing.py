"""What the screen of a draft says of what was found."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.core.dates import number_words
from convoca.drafting.answers import Answers, is_open, summary_of
from convoca.drafting.forms import ItemForm
from convoca.drafting.found import Item
from convoca.drafting.marking import marked
from convoca.drafting.models import ReadText

_PLACELESS = {"statement", "resolutions", "course", "brigade", "letters"}


def marked_text(read: ReadText) -> SafeString:
    """The text, with every passage that something was found in."""
    rows: list[Any] = [*read.items, *read.facts.get("campaigns", [])]
    passages = [(row["span"][0], row["span"][1], row["id"]) for row in rows if row["span"]]
    issued = read.facts.get("issued_span")
    if issued:
        passages.append((issued[0], issued[1], "issued"))
    return marked(read.text, passages)


def notes_of(read: ReadText) -> list[str]:
    """What a person should know before believing any of it."""
    sentences = {
        "language-unknown": _(
            "The language is not known to the reader: only days and places were looked for."
        ),
        "language-partly": _(
            "This language is not read as well as Spanish, French, English and Portuguese."
        ),
        "date-impossible": _("The text names a day that does not exist. Look at its dates."),
        "macros": _("This document holds macros. Only its words were taken."),
    }
    found = [sentences[code] for code in read.notes if code in sentences]
    if not any(item["group"] != "places" for item in read.items):
        found.append(_("Little was found. Add by hand what the campaign needs."))
    if read.kind in _PLACELESS:
        found.append(
            _(
                "There is no place of its own yet for this kind of text: it becomes a campaign’s "
                "draft, with its dates and its words."
            )
        )
    return found


def why_of(item: Item) -> str:
    """How sure it is, or what is known of it."""
    if item["group"] == "moments":
        return {
            "written": "",
            "issue": _("The year is that of the date of issue."),
            "received": _("The year is not written: it was taken from the day it was received."),
            "weekday": _("The year was found by the day of the week."),
            "relative": _("The text says it by words such as “next Saturday”."),
        }.get(item["year_by"], "")
    if item["group"] == "organisations":
        if item["known"]:
            return _("A member of the network.")
        return _("Not a member, or known here by another name.")
    if item["group"] == "places" and item["kind"] == "city" and not item["number"]:
        return _("Several places have this name, or none that is known here.")
    return ""


def groups(answers: Answers) -> dict[str, Any]:
    """The forms in the order in which they are asked: what is uncertain first."""
    unsure = answers.unsure
    for form in answers.items():
        _say(form)
    first = {id(form) for form in unsure}

    def rest(forms: Any) -> list[ItemForm]:
        return [form for form in forms if id(form) not in first]

    moments = rest(answers.moments)
    return {
        "unsure": unsure,
        "moments": [form for form in moments if not _is_mention(form)],
        "mentions": [form for form in moments if _is_mention(form)],
        "lines": rest(answers.lines),
        "organisations": rest(answers.organisations),
        "places": rest(answers.places),
        "figures": answers.figures,
        "told": [] if answers.figures else answers.read.of("figures"),
        "left": _left(len(unsure)),
    }


def _is_mention(form: ItemForm) -> bool:
    return bool(form.item and form.item["is_mention"])


def _say(form: Any) -> None:
    item = form.item
    form.summary, form.why, form.is_unsure = summary_of(item), why_of(item), is_open(item)
    form.others = [form[name] for name in form.fields if name != "take"]
    is_asked_which = form.is_unsure and item["group"] == "places"
    form.is_opened = is_asked_which or bool(form.is_bound and form.errors)


def _left(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)s thing is not answered yet; it will be left out.",
        "%(count)s things are not answered yet; they will be left out.",
        count,
    ) % {"count": number_words(count)}
