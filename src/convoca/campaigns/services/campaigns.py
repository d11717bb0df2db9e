"""Starting a campaign, changing it, and taking it from state to state."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.campaigns.models import Campaign
from convoca.campaigns.models.campaign import KEPT_WITHDRAWN
from convoca.campaigns.rules import Step
from convoca.campaigns.signals import campaign_published, campaign_withdrawn
from convoca.core.errors import Refusal
from convoca.core.ink import NAMED, ink
from convoca.core.names import LONGEST, Names, tidy_name
from convoca.network.models import Mandate, Organisation
from convoca.pages import services as pages
from convoca.texts import services as texts
from convoca.texts.models import Text


@transaction.atomic
def start(
    names: Names,
    *,
    source_language: str,
    convenors: Iterable[Organisation],
    colour: str = "petrol",
    follows: Campaign | None = None,
    under: Mandate,
) -> Campaign:
    """Begin a campaign as a draft, with an empty call in its source language.

    With `follows` it is the next edition of that campaign's series.
    """
    together = list(convenors)
    _check_names(names)
    _check_convenors(together)
    campaign = Campaign.objects.create(
        names=names,
        call=texts.start(source_language, by=under.person),
        ink=tidy_colour(colour),
        series=follows.series if follows else "",
    )
    campaign.convenors.set(together)
    audit.record("campaign.started", about=campaign, under=under)
    return campaign


@transaction.atomic
def change(campaign: Campaign, *, under: Mandate, **facts: Any) -> Campaign:
    """Change what a campaign says of itself: names, lead, hashtags, ink, picture, convenors.

    Refused where the campaign is closed, where its title would be lost, and without a convenor.
    """
    campaign = editable(campaign)
    together = facts.pop("convenors", None)
    if "names" in facts:
        _check_names(facts["names"])
        _check_titled(campaign, facts["names"])
    if "ink" in facts:
        facts["ink"] = tidy_colour(facts["ink"])
    changed = [name for name, value in facts.items() if getattr(campaign, name) != value]
    for name in changed:
        setattr(campaign, name, facts[name])
    if together is not None and set(together) != set(campaign.convenors.all()):
        _check_convenors([one for one in together if one not in campaign.convenors.all()])
        if not together:
            raise Refusal("campaign-unconvened", _("Say which organisations call together."))
        campaign.convenors.set(together)
        changed.append("convenors")
    if changed:
        campaign.save()
        audit.record("campaign.changed", about=campaign, under=under, what=sorted(changed))
    return campaign


@transaction.atomic
def set_title(campaign: Campaign, tag: str, words: str, *, by: Person) -> None:
    """Take a translated title over from the translators' desk; without words it goes again."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    names = Names({**campaign.names, tag: words})
    campaign.names = Names({tag: words for tag, words in names.items() if words})
    campaign.save()
    if words:
        audit.record("campaign.title_translated", about=campaign, by=by, language=tag)


@transaction.atomic
def take_step(campaign: Campaign, step: Step, *, under: Mandate) -> Campaign:
    """Take a campaign to the next state, or back. Being there already changes nothing."""
    campaign = _locked(campaign)
    if campaign.state == step.ends and campaign.withdrawn_at is None:
        return campaign
    if campaign.state not in step.starts or campaign.withdrawn_at is not None:
        raise Refusal(
            "campaign-elsewhere",
            _("Somebody has moved this campaign in the meantime. It is now: %(state)s.")
            % {"state": campaign.get_state_display()},
        )
    if step.name == "publish":
        _check_publishable(campaign)
    if step.name == "unpublish" and campaign.endorsements.accepted().exists():
        raise Refusal(
            "campaign-endorsed",
            _("Organisations have signed already. Close the campaign or withdraw it instead."),
        )
    _enter(campaign, step, under)
    campaign.save()
    if step.name == "unpublish":
        _take_down(campaign)
    audit.record(step.event, about=campaign, under=under)
    _tell(campaign, step, under)
    return campaign


def _enter(campaign: Campaign, step: Step, under: Mandate) -> None:
    now = timezone.now()
    campaign.state = step.ends
    if step.name == "publish":
        campaign.published_at = campaign.published_at or now
    if step.name == "unpublish":
        campaign.published_at = None
    if step.name == "close":
        campaign.closed_at = now
        texts.close(campaign.call, under=under)
    if step.name == "reopen":
        campaign.closed_at = None
        texts.reopen(campaign.call, under=under)


def _tell(campaign: Campaign, step: Step, under: Mandate) -> None:
    if step.name == "submit":
        stewards = Mandate.objects.standing().stewards().exclude(person=under.person_id)
        for mandate in stewards.select_related("person"):
            accounts.notify(mandate.person, "campaigns/to-review", about=campaign)
    if step.name in ("publish", "reopen"):
        campaign_published.send(Campaign, campaign=campaign)
    if step.name == "unpublish":
        campaign_withdrawn.send(Campaign, campaign=campaign)


