"""The table of places for commands that need no installation."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from convoca.cli.screen import Screen
from convoca.core import config as configuration

if TYPE_CHECKING:
    from convoca.places.gazetteer import Gazetteer


def gazetteer(screen: Screen) -> "Gazetteer":
    """The table of places of this installation, else one kept for this user."""
    from convoca.places import unpacking  # noqa: PLC0415  slow
    from convoca.places.gazetteer import Gazetteer  # noqa: PLC0415  slow

    home = configuration.home_of()
    kept = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "convoca"
    file = (home if home.is_dir() and os.access(home, os.W_OK) else kept) / "places.sqlite3"
    if not unpacking.is_current(file):
        screen.note("Unpacking the table of places, once.")
    return Gazetteer(file)
