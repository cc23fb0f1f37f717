"""What is behind the MENU key: each task has a number that never changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from edge.checkout.asking import open_question
from edge.checkout.balances.couponing import begin_coupon
from edge.checkout.balances.gift_cards import begin_gift_card
from edge.checkout.balances.paying_by_account import begin_rewards, begin_visits
from edge.checkout.balances.topping_up import begin_top_up
from edge.checkout.device_list import show_devices
from edge.checkout.devices import Kind
from edge.checkout.goods import stocking
from edge.checkout.goods.goods import begin_bottles
from edge.checkout.goods.low_stock import show_low_stock
from edge.checkout.goods.searching import begin_search
from edge.checkout.inputs import Input, KeyPressed
from edge.checkout.loyalty.enrolling import begin_enrol
from edge.checkout.loyalty.member_office import (
    begin_balances,
    begin_block,
    begin_new_card,
    begin_print,
    begin_update,
)
from edge.checkout.payments.mobile_start import ask_pending
from edge.checkout.payments.voucher import ask_voucher
from edge.checkout.people import staffing
from edge.checkout.people.lifting import lift, may
from edge.checkout.people.staff import Permission
from edge.checkout.sale import office
from edge.checkout.sale.discounting import ask_line_discount, ask_sale_discount
from edge.checkout.sale.explaining import show_discounts
from edge.checkout.sale.recalling import begin_recall, hold
from edge.checkout.sale.returning import ask_receipt
from edge.checkout.sale.selling import change_price
from edge.checkout.session import Facts, Session, State, Step, forget_entry, has_entry, refuse
from edge.checkout.shifts.shifting import begin_close, begin_open, begin_report, lacks_shift
from edge.checkout.shop import has_device
from edge.checkout.training import switch
from edge.checkout.words.texts import Saying, Word
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_device_list import DeviceListWord
from edge.checkout.words.texts_goods import GoodsWord
from edge.checkout.words.texts_members import MemberWord
from edge.checkout.words.texts_payment import PaymentWord
from edge.checkout.words.texts_promotions import PromotionWord
from edge.checkout.words.texts_sending import SendingWord
from edge.checkout.words.texts_shift import ShiftWord
from edge.checkout.words.texts_staff import StaffWord
from edge.checkout.words.texts_training import TrainingWord

MENU_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the menu: its number, its name, from which states it can be begun, and how; what
    was keyed is refused, unless it may begin `with_number` keyed. A `permission` that is missing is
    asked of a supervisor first. What sells `needs_shift`, where the shop sells in shifts alone;
    what is nothing without a device `needs` one of that kind in the settings.
    """

    number: str
    name: Saying
    begins_in: frozenset[State]
    begin: Callable[[Session, Input, Facts], Step]
    with_number: bool = False
    permission: Permission | None = None
    needs_shift: bool = False
    needs: Kind | None = None


IDLE = frozenset({State.IDLE})
SELLING = frozenset({State.SELLING})
PAYABLE = SELLING | {State.TENDERING}
SALE_OR_NONE = PAYABLE | {State.IDLE}
WITH_LINES = frozenset({State.SELLING, State.RETURNING})
WITH_BASKET = WITH_LINES | {State.TENDERING}
ANYWHERE = IDLE | WITH_BASKET
SIGNED_OFF = frozenset({State.SIGNED_OFF})
CLOCKING = IDLE | SIGNED_OFF
P = Permission
NOT_IN_THE_SETTINGS: Final[Mapping[Kind, Word]] = {
    Kind.PRINTER: Word.REFUSED_NO_PRINTER,
    Kind.DRAWER: Word.REFUSED_NO_DRAWER,
}

