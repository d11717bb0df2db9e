"""What a column may mean. Names are for `--map column=field` and saved mappings; they stay."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: StrOrPromise
    many: bool = False
    """Whether several columns may mean it."""


_ALL = (
    Field("id", _("Id in its own list")),
    Field("slot", _("Id of the time within the id")),
    Field("title", _("Title")),
    Field("about", _("What it is about"), many=True),
    Field("kind", _("Kind of action")),
    Field("tags", _("Tags"), many=True),
    Field("day", _("Day")),
    Field("last_day", _("Last day")),
    Field("start", _("Begins (day, time or both)")),
    Field("end", _("Ends (day, time or both)")),
    Field("clock", _("Time of day")),
    Field("end_clock", _("Time at which it ends")),
    Field("year", _("Year, for days without one")),
    Field("zone", _("Time zone")),
    Field("place", _("Place as written")),
    Field("venue", _("Venue")),
    Field("address", _("Street and number")),
    Field("city", _("Town")),
    Field("district", _("District or county")),
    Field("region", _("State or region")),
    Field("postcode", _("Postcode")),
    Field("country", _("Country")),
    Field("latitude", _("Latitude")),
    Field("longitude", _("Longitude")),
    Field("position", _("Position, latitude first")),
    Field("position_lonlat", _("Position, longitude first")),
    Field("online", _("Whether it is online")),
    Field("hidden", _("Whether the address is hidden")),
    Field("public", _("Whether the address is public")),
    Field("size", _("How many people, in words or numbers")),
    Field("size_low", _("How many people, low")),
    Field("size_high", _("How many people, high")),
    Field("size_best", _("How many people, best guess")),
    Field("size_class", _("How many people, in classes"), many=True),
    Field("organisers", _("Organisers"), many=True),
    Field("urls", _("Links"), many=True),
    Field("status", _("Status")),
    Field("cancelled", _("Whether it was cancelled")),
    Field("private", _("Private details, which are left away"), many=True),
    Field("other", _("Kept as it is"), many=True),
)
FIELDS: dict[str, Field] = {field.name: field for field in _ALL}
"""Of a list of actions."""
_OF_MEMBERS = (
    Field("code", _("Code of the organisation here")),
    Field("name", _("Name of the organisation")),
    Field("kind", _("Kind of organisation")),
    Field("country", _("Country")),
    Field("site", _("Web page")),
    Field("languages", _("Languages")),
    Field("part_of", _("What it is part of")),
    Field("state", _("Whether it is a member or invited")),
    Field("contact_name", _("Contact: name")),
    Field("contact_email", _("Contact: mail address")),
    Field("contact_role", _("Contact: role")),
    Field("contact_language", _("Contact: language")),
    Field("committee", _("Committee: name")),
    Field("committee_place", _("Committee: town")),
    Field("committee_contact", _("Committee: contact")),
    Field("other", _("Not used"), many=True),
)
MEMBERS: dict[str, Field] = {field.name: field for field in _OF_MEMBERS}
"""Of a list of organisations and committees. Names are in the network's first language, or in one
that follows a colon: "name:es"."""
IN_LANGUAGE = re.compile(r"(name|committee):(.+)")


def field_of(kind: str, name: str) -> Field | None:
    """The field of that name in lists of a kind ("actions", "members"), if there is one."""
    if kind != "members":
        return FIELDS.get(name)
    if match := IN_LANGUAGE.fullmatch(name):
        return Field(name, MEMBERS[match[1]].label)
    return MEMBERS.get(name)
