"""What a refund does to accounts: earned points are taken back, what was redeemed comes back.

Every part of a refund reads what the sale put on record. Piece by piece they sum exactly, so that
buying and giving back in a loop earns nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from edge.checkout.balances.accounts import AccountKind, Cause, Movement, reverse, take_back
from edge.checkout.balances.ledger import Ledger
from edge.checkout.money import runs, share, take_runs
from edge.checkout.quantity import whole_units
from edge.checkout.records import EntryKind, Sale, SoldLine
from edge.checkout.sale.returns import units_left

# What was sold as money or visits can't be given back once it is used up; points can be owed.
SOLD_KINDS = frozenset({AccountKind.STORED_VALUE, AccountKind.COUNT_CARD})


@dataclass(frozen=True, slots=True)
class RefundOf:
    """A refund of a sale, what of it was given back before (line -> thousandths), and all
    movements that the sale and its earlier refunds made, in order. `bound` is, by account and
    reason, what comes back of what was redeemed for pieces of its own: units and minor units;
    `void` are the coupons that the sale no longer earns, as accounts.
    """

    sale: Sale
    refund: Sale
    refunded_milli: Mapping[int, int]
    movements: tuple[Movement, ...]
    bound: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    void: frozenset[str] = frozenset()

    @property
    def is_last(self) -> bool:
        """Whether nothing is left of the sale after it."""
        now = {line.of_line: _units(line) for line in self.refund.lines}
        return all(
            units_left(line, self.refunded_milli) == now.get(line.line, 0)
            for line in self.sale.lines
        )

    @property
    def cause(self) -> Cause:
        return Cause("refund", self.refund.receipt_no, self.sale.receipt_no)


class RefundRefusal(StrEnum):
    """Why a refund can't be made as it is."""

    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class RefundRefused:
    """A top-up or a count card of which only so much is left here."""

    reason: RefundRefusal
    account: str
    available: int


def left_minor(of: RefundOf) -> dict[str, int]:
    """By account, what redemptions settled of the sale in money and no refund gave back yet."""
    left: dict[str, int] = {}
    for movement in of.movements:
        sign = _SIGNS.get(movement.kind, 0)
        left[movement.ref.id] = left.get(movement.ref.id, 0) + sign * movement.worth_minor
    return {account: minor for account, minor in left.items() if minor}


_SIGNS = {EntryKind.ACCOUNT_REDEEMED: +1, EntryKind.ACCOUNT_REVERSED: -1}


def split_back(now_minor: int, left: Sequence[int]) -> tuple[int, ...]:
    """A refund's money over the tenders that paid the sale, by what is left of each: no tender gets
    back more than it paid, and in the end each has got back exactly that.
    """
    assert now_minor <= sum(left), "more than was paid"
    return share(now_minor, left)


def refund_movements(
    ledger: Ledger,
    of: RefundOf,
    back_minor: Mapping[str, int],
    *,
    good_until: date = date.min,
) -> Ledger | RefundRefused:
    """The ledger after the refund. `back_minor` is what each account gets back in money, from
    `split_back`; `good_until` is the day until which units that come back are good at least.

    First what was redeemed comes back, so that it can meet what is taken back.
    """
    ledger = _give_back_redeemed(ledger, of, back_minor, good_until)
    for credited in of.movements:
        if credited.kind is not EntryKind.ACCOUNT_CREDITED or credited.cause.of_receipt_no:
            continue
        amount = _credit_of(credited, of)
        if not amount:
            continue
        available = ledger.account(credited.ref).available(ledger.today)
        if credited.ref.kind in SOLD_KINDS and amount > available:
            return RefundRefused(RefundRefusal.SPENT, credited.ref.id, available)
        cause = replace(of.cause, reason=f"refund:{credited.cause.reason}")
        ledger = ledger.with_movement(
            take_back(ledger.account(credited.ref), credited, amount, ledger.today, cause)
        )
    return ledger


def _give_back_redeemed(
    ledger: Ledger, of: RefundOf, back_minor: Mapping[str, int], good_until: date
) -> Ledger:
    """What paid for pieces of its own comes back with them; other money's worth in proportion; what
    had no price (a coupon) with the last part.
    """
    rest = dict(back_minor)
    for (account, _), (_, minor) in of.bound.items():
        rest[account] = rest.get(account, 0) - minor
    for redeemed in of.movements:
        if redeemed.kind is not EntryKind.ACCOUNT_REDEEMED:
            continue
        bound = of.bound.get((redeemed.ref.id, redeemed.cause.reason))
        done = [each for each in of.movements if _reverses(each, redeemed)]
        amount, now_minor = bound or _in_proportion(of, redeemed, done, rest)
        if amount or now_minor:
            ledger = ledger.with_movement(
                reverse(
                    ledger.account(redeemed.ref),
                    redeemed,
                    sum(each.amount for each in done),
                    amount,
                    replace(of.cause, reason=f"refund:{redeemed.cause.reason}"),
                    worth_minor=now_minor,
                    not_before=good_until,
                )
            )
    return ledger


def _in_proportion(
    of: RefundOf, redeemed: Movement, done: Sequence[Movement], rest: dict[str, int]
) -> tuple[int, int]:
    """The units for what of the `rest` comes back to its account, and how much of it that is, which
    is taken off the rest.
    """
    account = redeemed.ref.id
    owed_minor = redeemed.worth_minor - sum(each.worth_minor for each in done)
    now_minor = min(owed_minor, rest.get(account, 0))
    rest[account] = rest.get(account, 0) - now_minor
    left = redeemed.amount - sum(each.amount for each in done)
    is_whole = now_minor == owed_minor and (owed_minor > 0 or of.is_last)
    return left if is_whole else left * now_minor // max(1, owed_minor), now_minor


def _reverses(movement: Movement, redeemed: Movement) -> bool:
    """A sale redeems an account once for each reason, which its reversals name."""
    return (
        movement.kind is EntryKind.ACCOUNT_REVERSED
        and movement.ref == redeemed.ref
        and movement.cause.reason == f"refund:{redeemed.cause.reason}"
    )


def _credit_of(credited: Movement, of: RefundOf) -> int:
    """What of a credit was for the units that are given back. What was for no line of its own is a
    coupon for the sale, which goes as soon as the rest does not earn it.
    """
    if not credited.lines:
        return credited.amount if credited.ref.id in of.void else 0
    by_line = dict(credited.lines)
    sold = {line.line: line for line in of.sale.lines}
    return sum(
        _units_share(by_line[line.of_line], sold[line.of_line], line, of.refunded_milli)
        for line in of.refund.lines
        if line.of_line in by_line
    )


def _units_share(
    amount: int, sold: SoldLine, given_back: SoldLine, refunded_milli: Mapping[int, int]
) -> int:
    """A line's units of the account, spread over its pieces like the money that was paid for them:
    at most two values, one apart, the larger first.
    """
    all_units = _units(sold)
    gone = all_units - units_left(sold, refunded_milli)
    parts = take_runs(runs(amount, all_units), gone, _units(given_back))
    return sum(units * each for units, each in parts)


def _units(line: SoldLine) -> int:
    return whole_units(line.quantity_milli, line.unit)