@transaction.atomic
def withdraw(campaign: Campaign, *, under: Mandate) -> Campaign:
    """Take a campaign away from everybody's eyes, and its call off the translators' desks; it can
    come back for 30 days. Repeatable."""
    campaign = _locked(campaign)
    if campaign.withdrawn_at is None:
        campaign.withdrawn_at = timezone.now()
        campaign.save()
        _say_to_calendars(campaign)
        texts.close(campaign.call, under=under)
        audit.record("campaign.withdrawn", about=campaign, under=under)
        _take_down(campaign)
        campaign_withdrawn.send(Campaign, campaign=campaign)
    return campaign


@transaction.atomic
def bring_back(campaign: Campaign, *, under: Mandate) -> Campaign:
    """Undo a withdrawal within 30 days; the state is what it was. Repeatable."""
    campaign = _locked(campaign)
    if campaign.withdrawn_at is None:
        return campaign
    if timezone.now() > campaign.withdrawn_at + KEPT_WITHDRAWN:
        raise Refusal("campaign-gone", _("It was withdrawn more than 30 days ago."))
    campaign.withdrawn_at = None
    campaign.save()
    _say_to_calendars(campaign)
    if not campaign.is_closed:
        texts.reopen(campaign.call, under=under)
    audit.record("campaign.brought_back", about=campaign, under=under)
    pages.touch(*_signers(campaign))
    if campaign.is_public:
        campaign_published.send(Campaign, campaign=campaign)
    return campaign


def _take_down(campaign: Campaign) -> None:
    """No old page of it is shown any more, nor of what names it."""
    pages.take_down(*campaign.page_tags(), *campaign.call.page_tags(), *_signers(campaign))


def _say_to_calendars(campaign: Campaign) -> None:
    """Its dates are gone, or there again: calendars believe the higher sequence."""
    campaign.moments.update(sequence=F("sequence") + 1, changed_at=timezone.now())


def _signers(campaign: Campaign) -> list[str]:
    """The pages of those who signed show the campaign too."""
    signers = campaign.endorsements.accepted().values_list("organisation", flat=True)
    return [f"organisation:{pk}" for pk in signers]


def editable(campaign: Campaign) -> Campaign:
    """The campaign, locked for this transaction; refused once it takes no more changes."""
    campaign = _locked(campaign)
    if campaign.withdrawn_at is not None:
        raise Refusal("campaign-withdrawn", _("This campaign was withdrawn."))
    if campaign.is_closed:
        raise Refusal("campaign-closed", _("This campaign is closed and no longer changes."))
    return campaign


def _locked(campaign: Campaign) -> Campaign:
    """Its call first, then itself: in the order in which the translators' desk takes them."""
    Text.objects.select_for_update().get(pk=campaign.call_id)
    return Campaign.objects.select_for_update().get(pk=campaign.pk)


def tidy_colour(typed: str) -> str:
    """One of the twelve names, or `#RRGGBB`; refuses what is no colour."""
    if typed.strip().lower() in NAMED:
        return typed.strip().lower()
    try:
        return ink(typed).field
    except ValueError as error:
        raise Refusal("ink-unknown", _("A colour looks like #0A6472.")) from error


def _check_names(names: Names) -> None:
    if not any(tidy_name(words) for words in names.values()):
        raise Refusal("campaign-untitled", _("A campaign needs a title."))
    if any(len(tidy_name(words)) > LONGEST for words in names.values()):
        raise Refusal(
            "title-long", _("A title has at most %(most)d characters.") % {"most": LONGEST}
        )


def _check_titled(campaign: Campaign, names: Names) -> None:
    if not tidy_name(names.get(campaign.source_language, "")):
        raise Refusal(
            "campaign-untitled", _("The title in the language of the call cannot be empty.")
        )


def _check_convenors(together: list[Organisation]) -> None:
    if not together:
        raise Refusal("campaign-unconvened", _("Say which organisations call together."))
    for organisation in together:
        if not organisation.is_member:
            raise Refusal(
                "organisation-not-member",
                _("%(name)s is not a member at present.") % {"name": organisation},
            )


def _check_publishable(campaign: Campaign) -> None:
    """What readers need before a campaign is theirs."""
    if campaign.call.current is None:
        raise Refusal(
            "call-unpublished",
            _("The call has no published version yet. Open it, read it once more and publish it."),
        )
    _check_titled(campaign, campaign.names)
    if not campaign.convenors.exists():
        raise Refusal("campaign-unconvened", _("Say which organisations call together."))
