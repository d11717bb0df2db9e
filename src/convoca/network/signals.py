"""News of the network for the apps above."""

from django.dispatch import Signal

mandate_granted = Signal()
"""`mandate`: a person may act from now (or from its day) on."""
mandate_ended = Signal()
"""`mandate`: it has stopped; what its person held may have to be offered anew."""
organisation_changed = Signal()
"""`organisation`, `before`: its state is another one now."""
