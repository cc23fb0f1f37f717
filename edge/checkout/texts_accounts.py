"""What the till says of refunds to where the money came from, and of accounts as money: points,
stored value, gift cards, coupons, count cards.
"""

from enum import unique

from edge.checkout.texts import Saying


@unique
class AccountWord(Saying):
    """A refusal says why and, after the dash, what to press."""

    # What a till holds
    REFUSED_ONLY = ("Only {} here - pay the rest otherwise", "此机仅余 {} - 余额请另付")

    # Refunds
    PAY_BACK = ("Pay back {}", "退款 {}")
    ASK_PAY_BACK = ("ENTER: as shown - or CASH, CARD, MEMBER", "ENTER 原路退，或 CASH、CARD、MEMBER")
    REFUSED_NOBODYS = ("Nobody's receipt - ENTER, or CASH", "非会员小票 - 按 ENTER 或 CASH")
    REFUSED_SPENT = ("Used already - it can't go back", "已经使用 - 不能退")
