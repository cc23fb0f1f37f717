"""What a sale or a refund moves on accounts: one ledger, so that each movement stands on what the
ones before it left. It goes on record behind the sale, in the same transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

from edge.checkout.balances.accounts import (
    AccountKind,
    AccountRef,
    Cause,
    NotEnough,
    civil_day,
)
from edge.checkout.balances.coupons import issue
from edge.checkout.balances.coupons_back import coupons_back
from edge.checkout.balances.ledger import Ledger, open_ledger
from edge.checkout.balances.loyalty_refund import RefundOf, RefundRefused, refund_movements
from edge.checkout.balances.points import AfterDays, Bonus, Never, PaidLine, earn, last_day
from edge.checkout.balances.stored_value import (
    CountPlan,
    TopUpRefusal,
    refund_to,
    sell_visits,
    top_up,
)
from edge.checkout.goods.catalogue import Product
from edge.checkout.instant import Instant
from edge.checkout.loyalty.loyalty import Loyalty
from edge.checkout.loyalty.members import returned_entry
from edge.checkout.payments.giving_back import is_onto
from edge.checkout.promotions.offers import COUPON
from edge.checkout.quantity import whole_units
from edge.checkout.records import Entry, EntryKind, Sale, Tender, TenderKind
from edge.checkout.sale.basket import Basket, BasketKind, Line
from edge.checkout.sale.returns import bound_tenders, covered, pieces_of
from edge.checkout.session import Facts, PastSale, Session, open_basket

# Why an account is redeemed by a payment, and by a payment that names a reward.
PAYMENT: Final = "payment"
VISIT: Final = "visit"
COUPON_USED: Final = "coupon"
REWARD: Final = "reward:"
ISSUED: Final = "issued"


@dataclass(frozen=True, slots=True)
class Booking:
    """A sale on its way to the disk, and what it was made of."""

    basket: Basket
    sale: Sale
    today: date | None
    loyalty: Loyalty


@dataclass(frozen=True, slots=True)
class Short:
    """Why a sale can't be stored as it is paid: the till does not hold what a payment redeems."""

    account: str
    available: int


# A step of a sale's ledger.
Booker: TypeAlias = Callable[[Ledger, Booking], Ledger | Short | TopUpRefusal]


def moved_accounts(basket: Basket, loyalty: Loyalty) -> tuple[str, ...]:
    """The ids of all accounts that the sale of the basket may move."""
    ids = [tender.account for tender in basket.tenders]
    ids += [account for _, account in basket.counted_coupons]
    ids += [value_ref(line).id for line in basket.lines if line.holder]
    if basket.buyer is not None:
        ids += [points_ref(basket.buyer.member).id]
        ids += [
            visits_ref(basket.buyer.member, plan).id
            for line in basket.lines
            if (plan := plan_of(loyalty, line.product.plu)) is not None
        ]
    return tuple(dict.fromkeys(each for each in ids if each))


def points_ref(member: str) -> AccountRef:
    return AccountRef(AccountKind.POINTS, member, member)


def visits_ref(member: str, plan: CountPlan) -> AccountRef:
    return AccountRef(AccountKind.COUNT_CARD, member, member, plan.id)


def value_ref(line: Line) -> AccountRef:
    """The account that a line tops up."""
    return AccountRef(AccountKind.STORED_VALUE, line.holder, line.owner)


def plan_of(loyalty: Loyalty, plu: str) -> CountPlan | None:
    """The count card that an article is: its PLU is the plan's id."""
    return next((plan for plan in loyalty.plans if plan.id == plu), None)


def needs_member(product: Product, basket: Basket | None, facts: Facts) -> bool:
    """Whether it is a count card, and the sale has no member yet whose it could be."""
    if not _is_count_card(product, facts):
        return False
    return basket is None or (basket.kind is BasketKind.SALE and basket.buyer is None)


def needs_receipt(product: Product, basket: Basket | None, facts: Facts) -> bool:
    """Whether it is a count card that comes back without a receipt: that alone tells whose visits
    they are, and how many are left.
    """
    is_return = basket is not None and basket.kind is BasketKind.RETURN
    return is_return and _is_count_card(product, facts)


def _is_count_card(product: Product, facts: Facts) -> bool:
    return facts.loyalty is not None and plan_of(facts.loyalty, product.plu) is not None


# --- a sale


