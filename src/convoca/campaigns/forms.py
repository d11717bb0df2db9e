"""What a browser may send to the screens of campaigns, cleaned."""

import re
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from convoca.accounts.fields import LanguageField
from convoca.accounts.guard import HoneypotForm
from convoca.campaigns.models import Campaign, Endorsement, EndorsementInvitation, Moment
from convoca.campaigns.models.campaign import State
from convoca.campaigns.models.parts import MOST_DEMANDS
from convoca.core.dates import list_words
from convoca.core.ink import NAMED, ink
from convoca.core.languages import UnknownTag, tidy_tag
from convoca.core.names import LONGEST, Names, tidy_name
from convoca.media.forms import DocumentField, PictureField, RecordingField
from convoca.network.fields import CountryField, NamesFormField, NamesInput, use_network_languages
from convoca.network.models import Network, Organisation
from convoca.network.picking import OrganisationField, OrganisationsField, PickingForm
from convoca.network.seen import SeenForm
from convoca.places.forms import PlaceField

MOST_HASHTAGS = 5
MOST_ADDRESSES = 100
_HASHTAG = re.compile(r"^\w{2,40}$")

INKS = {
    "vermilion": pgettext_lazy("an ink", "Vermilion"),
    "madder": pgettext_lazy("an ink", "Madder"),
    "magenta": pgettext_lazy("an ink", "Magenta"),
    "violet": pgettext_lazy("an ink", "Violet"),
    "ultramarine": pgettext_lazy("an ink", "Ultramarine"),
    "petrol": pgettext_lazy("an ink", "Petrol"),
    "leaf": pgettext_lazy("an ink", "Leaf green"),
    "olive": pgettext_lazy("an ink", "Olive"),
    "marigold": pgettext_lazy("an ink", "Marigold"),
    "sky": pgettext_lazy("an ink", "Sky blue"),
    "coral": pgettext_lazy("an ink", "Coral"),
    "mint": pgettext_lazy("an ink", "Mint"),
}


