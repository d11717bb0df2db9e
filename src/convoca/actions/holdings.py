"""What actions hold on somebody, for whoever asks."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from convoca.actions.models import HostLink, SignUp
from convoca.actions.models.moderation import Problem
from convoca.actions.models.signup import WriteAgain
from convoca.actions.services import host_links, hosting, problems, signups
from convoca.actions.services.letters import own_url
from convoca.vault.fields import is_closed
from convoca.vault.holdings import Holding, register

NAME = {"name": gettext_lazy("Your name")}


def _sign_up(row: SignUp) -> str:
    words = ngettext(
        "%(n)d person for “%(action)s”: %(state)s",
        "%(n)d people for “%(action)s”: %(state)s",
        row.people,
    )
    return words % {"n": row.people, "action": row.action, "state": row.get_state_display()}


def _write_again(row: WriteAgain) -> str:
    return _("%(organisation)s may write to you again") % {"organisation": row.organisation}


def _host(row: HostLink) -> str:
    facts = {"role": row.get_role_display(), "action": row.action, "way": row.action.contact}
    if row.is_main and row.action.contact:
        return _("%(role)s of “%(action)s”. Its page says how to reach you: %(way)s") % facts
    return _("%(role)s of “%(action)s”") % facts


def _host_page(row: HostLink) -> str:
    """The private page, for as long as it opens; then the public one."""
    if row.is_confirmed and row.secret and not is_closed(row.secret):
        return host_links.host_url(row.secret, row.language)
    return row.action.get_absolute_url() if row.action.is_public else ""


def _before_host(row: HostLink) -> str:
    what = hosting.what_goes_with(row)
    return {
        "must-end": _(
            "You are its only host. Cancel it first on your private page, or ask a coordinator of "
            "its organisation to take it over: nobody else could look after it."
        ),
        "draft": _("The action was never public. It is deleted with all that belongs to it."),
        "last": _("Nobody can open its private page any more, and how to reach you goes, too."),
        "link": _("Your link opens nothing any more. The other hosts go on without you."),
    }[what]


def _problem(row: Problem) -> str:
    facts = {"action": row.action, "kind": row.get_kind_display()}
    return _("A report about “%(action)s”: %(kind)s") % facts


def register_people() -> None:
    """Sign-ups, who may write again, hosts and reports."""
    register(
        Holding(
            Problem,
            "email_index",
            gettext_lazy("Your reports"),
            _problem,
            delete=problems.forget,
            shows={"words": gettext_lazy("What you wrote")},
            related=("action",),
        )
    )
    register(
        Holding(
            SignUp,
            "email_index",
            gettext_lazy("Sign-ups"),
            _sign_up,
            url=own_url,
            correct=NAME,
            delete=signups.delete,
            shows={"answer": gettext_lazy("Your answer")},
            related=("action",),
        )
    )
    register(
        Holding(
            WriteAgain,
            "email_index",
            gettext_lazy("Who may write to you"),
            _write_again,
            correct=NAME,
            delete=signups.stop_writing,
            related=("organisation",),
        )
    )
    register(
        Holding(
            HostLink,
            "email_index",
            gettext_lazy("Actions you host"),
            _host,
            url=_host_page,
            correct=NAME,
            delete=hosting.leave,
            before=_before_host,
            related=("action",),
        )
    )
