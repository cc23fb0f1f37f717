"""Whose sale it was; and what the customer is told of points, and of what is left elsewhere."""

from dataclasses import replace
from typing import Final

from edge.checkout.balances.account_booking import points_ref, sale_ledger
from edge.checkout.balances.account_names import campaign_name, plan_name
from edge.checkout.balances.accounts import AccountKind, AccountRef
from edge.checkout.balances.ledger import Ledger
from edge.checkout.instant import Instant
from edge.checkout.loyalty.member_views import tier_name
from edge.checkout.loyalty.members import MemberTrade, bought_entry
from edge.checkout.loyalty.tiers import Told, told
from edge.checkout.loyalty.told import NOTHING_TOLD, Balance, ToldPoints
from edge.checkout.records import Entry, EntryKind, Sale
from edge.checkout.session import Facts, Session
from edge.checkout.shop import Shop

_UNDONE: Final = frozenset({EntryKind.ACCOUNT_REVERSED, EntryKind.ACCOUNT_TAKEN_BACK})


def buyer_entries(session: Session, sale: Sale, at: Instant, facts: Facts) -> tuple[Entry, ...]:
    """Whose sale it was."""
    if facts.loyalty is None or sale.kind is not EntryKind.SALE or not sale.member:
        return ()
    traded_minor = facts.loyalty.traded_minor(sale)
    return (bought_entry(sale.member, sale.receipt_no, traded_minor),)


def with_told(session: Session, sale: Sale, at: Instant, facts: Facts) -> Sale:
    """The sale with what the customer is told of it."""
    if facts.loyalty is None or sale.kind is not EntryKind.SALE:
        return sale
    ledger = sale_ledger(session, sale, at, facts)
    assert isinstance(ledger, Ledger), ledger
    sale = replace(sale, balances=balances_left(ledger, sale.member, facts))
    found = session.member
    if found is None:
        return sale
    trade = MemberTrade(
        found.trade.purchases + 1, found.trade.spent_minor + facts.loyalty.traded_minor(sale)
    )
    points = told_points(
        told(ledger, found.member, trade, facts.loyalty.tiers, ledger.today), facts.shop
    )
    return sale if points == NOTHING_TOLD else replace(sale, told=points)


def with_told_back(refund: Sale, ledger: Ledger, member: str, facts: Facts) -> Sale:
    """The refund with what it did to its member's points, and to other accounts."""
    refund = replace(refund, balances=balances_left(ledger, member, facts))
    points = points_ref(member)
    moved = [movement for movement in ledger.movements if movement.ref == points]
    if not moved:
        return refund
    account = ledger.account(points)

    def total(kind: EntryKind) -> int:
        return sum(movement.amount for movement in moved if movement.kind is kind)

    told_back = ToldPoints(
        returned=total(EntryKind.ACCOUNT_REVERSED),
        taken_back=total(EntryKind.ACCOUNT_TAKEN_BACK),
        here=account.available(ledger.today),
        debt=account.debt,
    )
    return replace(refund, told=told_back)


def balances_left(ledger: Ledger, member: str, facts: Facts) -> tuple[Balance, ...]:
    """What is left of the accounts that were moved, besides points, in the order of the movements.
    A coupon is told of when a refund gives it back, or takes it back.
    """
    refs = {
        movement.ref: None
        for movement in ledger.movements
        if movement.ref.kind is not AccountKind.POINTS
        and (movement.ref.kind is not AccountKind.COUPON or movement.kind in _UNDONE)
    }
    return tuple(
        Balance(
            ref.kind.value,
            ledger.account(ref).available(ledger.today),
            _account_name(ref, member, facts),
            ref.terms,
        )
        for ref in refs
    )


def _account_name(ref: AccountRef, member: str, facts: Facts) -> str:
    """As it stands on paper; a card, and what another member has, by the number's last digits."""
    language = facts.shop.language
    if ref.kind is AccountKind.COUNT_CARD:
        return plan_name(ref.terms, facts, language)
    if ref.kind is AccountKind.COUPON:
        return campaign_name(ref.terms, facts, language)
    return "" if ref.owner and ref.owner == member else f"*{ref.holder[-4:]}"


def told_points(told: Told, shop: Shop) -> ToldPoints:
    """As it stands in the record, in the shop's language."""
    above = told.next_tier
    return ToldPoints(
        earned=told.earned,
        redeemed=told.redeemed,
        returned=told.returned,
        taken_back=told.taken_back,
        here=told.here,
        debt=told.debt,
        next_tier=tier_name(above.tier, shop.language) if above else "",
        short_minor=above.short_minor if above else 0,
        expiring=tuple((lot.expires_on.isoformat(), lot.amount) for lot in told.expiring),
    )
