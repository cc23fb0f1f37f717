"""A sale that is set aside for the next customer. Nothing has moved: no stock, no balance."""

from dataclasses import dataclass

from edge.checkout.instant import Instant
from edge.checkout.sale.basket import Basket


@dataclass(frozen=True, slots=True)
class HeldSale:
    """The basket under the number that the cashier calls it by."""

    number: int
    basket: Basket
    held_at: Instant
