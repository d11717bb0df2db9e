"""The one door to writing and reading texts."""

from convoca.texts.registry import interface_language
from convoca.texts.services.notices import translator_left
from convoca.texts.services.offline import export, import_lines, plan_import, read_file
from convoca.texts.services.reading import (
    Available,
    Reading,
    ReadParagraph,
    addresses,
    reading,
)
from convoca.texts.services.reviewing import (
    approve,
    forget_withdrawn,
    publish_authors_own,
    publish_unreviewed,
    restore,
    send_back,
    strange_links,
    submit,
    withdraw,
)
from convoca.texts.services.source import (
    Conflict,
    Plan,
    close,
    learn_of_owner,
    mark_authoritative,
    plan_version,
    publish_version,
    reopen,
    save_source,
    set_source_language,
    start,
)
from convoca.texts.services.standing import recount
from convoca.texts.services.suggesting import accept, decline, forget_old, suggest, tell_of_new
from convoca.texts.services.translating import (
    claim,
    claim_open,
    open_translation,
    release,
    save_paragraph,
    still_right,
)

__all__ = [
    "Available",
    "Conflict",
    "Plan",
    "ReadParagraph",
    "Reading",
    "accept",
    "addresses",
    "approve",
    "claim",
    "claim_open",
    "close",
    "decline",
    "export",
    "forget_old",
    "forget_withdrawn",
    "import_lines",
    "interface_language",
    "learn_of_owner",
    "mark_authoritative",
    "open_translation",
    "plan_import",
    "plan_version",
    "publish_authors_own",
    "publish_unreviewed",
    "publish_version",
    "read_file",
    "reading",
    "recount",
    "release",
    "reopen",
    "restore",
    "save_paragraph",
    "save_source",
    "send_back",
    "set_source_language",
    "start",
    "still_right",
    "strange_links",
    "submit",
    "suggest",
    "tell_of_new",
    "translator_left",
    "withdraw",
]
