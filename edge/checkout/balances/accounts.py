"""What this till may redeem of a balance: a bounded counter (escrow: O'Neil, The Escrow
Transactional Method, 1986; Balegas et al., Extending Eventual Consistency Guarantees, 2015).

Leases and the till's own credits come in, redemptions go out; never more than came in. What a
refund takes back beyond that is a debt, which whatever comes in next pays first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from edge.checkout.canonical import LARGEST_INTEGER
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.money import MAX_AMOUNT_MINOR
from edge.checkout.records import EntryKind

# One movement is at most what a till rings up at once; a balance is far above ten thousand of
# those and still an integer that every JSON reader keeps exact.
MOST_MOVED: Final = MAX_AMOUNT_MINOR
MOST_HELD: Final = LARGEST_INTEGER

# The last day of what never expires.
NEVER: Final = date.max
_MINUTE_MS: Final = 60_000
_DAY_MS: Final = 24 * 60 * _MINUTE_MS
_EPOCH_DAY: Final = date(1970, 1, 1)


class AccountKind(StrEnum):
    """What the units are: points, minor units of money, a coupon (one), visits."""

    POINTS = "points"
    STORED_VALUE = "stored_value"
    COUPON = "coupon"
    COUNT_CARD = "count_card"


@dataclass(frozen=True, slots=True)
class AccountRef:
    """Whose account of what. `holder` is a member's number, or the number on a gift card or coupon;
    `owner` is the member it belongs to, empty where it belongs to its bearer. `terms` is a coupon's
    campaign or a count card's plan.
    """

    kind: AccountKind
    holder: str
    owner: str = ""
    terms: str = ""

    @property
    def id(self) -> str:
        """The account's name in the journal. A member has a count card for each plan."""
        plan = f":{self.terms}" if self.kind is AccountKind.COUNT_CARD else ""
        return f"{self.kind}:{self.holder}{plan}"


@dataclass(frozen=True, slots=True, order=True)
class Lot:
    """Units that expire together: `expires_on` is the last civil day on which they are good."""

    expires_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Account:
    """What this till holds of an account, as lots by expiry, earliest first. The customer may have
    more elsewhere.
    """

    ref: AccountRef
    lots: tuple[Lot, ...] = ()
    debt: int = 0

    @property
    def held(self) -> int:
        return sum(lot.amount for lot in self.lots)

    def live(self, today: date | None) -> tuple[Lot, ...]:
        """The lots that can be redeemed. Without a trusted day nothing is judged as expired."""
        return tuple(lot for lot in self.lots if today is None or lot.expires_on >= today)

    def available(self, today: date | None) -> int:
        """What can be redeemed here and now."""
        return sum(lot.amount for lot in self.live(today))

    def expiring(self, today: date | None, days: int) -> tuple[Lot, ...]:
        """The live lots whose last day is at most `days` away; none without a trusted day."""
        if today is None:
            return ()
        return tuple(lot for lot in self.live(today) if (lot.expires_on - today).days <= days)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something moves: a reason in snake_case, the receipt it belongs to, the receipt that is
    given back; 0 where there is none.
    """

    reason: str
    receipt_no: int = 0
    of_receipt_no: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of an account's ledger. The lots and `debt` sum to `amount`: `debt` is the part
    that paid a debt, or became one.

    `lines` says which lines of the sale a credit was for: `(line, units of the account)`.
    `worth_minor` is the money that a redemption stood for, `lease` the lease's id.
    """

    kind: EntryKind
    ref: AccountRef
    amount: int
    lots: tuple[Lot, ...]
    cause: Cause
    debt: int = 0
    lines: tuple[tuple[int, int], ...] = ()
    worth_minor: int = 0
    lease: str = ""


@dataclass(frozen=True, slots=True)
class NotEnough:
    """The till holds only so much; online it could ask for more."""

    available: int


