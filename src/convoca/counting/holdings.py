"""What counting holds on somebody, for whoever asks."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.counting.models import ContestAsked
from convoca.vault.holdings import Holding, register


def _asked(row: ContestAsked) -> str:
    return _("You contested the figure of “%(action)s”") % {"action": row.action}


def register_people() -> None:
    """Those who contest figures."""
    register(
        Holding(
            ContestAsked,
            "email_index",
            gettext_lazy("Contested figures"),
            _asked,
            delete=lambda row: row.delete(),
            shows={
                "name": gettext_lazy("Your name"),
                "reason": gettext_lazy("What you wrote"),
            },
            related=("action",),
        )
    )
