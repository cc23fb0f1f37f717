"""Stored value (a member's, or a gift card's), and count cards: money or visits paid before."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from edge.checkout.balances.accounts import (
    NEVER,
    Account,
    AccountKind,
    AccountRef,
    Cause,
)
from edge.checkout.balances.ledger import Ledger
from edge.checkout.money import MAX_AMOUNT_MINOR

TOP_UP: Final = "top_up"
TOP_UP_BONUS: Final = "top_up_bonus"


@dataclass(frozen=True, slots=True)
class BonusStep:
    """Who tops up by `from_minor` or more gets `bonus_minor` on top, once."""

    from_minor: int
    bonus_minor: int


@dataclass(frozen=True, slots=True)
class TopUpRule:
    """What may be topped up at once and held at most (laws on prepaid cards name a sum), and what
    comes on top: the highest step that is reached.
    """

    least_minor: int = 1
    most_minor: int = MAX_AMOUNT_MINOR
    most_held_minor: int = MAX_AMOUNT_MINOR
    steps: tuple[BonusStep, ...] = ()

    def bonus_minor(self, amount_minor: int) -> int:
        reached = [step for step in self.steps if step.from_minor <= amount_minor]
        return max(reached, key=lambda step: step.from_minor).bonus_minor if reached else 0


class TopUpRefusal(StrEnum):
    """Why a top-up is not taken."""

    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"
    HOLDS_TOO_MUCH = "holds_too_much"


def top_up(
    ledger: Ledger,
    ref: AccountRef,
    rule: TopUpRule,
    amount_minor: int,
    line: int,
    receipt_no: int,
    *,
    bonus_until: date = NEVER,
) -> Ledger | TopUpRefusal:
    """Money and bonus as two credits of the sale's line that sold it. What was paid for never
    expires.
    """
    assert ref.kind is AccountKind.STORED_VALUE, ref.kind
    bonus_minor = rule.bonus_minor(amount_minor)
    if amount_minor < rule.least_minor:
        return TopUpRefusal.TOO_LITTLE
    if amount_minor > rule.most_minor:
        return TopUpRefusal.TOO_MUCH
    if ledger.account(ref).held + amount_minor + bonus_minor > rule.most_held_minor:
        return TopUpRefusal.HOLDS_TOO_MUCH
    paid = Cause(TOP_UP, receipt_no)
    ledger = ledger.credit(ref, amount_minor, NEVER, paid, ((line, amount_minor),))
    if bonus_minor:
        free = Cause(TOP_UP_BONUS, receipt_no)
        ledger = ledger.credit(ref, bonus_minor, bonus_until, free, ((line, bonus_minor),))
    return ledger


def payable_minor(account: Account, due_minor: int, today: date | None) -> int:
    """What the account can settle of what is due: never more than it holds here."""
    return max(0, min(due_minor, account.available(today)))


def refund_to(
    ledger: Ledger, ref: AccountRef, amount_minor: int, receipt_no: int, of_receipt_no: int
) -> Ledger:
    """Money of a refund that was not paid from the account goes onto it, for good."""
    return ledger.credit(ref, amount_minor, NEVER, Cause("refund", receipt_no, of_receipt_no))


# --- count cards


@dataclass(frozen=True, slots=True)
class CountPlan:
    """What a count card is sold as, and what a visit pays for: so many visits, each for one unit of
    any of the services, within `valid_days` (0: for good).
    """

    id: str
    visits: int
    services: tuple[str, ...]
    valid_days: int = 0


def sell_visits(
    ledger: Ledger,
    ref: AccountRef,
    plan: CountPlan,
    line: int,
    receipt_no: int,
    until: date,
    *,
    cards: int = 1,
) -> Ledger:
    """The visits of so many cards, for the sale's line that sold them. `until` comes from
    `points.last_day`.
    """
    assert (ref.kind, ref.terms) == (AccountKind.COUNT_CARD, plan.id), ref.id
    visits = plan.visits * cards
    cause = Cause(f"count_card:{line}", receipt_no)
    return ledger.credit(ref, visits, until, cause, ((line, visits),))
