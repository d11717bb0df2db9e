"""Better words for one paragraph, sent by a reader."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convoca.texts.models.text import Text


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def open(self) -> Self:
        return self.filter(state=Suggestion.State.OPEN)


class Suggestion(models.Model):
    """What a reader would rather read. An address is kept until it is answered, then deleted."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    text = models.ForeignKey(Text, models.CASCADE, related_name="suggestions")
    language = models.CharField(max_length=35)
    key = models.PositiveIntegerField()
    before = models.TextField()
    words = models.TextField()
    note = models.CharField(max_length=500, blank=True)
    address = models.EmailField(blank=True)
    address_language = models.CharField(max_length=35, default="en")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["text", "language", "key"],
                condition=Q(state="open"),
                name="open_suggestions",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(address=""),
                name="an_answered_suggestion_keeps_no_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} ({self.language}) ¶{self.key}"

    @property
    def trail_words(self) -> str:
        return str(self.text)
