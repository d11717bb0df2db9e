"""What a campaign is made of."""

from convoca.campaigns.models.campaign import Campaign, State
from convoca.campaigns.models.endorsement import Endorsement, EndorsementInvitation
from convoca.campaigns.models.moment import Moment
from convoca.campaigns.models.parts import Demand, Material

__all__ = [
    "Campaign",
    "Demand",
    "Endorsement",
    "EndorsementInvitation",
    "Material",
    "Moment",
    "State",
]
