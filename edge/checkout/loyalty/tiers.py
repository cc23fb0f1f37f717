"""Tiers, and what the customer is told after a sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from edge.checkout.balances.accounts import Account, Lot
from edge.checkout.balances.ledger import Ledger
from edge.checkout.balances.points import FULL_BP
from edge.checkout.loyalty.members import Member, MemberTrade
from edge.checkout.records import EntryKind

# A customer plans a month ahead; a receipt with every date of two years helps nobody.
SOON_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Tier:
    """Reached by spending `from_minor`. `points_rate_bp` 15000 earns half as much again,
    `discount_bp` comes off, and `price_list` names the prices that hold instead; 0 and empty: none.
    """

    id: str
    name_en: str
    name_zh: str
    from_minor: int
    points_rate_bp: int = FULL_BP
    discount_bp: int = 0
    price_list: str = ""


NO_TIER: Final = Tier("", "", "", 0)


@dataclass(frozen=True, slots=True)
class NextTier:
    """The tier above, and how much more has to be spent for it."""

    tier: Tier
    short_minor: int


def tier_of(tiers: Sequence[Tier], member: Member, trade: MemberTrade) -> Tier:
    """The highest tier that was given or reached. Tiers are in rising order; one that is not among
    them is none.
    """
    held = NO_TIER
    for tier in tiers:
        if tier.id == member.tier or tier.from_minor <= trade.spent_minor:
            held = tier
    return held


def next_tier(tiers: Sequence[Tier], member: Member, trade: MemberTrade) -> NextTier | None:
    """None at the top."""
    held = tier_of(tiers, member, trade)
    above = tiers[tiers.index(held) + 1 :] if held in tiers else tiers
    return NextTier(above[0], above[0].from_minor - trade.spent_minor) if above else None


@dataclass(frozen=True, slots=True)
class Told:
    """For the customer's display and the receipt, in points. A refund's `returned` were redeemed
    before, its `taken_back` earned. `here` is what can be redeemed at this till;
    there may be more elsewhere. `expiring` are the points that go within SOON_DAYS.
    """

    earned: int
    redeemed: int
    returned: int
    taken_back: int
    here: int
    debt: int
    expiring: tuple[Lot, ...]
    next_tier: NextTier | None


def told(
    ledger: Ledger, member: Member, trade: MemberTrade, tiers: Sequence[Tier], today: date | None
) -> Told:
    """What a sale's ledger did to the member's points, and how they stand after it. `trade` has
    the sale in it.
    """
    points: Account = ledger.account(member.points)

    def total(kind: EntryKind) -> int:
        return sum(
            movement.amount
            for movement in ledger.movements
            if movement.kind is kind and movement.ref == member.points
        )

    return Told(
        earned=total(EntryKind.ACCOUNT_CREDITED),
        redeemed=total(EntryKind.ACCOUNT_REDEEMED),
        returned=total(EntryKind.ACCOUNT_REVERSED),
        taken_back=total(EntryKind.ACCOUNT_TAKEN_BACK),
        here=points.available(today),
        debt=points.debt,
        expiring=points.expiring(today, SOON_DAYS),
        next_tier=next_tier(tiers, member, trade),
    )
