from convoca.counting.models.claim import Claim
from convoca.counting.models.contest import Contest, ContestAsked
from convoca.counting.models.estimate import Estimate
from convoca.counting.models.link import Link
from convoca.counting.models.photo import Photo
from convoca.counting.models.publication import Publication
from convoca.counting.models.report import Report
from convoca.counting.models.showing import Showing
from convoca.counting.models.source import Source
from convoca.counting.models.summary import Summary

__all__ = [
    "Claim",
    "Contest",
    "ContestAsked",
    "Estimate",
    "Link",
    "Photo",
    "Publication",
    "Report",
    "Showing",
    "Source",
    "Summary",
]
