"""A field for exact coordinates, always optional: two lines of text, no script, no foreign map.

What looks wrong but may be right (at sea, at a pole, far from the town) comes back as a question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convoca.places import names, near
from convoca.places.index import Found
from convoca.places.models import Place
from convoca.places.pictures import HEIGHT, WIDTH, Picture
from convoca.places.positions import LONGEST, Point, read_position

FAR = 100.0  # km from the town: farther, the pin is asked about
OUT_AT_SEA = 50.0  # km from any place of the table
NOWHERE = 0.01  # degrees around 0, 0, where devices are that do not know where they are
DIGITS = 5  # of a degree: a metre


@dataclass(frozen=True, slots=True)
class TypedPin:
    """What a browser sent: two lines, and the questions that were answered with yes."""

    latitude: str = ""
    longitude: str = ""
    sure: tuple[str, ...] = ()
    picture: Picture | None = None
    """The picture that was pressed, cut closer: then the form was not meant to be sent yet."""

    def __bool__(self) -> bool:
        return bool(self.latitude or self.longitude)


class PinInput(forms.Widget):
    """Two lines; below them, after a question, a box to say yes."""

    template_name = "places/widgets/pin.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.question = ""
        self.token = ""
        self.picture: Picture | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        typed = value if isinstance(value, TypedPin) else typed_of(value)
        context["widget"] |= {
            "latitude": typed.latitude,
            "longitude": typed.longitude,
            "sure": [token for token in typed.sure if token != self.token],
            "question": self.question,
            "token": self.token,
            "picture": self.picture,
            "picture_words": _picture_words(self.picture),
            "width": WIDTH,
            "height": HEIGHT,
            "longest": LONGEST,
        }
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> TypedPin:
        many = getattr(data, "getlist", None)
        sure = many(f"{name}_sure") if many else [data.get(f"{name}_sure")]
        picture = Picture.read(str(data.get(f"{name}_view") or ""))
        x, y = (str(data.get(f"{name}_map.{axis}") or "") for axis in "xy")
        if picture and (pressed := picture.pressed(x, y)):
            latitude, longitude = map(_written, pressed)
            return TypedPin(latitude, longitude, picture=picture.closer(pressed))
        return TypedPin(
            latitude=str(data.get(f"{name}_latitude") or "").strip()[:LONGEST],
            longitude=str(data.get(f"{name}_longitude") or "").strip()[:LONGEST],
            sure=tuple(str(token)[:80] for token in sure if token)[:4],
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}_latitude" not in data

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_latitude" if id_ else id_


class PinField(forms.Field):
    """Cleans to (latitude, longitude), or None.

    In a form that asks for the town too, `with_town=True` leaves the questions to `check_pin`.
    """

    widget = PinInput

    def __init__(self, *, with_town: bool = False, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(**options)
        self.with_town = with_town

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = typed_of(initial)
        now = data or TypedPin()
        return (before.latitude, before.longitude) != (now.latitude, now.longitude)

    def clean(self, value: Any) -> Point | None:
        typed = value if isinstance(value, TypedPin) else typed_of(value)
        if not typed:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        pin = _on_the_globe(typed)
        if typed.picture:
            if isinstance(self.widget, PinInput):
                self.widget.picture = typed.picture
            raise ValidationError(
                _("The pin is set: %(where)s. Send the form, or press the picture to move it."),
                code="pin-set",
                params={"where": pin_words(pin) or f"{_written(pin[0])}, {_written(pin[1])}"},
            )
        if not self.with_town and (doubt := _doubt(pin)):
            self.ask(doubt, _token(pin), typed)
        return pin

    def ask(self, sentence: str, token: str, typed: TypedPin) -> None:
        """Come back with a question, unless it was answered. Each form has a widget of its own."""
        if token in typed.sure:
            return
        widget = self.widget
        if isinstance(widget, PinInput):
            widget.question, widget.token = _("Yes, the pin is right"), token
        raise ValidationError(sentence, code="pin-doubtful")


def offer_picture(form: forms.Form, name: str, town: Found | Place | None) -> None:
    """Show a picture of the town's surroundings to press on, should the form be shown."""
    widget = form.fields[name].widget
    if town is None or not isinstance(widget, PinInput) or widget.picture:
        return
    pin: Point | None = getattr(form, "cleaned_data", {}).get(name)
    middle = pin or (town.latitude, town.longitude)
    widget.picture = Picture.around(town.country, middle, is_closer=pin is not None)