def sale_ledger(
    session: Session, sale: Sale, at: Instant, facts: Facts
) -> Ledger | Short | TopUpRefusal:
    """What the sale moves, on the accounts that the session was told of; or why it can't."""
    loyalty = facts.loyalty
    assert loyalty is not None, "accounts in a shop without members"
    today = civil_day(at, facts.shop.utc_offset_minutes)
    booking = Booking(open_basket(session), sale, today, loyalty)
    ledger: Ledger | Short | TopUpRefusal = open_ledger(session.accounts, today)
    for step in SALE_STEPS:
        if not isinstance(ledger, Ledger):
            return ledger
        ledger = step(ledger, booking)
    return ledger


def _pay(ledger: Ledger, booking: Booking) -> Ledger | Short:
    """What paid the sale: each account once for a reason."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for tender in booking.sale.tenders:
        if tender.account:
            key = (tender.account, reason_of(tender))
            units, worth_minor = sums.get(key, (0, 0))
            sums[key] = (units + tender.units, worth_minor + tender.amount_minor)
    for (account_id, reason), (units, worth_minor) in sums.items():
        account = ledger.accounts.get(account_id)
        if account is None:
            return Short(account_id, 0)
        cause = Cause(reason, booking.sale.receipt_no)
        paid = ledger.redeem(account.ref, units, cause, worth_minor)
        if isinstance(paid, NotEnough):
            return Short(account_id, paid.available)
        ledger = paid
    return ledger


def reason_of(tender: Tender) -> str:
    """Why its account is redeemed; points that pay for a reward name it."""
    if tender.kind is TenderKind.COUNT_CARD:
        return VISIT
    return f"{REWARD}{tender.reference}" if tender.reference else PAYMENT


def _use_coupons(ledger: Ledger, booking: Booking) -> Ledger | Short:
    """The counted coupons that took something off; one that did not is still good."""
    used = {off.promotion for off in booking.sale.offs}
    for campaign, account_id in booking.basket.counted_coupons:
        if f"{COUPON}{campaign}" not in used:
            continue
        account = ledger.accounts.get(account_id)
        buyer = booking.basket.buyer
        owners = ("", buyer.member if buyer is not None else "")
        if account is None or account.ref.owner not in owners:
            return Short(account_id, 0)
        redeemed = ledger.redeem(account.ref, 1, Cause(COUPON_USED, booking.sale.receipt_no))
        if isinstance(redeemed, NotEnough):
            return Short(account_id, redeemed.available)
        ledger = redeemed
    return ledger


def _top_up(ledger: Ledger, booking: Booking) -> Ledger | TopUpRefusal:
    """Stored value that the sale's lines sold, with its bonus; or why it can't be, by now."""
    after: Ledger | TopUpRefusal = ledger
    paid = {line.line: line.paid_minor for line in booking.sale.lines}
    rule, receipt_no = booking.loyalty.top_up, booking.sale.receipt_no
    for line in booking.basket.lines:
        if line.holder and isinstance(after, Ledger):
            amount_minor, number = paid[line.number], line.number
            after = top_up(after, value_ref(line), rule, amount_minor, number, receipt_no)
    return after


def _sell_visits(ledger: Ledger, booking: Booking) -> Ledger:
    """The visits of the count cards that the sale's lines sold."""
    buyer = booking.basket.buyer
    for line in booking.basket.lines:
        plan = plan_of(booking.loyalty, line.product.plu)
        if plan is None:
            continue
        assert buyer is not None, "a count card that is nobody's"
        ledger = sell_visits(
            ledger,
            visits_ref(buyer.member, plan),
            plan,
            line.number,
            booking.sale.receipt_no,
            last_day(AfterDays(plan.valid_days) if plan.valid_days else Never(), booking.today),
            cards=whole_units(line.quantity_milli, line.product.unit),
        )
    return ledger


def _earn(ledger: Ledger, booking: Booking) -> Ledger | Short:
    """What the member earns on what was paid: the base, his tier's, the promotions'."""
    basket, loyalty = booking.basket, booking.loyalty
    if basket.buyer is None:
        return ledger
    earning = {line.number for line in basket.lines if line.product.earns_points}
    earned = earn(
        [PaidLine(each.line, each.paid_minor, each.line in earning) for each in booking.sale.lines],
        loyalty.earn,
        tier_rate_bp=loyalty.tier(basket.buyer.tier).points_rate_bp,
        bonuses=[Bonus(each.promotion, each.points, each.lines) for each in basket.deal.bonus],
    )
    good_until = last_day(loyalty.expiry, booking.today)
    for each in earned:
        cause = Cause(each.reason, booking.sale.receipt_no)
        points = points_ref(basket.buyer.member)
        ledger = ledger.credit(points, each.points, good_until, cause, each.by_line)
    return ledger


