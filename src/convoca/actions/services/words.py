"""An action's own words: what it is found by, and where it is, as the public may read it."""

from convoca.actions.models import Action
from convoca.core.fold import fold
from convoca.core.names import Names


def set_line(action: Action, field: str, language: str, line: str) -> None:
    """Give its title (`names`), or another line, these words in a language, or none there; never
    none at all. Not saved.
    """
    names = Names(getattr(action, field))
    if line:
        names[language] = line
    elif len(names) > 1:
        names.pop(language, None)
    setattr(action, field, names)


def where_words(action: Action) -> str:
    """Venue and town as everybody may read them; empty for what is online only."""
    stop = action.stops.select_related("place").order_by("number").first()
    if stop is None:
        return ""
    return ", ".join(part for part in (stop.shown_venue, str(stop.place)) if part)[:300]


def refresh_sought(action: Action) -> None:
    """Fold anew what searches read: titles, places that may be shown, hosts. Never an address
    that is hidden, and nothing that a person told.
    """
    stops = action.stops.select_related("place")
    words = [*action.names.values()]
    for stop in stops:
        words += [stop.shown_venue, stop.shown_street, stop.place.name, stop.place.region]
    for hosting in action.hostings.standing().select_related("organisation", "committee"):
        host = hosting.host
        words += [host] if isinstance(host, str) else list(host.names.values())
    sought = fold(" ".join(word for word in words if word))
    Action.objects.filter(pk=action.pk).update(sought=sought)
    action.sought = sought
