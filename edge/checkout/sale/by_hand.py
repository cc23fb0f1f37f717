"""How much a person took off by hand, and whether that is more than somebody may alone."""

from dataclasses import replace
from typing import Final

from edge.checkout.promotions.offers import MANUAL
from edge.checkout.promotions.outcome import Lane
from edge.checkout.promotions.promotion import FULL_BP
from edge.checkout.sale.basket import Basket, Line
from edge.checkout.sale.pricing import line_amount
from edge.checkout.shop import Shop

# The line of a discount that is for all of them.
WHOLE_SALE: Final = 0


def taken_by_hand(basket: Basket, line: int) -> int:
    """What the discount by hand on that line, or on the sale, takes off in all."""
    named = f"{MANUAL}{line}"
    return sum(off.off_minor for off in basket.deal.offs if off.promotion == named)


def is_over_limit(basket: Basket, shop: Shop) -> bool:
    """Whether what is taken off by hand, from a line or from all of it, is more than somebody may
    take off alone, and more than was allowed for this basket.
    """
    limit_bp = max(shop.limits.max_discount_bp, basket.allowed_bp)
    return highest_share_bp(basket) > limit_bp


def allowed(basket: Basket) -> Basket:
    """The basket with leave for the share that is taken off now."""
    return replace(basket, allowed_bp=max(basket.allowed_bp, highest_share_bp(basket)))


def highest_share_bp(basket: Basket) -> int:
    """The largest part of a line's price, or of the sale's, that people took off, in basis points.
    A percentage is rounded to minor units, halves up: half of one is no more than was asked for.
    """
    if not basket.manual:
        return 0
    numbers = {WHOLE_SALE, *(each.line for each in basket.manual)}
    return max(_share_bp(basket, number) for number in numbers)


def _share_bp(basket: Basket, number: int) -> int:
    by_hand = base = 0
    for line in basket.lines:
        if number in (WHOLE_SALE, line.number):
            its = _by_hand(basket, line)
            by_hand += its
            base += line_amount(line) - basket.off_minor(line) + its
    return max(0, -(-(by_hand * FULL_BP - FULL_BP // 2) // base)) if base else 0


def _by_hand(basket: Basket, line: Line) -> int:
    return sum(
        off_minor
        for off in basket.deal.offs
        if off.lane == Lane.MANUAL
        for number, _, off_minor in off.parts
        if number == line.number
    )
