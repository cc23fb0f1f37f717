"""What becomes of the coupons that a sale brought when it is given back: what is left of it must
come to as much as they ask for, or they go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from edge.checkout.balances.coupons import coupon_ref
from edge.checkout.inputs import ReceiptLoyaltyAnswered
from edge.checkout.loyalty.loyalty import TOP_UP_PLU
from edge.checkout.loyalty.told import IssuedCoupon
from edge.checkout.money import take_runs
from edge.checkout.records import Sale, Tender, TenderKind
from edge.checkout.sale.returns import pieces_left


@dataclass(frozen=True, slots=True)
class CouponsBack:
    """The coupons that a refund takes back, as accounts, and those that it can't: they are used."""

    void: frozenset[str] = frozenset()
    used: tuple[IssuedCoupon, ...] = ()


def coupons_back(
    sale: Sale,
    refund: Sale,
    refunded_milli: Mapping[int, int],
    known: ReceiptLoyaltyAnswered,
    today: date | None,
) -> CouponsBack:
    """What the refund makes of the sale's coupons. One that was never used, and is past its day by
    now, is worth nothing to anybody.
    """
    void: set[str] = set()
    used: list[IssuedCoupon] = []
    accounts = {account.ref.id: account for account in known.accounts}
    for coupon in _lost(sale, refund, refunded_milli):
        account = accounts.get(coupon_ref(coupon.number, coupon.campaign).id)
        if account is not None and account.available(today):
            void.add(account.ref.id)
        elif account is None or not (account.held or account.ref.id in known.expired):
            used.append(coupon)
    return CouponsBack(frozenset(void), tuple(used))


def _lost(sale: Sale, refund: Sale, refunded_milli: Mapping[int, int]) -> tuple[IssuedCoupon, ...]:
    """The coupons that the sale no longer earns once this is given back, and did before it. One of
    which nobody knows from what sum on it came goes with the last goods.
    """
    before_minor = _goods_minor(sale, refunded_milli)
    after_minor = before_minor - _paid_for_goods(refund)
    return tuple(
        coupon for coupon in sale.coupons if after_minor < max(1, coupon.from_minor) <= before_minor
    )


def _paid_for_goods(sale: Sale) -> int:
    """What was paid for goods; what tops a card up buys nothing yet."""
    return sum(line.paid_minor for line in sale.lines if line.plu != TOP_UP_PLU)


def _goods_minor(sale: Sale, refunded_milli: Mapping[int, int]) -> int:
    left = pieces_left(sale, refunded_milli)
    return sum(
        units * minor
        for line in sale.lines
        if line.plu != TOP_UP_PLU
        for units, minor in take_runs(line.paid, *left[line.line])
    )


def withheld(used: Iterable[IssuedCoupon], money_minor: int) -> tuple[Tender, ...]:
    """What a refund keeps for coupons that are used, of so much money that would go back: all that
    one was worth, or nothing where that is no sum, or more than there is.
    """
    tenders: list[Tender] = []
    for coupon in used:
        minor = coupon.off_minor if coupon.off_minor <= money_minor else 0
        money_minor -= minor
        tenders.append(Tender(TenderKind.WITHHELD, minor, minor, 0, coupon.name))
    return tuple(tenders)
