from convoca.actions.models.action import Action
from convoca.actions.models.attachment import Attachment
from convoca.actions.models.hosting import HostCode, Hosting, HostLink, KnownHost, Nudge
from convoca.actions.models.moderation import Arrival, Door, Duty, LetIn, Problem, Refused
from convoca.actions.models.signup import ListAsked, Seats, SignUp, Telling, WriteAgain
from convoca.actions.models.stop import Stop
from convoca.actions.models.trigger import Trigger

__all__ = [
    "Action",
    "Arrival",
    "Attachment",
    "Door",
    "Duty",
    "HostCode",
    "HostLink",
    "Hosting",
    "KnownHost",
    "LetIn",
    "ListAsked",
    "Nudge",
    "Problem",
    "Refused",
    "Seats",
    "SignUp",
    "Stop",
    "Telling",
    "Trigger",
    "WriteAgain",
]
