"""The tasks of every shop that are behind the MENU key: what each of them does."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from edge.checkout.asking import about, answered, ask, await_answer
from edge.checkout.effects import Beep, ReadShift, StoreEntries, Tone
from edge.checkout.inputs import Input, KeyPressed, PendingReceipt, ShiftRead
from edge.checkout.money import read_amount, write_amount
from edge.checkout.paper.slip import Slip
from edge.checkout.people.lifting import lift, may
from edge.checkout.people.staff import Permission
from edge.checkout.records import Entry, EntryKind, JsonObject, tender_bodies
from edge.checkout.sale.basket import Basket, BasketKind
from edge.checkout.sale.returning import find
from edge.checkout.sale.selling import key_clear
from edge.checkout.session import (
    Facts,
    Notice,
    Prompt,
    SearchPurpose,
    Session,
    State,
    Step,
    Storing,
    forget_entry,
    has_entry,
    open_basket,
    refuse,
    say,
)
from edge.checkout.shop import Language
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_shift import ShiftWord


def store(
    session: Session,
    entry: Entry,
    chosen: Input,
    *,
    then: State,
    notice: Notice | None,
    opens_drawer: bool = False,
) -> Step:
    """Put one entry on record; the drawer, if it is to open, opens after that."""
    effect = StoreEntries(
        at=chosen.at, entries=(entry,), ends_basket=False, opens_drawer=opens_drawer
    )
    session = replace(
        forget_entry(session), state=State.STORING, storing=Storing(then, notice), notice=None
    )
    return session, (effect,)


def begin_return(session: Session, chosen: Input, facts: Facts) -> Step:
    """Goods come back without a receipt: a basket that pays out."""
    basket = Basket(BasketKind.RETURN, session.next_receipt_no)
    session = replace(forget_entry(session), state=State.RETURNING, basket=basket, last_sale=None)
    return say(session, Word.SCAN_ITEMS), ()


def copy_receipt(session: Session, chosen: Input, facts: Facts) -> Step:
    """A copy of the receipt whose number was keyed, or of the last one."""
    number = session.entry or str(session.next_receipt_no - 1)
    return find(session, number, SearchPurpose.COPY)


def send_receipt(session: Session, chosen: Input, facts: Facts) -> Step:
    """The receipt whose number was keyed, or the last one, is sent: where to, is asked next."""
    number = session.entry or str(session.next_receipt_no - 1)
    return find(session, number, SearchPurpose.SEND)


def store_copy(session: Session, receipt: PendingReceipt, chosen: Input) -> Step:
    """The copy goes on record, then it is printed."""
    paper = receipt.paper
    body: JsonObject = {"receipt_no": receipt.number}
    if isinstance(paper, Slip):
        body = paper.copied
    entry = Entry(EntryKind.RECEIPT_COPIED, body)
    notice = Notice(Word.COPY_PRINTING, receipt.label)
    effect = StoreEntries(at=chosen.at, entries=(entry,), ends_basket=False, prints_receipt=True)
    storing = Storing(State.IDLE, notice, copy_of=receipt)
    return replace(session, state=State.STORING, storing=storing, notice=None), (effect,)


def cancel_sale(session: Session, chosen: Input, facts: Facts) -> Step:
    """The basket goes, on record with all that was done to it; payments are taken back first."""
    basket = open_basket(session)
    if basket.tenders:
        return refuse(session, Word.REFUSED_PAY_FIRST)
    return store_cancelled(session, basket, chosen, Notice(Word.CANCELLED))


def store_cancelled(session: Session, basket: Basket, cause: Input, notice: Notice) -> Step:
    """The basket ends on record, with its evidence and with the payments it held, if any."""
    body: JsonObject = {
        "basket": basket.kind.value,
        "lines": [
            {
                "line": line.number,
                "plu": line.product.plu,
                "quantity_milli": line.quantity_milli,
                "price_minor": line.price_minor,
            }
            for line in basket.lines
        ],
    }
    if basket.tenders:
        body["tenders"] = tender_bodies(basket.tenders)
    effect = StoreEntries(
        at=cause.at,
        entries=(*basket.evidence, Entry(EntryKind.SALE_CANCELLED, body)),
        ends_basket=True,
    )
    session = replace(
        forget_entry(session),
        state=State.STORING,
        storing=Storing(State.IDLE, notice, ends_basket=True),
        notice=None,
    )
    return session, (effect,)


def clear_lines(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR: what was keyed goes; a basket whose last line was voided is cancelled on record."""
    basket = open_basket(session)
    if has_entry(session) or basket.lines:
        return key_clear(session, pressed, facts)
    if basket.evidence:
        return cancel_sale(session, pressed, facts)
    return replace(session, state=State.IDLE, basket=None, notice=None), ()


