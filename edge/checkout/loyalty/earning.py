"""What a sale brings its member: points on what was paid; and what he is told of them."""

from dataclasses import replace

from edge.checkout.balances.account_booking import points_ref, sale_ledger
from edge.checkout.balances.ledger import Ledger
from edge.checkout.instant import Instant
from edge.checkout.loyalty.member_views import tier_name
from edge.checkout.loyalty.members import MemberTrade, bought_entry
from edge.checkout.loyalty.tiers import Told, told
from edge.checkout.loyalty.told import NOTHING_TOLD, ToldPoints
from edge.checkout.records import Entry, EntryKind, Sale
from edge.checkout.session import Facts, Session
from edge.checkout.shop import Shop


def buyer_entries(session: Session, sale: Sale, at: Instant, facts: Facts) -> tuple[Entry, ...]:
    """Whose sale it was."""
    if facts.loyalty is None or sale.kind is not EntryKind.SALE or not sale.member:
        return ()
    traded_minor = facts.loyalty.traded_minor(sale)
    return (bought_entry(sale.member, sale.receipt_no, traded_minor),)


def with_told(session: Session, sale: Sale, at: Instant, facts: Facts) -> Sale:
    """The sale with what its member is told of it."""
    found = session.member
    if facts.loyalty is None or found is None or sale.kind is not EntryKind.SALE:
        return sale
    ledger = sale_ledger(session, sale, at, facts)
    assert isinstance(ledger, Ledger), ledger
    trade = MemberTrade(
        found.trade.purchases + 1, found.trade.spent_minor + facts.loyalty.traded_minor(sale)
    )
    points = told_points(
        told(ledger, found.member, trade, facts.loyalty.tiers, ledger.today), facts.shop
    )
    return sale if points == NOTHING_TOLD else replace(sale, told=points)


def with_told_back(refund: Sale, ledger: Ledger, member: str) -> Sale:
    """The refund with what it did to its member's points, where it did something."""
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
        value_here_minor=told.value_here_minor,
        next_tier=tier_name(above.tier, shop.language) if above else "",
        short_minor=above.short_minor if above else 0,
        expiring=tuple((lot.expires_on.isoformat(), lot.amount) for lot in told.expiring),
    )
