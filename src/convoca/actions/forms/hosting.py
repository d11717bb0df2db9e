"""The one page on which somebody hosts an action."""

from hashlib import sha256
from typing import Any, cast

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from convoca.accounts.fields import LanguageField, LanguagesField
from convoca.accounts.guard import ONCE_MORE, TRAP, HoneypotForm
from convoca.accounts.models import Person, tidy_email
from convoca.actions.facts import Wish
from convoca.actions.forms.host_field import HostField
from convoca.actions.forms.places_and_times import TimesForm, refuse_strange_link
from convoca.actions.models import Trigger
from convoca.actions.models.action import Access, Kind, Visibility
from convoca.campaigns.models import Campaign, Moment
from convoca.core.clocks import next_midnight, zone_words, zones
from convoca.core.dates import days_words
from convoca.core.errors import Refusal
from convoca.core.names import Names, tidy_name
from convoca.media import services as media
from convoca.media.forms import PictureField
from convoca.media.models import Picture
from convoca.network.models import Network
from convoca.pages.public import draw_again_at

LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 12_000
MOST_PEOPLE = 1_000_000
_KEPT_PICTURE = "convoca.actions.picture"
OPTIONAL = (
    "bring",
    "contact",
    "access",
    "spoken",
    "question",
    "capacity",
    "keeps_waiting_list",
    "shows_count",
    "visibility",
    "online_url",
)


def read_aloud(typed: str) -> str:
    """A title in one line; refused where it is of signs and pictures alone, or too long."""
    title = tidy_name(typed)
    if title and not any(letter.isalnum() for letter in title):
        raise ValidationError(
            _("A title needs words: pictures alone cannot be read aloud or searched for."),
            code="title",
        )
    if len(title) > LONGEST_TITLE:
        raise ValidationError(
            _("A title has at most %(most)d characters; this has %(count)d."),
            code="long",
            params={"most": LONGEST_TITLE, "count": len(title)},
        )
    return title


class TextareaInput(forms.Textarea):
    """A text area that lets words of any script find their side."""

    def __init__(self, rows: int = 6) -> None:
        super().__init__({"rows": rows, "dir": "auto"})


