"""What is behind the MENU key: each task has a number that never changes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from edge.checkout.basket import Basket, BasketKind
from edge.checkout.discounting import ask_line_discount, ask_sale_discount
from edge.checkout.effects import StoreEntries
from edge.checkout.explaining import show_discounts
from edge.checkout.inputs import BarcodeScanned, Input, KeyPressed, PendingReceipt
from edge.checkout.money import read_amount, write_amount
from edge.checkout.recalling import begin_recall, hold
from edge.checkout.records import Entry, EntryKind, JsonObject, tender_bodies
from edge.checkout.returning import ask_receipt, find
from edge.checkout.selling import change_price, find_article, key_clear
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
from edge.checkout.shop import Language, product_name
from edge.checkout.slip import Slip
from edge.checkout.texts import Saying, Word
from edge.checkout.texts_promotions import PromotionWord

MENU_DIGITS = 2


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


def store_copy(session: Session, receipt: PendingReceipt, chosen: Input) -> Step:
    """The copy goes on record, then it is printed."""
    paper = receipt.paper
    body: JsonObject = {"receipt_no": receipt.number}
    if isinstance(paper, Slip):
        body = paper.copied
    entry = Entry(EntryKind.RECEIPT_COPIED, body)
    notice = Notice(Word.COPY_PRINTING, str(receipt.number))
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


def begin_stock_in(session: Session, chosen: Input, facts: Facts) -> Step:
    """What is scanned next is counted into the stock."""
    session = replace(forget_entry(session), state=State.STOCKING, stock_sign=1)
    return say(session, Word.SCAN_STOCK), ()


def begin_stock_out(session: Session, chosen: Input, facts: Facts) -> Step:
    """What is scanned next is written off the stock."""
    session = replace(forget_entry(session), state=State.STOCKING, stock_sign=-1)
    return say(session, Word.SCAN_STOCK), ()


def move_stock(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """One adjustment goes on record at once; the next one may follow."""
    if session.entry:
        return refuse(session, Word.REFUSED_DIGITS)
    return _move_stock(session, scanned.code, scanned, facts)


def move_keyed_stock(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """A keyed PLU adjusts the stock like a scanned one."""
    if not session.entry:
        return refuse(session, Word.REFUSED_KEY)
    return _move_stock(replace(session, entry=""), session.entry, pressed, facts)


def _move_stock(session: Session, code: str, cause: Input, facts: Facts) -> Step:
    article = find_article(session, code, facts)
    if isinstance(article, Word):
        return refuse(session, article)
    product, quantity_milli = article
    moved_milli = session.stock_sign * quantity_milli
    entry = Entry(
        EntryKind.STOCK_ADJUSTED,
        {"plu": product.plu, "code": code, "quantity_milli": moved_milli, "reason": "keypad"},
    )
    notice = Notice(Word.STOCK_MOVED, product_name(product, session.language))
    return store(session, entry, cause, then=State.STOCKING, notice=notice)


def end_stocking(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR: first what was keyed, then back to selling."""
    if has_entry(session):
        return replace(forget_entry(session), notice=None), ()
    return replace(session, state=State.IDLE, notice=None), ()


def switch_language(session: Session, chosen: Input, facts: Facts) -> Step:
    """The screens change between English and Chinese."""
    other = Language.ENGLISH if session.language is Language.CHINESE else Language.CHINESE
    return replace(session, language=other, notice=None), ()


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the menu: its number, its name, from which states it can be begun, and how; what
    was keyed is refused, unless it may begin `with_number` keyed.
    """

    number: str
    name: Saying
    begins_in: frozenset[State]
    begin: Callable[[Session, Input, Facts], Step]
    with_number: bool = False


IDLE = frozenset({State.IDLE})
SELLING = frozenset({State.SELLING})
PAYABLE = SELLING | {State.TENDERING}
WITH_LINES = frozenset({State.SELLING, State.RETURNING})
WITH_BASKET = WITH_LINES | {State.TENDERING}
ANYWHERE = IDLE | WITH_BASKET

TASKS = (
    Task("11", Word.MENU_REFUND, IDLE, ask_receipt, with_number=True),
    Task("12", Word.RETURN, IDLE, begin_return),
    Task("13", Word.MENU_COPY, IDLE, copy_receipt, with_number=True),
    Task("14", Word.MENU_CANCEL, WITH_BASKET, cancel_sale, with_number=True),
    Task("15", Word.MENU_PRICE, WITH_LINES, change_price, with_number=True),
    Task("16", PromotionWord.MENU_LINE_DISCOUNT, PAYABLE, ask_line_discount, with_number=True),
    Task("17", PromotionWord.MENU_SALE_DISCOUNT, PAYABLE, ask_sale_discount, with_number=True),
    Task("18", Word.MENU_HOLD, SELLING, hold),
    Task("19", Word.MENU_RECALL, IDLE, begin_recall, with_number=True),
    Task("20", PromotionWord.MENU_DISCOUNTS, PAYABLE, show_discounts),
    Task("21", Word.MENU_NO_SALE, ANYWHERE, open_drawer),
    Task("22", Word.MENU_PAID_IN, IDLE, pay_in, with_number=True),
    Task("23", Word.MENU_PAID_OUT, IDLE, pay_out_petty, with_number=True),
    Task("31", Word.STOCK_IN, IDLE, begin_stock_in),
    Task("32", Word.STOCK_OUT, IDLE, begin_stock_out),
    Task("91", Word.MENU_LANGUAGE, ANYWHERE, switch_language, with_number=True),
)


def open_menu(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The menu lies over what the till was doing; what was keyed stays for the task."""
    session = replace(session, state=State.MENU, came_from=session.state, notice=None)
    return replace(session, menu_digits="", menu_row=0), ()


def close_menu(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Back to where the menu was opened."""
    return replace(_closed(session), notice=None), ()


def _closed(session: Session) -> Session:
    return replace(session, state=session.came_from, menu_digits="")


def menu_digit(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Two digits choose a task."""
    digits = session.menu_digits + pressed.key.value
    if len(digits) < MENU_DIGITS:
        return replace(session, menu_digits=digits, notice=None), ()
    for task in TASKS:
        if task.number == digits:
            return _begin(session, task, pressed, facts)
    return refuse(replace(session, menu_digits=""), Word.REFUSED_NO_ITEM)


def menu_enter(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER chooses the marked task."""
    return _begin(session, TASKS[session.menu_row], pressed, facts)


def menu_up(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The menu's marker goes up a task."""
    return replace(session, menu_row=max(0, session.menu_row - 1), notice=None), ()


def menu_down(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The menu's marker goes down a task, and stays on the last one."""
    return replace(session, menu_row=min(len(TASKS) - 1, session.menu_row + 1), notice=None), ()


def _begin(session: Session, task: Task, pressed: KeyPressed, facts: Facts) -> Step:
    if session.came_from not in task.begins_in:
        return refuse(replace(session, menu_digits=""), Word.REFUSED_MENU)
    session = _closed(session)
    if has_entry(session) and not task.with_number:
        return refuse(session, Word.REFUSED_NUMBER)
    return task.begin(session, pressed, facts)
