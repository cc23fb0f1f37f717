"""A coupon as it stands on paper, by itself or under a receipt."""

from typing import Final

from edge.checkout.balances.accounts import NEVER
from edge.checkout.balances.coupons import CouponTerms, ItemCoupon, MoneyCoupon, PercentCoupon
from edge.checkout.loyalty.told import IssuedCoupon
from edge.checkout.money import write_amount, write_percent
from edge.checkout.paper.receipt import Align, Element, Feed, Qr, Text
from edge.checkout.shop import Language, Shop
from edge.checkout.words.texts import text
from edge.checkout.words.texts_accounts import AccountWord

_NEVER: Final = NEVER.isoformat()


def coupon_elements(coupon: IssuedCoupon, language: Language) -> list[Element]:
    """Its name, what it gives, its last day if it has one, its number and the same as a QR code."""
    lines = [coupon.worth] if coupon.worth else []
    if coupon.last_day != _NEVER:
        lines.append(text(AccountWord.GOOD_UNTIL, language, coupon.last_day))
    return [
        Feed(),
        Text(text(AccountWord.YOUR_COUPON, language), Align.CENTRE),
        Text(coupon.name, Align.CENTRE, bold=True),
        *(Text(line, Align.CENTRE) for line in lines),
        Qr(coupon.number),
        Text(coupon.number, Align.CENTRE),
    ]


def coupon_worth(terms: CouponTerms, shop: Shop) -> str:
    """What the coupon gives, and from what sum on, in the shop's language."""

    def said(word: AccountWord, detail: str) -> str:
        return text(word, shop.language, detail)

    def money(minor: int) -> str:
        return f"{shop.currency.sign}{write_amount(minor, shop.currency)}"

    worth = terms.worth
    if isinstance(worth, MoneyCoupon):
        parts = [said(AccountWord.COUPON_OFF, money(worth.off_minor))]
    elif isinstance(worth, PercentCoupon):
        parts = [said(AccountWord.COUPON_OFF, write_percent(worth.rate_bp))]
        if worth.most_minor is not None:
            parts.append(said(AccountWord.COUPON_AT_MOST, money(worth.most_minor)))
    elif isinstance(worth, ItemCoupon):
        parts = [said(AccountWord.COUPON_OFF_ONE, write_percent(worth.rate_bp))]
    else:
        parts = [said(AccountWord.COUPON_FREE, str(worth.units))]
    if terms.spend_minor:
        parts.append(said(AccountWord.COUPON_FROM, money(terms.spend_minor)))
    return text(AccountWord.COMMA, shop.language).join(parts)
