"""What the pages to print are given: for servers without the extra `pdf`, and for letters that only
a reader's own typefaces hold.
"""

from typing import Any

from django.utils.translation import gettext as _

from convoca.actions.printing import qr
from convoca.actions.printing.facts import PosterFacts, SheetFacts
from convoca.actions.printing.papers import words_of_sheet

SLIPS = range(8)
CARDS = range(10)


def poster_context(facts: PosterFacts) -> dict[str, Any]:
    """For `actions/print/poster.html`."""
    return _context(facts) | {"slips": SLIPS}


def cards_context(facts: PosterFacts) -> dict[str, Any]:
    """For `actions/print/cards.html`."""
    return _context(facts) | {"cards": CARDS}


def sheet_context(facts: SheetFacts) -> dict[str, Any]:
    """For `actions/print/sheet.html`; the names in it are personal data: answer with no-store."""
    return {"facts": facts.action, "sheet": words_of_sheet(facts, as_typed=True)}


def _context(facts: PosterFacts) -> dict[str, Any]:
    title = _("QR code of %(address)s") % {"address": facts.short_address}
    return {"facts": facts, "code": qr.svg_for_page(facts.url, title)}
