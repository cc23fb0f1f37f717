"""The shop's civil time as text: `2026-03-02T10:00`."""

from datetime import date
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from edge.checkout.promotions.sale import CivilTime

TIME_PATTERN = r"^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$"


def read_time(text: str) -> CivilTime:
    """The civil time of the text. Raises ValueError where the calendar has no such day."""
    day, _, clock = text.partition("T")
    hours, _, minutes = clock.partition(":")
    return CivilTime(date.fromisoformat(day), int(hours) * 60 + int(minutes))


def _is_a_day(text: str) -> str:
    try:
        read_time(text)
    except ValueError as error:
        raise ValueError("the calendar has no such day") from error
    return text


TimeText: TypeAlias = Annotated[
    str,
    Field(
        pattern=TIME_PATTERN,
        description="the shop's civil time, YYYY-MM-DDTHH:MM",
    ),
    AfterValidator(_is_a_day),
]
