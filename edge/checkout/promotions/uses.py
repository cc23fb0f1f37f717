"""How often promotions were used before this sale: what limits count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from edge.checkout.promotions.sale import Used

# A clock that is set back over midnight finds the day before still counted.
KEPT_DAYS: Final = 2


@dataclass(frozen=True, slots=True)
class MemberUses:
    """How often a member used a promotion at this till, in all and today."""

    in_all: int = 0
    today: int = 0


NOBODYS: Final[Mapping[str, MemberUses]] = {}
_NEVER: Final = MemberUses()


@dataclass(frozen=True, slots=True)
class PromotionUses:
    """What this till counted, by promotion: in all, and on the newest of the shop's days."""

    in_all: Mapping[str, int] = field(default_factory=dict)
    by_day: Mapping[date, Mapping[str, int]] = field(default_factory=dict)

    def with_sale(self, day: date, uses: Mapping[str, int]) -> "PromotionUses":
        """With what a sale of that day used."""
        if not uses:
            return self
        by_day = {**self.by_day, day: _sum(self.by_day.get(day, {}), uses)}
        kept = sorted(by_day)[-KEPT_DAYS:]
        return PromotionUses(_sum(self.in_all, uses), {each: by_day[each] for each in kept})

    def used(
        self, day: date | None, by_member: Mapping[str, MemberUses] = NOBODYS
    ) -> Mapping[str, Used]:
        """For a PromotionRequest: what is used on a day by whoever buys. Where nobody knows the day
        it is taken for the newest one, so that nothing is given twice.
        """
        if day is None:
            day = max(self.by_day, default=None)
        today = self.by_day.get(day, {}) if day is not None else {}
        return _UsedNow(self.in_all, today, by_member)


NO_USES: Final = PromotionUses()


@dataclass(frozen=True, slots=True)
class _UsedNow(Mapping[str, Used]):
    """Worked out for the promotions that are asked for: a basket touches a few of thousands."""

    in_all: Mapping[str, int]
    today: Mapping[str, int]
    by_member: Mapping[str, MemberUses]

    def __getitem__(self, promotion: str) -> Used:
        in_all, own = self.in_all.get(promotion), self.by_member.get(promotion)
        if in_all is None and own is None:
            raise KeyError(promotion)
        own = own or _NEVER
        return Used(
            by_member=own.in_all,
            by_member_today=own.today,
            today=self.today.get(promotion, 0),
            in_all=in_all or 0,
        )

    def __iter__(self) -> Iterator[str]:
        return iter({**self.in_all, **self.by_member})

    def __len__(self) -> int:
        return len({**self.in_all, **self.by_member})


def _sum(counted: Mapping[str, int], uses: Mapping[str, int]) -> dict[str, int]:
    return {**counted, **{each: counted.get(each, 0) + more for each, more in uses.items()}}
