"""The payment of a refund: back to what the sale was paid with, or the money's part another way."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from edge.checkout.asking import about, answered, ask, await_answer
from edge.checkout.balances.account_booking import refund_ledger, with_units
from edge.checkout.balances.accounts import AccountKind, AccountRef, civil_day
from edge.checkout.balances.coupons_back import coupons_back, withheld
from edge.checkout.balances.loyalty_refund import RefundRefused
from edge.checkout.effects import FindReceiptLoyalty
from edge.checkout.inputs import Key, KeyPressed, ReceiptLoyaltyAnswered
from edge.checkout.instant import Instant
from edge.checkout.loyalty.earning import with_told_back
from edge.checkout.money import write_amount
from edge.checkout.paper.receipt_writer import tender_name
from edge.checkout.payments.giving_back import (
    MONEY,
    Way,
    coins_left,
    is_another_way,
    money_back,
    tenders_back,
    ways_back,
)
from edge.checkout.payments.paying import store_sale
from edge.checkout.people.lifting import lift, may
from edge.checkout.people.staff import Permission
from edge.checkout.records import Sale, Tender, TenderKind
from edge.checkout.sale.returning import past_sale, pick_all, picked_refund
from edge.checkout.sale.returns import pay_out, pieces_left, pieces_of
from edge.checkout.screens import ScreenRow
from edge.checkout.session import Facts, Prompt, Session, State, Step, has_entry, refuse
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_accounts import AccountWord

OTHERWISE: Final = Permission.REFUND_OTHER_TENDER
FAVOUR: Final = Permission.REFUND_USED_COUPON


@dataclass(frozen=True, slots=True)
class Keeping:
    """A refund as it was worked out at that moment, with what it keeps for coupons."""

    refund: Sale
    at: Instant


def key_subtotal(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """SUBTOTAL picks all that can still be given back; where something is picked, it shows what
    goes back where.
    """
    if not past_sale(session).picks:
        return pick_all(session, pressed, facts)
    if has_entry(session):
        return refuse(session, Word.REFUSED_AMOUNT)
    return ask(session, PAY_BACK), ()


def pay_out_cash(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The drawer pays what was picked."""
    return _pay_out(session, Tender(TenderKind.CASH, 0, 0, 0), pressed, facts)


