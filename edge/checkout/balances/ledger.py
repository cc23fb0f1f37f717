"""The movements of one sale or refund, one after the other, each on what the ones before it left.

Nothing has moved until the entries are committed with the sale: a basket that is held or cancelled
drops its ledger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from edge.checkout.balances.account_records import movement_entry
from edge.checkout.balances.accounts import (
    Account,
    AccountRef,
    Cause,
    Movement,
    NotEnough,
    credit,
    expire,
    moved,
    redeem,
)
from edge.checkout.records import Entry


@dataclass(frozen=True, slots=True)
class Ledger:
    """The accounts as they will be, and the movements that make them so. `today` is the shop's
    civil day, None while the clock can't be trusted.
    """

    today: date | None
    accounts: Mapping[str, Account] = field(default_factory=dict)
    movements: tuple[Movement, ...] = ()

    def account(self, ref: AccountRef) -> Account:
        """The account as it stands after the movements so far; an empty one where none is known."""
        return self.accounts.get(ref.id) or Account(ref)

    def with_movement(self, movement: Movement) -> "Ledger":
        after = moved(self.account(movement.ref), movement)
        return Ledger(
            self.today, {**self.accounts, after.ref.id: after}, (*self.movements, movement)
        )

    def credit(
        self,
        ref: AccountRef,
        amount: int,
        expires_on: date,
        cause: Cause,
        lines: tuple[tuple[int, int], ...] = (),
    ) -> "Ledger":
        return self.with_movement(credit(self.account(ref), amount, expires_on, cause, lines))

    def redeem(
        self, ref: AccountRef, amount: int, cause: Cause, worth_minor: int = 0
    ) -> "Ledger | NotEnough":
        """With what has expired written off first, so that the record says what was there."""
        ledger = self
        expired = expire(self.account(ref), self.today)
        if expired is not None:
            ledger = self.with_movement(expired)
        movement = redeem(ledger.account(ref), amount, self.today, cause, worth_minor)
        return movement if isinstance(movement, NotEnough) else ledger.with_movement(movement)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What goes on record behind the sale, in the same transaction."""
        return tuple(movement_entry(movement) for movement in self.movements)


def open_ledger(accounts: Iterable[Account], today: date | None) -> Ledger:
    """A ledger over what the store said of these accounts."""
    return Ledger(today, {account.ref.id: account for account in accounts})
