"""Files while they arrive: one that is too large is not kept, and the rest of its form is read."""

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MEGABYTE = 1024 * 1024


def most() -> int:
    """How large a file may be at all, in bytes: what the operator has set."""
    return int(settings.CONFIG.upload_max_mb) * MEGABYTE


class TooLarge(UploadedFile):  # type: ignore[type-arg]
    """A file that was thrown away as it came in; it still knows its name and its size."""


class Bounded(FileUploadHandler):
    """Stands before the handlers that keep files, and hands nothing on beyond the limit.

    The field of the form then refuses the file by its size, with all else that was typed kept;
    `request.has_too_large` lets the answer say 413.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.seen += len(raw_data)
        return raw_data if self.seen <= most() else None

    def file_complete(self, file_size: int) -> UploadedFile | None:  # type: ignore[type-arg]
        if self.seen <= most():
            return None  # a handler behind this one has kept it
        request: Any = self.request
        for handler in request.upload_handlers:
            if handler is not self:
                handler.upload_interrupted()  # what it has kept so far goes at once
        request.has_too_large = True
        return TooLarge(io.BytesIO(), self.file_name, self.content_type, self.seen)
