"""Two who edit the same thing at once: what neither touched stays, and where both wrote, a person
chooses. For forms over what is stored; texts have their own way (`texts.services.Conflict`).
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from convoca.core.dates import day_words
from convoca.core.languages import language_name
from convoca.core.names import Names


class SeenForm(forms.Form):
    """Carries what was stored when it was drawn. `stored` is what is so now, field by field.

    Where the stored value has changed meanwhile, and what was typed is neither, the form is
    refused once, with what is stored now beside what was typed; sent again, it is taken. Names are
    compared language by language: words that this person left alone become those stored now.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, stored: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self.stored = stored = stored or {}
        kwargs["initial"] = {**stored, "seen": _plain(stored), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            shown = dict(json.loads(cleaned.pop("seen", "") or "{}"))
        except ValueError:
            shown = {}
        now = json.loads(_plain(self.stored))
        for name in [name for name in shown if name in now and shown[name] != now[name]]:
            if isinstance(cleaned.get(name), Names):
                cleaned[name] = self._merged(name, shown[name] or {}, cleaned[name])
            elif self.differs(name):
                self._ask(self.label_of(name), self.stored_words(name))
        if self.is_bound:  # what is shown again was compared with what is stored now
            self._say("seen", _plain(self.stored))
        return cleaned

    def _say(self, name: str, value: str) -> None:
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        self.data[name] = value  # type: ignore[index]

    def label_of(self, name: str) -> str:
        """What the field is called."""
        return str(self[name].label)

    def differs(self, name: str) -> bool:
        """Whether what was typed is not what is stored now."""
        return self.fields[name].has_changed(self.stored[name], self[name].data)

    def stored_words(self, name: str) -> str:
        """What is stored now, to be read."""
        value = self.stored[name]
        return day_words(value) if isinstance(value, date) else str(value or "")

    def _merged(self, name: str, shown: Mapping[str, str], typed: Names) -> Names:
        now, merged = self.stored[name], dict(typed)
        for tag in dict.fromkeys([*now, *typed, *shown]):
            was, mine, theirs = (one.get(tag, "") for one in (shown, typed, now))
            if theirs == was or mine == theirs:
                continue
            if mine == was:
                merged[tag] = theirs
                self._say(f"{name}-in-{tag}", theirs)
            else:
                self._ask(f"{self.label_of(name)}, {language_name(tag)}", theirs)
        return Names({tag: words for tag, words in merged.items() if words})

    def _ask(self, label: str, words: str) -> None:
        if not self.non_field_errors():
            self.add_error(
                None,
                _(
                    "Somebody else has changed this while you were writing. What you typed is "
                    "still here: look at what is stored now, then save again."
                ),
            )
        said = {"label": label, "words": words or _("nothing")}
        self.add_error(None, _("Stored now under “%(label)s”: %(words)s") % said)


def _plain(stored: Mapping[str, Any]) -> str:
    return json.dumps(stored, sort_keys=True, default=str, ensure_ascii=False)
