"""Attachments: on which campaigns' pages an action stands."""

from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convoca.actions.models.action import COUNTED, FAR, Action, State
from convoca.campaigns.models import Campaign
from convoca.core.flags import Flag


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def follow(self, action: Action) -> None:
        """Copy what lists of campaigns sort and count by from the action as it is now."""
        self.filter(action=action).update(
            listed=F("stands") if action.listed else False,
            **{name: getattr(action, name) for name in FOLLOWED},
        )


FOLLOWED = ("sorted_at", "shown_until", "country", "state")


class Attachment(models.Model):
    """An action stands on the pages of a campaign, at one of its moments or at none.

    The campaign through which it came has one from the start; any other needs both sides:
    whoever asks first waits for the other. Either side detaches alone.
    """

    class Side(models.TextChoices):
        HOST = "host", _("the action")
        CAMPAIGN = "campaign", _("the campaign")

    action = models.ForeignKey(Action, models.CASCADE, related_name="attachments", db_index=False)
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="attachments", db_index=False
    )
    moment = models.ForeignKey(
        "campaigns.Moment",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="attachments",
        db_index=False,
    )
    asked_by = models.CharField(max_length=8, choices=Side.choices, default=Side.HOST)
    asked_at = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField(null=True, blank=True)
    detached_at = models.DateTimeField(null=True, blank=True)
    detached_by = models.CharField(max_length=8, choices=Side.choices, blank=True)
    stands = Flag(default=False, editable=False)
    """Whether both agreed and neither has detached it; derived, because an index needs a column."""
    listed = Flag(default=False, editable=False)
    """Whether it stands and its action is public. This and what follows are the action's own
    columns, so that one index has all that a campaign's lists sort and count by."""
    sorted_at = models.DateTimeField(default=FAR, editable=False)
    shown_until = models.DateTimeField(default=FAR, editable=False)
    country = models.CharField(max_length=2, blank=True, editable=False)
    state = models.CharField(max_length=9, choices=State.choices, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["action", "campaign"], name="an_action_is_attached_once_to_a_campaign"
            ),
        ]
        # What one of these begins with has no index of its own: lists write thousands of rows.
        indexes = [
            models.Index(fields=["campaign", "stands", "action"], name="attached_to_a_campaign"),
            models.Index(fields=["moment", "stands", "action"], name="attached_to_a_moment"),
            models.Index(
                fields=[
                    *("campaign", "listed", "sorted_at"),
                    *("action", "shown_until", "country", "state"),
                ],
                name="lists_of_a_campaign",
            ),
            models.Index(
                fields=[
                    *("moment", "listed", "sorted_at"),
                    *("action", "shown_until", "country", "state"),
                ],
                name="lists_of_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} → {self.campaign}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "stands", "listed", *FOLLOWED}
        super().save(*args, **kwargs)

    def page_tags(self) -> list[str]:
        return [f"action:{self.action_id}", "actions", COUNTED, f"campaign:{self.campaign_id}"]

    def derive(self) -> None:
        """Set every column that follows from others. Whoever writes many at once calls it."""
        self.stands = self.agreed_at is not None and self.detached_at is None
        self.listed = self.stands and self.action.listed
        for name in FOLLOWED:
            setattr(self, name, getattr(self.action, name))
