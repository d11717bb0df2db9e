"""What a browser may send to the network's screens, cleaned."""

from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from convoca.accounts.fields import LanguageField, LanguagesField
from convoca.accounts.guard import HoneypotForm
from convoca.accounts.models import Person, tidy_email
from convoca.core.languages import UI_LANGUAGES, autonym
from convoca.core.names import Names
from convoca.media.forms import PictureField
from convoca.network.fields import (
    CountriesField,
    CountryField,
    NamesFormField,
    PairsField,
    use_network_languages,
)
from convoca.network.models import Committee, Decision, Mandate, Network, Organisation, Region
from convoca.network.models.mandate import Role
from convoca.network.picking import OrganisationField, OrganisationsField, PickingForm
from convoca.places import services as places
from convoca.places.forms import PlaceField
from convoca.places.models import Place


def _site_field() -> forms.URLField:
    return forms.URLField(
        label=gettext_lazy("Site"),
        required=False,
        max_length=300,
        assume_scheme="https",
        validators=[URLValidator(["https", "http"])],
        help_text=gettext_lazy("The address of its own site, such as https://name.example."),
    )


class CommitteesForm(forms.Form):
    """Search and filters of a directory; what is not understood is passed over."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    country = forms.CharField(required=False, max_length=2)
    region = forms.IntegerField(required=False)

    def wanted(self) -> dict[str, Any]:
        """Only what is valid; the rest as if it were not asked."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class DirectoryForm(CommitteesForm):
    """The same for organisations, which are of a kind and may have left."""

    kind = forms.ChoiceField(
        required=False, choices=[("", gettext_lazy("All kinds")), *Organisation.Kind.choices]
    )
    former = forms.BooleanField(required=False)


class JoinForm(HoneypotForm):
    """An organisation asks to join."""

    name = forms.CharField(label=gettext_lazy("Name of the organisation"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", "—"), *Organisation.Kind.choices]
    )
    country = CountryField(required=False)
    site = _site_field()
    why = forms.CharField(
        label=gettext_lazy("Why do you want to join?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    contact_name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("Your mail"),
        help_text=gettext_lazy("We mail a link to it; nothing is passed on before you open it."),
    )


class CodeForm(HoneypotForm):
    """A spoken code, typed."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "otp", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


class AskByCodeForm(HoneypotForm):
    """Who has a code and no account yet."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Your mail"))


def ui_language_choices() -> list[tuple[str, str]]:
    return [(tag, autonym(tag)) for tag in UI_LANGUAGES]