TASKS = (
    Task(
        "11",
        Word.MENU_REFUND,
        IDLE,
        ask_receipt,
        with_number=True,
        permission=P.REFUND,
        needs_shift=True,
    ),
    Task(
        "12",
        Word.RETURN,
        IDLE,
        office.begin_return,
        permission=P.REFUND_WITHOUT_RECEIPT,
        needs_shift=True,
    ),
    Task(
        "13",
        Word.MENU_COPY,
        IDLE,
        office.copy_receipt,
        with_number=True,
        permission=P.COPY_RECEIPT,
        needs=Kind.PRINTER,
    ),
    Task(
        "14",
        Word.MENU_CANCEL,
        WITH_BASKET,
        office.cancel_sale,
        with_number=True,
        permission=P.CANCEL_SALE,
    ),
    Task(
        "15",
        Word.MENU_PRICE,
        WITH_LINES,
        change_price,
        with_number=True,
        permission=P.PRICE_OVERRIDE,
    ),
    Task(
        "16",
        PromotionWord.MENU_LINE_DISCOUNT,
        PAYABLE,
        ask_line_discount,
        with_number=True,
        permission=P.DISCOUNT,
    ),
    Task(
        "17",
        PromotionWord.MENU_SALE_DISCOUNT,
        PAYABLE,
        ask_sale_discount,
        with_number=True,
        permission=P.DISCOUNT,
    ),
    Task("18", Word.MENU_HOLD, SELLING, hold),
    Task(
        "19",
        Word.MENU_RECALL,
        IDLE,
        begin_recall,
        with_number=True,
        needs_shift=True,
        permission=P.SELL,
    ),
    Task("20", PromotionWord.MENU_DISCOUNTS, PAYABLE, show_discounts),
    Task(
        "21",
        Word.MENU_NO_SALE,
        ANYWHERE,
        office.open_drawer,
        permission=P.NO_SALE,
        needs=Kind.DRAWER,
    ),
    Task("22", Word.MENU_PAID_IN, IDLE, office.pay_in, with_number=True, permission=P.PAID_IN_OUT),
    Task(
        "23",
        Word.MENU_PAID_OUT,
        IDLE,
        office.pay_out_petty,
        with_number=True,
        permission=P.PAID_IN_OUT,
    ),
    Task(
        "24",
        ShiftWord.MENU_OPEN,
        IDLE,
        begin_open,
        with_number=True,
        permission=P.SHIFT_OPEN,
    ),
    Task("25", ShiftWord.MENU_X, IDLE, begin_report, permission=P.X_REPORT),
    Task("26", ShiftWord.MENU_Z, IDLE, begin_close, permission=P.SHIFT_CLOSE),
    Task("31", Word.STOCK_IN, IDLE, stocking.begin_stock_in, permission=P.STOCK),
    Task("32", Word.STOCK_OUT, IDLE, stocking.begin_stock_out, permission=P.STOCK),
    Task("33", GoodsWord.STOCK_COUNT, IDLE, stocking.begin_count, permission=P.STOCK),
    Task("34", GoodsWord.MENU_SEARCH, ANYWHERE, begin_search, with_number=True),
    Task("35", GoodsWord.MENU_LOW_STOCK, IDLE, show_low_stock),
    Task("41", MemberWord.MENU_ENROL, SALE_OR_NONE, begin_enrol, with_number=True),
    Task(
        "42",
        MemberWord.MENU_UPDATE,
        SALE_OR_NONE,
        begin_update,
        with_number=True,
        permission=P.MEMBER_EDIT,
    ),
    Task(
        "43",
        MemberWord.MENU_BLOCK,
        IDLE,
        begin_block,
        with_number=True,
        permission=P.MEMBER_BLOCK,
    ),
    Task(
        "44",
        MemberWord.MENU_CARD,
        SALE_OR_NONE,
        begin_new_card,
        with_number=True,
        permission=P.MEMBER_EDIT,
        needs=Kind.PRINTER,
    ),
    Task(
        "45",
        MemberWord.MENU_PRINT,
        SALE_OR_NONE,
        begin_print,
        with_number=True,
        needs=Kind.PRINTER,
    ),
    Task("46", AccountWord.MENU_COUPON, SALE_OR_NONE, begin_coupon, with_number=True),
    Task("47", AccountWord.MENU_REWARD, PAYABLE, begin_rewards),
    Task(
        "48",
        AccountWord.MENU_TOP_UP,
        IDLE | SELLING,
        begin_top_up,
        with_number=True,
        permission=P.TOP_UP,
        needs_shift=True,
    ),
    Task("49", MemberWord.MENU_BALANCES, SALE_OR_NONE, begin_balances, with_number=True),
    Task("51", AccountWord.MENU_VISITS, PAYABLE, begin_visits),
    Task("52", AccountWord.MENU_GIFT_CARD, SALE_OR_NONE, begin_gift_card, with_number=True),
    Task("53", PaymentWord.MENU_VOUCHER, PAYABLE, ask_voucher, with_number=True),
    Task("54", PaymentWord.MENU_PENDING, ANYWHERE, ask_pending, permission=P.SETTLE_PAYMENT),
    Task(
        "61",
        StaffWord.MENU_SIGN_ON,
        ANYWHERE | SIGNED_OFF,
        staffing.begin_sign_on,
        with_number=True,
    ),
    Task("62", StaffWord.MENU_SIGN_OFF, IDLE, staffing.sign_off),
    Task("63", StaffWord.MENU_CLOCK_IN, CLOCKING, staffing.begin_clock_in, with_number=True),
    Task("64", StaffWord.MENU_CLOCK_OUT, CLOCKING, staffing.begin_clock_out, with_number=True),
    Task("65", StaffWord.MENU_BREAK, CLOCKING, staffing.begin_break, with_number=True),
    Task(
        "66",
        StaffWord.MENU_UNLOCK,
        CLOCKING,
        staffing.begin_unlock,
        with_number=True,
        permission=P.STAFF_UNLOCK,
    ),
    Task("71", SendingWord.MENU_SEND, IDLE, office.send_receipt, with_number=True),
    Task("72", GoodsWord.BOTTLES, IDLE, begin_bottles, needs_shift=True, permission=P.BOTTLES),
    Task("91", Word.MENU_LANGUAGE, ANYWHERE | SIGNED_OFF, office.switch_language, with_number=True),
    Task("92", TrainingWord.MENU_TRAINING, IDLE, switch, permission=P.TRAINING),
    Task("93", DeviceListWord.MENU_DEVICES, ANYWHERE | SIGNED_OFF, show_devices),
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
    # Closed, or the next ENTER would begin the marked task.
    return refuse(_closed(session), Word.REFUSED_NO_ITEM)


def menu_enter(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER chooses the marked task; half a number is none."""
    if session.menu_digits:
        return refuse(session, Word.REFUSED_HALF_NUMBER)
    return _begin(session, TASKS[session.menu_row], pressed, facts)


def menu_up(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The menu's marker goes up a task."""
    return _marking(session, max(0, session.menu_row - 1)), ()


def menu_down(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The menu's marker goes down a task, and stays on the last one."""
    return _marking(session, min(len(TASKS) - 1, session.menu_row + 1)), ()


def _marking(session: Session, row: int) -> Session:
    """With that task marked, in the place of half a number."""
    return replace(session, menu_row=row, menu_digits="", notice=None)


def _begin(session: Session, task: Task, pressed: KeyPressed, facts: Facts) -> Step:
    if session.came_from not in task.begins_in:
        is_off = session.came_from is State.SIGNED_OFF
        word = StaffWord.REFUSED_SIGNED_OFF if is_off else Word.REFUSED_MENU
        return refuse(_closed(session), word)
    if task.needs is not None and not has_device(facts.shop, task.needs):
        return refuse(_closed(forget_entry(session)), NOT_IN_THE_SETTINGS[task.needs])
    if task.needs_shift and lacks_shift(session, facts):
        return refuse(_closed(forget_entry(session)), ShiftWord.REFUSED_NO_SHIFT)
    if has_entry(session) and not task.with_number:
        return refuse(_closed(session), Word.REFUSED_NUMBER)
    if task.permission is not None and not may(session, facts, task.permission):
        asked, effects = lift(session, pressed, task.permission, task.number)
        # Who leaves the question is where the menu was opened.
        question = replace(open_question(asked), under=session.came_from)
        return replace(asked, asking=question, menu_digits=""), effects
    return task.begin(_closed(session), pressed, facts)
