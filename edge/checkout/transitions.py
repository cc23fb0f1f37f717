"""The till as a table: in which state which trigger does what, and where that may lead.

A pair that is not in the table is a refusal. The diagram in docs/machine.md is drawn from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from edge.checkout import asking, device_news, menu, outcomes
from edge.checkout.balances import couponing, paying_by_account
from edge.checkout.goods import stocking
from edge.checkout.inputs import (
    AccountAnswered,
    AccountsAnswered,
    BarcodeScanned,
    CardDrawn,
    CouponDrawn,
    CouponRead,
    DeviceChanged,
    DeviceTrouble,
    InboxOverflowed,
    Key,
    MemberAnswered,
    MemberLoaded,
    PaymentAnswered,
    PinChecked,
    ReceiptFailed,
    ReceiptLoyaltyAnswered,
    ReceiptPrinted,
    SaleFound,
    SaleMissing,
    SaleStored,
    ShiftRead,
    SideRefused,
    SideSwitched,
    Started,
    StoreFailed,
    UplinkChanged,
    VoucherAnswered,
    WaitReminded,
    Weighed,
    WeighFailed,
)
from edge.checkout.loyalty import membering
from edge.checkout.payments import mobile, mobile_answers, mobile_start, paying, paying_back
from edge.checkout.people import staffing
from edge.checkout.people.staff import Permission
from edge.checkout.sale import office, returning, selling
from edge.checkout.session import Handler, State
from edge.checkout.shifts import drawer
from edge.checkout.shifts.drawer_inputs import DrawerChanged, DrawerPulsed, DrawerReminded


class Trigger(StrEnum):
    """What moves the till on: a key, a group of keys, a scan, or an answer."""

    DIGIT = "digit"
    TIMES = "×"
    ENTER = "ENTER"
    CLEAR = "CLEAR"
    VOID = "VOID"
    SUBTOTAL = "SUBTOTAL"
    CASH = "CASH"
    CARD = "CARD"
    MOBILE = "MOBILE"
    MEMBER = "MEMBER"
    MENU = "MENU"
    UP = "UP"
    DOWN = "DOWN"
    SCAN = "scan"
    STARTED = "started"
    STORED = "stored"
    FOUND = "found"
    MISSING = "missing"
    ANSWERED = "answered"


DIGITS = frozenset(key for key in Key if key.value[0] in ".0123456789")
KEY_TRIGGERS: Mapping[Key, Trigger] = {
    key: Trigger.DIGIT
    if key in DIGITS
    else (Trigger.TIMES if key is Key.TIMES else Trigger(key.value))
    for key in Key
}
INPUT_TRIGGERS: Mapping[type, Trigger] = {
    BarcodeScanned: Trigger.SCAN,
    Started: Trigger.STARTED,
    SaleStored: Trigger.STORED,
    SideSwitched: Trigger.ANSWERED,
    SideRefused: Trigger.ANSWERED,
    SaleFound: Trigger.FOUND,
    SaleMissing: Trigger.MISSING,
    ShiftRead: Trigger.ANSWERED,
    PinChecked: Trigger.ANSWERED,
    MemberAnswered: Trigger.ANSWERED,
    MemberLoaded: Trigger.ANSWERED,
    AccountAnswered: Trigger.ANSWERED,
    AccountsAnswered: Trigger.ANSWERED,
    CouponRead: Trigger.ANSWERED,
    ReceiptLoyaltyAnswered: Trigger.ANSWERED,
    VoucherAnswered: Trigger.ANSWERED,
    CardDrawn: Trigger.ANSWERED,
    Weighed: Trigger.ANSWERED,
    WeighFailed: Trigger.ANSWERED,
    CouponDrawn: Trigger.ANSWERED,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What is done, and the states in which that may end; None where a question or its answer says
    where it goes. A `permission` that is missing is asked of a supervisor first.
    """

    handler: Handler
    leads_to: frozenset[State] | None
    permission: Permission | None = None


def _anywhere(handler: Handler) -> Rule:
    return Rule(handler, None)


def _to(handler: Handler, *states: State, needs: Permission | None = None) -> Rule:
    return Rule(handler, frozenset(states), needs)


S = State
T = Trigger
P = Permission

# What the cashier causes, as against what the world answers.
CASHIER = frozenset({*KEY_TRIGGERS.values(), T.SCAN})
ENTRY_KEYS = {T.DIGIT: selling.key_digit, T.TIMES: selling.key_times}
OTHER_KEYS = (T.VOID, T.SUBTOTAL, T.CASH, T.CARD, T.MOBILE, T.MEMBER, T.MENU)
BASKET_KEYS = (T.VOID, T.SUBTOTAL, T.CASH, T.CARD, T.MOBILE)
# What the menu may lie over.
MENU_UNDER = (S.SIGNED_OFF, S.IDLE, S.SELLING, S.TENDERING, S.RETURNING)
# Every menu task that can begin in a state, and refusals that stay in the menu.
BEHIND_MENU = (
    S.SIGNED_OFF,
    S.IDLE,
    S.SELLING,
    S.TENDERING,
    S.RETURNING,
    S.ASK_RECEIPT,
    S.FINDING,
    S.STOCKING,
    S.STORING,
)
MENU_STATES = (S.MENU, *BEHIND_MENU)
# A question, or one to the world, may lie over any state.
OVERLAYS = frozenset({S.ASKING, S.FINDING})

