"""Logs for people (console) or machines (JSON); what is personal is struck out in one place."""

import logging
import logging.config
import re
from typing import Any

import structlog

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_LONG_TOKEN = re.compile(r"(?<![\w/-])[\w-]{24,}(?![\w-])")


def strike_personal(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace mail addresses and anything that looks like a secret."""
    for key, value in event.items():
        if isinstance(value, str) and key != "timestamp":
            event[key] = _LONG_TOKEN.sub("[token]", _ADDRESS.sub("[address]", value))
    return event


def configure(style: str = "console", level: str = "INFO") -> None:
    """Send the standard library's and structlog's records through one formatter to stderr."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        strike_personal,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "house": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        renderer,
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "house"}},
            # Their lines name whole paths, which may hold codes; the access log has every request.
            "loggers": {"django.request": {"level": "ERROR"}, "django_tasks": {"level": "WARNING"}},
            "root": {"handlers": ["stderr"], "level": level},
        }
    )