class AcceptForm(forms.Form):
    """Who accepts a mailed invitation and is new here."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    language = forms.ChoiceField(label=gettext_lazy("Your language"), choices=ui_language_choices)


class OrganisationForm(forms.Form):
    """What is said about an organisation."""

    names = NamesFormField()
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Organisation.Kind.choices)
    country = CountryField(required=False)
    site = _site_field()
    languages = LanguagesField(label=gettext_lazy("Languages it works in"), required=False)
    contact_mail = forms.EmailField(
        label=gettext_lazy("Contact mail"),
        required=False,
        help_text=gettext_lazy("For the network only; readers do not see it."),
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        if organisation is not None:
            kwargs["initial"] = {
                name: getattr(organisation, name)
                for name in ("names", "kind", "country", "site", "languages", "contact_mail")
            }
        super().__init__(*args, **kwargs)
        use_network_languages(self)


class AddOrganisationForm(OrganisationForm):
    """A steward adds an organisation: a member already, or one to be invited."""

    state = forms.ChoiceField(
        label=gettext_lazy("It is"),
        choices=[
            ("member", gettext_lazy("a member already")),
            ("invited", gettext_lazy("not a member yet; I invite it")),
        ],
        widget=forms.RadioSelect,
        initial="member",
    )


class AffiliationForm(PickingForm):
    """Of which body an organisation is part."""

    body = OrganisationField(label=gettext_lazy("It is part of"))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("OrganisationField", self.fields["body"])
        field.queryset = (
            Organisation.objects.members()
            .exclude(pk=organisation.pk)
            .exclude(pk__in=organisation.affiliations.standing().values("body"))
            .by_name()
        )


class CommitteeForm(PickingForm):
    """What is said about a committee."""

    names = NamesFormField()
    place = PlaceField(
        label=gettext_lazy("Town"),
        required=False,
        country_from="country",
        help_text=gettext_lazy("Its name; it puts the committee on the map."),
    )
    country = CountryField(required=False)
    contact = forms.CharField(
        label=gettext_lazy("How to reach it"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Readers see it: a mail address, a telephone number or the address of a page that the "
            "committee wants to be public. Not somebody’s private one."
        ),
    )
    languages = LanguagesField(label=gettext_lazy("Languages it works in"), required=False)
    organisations = OrganisationsField(label=gettext_lazy("Of which organisations"), required=False)

    def __init__(
        self,
        *args: Any,
        choices: QuerySet[Organisation],
        committee: Committee | None = None,
        **kwargs: Any,
    ) -> None:
        if committee is not None:
            kwargs["initial"] = {
                name: getattr(committee, name)
                for name in ("names", "place", "country", "contact", "languages")
            } | {"organisations": list(committee.organisations.all())}
        super().__init__(*args, **kwargs)
        use_network_languages(self)
        field = cast("OrganisationsField", self.fields["organisations"])
        field.queryset = choices
        if not choices.exists():
            del self.fields["organisations"]

    def clean_place(self) -> Place | None:
        """The place as a row, kept from now on."""
        found = self.cleaned_data["place"]
        return places.keep(found) if found else None


class InviteForm(PickingForm):
    """An invitation by mail, or by a code that can be spoken."""

    role = forms.ChoiceField(label=gettext_lazy("As"), widget=forms.RadioSelect)
    way = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[
            ("mail", gettext_lazy("By mail, with a link for one person")),
            ("code", gettext_lazy("By a code that you read out or write on a board")),
        ],
        widget=forms.RadioSelect,
        initial="mail",
    )
    email = forms.EmailField(
        label=gettext_lazy("Mail"),
        required=False,
        help_text=gettext_lazy("Needed for an invitation by mail."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=120)
    language = LanguageField(
        label=gettext_lazy("Language of the mail"), required=False, max_length=80
    )
    message = forms.CharField(
        label=gettext_lazy("A few words of yours"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    until_on = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}),
        help_text=gettext_lazy("The last day of the mandate; empty means without end."),
    )
    uses = forms.IntegerField(
        label=gettext_lazy("How many people may use the code"),
        required=False,
        min_value=1,
        max_value=500,
        initial=1,
    )
    countries = CountriesField(
        required=False,
        help_text=gettext_lazy("For a moderator; none chosen means all countries."),
    )
    language_pairs = PairsField(required=False)

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role, Role(role).label) for role in roles]
        field = cast("forms.ChoiceField", self.fields["role"])
        field.choices = choices
        if len(choices) == 1:
            field.initial = choices[0][0]
        if Role.MODERATOR not in roles:
            del self.fields["countries"]
        if Role.TRANSLATOR not in roles:
            del self.fields["language_pairs"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") == "mail" and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("To whom? Give an address, or choose the code."))
        if cleaned.get("way") == "code":
            cleaned["email"] = ""
        last = cleaned.get("until_on")
        if last and last < timezone.localdate():
            self.add_error("until_on", _("This day has passed."))
        if cleaned.get("role") != Role.MODERATOR:
            cleaned["countries"] = []
        if cleaned.get("role") != Role.TRANSLATOR:
            cleaned["language_pairs"] = []
        elif not cleaned.get("language_pairs") and "language_pairs" not in self.errors:
            self.add_error("language_pairs", _("From which language into which?"))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What `services.invite` is told."""
        cleaned = dict(self.cleaned_data)
        cleaned.pop("way")
        cleaned["language"] = cleaned.get("language") or get_language() or "en"
        cleaned["uses"] = 1 if cleaned["email"] else cleaned.get("uses") or 1
        return cleaned