def pay_out_card(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The card terminal pays what was picked."""
    return _pay_out(session, Tender(TenderKind.CARD, 0, 0, 0), pressed, facts)


def pay_as_it_came(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Each payment gets back its part, as the screen shows."""
    return _pay_out(session, None, pressed, facts)


def pay_onto_account(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The money's part becomes stored value of the member whose sale it was."""
    member = past_sale(session).found.sale.member
    if facts.loyalty is None or not member:
        return refuse(session, AccountWord.REFUSED_NOBODYS)
    onto = AccountRef(AccountKind.STORED_VALUE, member, member)
    tender = Tender(TenderKind.STORED_VALUE, 0, 0, 0, account=onto.id)
    return _pay_out(session, tender, pressed, facts, onto)


def _pay_out(
    session: Session,
    instead: Tender | None,
    pressed: KeyPressed,
    facts: Facts,
    onto: AccountRef | None = None,
) -> Step:
    past = past_sale(session)
    if not past.picks:
        return refuse(session, Word.PICK_LINES)
    if has_entry(session):
        return refuse(session, Word.REFUSED_AMOUNT)
    otherwise = instead is not None and is_another_way(ways(session), instead.kind)
    if otherwise and _pays_money(session, facts) and not may(session, facts, OTHERWISE):
        return lift(session, pressed, OTHERWISE, pressed.key.value)
    if session.state is State.ASKING:
        session = answered(session)
    session = replace(session, past=replace(past, onto=onto))
    if facts.loyalty is None:
        refund = pay_out(picked_refund(session), planned(session, facts, instead))
        return store_sale(session, refund, pressed.at, (), facts)
    effect = FindReceiptLoyalty(past.found.sale.receipt_no)
    return await_answer(session, effect, partial(_pay_out_known, instead=instead))


def _pay_out_known(
    session: Session, answer: ReceiptLoyaltyAnswered, facts: Facts, *, instead: Tender | None
) -> Step:
    """The same once it is known what the sale did to accounts. What was sold as money or visits and
    is used up by now can't go back; before a coupon's worth is withheld, or is not, it is asked.
    """
    past = replace(past_sale(session), loyalty=answer)
    session = replace(session, past=past)
    kept = _kept(session, answer, facts)
    tenders = planned(session, facts, instead, kept)
    if not _pays_money(session, facts):
        # All of it goes back to accounts: there is no money to go onto another one.
        past = replace(past, onto=None)
        session = replace(session, past=past)
    refund: Sale = pay_out(picked_refund(session), tenders)
    ledger = refund_ledger(past, refund, answer.at, facts)
    if isinstance(ledger, RefundRefused):
        return refuse(session, AccountWord.REFUSED_SPENT)
    refund = with_told_back(with_units(refund, ledger), ledger, answer.member, facts)
    if kept:
        return ask(session, USED_COUPON, Keeping(refund, answer.at)), ()
    return store_sale(session, refund, answer.at, (), facts)


def _kept(session: Session, answer: ReceiptLoyaltyAnswered, facts: Facts) -> tuple[Tender, ...]:
    """What is withheld for coupons that the sale brought and that are used by now."""
    found, refund = past_sale(session).found, picked_refund(session)
    today = civil_day(answer.at, facts.shop.utc_offset_minutes)
    back = coupons_back(found.sale, refund, found.refunded_milli, answer, today)
    return withheld(back.used, money_back(ways(session), refund.total_minor))


def _pay_all_the_same(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """As the screen shows. Where nothing is withheld for a coupon, that is a favour."""
    keeping = about(session, Keeping)
    if has_entry(session):
        return refuse(session, Word.REFUSED_AMOUNT)
    is_favour = any(not tender.amount_minor for tender in keeping.refund.withheld)
    if is_favour and not may(session, facts, FAVOUR):
        return lift(session, pressed, FAVOUR, pressed.key.value)
    # The moment of the check is the one that is booked.
    return store_sale(answered(session), keeping.refund, keeping.at, (), facts)


def ways(session: Session) -> tuple[Way, ...]:
    """How the past sale was paid, what of it is left, and what of that is for what is picked."""
    found = past_sale(session).found
    sale, gone_milli = found.sale, found.refunded_milli
    now = pieces_of(picked_refund(session), sale, gone_milli)
    return ways_back(sale, found.paid_back, pieces_left(sale, gone_milli), now)


def planned(
    session: Session,
    facts: Facts,
    instead: Tender | None = None,
    kept: tuple[Tender, ...] = (),
) -> tuple[Tender, ...]:
    """The payments of the refund that is picked."""
    found, total_minor = past_sale(session).found, picked_refund(session).total_minor
    coins = coins_left(found.sale, found.paid_back, facts.shop.cash_step_minor)
    return tenders_back(ways(session), total_minor, coins, instead, kept)


def _pays_money(session: Session, facts: Facts) -> bool:
    """Whether some of it goes back as money, not all of it to accounts."""
    return any(tender.kind in MONEY and tender.amount_minor for tender in planned(session, facts))


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    return _rows_of(planned(session, facts), session, facts)


def _kept_rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    return _rows_of(about(session, Keeping).refund.tenders, session, facts)


def _rows_of(tenders: Iterable[Tender], session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    currency = facts.shop.currency
    return tuple(
        ScreenRow(
            tender_name(_shown(tender), session.language),
            "",
            write_amount(tender.tendered_minor, currency),
        )
        for tender in tenders
    )


def _shown(tender: Tender) -> Tender:
    """Without the reference, which on a phone's payment is the till's own."""
    return tender if tender.kind is TenderKind.CARD else replace(tender, reference="")


def _used(session: Session, facts: Facts) -> str:
    """What the used coupons are called."""
    return ", ".join(tender.reference for tender in about(session, Keeping).refund.withheld)


def _sum(session: Session, facts: Facts) -> str:
    return write_amount(picked_refund(session).total_minor, facts.shop.currency)


USED_COUPON: Final = Prompt(
    AccountWord.COUPON_WAS_USED,
    AccountWord.ASK_USED_COUPON,
    _pay_all_the_same,
    rows=_kept_rows,
    detail=_used,
)
PAY_BACK: Final = Prompt(
    AccountWord.PAY_BACK,
    AccountWord.ASK_PAY_BACK,
    pay_as_it_came,
    keys={Key.CASH: pay_out_cash, Key.CARD: pay_out_card, Key.MEMBER: pay_onto_account},
    rows=_rows,
    detail=_sum,
)
