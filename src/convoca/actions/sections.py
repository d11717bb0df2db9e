"""What actions add to pages of the floors below: campaigns, organisations, committees."""

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.finding.asking import ENDS, Link
from convoca.actions.finding.wanted import Wanted
from convoca.actions.front import ShownAction
from convoca.actions.models import Attachment
from convoca.actions.models.action import DATED
from convoca.campaigns.doing import Doing
from convoca.campaigns.front import Reader, reader
from convoca.campaigns.models import Campaign, Moment
from convoca.campaigns.poster import label_of
from convoca.core.dates import number_words
from convoca.network.models import Committee, Organisation
from convoca.network.sections import Section
from convoca.places.names import country_name

SHOWN = 3
OF_A_HOST = 10


def in_campaign(campaign: Campaign) -> Doing | None:
    """Find one, host one; how many there are; those that are on now, and the next three."""
    wanted = Wanted(campaign=campaign)
    figures = wanted.figures()
    host_url = wanted.host_url if campaign.is_open else ""
    find = (_("Find an action near you"), wanted.address(ENDS["near"]))
    host = (_("Host one in your town"), host_url) if host_url else None
    if not figures.total:
        had_some = Attachment.objects.filter(campaign=campaign, listed=True).exists()
        if not (host or had_some):
            return None
        over = wanted.address(past=True) if had_some else ""
        return Doing(do=host, template="actions/_in_campaign.html", context={"over": over})
    who = reader()
    context = {
        "now": _on_now(wanted, who),
        "next": [ShownAction(one, who) for one in wanted.rows().with_front()[:SHOWN]],
        "moments": _moments(wanted, who),
        "all": _("All actions of the campaign"),
        "wanted": wanted,
        "title": _("Actions"),
        "near": wanted.address(ENDS["near"]),
        "list": wanted.address(),
        "map": wanted.address(ENDS["map"]),
        "calendar": wanted.address(ENDS["calendar"]),
    }
    return Doing(
        do=find,
        also=host,
        sentence=figures.sentence,
        template="actions/_in_campaign.html",
        head="actions/_feeds.html",
        context=context,
    )


def _on_now(wanted: Wanted, who: Reader) -> list[Link]:
    """What is on at this moment, by country, the most first."""
    now = timezone.now()
    counted = (
        Attachment.objects.filter(
            campaign=wanted.campaign,
            listed=True,
            sorted_at__lte=now,
            shown_until__gt=now,
            state__in=DATED,
        )
        .order_by()
        .values_list("country")
        .annotate(actions=Count("pk"))
        .order_by("-actions", "country")
    )
    return [
        Link(
            country_name(code, who.language) if code else _("Online"),
            wanted.address(country=code) if code else wanted.address(online=True),
            number_words(number, who.language),
        )
        for code, number in counted
    ]


def _moments(wanted: Wanted, who: Reader) -> list[Link]:
    moments = wanted.campaign.moments.all() if wanted.campaign else []
    return [
        Link(str(label_of(one, who.language, who.fallbacks)), wanted.address(moment=one))
        for one in moments
        if one.cancelled_at is None
        and one.kind != Moment.Kind.DEADLINE
        and not one.is_over(who.today)
    ][:10]


def of_host(host: "Organisation | Committee") -> Section | None:
    """What an organisation or a committee puts on, for its public page."""
    who = reader()
    wanted = Wanted(host=host)
    shown = [ShownAction(one, who) for one in wanted.rows().with_front()[: OF_A_HOST + 1]]
    past = Wanted(host=host, past=True)
    had_some = past.rows().exists()
    if not (shown or had_some):
        return None
    context = {
        "wanted": wanted,
        "title": _("Actions"),
        "shown": shown[:OF_A_HOST],
        "list": wanted.address() if len(shown) > OF_A_HOST else "",
        "over": past.address() if had_some else "",
    }
    return Section("actions/_of_host.html", context, head="actions/_feeds.html")
