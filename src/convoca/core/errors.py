"""One exception for "no, because of how things stand"."""

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
