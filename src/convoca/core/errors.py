"""One exception for "no, because of how things stand", one for what is not there any more."""

from django.http import Http404
from django_stubs_ext import StrOrPromise


class Refusal(Exception):
    """Well-formed and permitted, but the state of things forbids it.

    `code` is for programs and tests and never changes; `message` is for people.
    """

    def __init__(self, code: str, message: StrOrPromise) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class Gone(Http404):
    """What stood at this address was taken away from the public: 410, and nothing of what it was.

    Only where the address could not be guessed: who knows it learns nothing else.
    """
