"""Sources: who says something of actions."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convoca.core.codes import public_code
from convoca.network.models import Organisation


class SourceQuerySet(models.QuerySet["Source"]):
    def hosts(self) -> "Source":
        """The one that stands for all hosts who report on what they put on themselves."""
        found, _is_new = self.get_or_create(kind=Source.Kind.HOSTS, defaults={"name": ""})
        return found


class Source(models.Model):
    """Who says something of actions: a network that hands in its list, a newspaper, an authority;
    and one that stands for all hosts.
    """

    class Kind(models.TextChoices):
        NETWORK = "network", pgettext_lazy("a source", "Organisers")
        PRESS = "press", pgettext_lazy("a source", "Press")
        AUTHORITY = "authority", pgettext_lazy("a source", "Authority")
        RESEARCH = "research", pgettext_lazy("a source", "Research")
        HOSTS = "hosts", pgettext_lazy("a source", "The hosts themselves")
        OTHER = "other", pgettext_lazy("a source", "Another kind")

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    name = models.CharField(_("name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices, default=Kind.NETWORK)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="sources"
    )
    """The member that it is, where it is one."""
    site = models.URLField(_("web page"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    """Under which its list may be passed on, in its own words: "CC BY 4.0"."""
    note = models.TextField(max_length=2000, blank=True)
    """For those who work here: how its list comes, and whom to ask."""
    created_at = models.DateTimeField(default=timezone.now)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="a_source_is_known_by_its_name"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="hosts"), name="one_source_stands_for_all_hosts"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    def page_tags(self) -> list[str]:
        return [f"source:{self.pk}", "sources"]
