"""People who sign in, the ways in that work once, and how often somebody tried."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from convoca.core.codes import uuid7
from convoca.core.languages import UI_LANGUAGES, fallbacks

CAN_COME_BACK = timedelta(days=30)
"""How long an account that was closed can be opened again; then name and address are erased."""


def tidy_email(typed: str) -> str:
    """The one spelling in which an address is stored and compared."""
    return typed.strip().lower()


class PersonQuerySet(models.QuerySet["Person"]):
    def who_left(self) -> Self:
        """Accounts that were closed and can still be opened again, or are to be erased."""
        return self.filter(left_at__isnull=False, erased_at__isnull=True)

    def past_coming_back(self) -> Self:
        return self.who_left().filter(left_at__lt=timezone.now() - CAN_COME_BACK)


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_person(self, email: str, **facts: Any) -> "Person":
        """Add a person; mail addresses are compared, so they are stored in one spelling."""
        person: Person = self.model(email=tidy_email(email), **facts)
        person.set_unusable_password()
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        found: Person = self.get(email=tidy_email(username or ""))
        return found


class Person(AbstractBaseUser):
    """Somebody who can sign in: by a mailed code or a passkey, never by a password."""

    class Notices(models.TextChoices):
        AT_ONCE = "at-once", gettext_lazy("At once")
        DAILY = "daily", gettext_lazy("One mail a day")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=35, default="en")
    further_languages = models.JSONField(default=list, blank=True)
    notices = models.CharField(max_length=10, choices=Notices.choices, default=Notices.AT_ONCE)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(is_active=False), name="who_left_cannot_sign_in"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(left_at__isnull=False), name="erased_after_leaving"
            ),
        ]

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("A former member")
        return self.name or self.email.split("@")[0]

    @property
    def trail_words(self) -> str:
        """Nothing: the trail outlives a closed account, and its rows know people by their keys."""
        return ""

    def get_full_name(self) -> str:
        return str(self)

    @property
    def ui_language(self) -> str:
        """The interface's language that is nearest to the one this person prefers."""
        for tag in [*fallbacks(self.language), *self.further_languages]:
            if tag in UI_LANGUAGES:
                return str(tag)
        return "en"


class LoginCode(models.Model):
    """A way in that works once and not for long. What is stored opens nothing by itself.

    A code asked for with an address that nobody has is a row without a person, so that both
    kinds of address cost the same work.
    """

    class Kind(models.TextChoices):
        MAILED = "mailed"
        SPOKEN = "spoken"
        LINK = "link"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="login_codes"
    )
    kind = models.CharField(max_length=6, choices=Kind.choices)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.used_at is not None or self.expires_at <= timezone.now()


class Device(models.Model):
    """A kind of device on which somebody has signed in: what the list of devices shows of it, kept
    so that they can be told of one that they have never used.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="devices")
    kind = models.CharField(max_length=60)
    """"Firefox Android"; empty where neither browser nor device is known."""
    last_used_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="one_row_per_person_and_kind"),
        ]

    def __str__(self) -> str:
        return self.kind


class Window(models.Model):
    """How often something was tried in one stretch of time. The key is a keyed hash."""

    key = models.CharField(max_length=64)
    number = models.BigIntegerField()
    """Which stretch since 1970, counted in its own length."""
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="one_row_per_key_and_window"),
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