COMES_IN: Final = frozenset(
    {EntryKind.LEASE_GRANTED, EntryKind.ACCOUNT_CREDITED, EntryKind.ACCOUNT_REVERSED}
)
GOES_OUT: Final = frozenset(
    {
        EntryKind.LEASE_RELEASED,
        EntryKind.ACCOUNT_REDEEMED,
        EntryKind.ACCOUNT_TAKEN_BACK,
        EntryKind.ACCOUNT_EXPIRED,
    }
)
MOVES: Final = COMES_IN | GOES_OUT


def civil_day(at: Instant, utc_offset_minutes: int) -> date | None:
    """The shop's civil day, None while the clock can't be trusted. A clock at its floor may be
    behind, never ahead: what has expired by it has expired.
    """
    if at.quality is ClockQuality.UNSET:
        return None
    return _EPOCH_DAY + timedelta(days=(at.utc_ms + utc_offset_minutes * _MINUTE_MS) // _DAY_MS)


def grant(account: Account, lease: str, amount: int, expires_on: date = NEVER) -> Movement:
    """A lease from headquarters: part of the balance is this till's to redeem."""
    movement = _come_in(
        account, EntryKind.LEASE_GRANTED, (Lot(expires_on, amount),), Cause("lease")
    )
    return replace(movement, lease=lease)


def release(account: Account, lease: str, amount: int) -> Movement | NotEnough:
    """Give part of a lease back to headquarters, what expires last first: the customer goes on
    using up what expires first. What is redeemed can't be given back.
    """
    if amount > account.held:
        return NotEnough(account.held)
    lots = tuple(sorted(_first(account.lots[::-1], amount)))
    return Movement(
        EntryKind.LEASE_RELEASED, account.ref, amount, lots, Cause("release"), lease=lease
    )


def credit(
    account: Account,
    amount: int,
    expires_on: date,
    cause: Cause,
    lines: tuple[tuple[int, int], ...] = (),
) -> Movement:
    """Points earned, a top-up, a coupon, visits: it raises this till's own lease at once."""
    assert not lines or sum(part for _, part in lines) == amount, "shares don't sum to the amount"
    movement = _come_in(account, EntryKind.ACCOUNT_CREDITED, (Lot(expires_on, amount),), cause)
    return replace(movement, lines=lines)


def redeem(
    account: Account, amount: int, today: date | None, cause: Cause, worth_minor: int = 0
) -> Movement | NotEnough:
    """Use units, those that expire first. Never more than the till holds."""
    available = account.available(today)
    if amount > available:
        return NotEnough(available)
    lots = _first(account.live(today), amount)
    return Movement(
        EntryKind.ACCOUNT_REDEEMED, account.ref, amount, lots, cause, worth_minor=worth_minor
    )


def reverse(
    account: Account,
    redeemed: Movement,
    before: int,
    amount: int,
    cause: Cause,
    *,
    worth_minor: int = 0,
    not_before: date = date.min,
) -> Movement:
    """Give back `amount` units of a redemption of which `before` came back already: those taken
    last come back first, to the lots they came from, or good until `not_before` at least.
    """
    assert redeemed.kind is EntryKind.ACCOUNT_REDEEMED, redeemed.kind
    assert 0 <= amount <= redeemed.amount - before, "more than was redeemed"
    assert amount or worth_minor, "nothing comes back"
    lots = _first(_after(redeemed.lots[::-1], before), amount)
    movement = _come_in(
        account,
        EntryKind.ACCOUNT_REVERSED,
        _merged(Lot(max(lot.expires_on, not_before), lot.amount) for lot in lots),
        cause,
    )
    return replace(movement, worth_minor=worth_minor)


def take_back(
    account: Account, credited: Movement, amount: int, today: date | None, cause: Cause
) -> Movement:
    """Take back `amount` units of a credit: from the lot it went to, then from what expires first;
    what was spent meanwhile becomes a debt.
    """
    assert credited.kind is EntryKind.ACCOUNT_CREDITED, credited.kind
    own_days = {lot.expires_on for lot in credited.lots}
    live = account.live(today)
    by_turn = sorted(live, key=lambda lot: (lot.expires_on not in own_days, lot.expires_on))
    there = min(amount, sum(lot.amount for lot in live))
    lots = tuple(sorted(_first(by_turn, there)))
    return Movement(
        EntryKind.ACCOUNT_TAKEN_BACK, account.ref, amount, lots, cause, debt=amount - there
    )


def expire(account: Account, today: date | None) -> Movement | None:
    """What is past its last day, None when nothing is or nobody knows the day."""
    live = account.live(today)
    lots = tuple(lot for lot in account.lots if lot not in live)
    if not lots:
        return None
    amount = sum(lot.amount for lot in lots)
    return Movement(EntryKind.ACCOUNT_EXPIRED, account.ref, amount, lots, Cause("expired"))


def moved(account: Account, movement: Movement) -> Account:
    """The account after the movement. Asserts what makes the counter a bounded one: nothing goes
    out that is not there, no debt is paid that is not owed.
    """
    assert movement.ref == account.ref, "another account's movement"
    # Part of a unit's worth may come back before the unit does.
    least = 0 if movement.kind is EntryKind.ACCOUNT_REVERSED else 1
    assert least <= movement.amount <= MOST_MOVED, movement.amount
    assert movement.debt >= 0, movement.debt
    assert all(lot.amount > 0 for lot in movement.lots), "an empty lot"
    in_lots = sum(lot.amount for lot in movement.lots)
    assert in_lots + movement.debt == movement.amount, "lots and debt are not the amount"
    if movement.kind in COMES_IN:
        assert movement.debt == min(account.debt, movement.amount), "a debt is paid first"
        sign, debt = +1, account.debt - movement.debt
    else:
        assert movement.kind in GOES_OUT, movement.kind
        is_owed = movement.kind is EntryKind.ACCOUNT_TAKEN_BACK
        assert is_owed or not movement.debt, "only what is taken back can be owed"
        sign, debt = -1, account.debt + movement.debt
    by_day = {lot.expires_on: lot.amount for lot in account.lots}
    for lot in movement.lots:
        by_day[lot.expires_on] = by_day.get(lot.expires_on, 0) + sign * lot.amount
    assert min(by_day.values(), default=0) >= 0, "more than the till holds"
    lots = tuple(Lot(day, amount) for day, amount in sorted(by_day.items()) if amount)
    after = replace(account, lots=lots, debt=debt)
    assert after.held <= MOST_HELD, "a balance beyond 2**53 - 1"
    return after


def _come_in(account: Account, kind: EntryKind, lots: tuple[Lot, ...], cause: Cause) -> Movement:
    """The lots, after the debt is paid from those that expire first."""
    amount = sum(lot.amount for lot in lots)
    debt = min(account.debt, amount)
    return Movement(kind, account.ref, amount, _after(lots, debt), cause, debt=debt)


def _first(lots: Iterable[Lot], amount: int) -> tuple[Lot, ...]:
    """The first `amount` units of the lots."""
    taken = []
    for lot in lots:
        part = min(lot.amount, amount)
        amount -= part
        if part:
            taken.append(Lot(lot.expires_on, part))
    return tuple(taken)


def _after(lots: Iterable[Lot], amount: int) -> tuple[Lot, ...]:
    """The lots without their first `amount` units."""
    left = []
    for lot in lots:
        part = min(lot.amount, amount)
        amount -= part
        if lot.amount > part:
            left.append(Lot(lot.expires_on, lot.amount - part))
    return tuple(left)


def _merged(lots: Iterable[Lot]) -> tuple[Lot, ...]:
    """One lot a day, earliest first."""
    by_day: dict[date, int] = {}
    for lot in lots:
        by_day[lot.expires_on] = by_day.get(lot.expires_on, 0) + lot.amount
    return tuple(Lot(day, amount) for day, amount in sorted(by_day.items()))
