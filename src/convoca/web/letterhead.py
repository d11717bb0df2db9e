"""Who mail is from: the network, by its name in the mail's language."""

from convoca.network.models import Network
from convoca.outbox.services import Letterhead


def letterhead() -> Letterhead:
    """What the foot of every mail says."""
    network = Network.load()
    return Letterhead(name=str(network), imprint_name=network.imprint_name)
