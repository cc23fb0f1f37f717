"""The lane of discounts by hand: what a person takes off, after all promotions."""

from edge.checkout.money import Rounding, divide, share
from edge.checkout.promotions.outcome import Discount, Lane
from edge.checkout.promotions.promotion import FULL_BP
from edge.checkout.promotions.promotion_set import Position
from edge.checkout.promotions.sale import ManualDiscount
from edge.checkout.promotions.work import Work


def run_manual_lane(work: Work) -> None:
    """Take each off in the order in which they were given: of what is left by then."""
    for manual in work.request.manual:
        goods = work.request.goods
        positions = [
            place
            for place, each in enumerate(goods)
            if each.discountable and manual.line in (0, each.line) and work.left_minor[place]
        ]
        left_minor = [work.left_minor[place] for place in positions]
        off_minor = manual_off(manual, sum(left_minor))
        if off_minor:
            _take(work, manual, positions, share(off_minor, left_minor))


def manual_off(manual: ManualDiscount, left_minor: int) -> int:
    """What comes off, halves up; never more than is left."""
    by_rate = divide(left_minor * manual.rate_bp, FULL_BP, Rounding.HALF_UP)
    return min(left_minor, by_rate + manual.off_minor)


def _take(
    work: Work, manual: ManualDiscount, positions: list[Position], parts: tuple[int, ...]
) -> None:
    taken = []
    for position, off_minor in zip(positions, parts, strict=True):
        if off_minor:
            work.left_minor[position] -= off_minor
            taken.append((work.lines[position], work.line_units[position], off_minor))
    work.discounts.append(Discount(manual.id, Lane.MANUAL, 1, tuple(taken)))
