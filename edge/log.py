"""JSON lines to standard error, which systemd hands to the journal."""

import logging
import sys

import structlog


def configure_logging(level: int = logging.INFO) -> None:
    """One line of JSON an event; no codes, names, phones or secrets are ever given to it."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