class InkForm(forms.Form):
    """Twelve inks by name, and a free one."""

    ink = forms.ChoiceField(
        label=gettext_lazy("Ink"),
        choices=[*INKS.items(), ("", gettext_lazy("Another colour"))],
        widget=forms.RadioSelect,
        required=False,
        help_text=gettext_lazy("The one colour of the poster. Text on it is always readable."),
    )
    free_ink = forms.CharField(
        label=gettext_lazy("Another colour"),
        required=False,
        max_length=7,
        help_text=gettext_lazy("Six digits after #, such as #0A6472."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = cleaned.get("free_ink", "").strip()
        if not cleaned.get("ink") and typed:
            try:
                cleaned["ink"] = ink(typed).field
            except ValueError:
                self.add_error("free_ink", _("A colour looks like #0A6472."))
        if not cleaned.get("ink") and not typed:
            cleaned["ink"] = "petrol"
        return cleaned

    @staticmethod
    def initial_of(colour: str) -> dict[str, str]:
        """What the form shows of a stored colour."""
        return {"ink": colour} if colour in NAMED else {"ink": "", "free_ink": colour}


class StartForm(InkForm, PickingForm):
    """The least that a campaign begins with."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=LONGEST,
        help_text=gettext_lazy("In the language in which you write the call. Short is strong."),
    )
    source_language = LanguageField(
        label=gettext_lazy("Language of the call"), initial="en", max_length=80
    )
    convenors = OrganisationsField(
        label=gettext_lazy("Who calls"),
        help_text=gettext_lazy("One or several organisations; all of them own the campaign."),
    )
    follows = forms.ModelChoiceField(
        label=gettext_lazy("Is this a new edition of an earlier campaign?"),
        queryset=Campaign.objects.none(),
        required=False,
        empty_label=gettext_lazy("No, it is the first"),
    )

    def __init__(
        self, *args: Any, convenors: QuerySet[Organisation], earlier: QuerySet[Campaign], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        cast("OrganisationsField", self.fields["convenors"]).queryset = convenors
        cast("forms.ModelChoiceField[Campaign]", self.fields["follows"]).queryset = earlier
        self.order_fields(["title", "source_language", "convenors", "follows", "ink", "free_ink"])

    def clean_title(self) -> str:
        title = tidy_name(self.cleaned_data["title"])
        if not title:
            raise ValidationError(_("A campaign needs a title."), code="required")
        return title


class WordsForm(SeenForm):
    """Title and lead, in each language."""

    names = NamesFormField(label=gettext_lazy("Title"))
    lead = NamesFormField(
        label=gettext_lazy("Lead"),
        required=False,
        widget=NamesInput(is_long=True),
        help_text=gettext_lazy("One sentence under the title."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_network_languages(self)


class LookForm(SeenForm, InkForm):
    """Ink, picture, hashtags, and what this edition is called."""

    picture = PictureField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy("Shown below the text. It is drawn anew, without hidden data."),
    )
    alt = forms.CharField(
        label=gettext_lazy("What the picture shows"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For people who do not see it."),
    )
    drop_picture = forms.BooleanField(label=gettext_lazy("Take the picture away"), required=False)
    hashtags = forms.CharField(
        label=gettext_lazy("Hashtags"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Up to five, parted by blanks."),
    )
    edition = forms.CharField(
        label=gettext_lazy("Edition"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Such as 2027, where it comes round."),
    )

    def clean_hashtags(self) -> list[str]:
        words = [w.strip("#") for w in re.split(r"[\s,;]+", self.cleaned_data["hashtags"]) if w]
        tags = list(dict.fromkeys(word for word in words if word))
        wrong = next((tag for tag in tags if not _HASHTAG.match(tag)), None)
        if wrong is not None:
            raise ValidationError(
                _("“%(tag)s” is no hashtag: letters and digits only."), params={"tag": wrong}
            )
        if len(tags) > MOST_HASHTAGS:
            raise ValidationError(_("At most five hashtags."))
        return tags


class ConvenorsForm(SeenForm, PickingForm):
    """Which organisations call together."""

    convenors = OrganisationsField(label=gettext_lazy("Who calls"))

    def __init__(self, *args: Any, choices: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("OrganisationsField", self.fields["convenors"]).queryset = choices

    def stored_words(self, name: str) -> str:
        """Their names instead of their keys."""
        convenors = Organisation.objects.filter(pk__in=self.stored[name])
        return list_words([str(one) for one in convenors])


class DemandsForm(SeenForm):
    """The demands in the language of the call, in order; an empty line takes one away.

    Each line knows the words it was shown with, so that translations follow their demand however
    the list has changed meanwhile.
    """

    def __init__(self, *args: Any, present: list[Names], language: str, **kwargs: Any) -> None:
        self.present, self.language = present, language
        words = [names.get(language, "") for names in present]
        super().__init__(*args, stored={"demands": words}, **kwargs)
        self.count = max(len(present), self._typed()) + 3
        for number in range(self.count):
            shown = words[number] if number < len(words) else ""
            self.fields[f"demand_{number}"] = forms.CharField(
                label=_("Demand %(number)d") % {"number": number + 1},
                required=False,
                max_length=LONGEST,
                initial=shown,
            )
            self.fields[f"place_{number}"] = forms.IntegerField(
                label=_("Place in the list"),
                required=False,
                min_value=1,
                max_value=99,
                initial=number + 1 if shown else None,
            )
            self.fields[f"was_{number}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=shown
            )

    def _typed(self) -> int:
        """How many lines were sent, up to the last with words in it."""
        found = [n for n in range(MOST_DEMANDS + 10) if self.data.get(f"demand_{n}")]
        return max(found, default=-1) + 1

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each demand with its place, and the words it was shown with."""
        numbers = range(self.count)
        return [(self[f"demand_{n}"], self[f"place_{n}"], self[f"was_{n}"]) for n in numbers]

    def differs(self, name: str) -> bool:
        return bool([names[self.language] for names in self.wanted()] != self.stored[name])

    def label_of(self, name: str) -> str:
        return _("Demands")

    def stored_words(self, name: str) -> str:
        return " · ".join(self.stored[name])

    def wanted(self) -> list[Names]:
        """The demands in the order asked for, with the translations that still fit."""
        found: list[tuple[int, int, Names]] = []
        for number in range(self.count):
            words = tidy_name(self.cleaned_data.get(f"demand_{number}") or "")
            if words:
                place = self.cleaned_data.get(f"place_{number}") or 99
                found.append((place, number, Names({**self._known(number), self.language: words})))
        return [names for _place, _number, names in sorted(found, key=lambda row: row[:2])]

    def _known(self, number: int) -> Names:
        was = self.cleaned_data.get(f"was_{number}")
        if not was:
            return Names()
        return next((one for one in self.present if one.get(self.language) == was), Names())


class DemandTranslationsForm(forms.Form):
    """The demands in one more language, beside the words of the call's language.

    A field is named by those words, so that what is typed finds its demand wherever it stands by
    then; beside it stands what it was shown with, so that nobody's words are written over unseen.
    """

    def __init__(
        self, *args: Any, present: list[Names], source: str, language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.present, self.language = present, language
        self.keys = [_demand_key(names, source) for names in present]
        for key, names in zip(self.keys, present, strict=True):
            self.fields[f"demand_{key}"] = forms.CharField(
                label=names.get(source) or str(names),
                required=False,
                max_length=LONGEST,
                initial=names.get(language, ""),
            )
            self.fields[f"had_{key}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=names.get(language, "")
            )

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each demand, and the words it was shown with."""
        return [(self[f"demand_{key}"], self[f"had_{key}"]) for key in self.keys]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for key, names in zip(self.keys, self.present, strict=True):
            theirs, (mine, had) = names.get(self.language, ""), self._said(key)
            if had not in (theirs, mine) and mine != theirs:
                self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
                self.data[f"had_{key}"] = theirs  # type: ignore[index]
                self.add_error(
                    f"demand_{key}",
                    _("Somebody else wrote: %(words)s. Save again to keep yours.")
                    % {"words": theirs or _("nothing")},
                )
        for name in self.data:
            key = name.removeprefix("demand_")
            words = tidy_name(self.data[name])
            if key not in (name, *self.keys) and words not in ("", self.data.get(f"had_{key}")):
                self.add_error(
                    None,
                    _(
                        "A demand was changed or taken away meanwhile. "
                        "You had written for it: %(words)s"
                    )
                    % {"words": words[:LONGEST]},
                )
        return cleaned

    def _said(self, key: str) -> tuple[str, str]:
        given = self.cleaned_data
        return tidy_name(given.get(f"demand_{key}") or ""), given.get(f"had_{key}") or ""

    def wanted(self) -> list[Names]:
        """The same demands with the words of this language."""
        found = []
        for key, names in zip(self.keys, self.present, strict=True):
            mine, had = self._said(key)
            words = names.get(self.language, "") if mine == had else mine
            rest = {tag: text for tag, text in names.items() if tag != self.language}
            found.append(Names({**rest, self.language: words} if words else rest))
        return [names for names in found if names]


def _demand_key(names: Names, source: str) -> str:
    return sha256(names.get(source, str(names)).encode()).hexdigest()[:12]


class MomentForm(SeenForm):
    """A date of a campaign."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Moment.Kind.choices)
    names = NamesFormField(
        label=gettext_lazy("What it is called"),
        required=False,
        help_text=gettext_lazy("Only where the words above do not say it."),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=gettext_lazy("Empty where it is one day."),
    )
    clock = forms.TimeField(
        label=gettext_lazy("Hour of a deadline"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        help_text=gettext_lazy("In the network’s time zone."),
    )
    place = PlaceField(label=gettext_lazy("Town"), required=False)
    where = NamesFormField(
        label=gettext_lazy("Where, in words"),
        required=False,
        help_text=gettext_lazy("Such as: everywhere, online, Geneva."),
    )
    edition = forms.CharField(
        label=gettext_lazy("Edition"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Moments of one edition stand together. Empty: the year."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_network_languages(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first = cleaned.get("starts_on")
        if first is None:
            return cleaned
        cleaned["ends_on"] = cleaned.get("ends_on") or first
        if cleaned["ends_on"] < first:
            self.add_error("ends_on", _("The last day is before the first."))
        if cleaned.get("clock") and cleaned.get("kind") != Moment.Kind.DEADLINE:
            self.add_error("clock", _("Only a deadline has an hour here."))
        cleaned["zone"] = Network.load().zone if cleaned.get("clock") else ""
        cleaned["edition"] = cleaned.get("edition") or str(first.year)
        return cleaned

    @staticmethod
    def initial_of(moment: Moment) -> dict[str, Any]:
        """What the form shows of a stored moment."""
        names = ("kind", "names", "starts_on", "ends_on", "clock", "place", "where", "edition")
        return {name: getattr(moment, name) for name in names}


class MaterialForm(forms.Form):
    """A file to offer: exactly one of three kinds."""

    names = NamesFormField(label=gettext_lazy("What it is"))
    language = LanguageField(
        label=gettext_lazy("Language of the file"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Empty where it is for all."),
    )
    document = DocumentField(
        label=gettext_lazy("Document (PDF or text)"),
        required=False,
        help_text=gettext_lazy(
            "Kept as it is. A PDF often holds the name of its author and the program in its "
            "properties: look there first."
        ),
    )
    picture = PictureField(label=gettext_lazy("or a picture"), required=False)
    recording = RecordingField(label=gettext_lazy("or a short recording"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_network_languages(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [k for k in ("document", "picture", "recording") if cleaned.get(k)]
        if len(given) != 1 and not any(
            k in self.errors for k in ("document", "picture", "recording")
        ):
            raise ValidationError(_("Choose exactly one file."), code="file")
        return cleaned


class ListForm(forms.Form):
    """Search, filter and order of the list of campaigns; what is not understood is passed over."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All states")),
            *State.choices,
            ("withdrawn", pgettext_lazy("a campaign", "Withdrawn")),
        ],
    )
    sort = forms.ChoiceField(
        required=False,
        choices=[("new", ""), ("signed", ""), ("published", "")],
        widget=forms.HiddenInput,
    )

    def wanted(self) -> dict[str, str]:
        """Only what is valid; the rest as if it were not asked."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class InvitationsForm(forms.Form):
    """Filter of the table of invitations."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    standing = forms.ChoiceField(
        label=pgettext_lazy("an invitation", "Answer"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("invited", pgettext_lazy("an invitation", "Invited")),
            ("opened", pgettext_lazy("an invitation", "Opened")),
            ("endorsed", pgettext_lazy("an invitation", "Endorsed")),
            ("declined", pgettext_lazy("an invitation", "Declined")),
            ("silent", pgettext_lazy("an invitation", "Silent")),
        ],
    )

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SignersForm(forms.Form):
    """Filter of the table of endorsements."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    how = forms.ChoiceField(
        label=gettext_lazy("How"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            *Endorsement.How.choices,
            ("to-confirm", pgettext_lazy("an endorsement", "Not yet confirmed")),
            ("withdrawn", pgettext_lazy("an endorsement", "Withdrawn")),
        ],
    )

    def wanted(self) -> dict[str, str]:
        """Only what is valid; the rest as if it were not asked."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class InviteForm(PickingForm):
    """Whom to ask: members, and addresses of organisations that are none yet."""

    organisations = OrganisationsField(
        label=gettext_lazy("Members who have not been asked"), required=False
    )
    addresses = forms.CharField(
        label=gettext_lazy("Not members yet"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One a line: mail address, comma, name of the organisation, comma, language. "
            "Name and language may be left out."
        ),
    )

    def __init__(self, *args: Any, choices: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("OrganisationsField", self.fields["organisations"]).queryset = choices
        if not choices.exists():
            del self.fields["organisations"]

    def clean_addresses(self) -> list[tuple[str, str, str]]:
        found = []
        lines = [line.strip() for line in self.cleaned_data["addresses"].splitlines()]
        for line in filter(None, lines):
            email, name, language = ([part.strip() for part in line.split(",")] + ["", ""])[:3]
            try:
                email = forms.EmailField().clean(email)
                language = tidy_tag(language) if language else Network.load().main_language
            except (ValidationError, UnknownTag) as error:
                raise ValidationError(
                    _("This line cannot be read: “%(line)s”"), params={"line": line[:80]}
                ) from error
            found.append((email, tidy_name(name)[:LONGEST], language))
        if len(found) > MOST_ADDRESSES:
            raise ValidationError(_("At most 100 addresses at once."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned.setdefault("organisations", [])
        if not self.errors and not cleaned["organisations"] and not cleaned.get("addresses"):
            raise ValidationError(_("Choose somebody to ask."), code="nobody")
        return cleaned


class RecordForm(PickingForm):
    """An endorsement that was given elsewhere."""

    organisation = OrganisationField(label=gettext_lazy("Organisation"))
    given_on = forms.DateField(
        label=gettext_lazy("Given on"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    proof = forms.CharField(
        label=gettext_lazy("Where it can be checked"),
        max_length=300,
        help_text=gettext_lazy("Such as: letter of 3 March, minutes of the meeting in Porto."),
    )

    def __init__(self, *args: Any, choices: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("OrganisationField", self.fields["organisation"]).queryset = choices

    def given_at(self) -> datetime:
        """The day as an instant: noon in the network's zone, but never later than now."""
        day: date = self.cleaned_data["given_on"]
        noon = datetime.combine(day, time(12), tzinfo=ZoneInfo(Network.load().zone))
        is_today = day == timezone.localdate(timezone=noon.tzinfo)
        return min(noon, timezone.now()) if is_today else noon


class EndorseForm(forms.Form):
    """For which of one's organisations to sign."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Which organisation signs"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        to_field_name="code",
    )

    def __init__(self, *args: Any, choices: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        field.queryset = choices


class AnswerForm(HoneypotForm):
    """What somebody says who signs through a link, for an organisation that nobody acts for."""

    organisation_name = forms.CharField(
        label=gettext_lazy("Name of your organisation"), max_length=LONGEST
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=Organisation.Kind.choices,
        initial=Organisation.Kind.ASSOCIATION,
    )
    country = CountryField(required=False)
    contact_name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    contact_email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        help_text=gettext_lazy("Of your organisation, if it has one: you sign in with it later."),
    )

    def __init__(self, *args: Any, invitation: EndorsementInvitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if invitation.organisation is not None:
            for name in ("organisation_name", "kind", "country"):
                del self.fields[name]

    def clean_organisation_name(self) -> str:
        name = tidy_name(self.cleaned_data["organisation_name"])
        if not name:
            raise ValidationError(_("A name cannot be empty."), code="required")
        return name
