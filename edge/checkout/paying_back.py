"""The payment of a refund: back to what the sale was paid with, or the money's part another way."""

from edge.checkout.asking import answered, ask
from edge.checkout.giving_back import Way, tenders_back, ways_back
from edge.checkout.inputs import Key, KeyPressed
from edge.checkout.money import write_amount
from edge.checkout.paying import store_sale
from edge.checkout.receipt_writer import tender_name
from edge.checkout.records import Tender, TenderKind
from edge.checkout.returning import past_sale, pick_all, picked_refund
from edge.checkout.returns import pay_out
from edge.checkout.screens import ScreenRow
from edge.checkout.session import Facts, Prompt, Session, State, Step, has_entry, refuse
from edge.checkout.texts import Word
from edge.checkout.texts_accounts import AccountWord


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
    return _pay_out(session, TenderKind.CASH, pressed, facts)


def pay_out_card(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The card terminal pays what was picked."""
    return _pay_out(session, TenderKind.CARD, pressed, facts)


def pay_as_it_came(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Each payment gets back its part, as the screen shows."""
    return _pay_out(session, None, pressed, facts)


def _pay_out(
    session: Session, instead: TenderKind | None, pressed: KeyPressed, facts: Facts
) -> Step:
    if not past_sale(session).picks:
        return refuse(session, Word.PICK_LINES)
    if has_entry(session):
        return refuse(session, Word.REFUSED_AMOUNT)
    if session.state is State.ASKING:
        session = answered(session)
    refund = pay_out(picked_refund(session), planned(session, facts, instead))
    return store_sale(session, refund, pressed.at, (), facts)


def ways(session: Session) -> tuple[Way, ...]:
    """How the past sale was paid, and what of it is left."""
    found = past_sale(session).found
    return ways_back(found.sale, found.paid_back)


def planned(
    session: Session, facts: Facts, instead: TenderKind | None = None
) -> tuple[Tender, ...]:
    """The payments of the refund that is picked."""
    total_minor = picked_refund(session).total_minor
    return tenders_back(ways(session), total_minor, facts.shop.cash_step_minor, instead)


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    currency = facts.shop.currency
    return tuple(
        ScreenRow(
            tender_name(tender, session.language),
            "",
            write_amount(tender.tendered_minor, currency),
        )
        for tender in planned(session, facts)
    )


def _sum(session: Session, facts: Facts) -> str:
    return write_amount(picked_refund(session).total_minor, facts.shop.currency)


PAY_BACK = Prompt(
    AccountWord.PAY_BACK,
    AccountWord.ASK_PAY_BACK,
    pay_as_it_came,
    keys={Key.CASH: pay_out_cash, Key.CARD: pay_out_card},
    rows=_rows,
    detail=_sum,
)