class InviteMemberForm(forms.Form):
    """Whom of an organisation to invite, so that it becomes a member."""

    email = forms.EmailField(label=gettext_lazy("Mail"))
    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=120)
    language = LanguageField(
        label=gettext_lazy("Language of the mail"), required=False, max_length=80
    )
    message = forms.CharField(
        label=gettext_lazy("A few words of yours"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LostFactorForm(forms.Form):
    """Who lost their second proof."""

    email = forms.EmailField(
        label=gettext_lazy("Mail address of the person"),
        help_text=gettext_lazy("Only for somebody whose voice or face you know."),
    )

    def clean_email(self) -> str:
        return tidy_email(self.cleaned_data["email"])


class ReasonForm(forms.Form):
    """Why. Those concerned read it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Those concerned read it, and it stays on record."),
    )


class ProposeForm(ReasonForm):
    """What to propose to the other stewards."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What to do"), choices=Decision.Kind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the new coordinator"), required=False, max_length=120
    )
    email = forms.EmailField(label=gettext_lazy("Mail of the new coordinator"), required=False)
    field_order = ["kind", "reason", "name", "email"]

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["kind"])
        field.choices = [c for c in Decision.Kind.choices if c[0] in kinds]
        if Decision.Kind.APPOINT not in kinds:
            del self.fields["name"], self.fields["email"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") != Decision.Kind.APPOINT:
            cleaned["name"] = cleaned["email"] = ""
        elif not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Whom do you appoint? Give their mail."))
        return cleaned


class HandOverForm(forms.Form):
    """To whom: somebody who is here, or an address to invite."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("To somebody who is here"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody of these"),
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=gettext_lazy("Or to somebody new: their mail"),
        required=False,
        help_text=gettext_lazy(
            "They get an invitation. Until they accept, everything stays with you."
        ),
    )
    name = forms.CharField(label=gettext_lazy("Their name"), required=False, max_length=120)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Person]", self.fields["person"])
        field.queryset = people
        if not people.exists():
            del self.fields["person"]
            self.fields["email"].label = _("The mail of your successor")
            self.fields["email"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned.setdefault("person", None)
        if not self.errors and bool(cleaned.get("person")) == bool(cleaned.get("email")):
            raise ValidationError(_("Choose one person, or give one address."), code="one")
        return cleaned


class ScopeForm(PickingForm):
    """For which countries a moderator, for which pairs a translator."""

    countries = CountriesField(
        required=False, help_text=gettext_lazy("None chosen means all countries.")
    )
    language_pairs = PairsField()

    def __init__(self, *args: Any, mandate: Mandate, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "countries": mandate.countries,
            "language_pairs": mandate.language_pairs,
        }
        super().__init__(*args, **kwargs)
        del self.fields["language_pairs" if mandate.role == Role.MODERATOR else "countries"]


class RegionForm(PickingForm):
    """A named group of countries."""

    names = NamesFormField()
    countries = CountriesField()

    def __init__(self, *args: Any, region: Region | None = None, **kwargs: Any) -> None:
        if region is not None:
            kwargs["initial"] = {"names": region.names, "countries": region.countries}
        super().__init__(*args, **kwargs)
        use_network_languages(self)


_AREAS = {
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
}


def _zones() -> list[tuple[str, str]]:
    """Zones by place, and UTC; names that only programs know ("Etc/GMT+3", "W-SU") are left out."""
    places = [zone for zone in available_timezones() if zone.split("/")[0] in _AREAS]
    return [(zone, zone.replace("_", " ")) for zone in ["UTC", *sorted(places)]]


class NetworkForm(forms.Form):
    """What the network is called, how it speaks, who answers for it."""

    names = NamesFormField(label=gettext_lazy("Name of the network"))
    ink = forms.RegexField(
        label=gettext_lazy("Colour"),
        regex=r"^#[0-9A-Fa-f]{6}$",
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=gettext_lazy("The network’s own; a campaign has its own ink."),
        error_messages={"invalid": gettext_lazy("A colour looks like #0A6472.")},
    )
    languages = LanguagesField(
        label=gettext_lazy("Languages offered"),
        help_text=gettext_lazy("The first is the one used where nobody has chosen."),
    )
    fallbacks = forms.CharField(
        label=gettext_lazy("Fallbacks"),
        required=False,
        help_text=gettext_lazy(
            "What a reader gets where a text is not in their language, such as: qu > es, ht > fr"
        ),
    )
    zone = forms.ChoiceField(label=gettext_lazy("Time zone of deadlines"), choices=_zones)
    imprint_name = forms.CharField(label=gettext_lazy("Who answers for this site"), max_length=200)
    imprint_address = forms.CharField(
        label=gettext_lazy("Postal address"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    imprint_mail = forms.EmailField(label=gettext_lazy("Mail for everybody"))
    licence = forms.CharField(
        label=gettext_lazy("Licence of what is published here"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Such as “CC BY 4.0”. It stands beside each action in calendars, maps and sheets that "
            "others take along."
        ),
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "names": network.names,
            "ink": network.ink,
            "languages": network.languages,
            "fallbacks": ", ".join(f"{a} > {b}" for a, b in network.fallbacks.items()),
            "zone": network.zone,
            "imprint_name": network.imprint_name,
            "imprint_address": network.imprint_address,
            "imprint_mail": network.imprint_mail,
            "licence": network.licence,
        }
        super().__init__(*args, **kwargs)
        use_network_languages(self)

    def clean_fallbacks(self) -> dict[str, str]:
        pairs = PairsField(required=False).clean(self.cleaned_data["fallbacks"])
        return dict(pairs)

    def clean_languages(self) -> list[str]:
        tags: list[str] = self.cleaned_data["languages"]
        if not tags:
            raise ValidationError(_("A network speaks at least one language."), code="required")
        return tags

    def clean_names(self) -> Names:
        names: Names = self.cleaned_data["names"]
        return names


class LogoForm(forms.Form):
    """A logo; none takes the present one away."""

    logo = PictureField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy(
            "It is drawn anew, without hidden data. Choose none to take the present one away."
        ),
    )
