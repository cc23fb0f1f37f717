"""What a member is told of his points with a sale: part of its record, for a copy says the same."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class ToldPoints:
    """In points, after the sale. Those `returned` were redeemed before, those `taken_back` earned;
    `here` is what can be used at this till, `expiring` the days (ISO 8601) on which some go.
    `next_tier` is called by its name, `short_minor` is what is to be spent for it.
    """

    earned: int = 0
    redeemed: int = 0
    returned: int = 0
    taken_back: int = 0
    here: int = 0
    debt: int = 0
    value_here_minor: int = 0
    next_tier: str = ""
    short_minor: int = 0
    expiring: tuple[tuple[str, int], ...] = ()


NOTHING_TOLD = ToldPoints()


def told_body(told: ToldPoints) -> dict[str, Any]:
    """As JSON, without what is empty."""
    body = {each.name: getattr(told, each.name) for each in fields(told)}
    body["expiring"] = [[day, points] for day, points in told.expiring]
    return {name: value for name, value in body.items() if value}


def told_from(body: Mapping[str, Any]) -> ToldPoints:
    """The inverse of `told_body`. Raises TypeError or ValueError on anything else."""
    expiring = tuple((day, points) for day, points in body.get("expiring", ()))
    return ToldPoints(**{**body, "expiring": expiring})
