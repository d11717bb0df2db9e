"""Fields for files: they refuse early what is plainly wrong; the service looks closely."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from convoca.core.errors import Refusal
from convoca.media import pictures, recordings, services


class _KeptField(forms.FileField):
    accept = ""
    most = services.MOST_PICTURE

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.ClearableFileInput)
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": self.accept}

    def to_python(self, data: Any) -> "services.Upload | None":
        """The upload, if what can be seen at once is right; the error is a `Refusal`'s sentence."""
        uploaded: Any = super().to_python(data)
        if uploaded is None:
            return None
        uploaded.seek(0)
        head: bytes = uploaded.read(4096)
        uploaded.seek(0)
        try:
            services.refuse_size(uploaded, self.most)
            self.look(uploaded.name or "", head)
        except Refusal as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        checked: services.Upload = uploaded
        return checked

    look: Callable[[str, bytes], object]


class PictureField(_KeptField):
    """A picture for `services.keep_picture`."""

    accept = "image/jpeg,image/png,image/webp,image/avif,image/gif"
    most = services.MOST_PICTURE

    def look(self, name: str, head: bytes) -> None:
        pictures.refuse_on_sight(name, head)


class RecordingField(_KeptField):
    """A recording for `services.keep_recording`."""

    accept = "audio/*,.mp3,.m4a,.ogg,.opus,.wav,.webm"
    most = services.MOST_RECORDING

    def look(self, name: str, head: bytes) -> None:
        recordings.refuse_on_sight(name, head)


class DocumentField(_KeptField):
    """A PDF or plain text for `services.keep_file`, which reads it whole."""

    accept = "application/pdf,text/plain,.pdf,.txt"
    most = services.MOST_DOCUMENT

    def look(self, name: str, head: bytes) -> None:
        """What a document does can only be seen in the whole of it."""


class SheetField(_KeptField):
    """A CSV file; the service that reads it refuses what is none."""

    accept = ".csv,.txt,text/csv,text/plain"
    most = 5 * services.MEGABYTE

    def look(self, name: str, head: bytes) -> None:
        """Any program may have written it, under any name."""
