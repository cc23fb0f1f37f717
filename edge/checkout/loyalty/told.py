"""What a customer is told with a sale or refund: part of its record, for a copy says the same."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class ToldPoints:
    """In points, after the sale. Those `returned` were redeemed before, those `taken_back` earned;
    `here` is what can be used at this till, `expiring` the days (ISO 8601) on which some go.
    `next_tier` is called by its name, `short_minor` is what is to be spent for it;
    `value_here_minor` stands in records from before there were balances.
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

    @property
    def moved(self) -> int:
        """By how much the points went up or down."""
        return self.earned - self.redeemed + self.returned - self.taken_back


NOTHING_TOLD = ToldPoints()


@dataclass(frozen=True, slots=True)
class Balance:
    """What can be used at this till of an account that a sale or refund moved, after it. `kind` is
    the account's; `left` is in its units: minor units of money, visits, and of a coupon 1 where it
    is good again, 0 where it is void. `name` is what it is called on the paper (empty: the member's
    own stored value), `terms` the count card's article or the coupon's campaign.
    """

    kind: str
    left: int
    name: str = ""
    terms: str = ""


@dataclass(frozen=True, slots=True)
class IssuedCoupon:
    """A coupon as it stands on paper; `last_day` is ISO 8601, `worth` what it gives, in words. The
    sale that brought it came to `from_minor` at least; where what it gives is so much money, that
    is `off_minor`. Both are 0 where records are older.
    """

    number: str
    campaign: str
    name: str
    last_day: str
    worth: str = ""
    from_minor: int = 0
    off_minor: int = 0


def told_body(told: ToldPoints) -> dict[str, Any]:
    """As JSON, without what is empty."""
    body = {each.name: getattr(told, each.name) for each in fields(told)}
    body["expiring"] = [[day, points] for day, points in told.expiring]
    return {name: value for name, value in body.items() if value}


def told_from(body: Mapping[str, Any]) -> ToldPoints:
    """The inverse of `told_body`. Raises TypeError or ValueError on anything else."""
    expiring = tuple((day, points) for day, points in body.get("expiring", ()))
    return ToldPoints(**{**body, "expiring": expiring})