def check_pin(form: forms.Form, name: str, town: Found | Place | None) -> None:
    """Ask about a pin that lies far from its town, or without one at sea or at a pole.

    For the form's `clean`; the field was made with `with_town=True`. Where the form comes back, it
    has a picture to press on.
    """
    offer_picture(form, name, town)
    pin: Point | None = form.cleaned_data.get(name)
    field = form.fields[name]
    if pin is None or not isinstance(field, PinField):
        return
    doubt = _doubt(pin) if town is None else _far_from(pin, town)
    if not doubt:
        return
    try:
        field.ask(doubt, _token(pin, town), form[name].data or TypedPin())
    except ValidationError as question:
        form.add_error(name, question)


def _far_from(pin: Point, town: Found | Place) -> str:
    position = (town.latitude, town.longitude)
    km = near.kilometres(pin, position)
    if km <= FAR:
        return ""
    words = {"distance": near.distance_words(km), "place": town.name}
    if near.kilometres((pin[1], pin[0]), position) <= FAR:
        sentence = _(
            "The pin lies %(distance)s from %(place)s. "
            "Perhaps latitude and longitude are the wrong way round."
        )
    else:
        sentence = _("The pin lies %(distance)s from %(place)s. Is it right?")
    return sentence % words


def pin_words(pin: Point) -> str:
    """Where a pin lies: "4 km from Asunción, Paraguay"; empty far out at sea."""
    found = near.nearest(*pin, 1)
    if not found:
        return ""
    return _("%(distance)s from %(place)s") % {
        "distance": near.distance_words(found[0].km),
        "place": names.label(found[0].row),
    }


def _picture_words(picture: Picture | None) -> str:
    if picture is None:
        return ""
    return _("A map, %(wide)s wide. In the middle: %(where)s.") % {
        "wide": near.distance_words(picture.kilometres),
        "where": pin_words(picture.middle) or ", ".join(map(_written, picture.middle)),
    }


def typed_of(value: Any) -> TypedPin:
    """What stands in the field for a pin that is known already."""
    if not value:
        return TypedPin()
    latitude, longitude = value
    return TypedPin(_written(latitude), _written(longitude))


def _written(degrees: float) -> str:
    return f"{degrees:.{DIGITS}f}".rstrip("0").rstrip(".")


def _token(pin: Point, town: Found | Place | None = None) -> str:
    """What a yes was said to: this position, and for this town."""
    number = "" if town is None else town.id if isinstance(town, Found) else town.geonames_id
    return f"{_written(pin[0])},{_written(pin[1])};{number or ''}"


def _on_the_globe(typed: TypedPin) -> Point:
    pin = read_position(typed.latitude, typed.longitude)
    if pin is None:
        raise ValidationError(
            _(
                "This is no position. Write latitude and longitude as two numbers, "
                "such as -25.28 and -57.63, or paste the position that a map shows."
            ),
            code="pin-unreadable",
        )
    latitude, longitude = pin
    if abs(latitude) > 90 and abs(longitude) <= 90 and abs(latitude) <= 180:
        raise ValidationError(
            _(
                "A latitude lies between -90 and 90. "
                "Perhaps latitude and longitude are the wrong way round."
            ),
            code="pin-swapped",
        )
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValidationError(
            _("A latitude lies between -90 and 90, a longitude between -180 and 180."),
            code="pin-off-the-globe",
        )
    if abs(latitude) < NOWHERE and abs(longitude) < NOWHERE:
        raise ValidationError(
            _(
                "0, 0 is what a device says that does not know where it is. "
                "Write the position, or leave both lines empty."
            ),
            code="pin-nowhere",
        )
    return round(latitude, DIGITS), round(longitude, DIGITS)


def _doubt(pin: Point) -> str:
    """What seems wrong with a position by itself; empty where nothing does."""
    if abs(pin[0]) > 89:
        return _("The pin lies at a pole. Is it right?")
    if not near.nearest(*pin, 1, within_km=OUT_AT_SEA):
        found = near.nearest(*pin, 1, within_km=600)
        if not found:
            return _("The pin lies far from any place that we know, perhaps at sea. Is it right?")
        return _(
            "The pin lies far from any place that we know, perhaps at sea; "
            "the nearest is %(place)s, %(distance)s away. Is it right?"
        ) % {"place": names.label(found[0].row), "distance": near.distance_words(found[0].km)}
    return ""