def open_drawer(session: Session, chosen: Input, facts: Facts) -> Step:
    """The drawer opens without a sale, on record."""
    entry = Entry(EntryKind.DRAWER_NO_SALE, {"reason": "keypad"})
    notice = Notice(Word.DRAWER_OPENED)
    return store(session, entry, chosen, then=session.state, notice=notice, opens_drawer=True)


@dataclass(frozen=True, slots=True)
class CashMove:
    """Cash that goes into the drawer, or leaves it, without a sale; and what is said of it then."""

    kind: EntryKind
    word: Word
    amount_minor: int


def _keyed_cash(session: Session, facts: Facts) -> int | Word:
    """The amount that was keyed, or why it is none."""
    if not session.entry:
        return Word.REFUSED_NUMBER_FIRST
    shop = facts.shop
    amount_minor = read_amount(session.entry, shop.currency, minor_first=shop.minor_first)
    if not amount_minor or session.quantity_milli is not None:
        return Word.REFUSED_AMOUNT
    return Word.REFUSED_MOVED if amount_minor > shop.limits.max_moved_minor else amount_minor


def _move_cash(session: Session, move: CashMove, cause: Input, facts: Facts) -> Step:
    currency = facts.shop.currency
    entry = Entry(move.kind, {"amount_minor": move.amount_minor, "currency": currency.code})
    notice = Notice(move.word, write_amount(move.amount_minor, currency))
    return store(session, entry, cause, then=session.state, notice=notice, opens_drawer=True)


def pay_in(session: Session, chosen: Input, facts: Facts) -> Step:
    """The keyed amount goes into the drawer without a sale."""
    keyed = _keyed_cash(session, facts)
    if isinstance(keyed, Word):
        return refuse(session, keyed)
    move = CashMove(EntryKind.CASH_PAID_IN, Word.PAID_IN, keyed)
    return _move_cash(session, move, chosen, facts)


def pay_out_petty(session: Session, chosen: Input, facts: Facts) -> Step:
    """The keyed amount leaves the drawer without a sale, if as much should be in it."""
    keyed = _keyed_cash(session, facts)
    if isinstance(keyed, Word):
        return refuse(session, keyed)
    move = CashMove(EntryKind.CASH_PAID_OUT, Word.PAID_OUT, keyed)
    return await_answer(session, ReadShift(), partial(_pay_out, move))


def _pay_out(move: CashMove, session: Session, answer: ShiftRead, facts: Facts) -> Step:
    """More than should be there is asked about: a count is never so far off, a key often is."""
    if move.amount_minor > answer.state.expected_minor:
        return ask(session, MORE_THAN_IN, about=move), (Beep(Tone.REFUSED),)
    return _move_cash(session, move, answer, facts)


def _pay_out_more(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER alone takes it out all the same, for who may; leave that was given for the task was
    given before anybody knew this.
    """
    if has_entry(session):
        return refuse(forget_entry(session), ShiftWord.ASK_MORE)
    if not may(session, facts, Permission.PAID_IN_OUT):
        return lift(session, pressed, Permission.PAID_IN_OUT, "more_than_in")
    return _move_cash(answered(session), about(session, CashMove), pressed, facts)


def _asked_sum(session: Session, facts: Facts) -> str:
    return write_amount(about(session, CashMove).amount_minor, facts.shop.currency)


# How much is in it, the question does not tell: the count stays blind.
MORE_THAN_IN: Final = Prompt(
    ShiftWord.MORE_THAN_IN, ShiftWord.ASK_MORE, _pay_out_more, detail=_asked_sum
)


def switch_language(session: Session, chosen: Input, facts: Facts) -> Step:
    """The screens change between English and Chinese."""
    other = Language.ENGLISH if session.language is Language.CHINESE else Language.CHINESE
    return replace(session, language=other, notice=None), ()
