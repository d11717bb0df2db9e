"""An organisation that asks to join: a form, a mail that confirms it, a steward's answer."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convoca.network.models.organisation import COUNTRY, Organisation

CONFIRMED_WITHIN = timedelta(days=7)


class JoinRequest(models.Model):
    """What somebody wrote for an organisation that is not a member.

    Until its mail is confirmed it is only a row here; confirmed, it is an `Organisation` that asks.
    """

    name = models.CharField(_("name of the organisation"), max_length=200)
    language = models.CharField(_("language"), max_length=35, default="en")
    kind = models.CharField(_("kind"), max_length=12, choices=Organisation.Kind.choices)
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[COUNTRY])
    site = models.URLField(
        _("site"), blank=True, max_length=300, validators=[URLValidator(["https", "http"])]
    )
    why = models.TextField(_("why"), max_length=2000, blank=True)
    contact_name = models.CharField(_("your name"), max_length=120)
    email = models.EmailField(_("your mail"))
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    organisation = models.OneToOneField(
        Organisation, models.PROTECT, null=True, blank=True, related_name="join_request"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    def __str__(self) -> str:
        return self.name
