"""Organisations: who is, was, or may become a member; and who is part of whom."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from convoca.accounts.models import Person
from convoca.core.access import Visitor
from convoca.core.codes import public_code
from convoca.core.fold import fold, terms
from convoca.core.languages import UI_LANGUAGES
from convoca.core.names import Names, NamesField
from convoca.core.slugs import slug_of

SORTED_BY = 80
COMES_BACK = timedelta(days=30)
"""How long what was ended or removed can come back as it was."""
COUNTRY = RegexValidator(r"^[A-Z]{2}$", _("A country is two letters, such as BR."))


def sort_keys(names: Names) -> dict[str, str]:
    """For each language of the interface: what its readers see, as it is sorted."""
    known = Names(names)
    return {tag: fold(known.in_language(tag))[:SORTED_BY] for tag in UI_LANGUAGES}


def by_reader(prefix: str = "") -> list[Any]:
    """An ordering by the name that a reader of the active language sees."""
    return [KeyTextTransform(get_language() or "en", f"{prefix}sort_keys"), f"{prefix}pk"]


def folded(names: Names) -> str:
    """All the names of a thing in the spelling that searches use."""
    return " ".join(dict.fromkeys(fold(words) for words in names.values()))


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def members(self) -> Self:
        return self.filter(state=Organisation.State.MEMBER)

    def former(self) -> Self:
        """Those that were members: suspended, ended or left."""
        return self.filter(state__in=Organisation.FORMER)

    def public(self) -> Self:
        """Members and former members: those that readers may know of."""
        return self.filter(state__in=Organisation.PUBLIC)

    def of(self, visitor: Visitor) -> Self:
        """The organisations for which the visitor holds a standing mandate, in any role."""
        if not isinstance(visitor, Person):
            return self.none()
        now = timezone.now()
        return self.filter(
            Q(mandates__until_at=None) | Q(mandates__until_at__gt=now),
            state=Organisation.State.MEMBER,
            mandates__person=visitor,
            mandates__person__is_active=True,
            mandates__from_at__lte=now,
        ).distinct()

    def visible_to(self, visitor: Visitor) -> Self:
        """Members and former members; for stewards also those invited, asking or declined."""
        if isinstance(visitor, Person) and visitor.mandates.standing().stewards().exists():
            return self.all()
        return self.public()

    def by_name(self, *before: str) -> Self:
        """In the order of the names that the reader sees, after what is named in `before`."""
        return self.order_by(*before, *by_reader())

    def searching(self, text: str) -> Self:
        """Those in whose names each word of `text` occurs, whatever the accents or the case."""
        found = self.all()
        for word in terms(text)[:8]:
            found = found.filter(searched__contains=word)
        return found


class Organisation(models.Model):
    """A body that is, was or may become a member. None is ever deleted."""

    class Kind(models.TextChoices):
        UNION = "union", _("Trade union")
        ASSOCIATION = "association", _("Association")
        FOUNDATION = "foundation", _("Foundation")
        FAITH = "faith", _("Faith body")
        COOPERATIVE = "cooperative", _("Cooperative")
        INSTITUTION = "institution", _("Institution")
        MOVEMENT = "movement", _("Movement")
        PEOPLE = "people", _("Indigenous people or community")
        NETWORK = "network", _("Network or federation")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ASKED = "asked", _("Asks to join")
        MEMBER = "member", _("Member")
        SUSPENDED = "suspended", _("Suspended")
        ENDED = "ended", _("Membership ended")
        LEFT = "left", _("Left")
        DECLINED = "declined", _("Declined")

    FORMER = (State.SUSPENDED, State.ENDED, State.LEFT)
    PUBLIC = (State.MEMBER, *FORMER)

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    names = NamesField(_("name"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.OTHER)
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[COUNTRY])
    site = models.URLField(
        _("site"), blank=True, max_length=300, validators=[URLValidator(["https", "http"])]
    )
    logo = models.ForeignKey(
        "media.Picture", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    about = models.OneToOneField(
        "texts.Text", models.PROTECT, null=True, blank=True, related_name="organisation"
    )
    contact_mail = models.EmailField(_("contact mail, not shown to readers"), blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.INVITED)
    state_since = models.DateTimeField(default=timezone.now)
    member_since = models.DateTimeField(null=True, blank=True)
    member_until = models.DateTimeField(null=True, blank=True)
    searched = models.TextField(editable=False, default="")
    sorted_by = models.CharField(max_length=SORTED_BY, editable=False, default="")
    sort_keys = models.JSONField(editable=False, default=dict)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="member") | Q(member_since__isnull=False, member_until=None),
                name="a_member_is_member_since_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["suspended", "ended", "left"])
                | Q(member_since__isnull=False, member_until__isnull=False),
                name="a_former_member_was_member_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(member_until=None) | Q(member_until__gte=F("member_since")),
                name="member_until_after_member_since",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "sorted_by", "id"], name="organisations_listed"),
            models.Index(
                fields=["state", "country", "sorted_by", "id"], name="organisations_by_country"
            ),
        ]

    def __str__(self) -> str:
        return str(self.names)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.searched = folded(self.names)
        self.sorted_by = fold(next(iter(self.names.values()), ""))[:SORTED_BY]
        self.sort_keys = sort_keys(self.names)
        fields = kwargs.get("update_fields")
        if fields is not None and "names" in fields:
            kwargs["update_fields"] = {*fields, "searched", "sorted_by", "sort_keys"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("network:organisation", args=[self.code, self.slug()])

    @property
    def site_words(self) -> str:
        """The address of its site as people say it."""
        return self.site.split("://", 1)[-1].removesuffix("/")

    def slug(self) -> str:
        return slug_of(str(self.names), otherwise="organisation")

    def get_work_url(self) -> str:
        return reverse("network:work-organisation", args=[self.code])

    @property
    def is_member(self) -> bool:
        return self.state == self.State.MEMBER

    @property
    def is_former(self) -> bool:
        return self.state in self.FORMER

    def was_member_on(self, at: datetime) -> bool:
        """Whether it was a member at that instant; what it signed then stays signed."""
        if self.member_since is None or at < self.member_since:
            return False
        return self.member_until is None or at < self.member_until

    def page_tags(self) -> list[str]:
        return [f"organisation:{self.pk}", "organisations"]


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def ended(self) -> Self:
        """Those that ended not long ago and can come back as they were."""
        return self.filter(ended_at__gt=timezone.now() - COMES_BACK)


class Affiliation(models.Model):
    """`chapter` is part of `body`; a chapter may be part of several bodies, never of itself."""

    chapter = models.ForeignKey(
        Organisation, models.CASCADE, related_name="affiliations", verbose_name=_("chapter")
    )
    body = models.ForeignKey(
        Organisation, models.CASCADE, related_name="chapter_affiliations", verbose_name=_("body")
    )
    since_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chapter", "body"], name="one_affiliation_each"),
            models.CheckConstraint(condition=~Q(chapter=F("body")), name="never_part_of_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.chapter} → {self.body}"

    def page_tags(self) -> list[str]:
        return [f"organisation:{self.chapter_id}", f"organisation:{self.body_id}"]
