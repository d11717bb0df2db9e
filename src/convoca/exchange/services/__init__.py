"""The verbs of exchange, in one place for the apps above."""

from convoca.exchange.services.importing import Report, import_list, remembered

__all__ = ["Report", "import_list", "remembered"]
