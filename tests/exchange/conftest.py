"""A running campaign, for which lists come in."""

from tests.actions.conftest import campaign, draft, steward, week  # noqa: F401  used as fixtures
