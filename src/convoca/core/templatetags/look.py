"""What a template asks about the look: the classes of a poster's title."""

from django import template

from convoca.core.ink import poster_classes

register = template.Library()

register.filter("poster", poster_classes)