RULES: Mapping[State, Mapping[Trigger, Rule]] = {
    S.STARTING: {
        T.STARTED: _to(mobile_start.started, S.IDLE, S.SELLING, S.TENDERING, S.RETURNING, S.STORING)
    },
    S.SIGNED_OFF: {
        T.DIGIT: _to(selling.key_digit, S.SIGNED_OFF),
        T.ENTER: _to(staffing.key_number, S.SIGNED_OFF),
        T.CLEAR: _to(staffing.clear_number, S.SIGNED_OFF),
        T.SCAN: _to(staffing.refuse_scan, S.SIGNED_OFF),
        T.MENU: _to(menu.open_menu, S.MENU),
    },
    S.IDLE: {
        **{trigger: _to(handler, S.IDLE) for trigger, handler in ENTRY_KEYS.items()},
        T.SCAN: _to(couponing.scan, S.IDLE, S.SELLING, needs=P.SELL),
        T.MEMBER: _to(membering.key_member, S.IDLE, needs=P.SELL),
        T.ENTER: _to(outcomes.take_offer, S.IDLE, S.SELLING, S.STORING),
        T.CLEAR: _to(outcomes.decline_offer, S.IDLE),
        **{trigger: _to(selling.refuse_empty, S.IDLE) for trigger in (*BASKET_KEYS, T.UP, T.DOWN)},
        T.MENU: _to(menu.open_menu, S.MENU),
    },
    S.SELLING: {
        **{trigger: _to(handler, S.SELLING) for trigger, handler in ENTRY_KEYS.items()},
        T.SCAN: _to(couponing.scan, S.SELLING),
        T.MEMBER: _to(membering.key_member, S.SELLING),
        T.ENTER: _to(selling.key_enter, S.SELLING),
        T.CLEAR: _to(office.clear_lines, S.SELLING, S.IDLE, S.STORING),
        T.VOID: _to(selling.key_void, S.SELLING, needs=P.VOID_LINE),
        T.UP: _to(selling.key_up, S.SELLING),
        T.DOWN: _to(selling.key_down, S.SELLING),
        T.SUBTOTAL: _to(paying.subtotal, S.SELLING, S.TENDERING),
        T.CASH: _to(paying.pay_cash, S.SELLING, S.TENDERING, S.STORING),
        T.CARD: _to(paying.ask_card, S.SELLING, S.CARD_APPROVAL),
        T.MOBILE: _to(mobile.ask_mobile, S.SELLING, S.STORING),
        T.MENU: _to(menu.open_menu, S.MENU),
    },
    S.TENDERING: {
        **{trigger: _to(handler, S.TENDERING) for trigger, handler in ENTRY_KEYS.items()},
        T.SCAN: _to(couponing.scan, S.TENDERING, S.SELLING),
        T.MEMBER: _to(paying_by_account.key_member, S.TENDERING),
        T.ENTER: _to(selling.key_enter, S.TENDERING, S.SELLING),
        T.CLEAR: _to(paying.back_to_lines, S.TENDERING, S.SELLING),
        T.VOID: _to(mobile.void_last, S.TENDERING, needs=P.VOID_LINE),
        T.SUBTOTAL: _to(paying.subtotal, S.TENDERING),
        T.CASH: _to(paying.pay_cash, S.TENDERING, S.STORING),
        T.CARD: _to(paying.ask_card, S.TENDERING, S.CARD_APPROVAL),
        T.MOBILE: _to(mobile.ask_mobile, S.TENDERING, S.STORING),
        T.MENU: _to(menu.open_menu, S.MENU),
    },
    S.CARD_APPROVAL: {
        T.DIGIT: _to(selling.key_digit, S.CARD_APPROVAL),
        T.ENTER: _to(paying.approve_card, S.CARD_APPROVAL, S.TENDERING, S.STORING),
        T.CARD: _to(paying.approve_card, S.CARD_APPROVAL, S.TENDERING, S.STORING),
        T.CLEAR: _to(paying.decline_card, S.CARD_APPROVAL, S.TENDERING),
    },
    S.RETURNING: {
        **{trigger: _to(handler, S.RETURNING) for trigger, handler in ENTRY_KEYS.items()},
        T.SCAN: _to(selling.scan, S.RETURNING),
        T.ENTER: _to(selling.key_enter, S.RETURNING),
        T.CLEAR: _to(office.clear_lines, S.RETURNING, S.IDLE, S.STORING),
        T.VOID: _to(selling.key_void, S.RETURNING),
        T.UP: _to(selling.key_up, S.RETURNING),
        T.DOWN: _to(selling.key_down, S.RETURNING),
        T.CASH: _to(paying.give_back_basket_cash, S.RETURNING, S.STORING),
        T.CARD: _to(paying.give_back_basket_card, S.RETURNING, S.STORING),
        T.MENU: _to(menu.open_menu, S.MENU),
    },
    S.ASK_RECEIPT: {
        T.DIGIT: _to(selling.key_digit, S.ASK_RECEIPT),
        T.ENTER: _to(returning.key_number, S.ASK_RECEIPT, S.FINDING),
        T.SCAN: _to(returning.scan_number, S.ASK_RECEIPT, S.FINDING),
        T.CLEAR: _to(returning.leave, S.ASK_RECEIPT, S.IDLE),
    },
    S.FINDING: {
        **{trigger: _to(outcomes.defer, S.FINDING) for trigger in CASHIER},
        T.FOUND: _to(outcomes.found, S.IDLE, S.ASK_RECEIPT, S.PICKING, S.STORING),
        T.MISSING: _to(outcomes.missing, S.IDLE, S.ASK_RECEIPT),
        T.ANSWERED: _anywhere(asking.hear_answer),
    },
    S.PICKING: {
        **{trigger: _to(handler, S.PICKING) for trigger, handler in ENTRY_KEYS.items()},
        T.SCAN: _to(returning.scan_returned, S.PICKING),
        T.ENTER: _to(returning.pick_marked, S.PICKING),
        T.CLEAR: _to(returning.leave, S.PICKING, S.IDLE),
        T.VOID: _to(returning.unpick, S.PICKING),
        T.UP: _to(returning.pick_up, S.PICKING),
        T.DOWN: _to(returning.pick_down, S.PICKING),
        T.SUBTOTAL: _to(paying_back.key_subtotal, S.PICKING),
        T.CASH: _to(paying_back.pay_out_cash, S.PICKING, S.STORING),
        T.CARD: _to(paying_back.pay_out_card, S.PICKING, S.STORING),
    },
    S.STOCKING: {
        T.DIGIT: _to(selling.key_digit, S.STOCKING),
        T.TIMES: _to(stocking.key_times, S.STOCKING),
        T.SCAN: _to(stocking.move_stock, S.STOCKING, S.STORING),
        T.ENTER: _to(stocking.move_keyed_stock, S.STOCKING, S.STORING),
        T.CLEAR: _to(stocking.end_stocking, S.STOCKING, S.IDLE),
    },
    S.MENU: {
        T.DIGIT: _to(menu.menu_digit, *MENU_STATES),
        T.ENTER: _to(menu.menu_enter, *MENU_STATES),
        T.UP: _to(menu.menu_up, S.MENU),
        T.DOWN: _to(menu.menu_down, S.MENU),
        T.CLEAR: _to(menu.close_menu, *MENU_UNDER),
        T.MENU: _to(menu.close_menu, *MENU_UNDER),
    },
    S.ASKING: {
        **{trigger: _to(handler, S.ASKING) for trigger, handler in ENTRY_KEYS.items()},
        **{trigger: _anywhere(asking.other_key) for trigger in OTHER_KEYS},
        T.ENTER: _anywhere(asking.enter),
        T.SCAN: _anywhere(asking.scan),
        T.CLEAR: _anywhere(asking.leave),
        T.UP: _anywhere(asking.up),
        T.DOWN: _anywhere(asking.down),
    },
    S.STORING: {
        **{trigger: _to(outcomes.defer, S.STORING) for trigger in CASHIER},
        T.STORED: _anywhere(mobile_start.stored),
    },
    S.STOPPED: {T.ENTER: _to(outcomes.restart, S.STOPPED)},
}

# What may happen in any state; all but a failed store leave the state as it is.
ANYWHERE: Mapping[type, Handler] = {
    StoreFailed: outcomes.store_failed,
    ReceiptPrinted: outcomes.receipt_printed,
    ReceiptFailed: outcomes.receipt_failed,
    DrawerPulsed: drawer.drawer_pulsed,
    DrawerChanged: drawer.drawer_changed,
    DrawerReminded: drawer.drawer_reminded,
    DeviceChanged: outcomes.device_changed,
    DeviceTrouble: device_news.device_trouble,
    UplinkChanged: mobile_start.uplink_changed,
    PaymentAnswered: mobile_answers.payment_answered,
    WaitReminded: mobile.remind,
    InboxOverflowed: outcomes.inbox_overflowed,
}
