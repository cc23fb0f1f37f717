"""What is paid for in advance: top-ups and count cards. Only money buys them, so that no balance
turns into another one with a bonus on top; and only for an account that is there. It is no turnover
before it is spent.
"""

from dataclasses import replace

from edge.checkout.balances.account_booking import needs_member, plan_of
from edge.checkout.loyalty.loyalty import Loyalty
from edge.checkout.records import Promise, Sale, SoldLine
from edge.checkout.sale.basket import Basket, Line
from edge.checkout.sale.pricing import basket_total, finish, paid_so_far
from edge.checkout.session import Facts
from edge.checkout.shop import Shop


def is_prepaid(line: Line, loyalty: Loyalty) -> bool:
    """Whether the line tops an account up, or is a count card."""
    return bool(line.holder) or plan_of(loyalty, line.product.plu) is not None


def with_promises(sale: Sale, basket: Basket, loyalty: Loyalty | None) -> Sale:
    """What the basket became, whose lines say which of them are no turnover."""
    lines = zip(sale.lines, basket.lines, strict=True)
    return replace(
        sale, lines=tuple(_promising(sold, line, basket, loyalty) for sold, line in lines)
    )


def _promising(sold: SoldLine, line: Line, basket: Basket, loyalty: Loyalty | None) -> SoldLine:
    if loyalty is not None and line.holder:
        bonus_minor = loyalty.top_up.bonus_minor(sold.paid_minor)
        return replace(sold, promise=Promise.TOP_UP, bonus_minor=bonus_minor)
    if loyalty is not None and is_prepaid(line, loyalty):
        return replace(sold, promise=Promise.COUNT_CARD)
    if line.of_line or basket.bottles or line.product.deposit_plu == line.product.plu:
        return replace(sold, promise=Promise.DEPOSIT)
    return sold


def goods_due(basket: Basket, loyalty: Loyalty, shop: Shop) -> int:
    """What accounts may still pay of what is due; below 0 where they paid for more than goods."""
    sold = finish(basket, shop)
    prepaid = {line.number for line in basket.lines if is_prepaid(line, loyalty)}
    goods_minor = sum(line.paid_minor for line in sold.lines if line.line not in prepaid)
    by_accounts = sum(tender.amount_minor for tender in basket.tenders if tender.account)
    return min(sold.total_minor - paid_so_far(basket), goods_minor - by_accounts)


def takes_money_only(basket: Basket, facts: Facts) -> bool:
    """Whether all that is still due is for what was paid for in advance."""
    due_minor = basket_total(basket, facts.shop) - paid_so_far(basket)
    return (
        facts.loyalty is not None and goods_due(basket, facts.loyalty, facts.shop) <= 0 < due_minor
    )


def is_nobodys(line: Line, basket: Basket, facts: Facts) -> bool:
    """Whether nobody would get what the line sells: a count card in a sale that has no member any
    more, a top-up where there are no accounts.
    """
    if line.holder:
        return facts.loyalty is None
    return needs_member(line.product, basket, facts)


def can_be_finished(basket: Basket, facts: Facts) -> bool:
    """Whether what is part paid can still be sold as it was when it was paid: the settings may have
    changed while the till was off.
    """
    if not basket.tenders:
        return True
    if basket_total(basket, facts.shop) < paid_so_far(basket):
        return False
    if any(is_nobodys(line, basket, facts) for line in basket.lines):
        return False
    if facts.loyalty is None:
        return not any(tender.account for tender in basket.tenders)
    return goods_due(basket, facts.loyalty, facts.shop) >= 0
