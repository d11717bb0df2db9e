"""Links: whether a claim speaks of an action, who says so, and why."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from convoca.actions.models import Action
from convoca.core.codes import public_code
from convoca.counting.models.claim import Claim
from convoca.network.models import Mandate


class LinkQuerySet(models.QuerySet["Link"]):
    def waiting(self) -> Self:
        """What a person has to look at, the likeliest first."""
        return self.filter(state=Link.State.DOUBTFUL).order_by("-score", "pk")


class Link(models.Model):
    """A claim and an action that may be the same: linked, apart, or waiting for a person.

    A link that is undone stays, so that nobody is asked the same question twice and a person's
    answer is never overruled by a score.
    """

    class State(models.TextChoices):
        LINKED = "linked", pgettext_lazy("two reports are", "Of one action")
        DOUBTFUL = "doubtful", pgettext_lazy("two reports are", "Perhaps of one action")
        APART = "apart", pgettext_lazy("two reports are", "Of two actions")

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="links", db_index=False)
    action = models.ForeignKey(Action, models.CASCADE, related_name="claim_links")
    state = models.CharField(max_length=8, choices=State.choices)
    score = models.FloatField(null=True)
    """How likely they are of one action, from 0 to 1; None where a person alone says so."""
    reasons = models.JSONField(default=list)
    """Codes with their values; `linking.words` says them."""
    left = models.ForeignKey(Action, models.SET_NULL, null=True, blank=True, related_name="+")
    """The action that the claim had before, which comes back when this is undone."""
    decided_under = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None for what was clear by itself."""
    decided_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "action"], name="one_answer_for_claim_and_action"
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=1), name="a_score_is_a_share"
            ),
        ]
        indexes = [models.Index(fields=["state", "-score"], name="links_that_wait")]

    def __str__(self) -> str:
        return f"{self.claim} → {self.action}"

    def page_tags(self) -> list[str]:
        return self.claim.page_tags()
