"""The tasks of every shop that are behind the MENU key: what each of them does."""

from dataclasses import replace

from edge.checkout.effects import StoreEntries
from edge.checkout.inputs import Input, KeyPressed, PendingReceipt
from edge.checkout.money import read_amount, write_amount
from edge.checkout.paper.slip import Slip
from edge.checkout.records import Entry, EntryKind, JsonObject, tender_bodies
from edge.checkout.sale.basket import Basket, BasketKind
from edge.checkout.sale.returning import find
from edge.checkout.sale.selling import key_clear
from edge.checkout.session import (
    Facts,
    Notice,
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


def _move_cash(session: Session, chosen: Input, facts: Facts, kind: EntryKind, word: Word) -> Step:
    if not session.entry:
        return refuse(session, Word.REFUSED_NUMBER_FIRST)
    shop = facts.shop
    amount_minor = read_amount(session.entry, shop.currency, minor_first=shop.minor_first)
    if not amount_minor or session.quantity_milli is not None:
        return refuse(session, Word.REFUSED_AMOUNT)
    if amount_minor > shop.limits.max_moved_minor:
        return refuse(session, Word.REFUSED_MOVED)
    entry = Entry(kind, {"amount_minor": amount_minor, "currency": shop.currency.code})
    notice = Notice(word, write_amount(amount_minor, shop.currency))
    return store(session, entry, chosen, then=session.state, notice=notice, opens_drawer=True)


def pay_in(session: Session, chosen: Input, facts: Facts) -> Step:
    """The keyed amount goes into the drawer without a sale."""
    return _move_cash(session, chosen, facts, EntryKind.CASH_PAID_IN, Word.PAID_IN)


def pay_out_petty(session: Session, chosen: Input, facts: Facts) -> Step:
    """The keyed amount leaves the drawer without a sale."""
    return _move_cash(session, chosen, facts, EntryKind.CASH_PAID_OUT, Word.PAID_OUT)


def switch_language(session: Session, chosen: Input, facts: Facts) -> Step:
    """The screens change between English and Chinese."""
    other = Language.ENGLISH if session.language is Language.CHINESE else Language.CHINESE
    return replace(session, language=other, notice=None), ()
