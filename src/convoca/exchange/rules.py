"""Who may bring lists in."""

from convoca.core.access import Visitor
from convoca.network.rules import is_steward


def may_import(visitor: Visitor, thing: object = None) -> bool:
    """Stewards: a list makes actions of any country public, and speaks for a source."""
    return is_steward(visitor)
