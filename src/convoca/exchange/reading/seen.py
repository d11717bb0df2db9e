"""Which keys a file has had already, and in which row: 24 bytes each, for lists of any length."""

from array import array

_FIRST = 1 << 10
_MASK = (1 << 63) - 1


class Seen:
    """Row numbers by the hash of a key: open addressing in two arrays, at most half full.

    A dictionary of a million keys takes a hundred times as much as what it says.
    """

    def __init__(self) -> None:
        self._size = _FIRST
        self._count = 0
        self._hashes = array("q", bytes(8 * _FIRST))
        self._numbers = array("I", bytes(4 * _FIRST))

    def get(self, key: object) -> int:
        """The number of the row that had this key; 0 where none had."""
        return self._numbers[self._at(self._hash(key))]

    def add(self, key: object, number: int) -> None:
        hashed = self._hash(key)
        at = self._at(hashed)
        self._count += not self._hashes[at]
        self._hashes[at], self._numbers[at] = hashed, number
        if 2 * self._count > self._size:
            self._grow()

    @staticmethod
    def _hash(key: object) -> int:
        return hash(key) & _MASK or 1  # 0 is an empty place

    def _at(self, hashed: int) -> int:
        hashes, last = self._hashes, self._size - 1
        at = hashed & last
        while hashes[at] and hashes[at] != hashed:
            at = (at + 1) & last
        return at

    def _grow(self) -> None:
        held, numbers = self._hashes, self._numbers
        self._size *= 2
        self._hashes = array("q", bytes(8 * self._size))
        self._numbers = array("I", bytes(4 * self._size))
        for hashed, number in zip(held, numbers, strict=True):
            if hashed:
                at = self._at(hashed)
                self._hashes[at], self._numbers[at] = hashed, number
