"""The one door to accounts: signing in, people, sessions, and what they are told."""

from convoca.accounts.rules import (
    before_leaving,
    has_second_factor,
    needs_second_factor,
    who_needs_second_factor,
    with_second_factor,
)
from convoca.accounts.services.leaving import come_back, erase_who_left, leave
from convoca.accounts.services.notices import notify, tell
from convoca.accounts.services.people import (
    change_address,
    invite_person,
    request_address_change,
    save_details,
)
from convoca.accounts.services.second_factors import forget_second_factors
from convoca.accounts.services.sessions import (
    end_all_sessions,
    end_other_sessions,
    end_session,
    note_device,
    sessions_of,
    sweep_devices,
    sweep_sessions,
)
from convoca.accounts.services.signing_in import (
    login_link,
    person_of_link,
    send_login_code,
    spoken_login_code,
    sweep_codes,
    try_login_code,
    use_login_link,
)

__all__ = [
    "before_leaving",
    "change_address",
    "come_back",
    "end_all_sessions",
    "end_other_sessions",
    "end_session",
    "erase_who_left",
    "forget_second_factors",
    "has_second_factor",
    "invite_person",
    "leave",
    "login_link",
    "needs_second_factor",
    "note_device",
    "notify",
    "person_of_link",
    "request_address_change",
    "save_details",
    "send_login_code",
    "sessions_of",
    "spoken_login_code",
    "sweep_codes",
    "sweep_devices",
    "sweep_sessions",
    "tell",
    "try_login_code",
    "use_login_link",
    "who_needs_second_factor",
    "with_second_factor",
]
