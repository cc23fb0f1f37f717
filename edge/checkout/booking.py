"""What else goes on record with a sale or refund, in the same transaction: each subject adds its
own, in this order, behind the sale's entry.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from edge.checkout.balances.account_booking import account_entries
from edge.checkout.goods.low_stock import low_stock_entries
from edge.checkout.instant import Instant
from edge.checkout.loyalty.earning import buyer_entries
from edge.checkout.records import Entry, Sale
from edge.checkout.session import Facts, Session

Booker: TypeAlias = Callable[[Session, Sale, Instant, Facts], tuple[Entry, ...]]

BOOKERS: Final[tuple[Booker, ...]] = (account_entries, buyer_entries, low_stock_entries)


def book(session: Session, sale: Sale, at: Instant, facts: Facts) -> tuple[Entry, ...]:
    """The entries behind the sale's own."""
    return tuple(entry for booker in BOOKERS for entry in booker(session, sale, at, facts))
