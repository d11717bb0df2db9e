"""The one row that says what this server's network is called and how it speaks."""

from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convoca.core.names import Names, NamesField
from convoca.network.models.organisation import COMES_BACK

INK = "#0A6472"


def _first_languages() -> list[str]:
    return ["en"]


class Network(models.Model):
    """This server's coalition. There is one row; `load` makes it when it is first asked for."""

    names = NamesField(_("name"), blank=True)
    ink = models.CharField(
        _("colour"),
        max_length=7,
        default=INK,
        validators=[RegexValidator(r"^#[0-9A-Fa-f]{6}$", _("A colour looks like #0A6472."))],
    )
    languages = models.JSONField(_("languages"), default=_first_languages)
    fallbacks = models.JSONField(_("fallbacks"), default=dict, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    imprint_name = models.CharField(_("who answers for this site"), max_length=200, blank=True)
    imprint_address = models.TextField(_("postal address"), max_length=600, blank=True)
    imprint_mail = models.EmailField(_("mail"), blank=True)
    licence = models.CharField(_("licence of what is published"), max_length=200, blank=True)
    """Under which others may pass on what members publish here, in its own words: "CC BY 4.0"."""
    ready_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["Network"]] = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_network")]

    def __str__(self) -> str:
        return str(self.names) or "Convoca"

    @classmethod
    def load(cls, *, for_update: bool = False) -> "Network":
        """The row; with `for_update`, locked until the transaction ends."""
        rows = cls.objects.select_for_update() if for_update else cls.objects
        return rows.filter(pk=1).first() or cls._make(for_update)

    @classmethod
    def _make(cls, for_update: bool) -> "Network":
        cls.objects.bulk_create([cls(pk=1, names=Names())], ignore_conflicts=True)
        rows = cls.objects.select_for_update() if for_update else cls.objects
        return rows.get(pk=1)

    @property
    def is_ready(self) -> bool:
        """Whether its stewards have finished the first run."""
        return self.ready_at is not None

    @property
    def main_language(self) -> str:
        """The language used where nobody has chosen one."""
        return str(self.languages[0]) if self.languages else "en"

    def page_tags(self) -> list[str]:
        return ["site"]


class RegionQuerySet(models.QuerySet["Region"]):
    def kept(self) -> Self:
        """Those that the network uses."""
        return self.filter(withdrawn_at=None)

    def removed(self) -> Self:
        """Those that were removed and can still come back."""
        return self.filter(withdrawn_at__gt=timezone.now() - COMES_BACK)


class Region(models.Model):
    """A named group of countries, as this network speaks of them: a filter beside countries."""

    names = NamesField(_("name"))
    countries = models.JSONField(_("countries"), default=list)
    position = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.names)

    def page_tags(self) -> list[str]:
        return ["organisations", "committees", "site"]