def _issue(ledger: Ledger, booking: Booking) -> Ledger | Short:
    """The coupons that the sale brings, for whoever has the receipt."""
    for coupon in booking.sale.coupons:
        terms = booking.loyalty.campaigns[coupon.campaign]
        cause = Cause(ISSUED, booking.sale.receipt_no)
        ledger = issue(ledger, terms, coupon.number, cause)
    return ledger


# In this order: what is redeemed can't be what the same sale brings.
SALE_STEPS: Final[tuple[Booker, ...]] = (
    _pay,
    _use_coupons,
    _top_up,
    _sell_visits,
    _earn,
    _issue,
)


# --- a refund


def refund_ledger(
    past: PastSale, refund: Sale, at: Instant, facts: Facts
) -> Ledger | RefundRefused:
    """What the refund takes back and gives back, on what the store said of the sale; with what goes
    onto an account that did not pay.
    """
    found = past.loyalty
    assert found is not None, "a refund before its sale's movements were asked for"
    today = civil_day(at, facts.shop.utc_offset_minutes)
    ledger = open_ledger(found.accounts, today)
    onto, onto_minor = past.onto, 0
    back_minor: dict[str, int] = {}
    for tender in refund.tenders:
        if is_onto(tender):
            onto_minor += tender.amount_minor
        elif tender.account:
            before = back_minor.get(tender.account, 0)
            back_minor[tender.account] = before + tender.amount_minor
    after = refund_movements(
        ledger, _refund_of(past, refund, today), back_minor, good_until=today or date.min
    )
    if onto is None or not onto_minor or isinstance(after, RefundRefused):
        return after
    return refund_to(after, onto, onto_minor, refund.receipt_no, refund.of_receipt_no)


def _refund_of(past: PastSale, refund: Sale, today: date | None) -> RefundOf:
    assert past.loyalty is not None
    sale, gone_milli = past.found.sale, past.found.refunded_milli
    now = pieces_of(refund, sale, gone_milli)
    bound = {}
    for tender in bound_tenders(sale):
        pieces, minor = covered(sale, tender, now)
        units = tender.units * pieces // sum(count for _, _, count in tender.covers)
        bound[tender.account, reason_of(tender)] = (units, minor)
    void = coupons_back(sale, refund, gone_milli, past.loyalty, today).void
    return RefundOf(sale, refund, gone_milli, past.loyalty.movements, bound, void)


def with_units(refund: Sale, ledger: Ledger) -> Sale:
    """The refund whose payments say how many units came back to each account."""
    back = {
        (movement.ref.id, movement.cause.reason): movement.amount
        for movement in ledger.movements
        if movement.kind is EntryKind.ACCOUNT_REVERSED
    }
    tenders = []
    for tender in refund.tenders:
        is_back = tender.account and not is_onto(tender)
        units = back.get((tender.account, f"refund:{reason_of(tender)}"), 0) if is_back else 0
        tenders.append(replace(tender, units=units))
    return replace(refund, tenders=tuple(tenders))


# --- behind the sale


def account_entries(session: Session, sale: Sale, at: Instant, facts: Facts) -> tuple[Entry, ...]:
    """The movements of a sale or refund, in their order, and whose refund it was."""
    if facts.loyalty is None:
        return ()
    if sale.kind is EntryKind.SALE:
        ledger = sale_ledger(session, sale, at, facts)
        assert isinstance(ledger, Ledger), ledger
        return ledger.entries
    past = session.past
    if past is None or past.loyalty is None:
        return ()
    after = refund_ledger(past, sale, at, facts)
    assert isinstance(after, Ledger), after
    if not past.loyalty.member:
        return after.entries
    whole = _refund_of(past, sale, None).is_last
    back_minor = facts.loyalty.traded_minor(sale)
    returned = returned_entry(
        past.loyalty.member, sale.receipt_no, sale.of_receipt_no, back_minor, whole=whole
    )
    return (*after.entries, returned)
