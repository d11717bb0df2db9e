"""Organisations, committees, the people who act for them, and how they came to."""

from convoca.network.models.committee import Committee
from convoca.network.models.decision import Decision
from convoca.network.models.invitation import Invitation, InvitationAnswer
from convoca.network.models.joining import JoinRequest
from convoca.network.models.mandate import Mandate
from convoca.network.models.network import Network, Region
from convoca.network.models.organisation import Affiliation, Organisation

__all__ = [
    "Affiliation",
    "Committee",
    "Decision",
    "Invitation",
    "InvitationAnswer",
    "JoinRequest",
    "Mandate",
    "Network",
    "Organisation",
    "Region",
]
