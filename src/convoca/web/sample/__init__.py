"""The sample network of the demo: an invented coalition for living rivers, loaded by services.

All its days hang on an anchor day. On a later day an unchanged sample is made anew; one that
somebody has changed is moved by whole weeks, so that weekdays stay.
"""

from convoca.web.sample.keeping import Kept, refresh
from convoca.web.sample.loading import ROLES, Role, address_of, load

__all__ = ["ROLES", "Kept", "Role", "address_of", "load", "refresh"]