class WordsForm(forms.Form):
    """What may be said of an action besides where and when: all of it is optional."""

    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        widget=TextareaInput(),
        help_text=gettext_lazy("What happens, and why. An empty line begins a new paragraph."),
    )
    picture = PictureField(
        label=gettext_lazy("Picture"),
        required=False,
        widget=forms.FileInput,
        help_text=gettext_lazy("It is drawn anew, without place or camera in it."),
    )
    picture_kept = forms.CharField(required=False, widget=forms.HiddenInput)
    picture_words = forms.CharField(
        label=gettext_lazy("What the picture shows"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("In words, for people who do not see it."),
    )
    bring = forms.CharField(
        label=gettext_lazy("What to bring"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"dir": "auto"}),
    )
    access = forms.MultipleChoiceField(
        label=gettext_lazy("What is there for people who need it"),
        required=False,
        choices=Access.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    spoken = LanguagesField(label=gettext_lazy("Languages spoken there"), required=False)
    contact = forms.CharField(
        label=gettext_lazy("How people reach you"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Everybody can read this. Leave it empty if you are not sure."),
    )
    question = forms.CharField(
        label=gettext_lazy("One question to those who sign up"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=gettext_lazy("Such as: Can you bring a drum?"),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("How many people fit"),
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput({"class": "short", "min": 1}),
        help_text=gettext_lazy("Empty: no limit. With a limit, people sign up with an address."),
        error_messages={
            "invalid": gettext_lazy("Write a whole number, or leave it empty."),
            "min_value": gettext_lazy("At least one person must fit; empty means no limit."),
            "max_value": gettext_lazy(
                "This is more than a million. Leave it empty if there is no limit."
            ),
        },
    )
    keeps_waiting_list = forms.BooleanField(
        label=gettext_lazy("Keep a waiting list when it is full"), required=False
    )
    shows_count = forms.BooleanField(
        label=gettext_lazy("Show everybody how many come, from five up"), required=False
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees the address"),
        choices=Visibility.choices,
        initial=Visibility.PUBLIC,
        required=False,
        widget=forms.RadioSelect,
    )
    online_url = forms.CharField(
        label=gettext_lazy("Link, if it is online"),
        required=False,
        max_length=500,
        widget=forms.TextInput(
            {"inputmode": "url", "dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("It begins with https://."),
    )

    def clean_description(self) -> str:
        """At most what a page can hold. Whatever the length, nothing typed is lost."""
        words = str(self.cleaned_data["description"])
        if len(words) > LONGEST_DESCRIPTION:
            raise ValidationError(
                _(
                    "This has %(count)d characters; at most %(most)d fit on the page. Shorten it, "
                    "please."
                ),
                code="long",
                params={"count": len(words), "most": LONGEST_DESCRIPTION},
            )
        return words

    def clean_online_url(self) -> str:
        typed = str(self.cleaned_data["online_url"]).strip()
        return refuse_strange_link(typed) if typed else ""

    def clean_visibility(self) -> str:
        return str(self.cleaned_data["visibility"] or Visibility.PUBLIC)

    def keep_picture(self) -> Picture | None:
        """The picture that was sent, kept; or the one that was kept when the form came back."""
        uploaded = self.cleaned_data.get("picture")
        if uploaded is not None:
            return media.keep_picture(uploaded, alt=self.cleaned_data.get("picture_words", ""))
        return self.kept_picture

    @cached_property
    def kept_picture(self) -> Picture | None:
        """The picture of an earlier sending, which the form carries by a signed number."""
        signed = str(self.data.get(self.add_prefix("picture_kept")) or "") if self.is_bound else ""
        try:
            number = signing.loads(signed, salt=_KEPT_PICTURE, max_age=86400) if signed else None
        except signing.BadSignature:
            return None
        return Picture.objects.filter(pk=number).first() if number else None

    def carry_picture(self) -> None:
        """Let a form that comes back keep the picture that came with it: browsers do not."""
        try:
            picture = self.keep_picture() if hasattr(self, "cleaned_data") else self.kept_picture
        except Refusal as refusal:
            self.add_error("picture", str(refusal))
            return
        if picture is not None:
            data = cast(QueryDict, self.data).copy()
            data[self.add_prefix("picture_kept")] = signing.dumps(picture.pk, salt=_KEPT_PICTURE)
            self.data = data
            self.__dict__["kept_picture"] = picture

    def more(self, language: str) -> dict[str, Any]:
        """The optional columns, after `is_valid`; words in the host's language."""
        found = {name: self.cleaned_data[name] for name in OPTIONAL}
        for name in ("bring", "question"):
            words = tidy_name(found[name])
            found[name] = Names({language: words}) if words else Names()
        return found


OF_ACTION = (Moment.Kind.DAY, Moment.Kind.WEEK, Moment.Kind.MONTH)


def _moment_choice(moment: Moment) -> tuple[str, str]:
    days = days_words(moment.starts_on, moment.ends_on)
    return f"{moment.campaign.code}/{moment.code}", f"{moment} · {days}"


class HostForm(WordsForm, TimesForm, HoneypotForm):
    """Somebody hosts an action: what, where, when, in whose name."""

    part_of = forms.ChoiceField(label=gettext_lazy("Part of"), widget=forms.Select)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={
            "required": gettext_lazy("Give it a title."),
            "max_length": gettext_lazy(
                "A title has at most %(limit_value)d characters; this has %(show_value)d."
            ),
        },
    )
    kind = forms.ChoiceField(label=gettext_lazy("What kind of action"), choices=Kind.choices)
    zone = forms.ChoiceField(
        label=gettext_lazy("Whose clock, if it is online only"), required=False
    )
    trigger = forms.ChoiceField(
        label=gettext_lazy("No day yet? It takes place when"), required=False
    )
    host = HostField(
        label=gettext_lazy("In whose name"),
        may_be_new=True,
        help_text=gettext_lazy("An organisation or a committee. A new committee is welcome, too."),
        error_messages={
            "required": gettext_lazy("Every action has a host that can be named. Whose is it?")
        },
    )
    with_1 = HostField(
        label=gettext_lazy("Together with"),
        required=False,
        help_text=gettext_lazy("They are asked, and shown when they have said yes."),
    )
    with_2 = HostField(label=gettext_lazy("and with"), required=False)
    with_3 = HostField(label=gettext_lazy("and with"), required=False)
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=gettext_lazy("The link to your action goes there. It is never shown."),
        error_messages={"invalid": gettext_lazy("This is not a mail address.")},
    )
    code = forms.CharField(
        label=gettext_lazy("No e-mail? A coordinator’s code"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocapitalize": "none", "dir": "ltr", "class": "short"}),
    )
    language = LanguageField(label=gettext_lazy("You write in"), max_length=80)

    def __init__(
        self,
        *args: Any,
        campaigns: list[Campaign],
        person: Person | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.campaigns, self.person = campaigns, person
        draw_again_at(next_midnight(timezone.get_current_timezone_name()))
        self.moments = list(
            Moment.objects.standing()
            .select_related("campaign")
            .filter(campaign__in=campaigns, ends_on__gte=timezone.localdate())
            .exclude(kind=Moment.Kind.DEADLINE)
            .order_by("starts_on", "pk")
        )
        self._offer_parts()
        self._offer_triggers()
        self._offer_zones()
        self._ask_plainly()
        stops = [name for name in self.fields if name.startswith("stop_")]
        self.order_fields(["part_of", "title", "kind", *stops, "online_url", "day", "clock"])
        if person is not None:
            del self.fields["email"], self.fields["code"]
        self.fields["title"].widget.attrs["maxlength"] = LONGEST_TITLE
        self.fields["language"].initial = get_language()

    def _ask_plainly(self) -> None:
        """Nearly everybody gives town, day and address; `clean` knows who need not."""
        if "trigger" in self.fields:
            self.fields["day"].help_text = _("If it is not known yet, say below what it waits for.")
        unless = {"stop_0_place": "", "email": "", "day": _("Say on which day.")}
        for name, words in unless.items():
            self.fields[name].required = name != "day" or "trigger" not in self.fields
            if words:
                self.fields[name].error_messages["required"] = words

    def _offer_parts(self) -> None:
        choices: list[tuple[str, Any]] = []
        for campaign in self.campaigns:
            own = [one for one in self.moments if one.campaign_id == campaign.pk]
            first = (
                campaign.code,
                _("%(campaign)s, on another day") % {"campaign": campaign.names},
            )
            if not own:
                choices.append((campaign.code, str(campaign.names)))
            elif len(self.campaigns) == 1:
                choices += [*(_moment_choice(m) for m in own), first]
            else:
                rows = [*(_moment_choice(m) for m in own), first]
                choices.append((str(campaign.names), rows))
        field = self.fields["part_of"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        self._propose_part()
        if len(choices) == 1 and isinstance(choices[0][1], str):
            field.widget = forms.HiddenInput()
            field.initial = choices[0][0]

    def _propose_part(self) -> None:
        """The next day, week or month of action, where the address names no date itself."""
        campaign, _slash, moment = str(self.initial.get("part_of", "")).partition("/")
        own = [one for one in self.moments if one.campaign.code == campaign or not campaign]
        own.sort(key=lambda one: one.kind not in OF_ACTION)
        if own and not moment:
            self.initial["part_of"] = _moment_choice(own[0])[0]

    def _offer_triggers(self) -> None:
        rows = Trigger.objects.filter(
            campaign__in=self.campaigns, called_at=None, withdrawn_at=None
        )
        choices = [(one.code, str(one)) for one in rows]
        field = self.fields["trigger"]
        if not choices:
            del self.fields["trigger"]
        elif isinstance(field, forms.ChoiceField):
            field.choices = [("", _("The day is known")), *choices]

    def _offer_zones(self) -> None:
        field, own = self.fields["zone"], Network.load().zone
        if isinstance(field, forms.ChoiceField):
            named = [(one, one.replace("_", " ").replace("/", ": ")) for one in zones()]
            field.choices = [(own, zone_words(own)), *((k, w) for k, w in named if k != own)]

    def clean_title(self) -> str:
        """One line that can be read aloud: signs and pictures may adorn words, not replace them."""
        return read_aloud(str(self.cleaned_data["title"]))

    def clean_email(self) -> str:
        return tidy_email(str(self.cleaned_data["email"]))

    def needs_day_here(self, cleaned: dict[str, Any]) -> bool:
        return not cleaned.get("trigger")

    def clean(self) -> dict[str, Any]:
        self._forgive("stop_0_place")
        self._forgive("email")
        cleaned = super().clean()
        has_link = bool(cleaned.get("online_url"))
        if not self.found_places and not has_link and "stop_0_place" not in self.errors:
            if cleaned.get("kind") == Kind.ONLINE:
                if "online_url" not in self.errors:
                    self.add_error("online_url", _("Give the link under which people come in."))
            else:
                self.add_error(
                    "stop_0_place",
                    _("Say in which town, or choose “Online meeting” and give its link."),
                )
        part_of = str(cleaned.get("part_of") or "").partition("/")[0]
        trigger = None if cleaned.get("day") else self.awaited
        if trigger is not None and part_of and trigger.campaign.code != part_of:
            self.add_error(
                "trigger", _("This belongs to another campaign. Choose another, please.")
            )
        is_reached = self.person or cleaned.get("email") or cleaned.get("code")
        if not is_reached and "email" not in self.errors:
            self.add_error("email", _("We need an address for your link, or a coordinator’s code."))
        return cleaned

    def _forgive(self, name: str) -> None:
        """Take "required" back: who is online needs no town, who has a code no address."""
        if self.has_error(name, "required"):
            del self.errors[name]
            self.cleaned_data.setdefault(name, "" if name == "email" else None)

    # What was said, after `is_valid`

    @property
    def campaign(self) -> Campaign:
        code = str(self.cleaned_data["part_of"]).partition("/")[0]
        return next(one for one in self.campaigns if one.code == code)

    @property
    def awaited(self) -> Trigger | None:
        """What it waits for, where no day is given."""
        rows = Trigger.objects.select_related("campaign")
        return rows.filter(code=self.cleaned_data.get("trigger") or "-").first()

    @property
    def moment(self) -> Moment | None:
        code = str(self.cleaned_data["part_of"]).partition("/")[2]
        return next((one for one in self.moments if one.code == code), None)

    def wish(self, picture: Picture | None = None) -> Wish:
        """All of it, as the service takes it."""
        said = self.cleaned_data
        others = [said[name] for name in ("with_1", "with_2", "with_3") if said.get(name)]
        return Wish(
            campaign=self.campaign,
            moment=self.moment,
            kind=said["kind"],
            title=said["title"],
            language=said["language"],
            places=self.where(),
            when=self.when(),
            trigger=self.awaited if self.when() is None else None,
            zone=self.zone_name,
            host=said["host"],
            with_hosts=others,
            description=said["description"],
            picture=picture,
            more=self.more(said["language"]),
        )

    def digest(self) -> str:
        """All that was typed: the same twice is one action. Files count by their sizes."""
        skipped = {TRAP, ONCE_MORE, "another", "csrfmiddlewaretoken", "picture_kept"}
        sent = cast(QueryDict, self.data)
        typed = [
            f"{key}\0{value}"
            for key in sorted(sent)
            if key not in skipped
            for value in sent.getlist(key)
        ]
        files = [f"{name}\0{getattr(one, 'size', 0)}" for name, one in sorted(self.files.items())]
        return sha256("\0\0".join([*typed, *files]).encode()).hexdigest()


def campaign_choices() -> list[Campaign]:
    """The campaigns that actions can be part of now."""
    return list(Campaign.objects.open().order_by("-published_at")[:50])
