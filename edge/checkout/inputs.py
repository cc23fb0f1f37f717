"""Everything that can happen to a till, as values. `at` is when, by the clock port."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from edge.checkout.balances.accounts import Account, Movement
from edge.checkout.goods.gs1 import Gs1
from edge.checkout.goods.scale import ScaleTrouble
from edge.checkout.instant import Instant
from edge.checkout.loyalty.members import Member, MemberAnswer, MemberRefusal
from edge.checkout.paper.slip import Slip
from edge.checkout.payments.payment import NO_BOOKS, PaymentAnswer, PaymentBooks
from edge.checkout.people.duty import NOBODY_KEPT, DutyKept
from edge.checkout.promotions.uses import NOBODYS, MemberUses
from edge.checkout.records import Sale, Tender
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.holding import HeldSale
from edge.checkout.shifts.drawer_inputs import DrawerChanged, DrawerPulsed, DrawerReminded
from edge.checkout.shifts.shift import ShiftState
from edge.checkout.troubles import Trouble, UplinkTrouble


class Key(StrEnum):
    """The keys of the pad; the value is the name that a keymap file uses."""

    DIGIT_0 = "0"
    DIGIT_1 = "1"
    DIGIT_2 = "2"
    DIGIT_3 = "3"
    DIGIT_4 = "4"
    DIGIT_5 = "5"
    DIGIT_6 = "6"
    DIGIT_7 = "7"
    DIGIT_8 = "8"
    DIGIT_9 = "9"
    DOUBLE_ZERO = "00"
    POINT = "."
    TIMES = "X"
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


class DeviceState(StrEnum):
    """Where a device is in its life."""

    ABSENT = "absent"
    OPENING = "opening"
    READY = "ready"
    FAULTED = "faulted"


class StoreFailure(StrEnum):
    """Why the store can't be written any more."""

    DISK_FULL = "disk_full"
    IO_ERROR = "io_error"


@dataclass(frozen=True, slots=True)
class PendingReceipt:
    """What is stored and may not be on paper: a sale's receipt, or a slip; when it was made, and
    its place in the effect log.
    """

    effect_id: int
    paper: Sale | Slip
    made_at: Instant

    @property
    def label(self) -> str:
        """What the cashier knows it by: a receipt's number, or a slip's with its name."""
        return self.paper.label if isinstance(self.paper, Slip) else str(self.paper.receipt_no)

    @property
    def number(self) -> int:
        """The receipt's number, or the slip's."""
        return self.paper.number if isinstance(self.paper, Slip) else self.paper.receipt_no


@dataclass(frozen=True, slots=True)
class Started:
    """What the store held when the till came up. `shift_no` is the open shift, 0 for none."""

    at: Instant
    next_receipt_no: int
    draft: Basket | None
    pending_receipts: tuple[PendingReceipt, ...]
    held: tuple[HeldSale, ...] = ()
    duty: DutyKept = NOBODY_KEPT
    payments: PaymentBooks = NO_BOOKS
    shift_no: int = 0


@dataclass(frozen=True, slots=True)
class SideSwitched:
    """The till works on the other store now: the one for training, just `started`, or its own."""

    at: Instant
    started: Started | None


@dataclass(frozen=True, slots=True)
class SideRefused:
    """The store for training can't be made; nothing has changed."""

    at: Instant


@dataclass(frozen=True, slots=True)
class BarcodeScanned:
    """A code as the scanner framed it, terminator stripped: it may be a card's, or a phone's; and
    what it says by the rules of GS1, if it is such a code.
    """

    code: str = field(repr=False)
    at: Instant
    gs1: Gs1 | None = None


@dataclass(frozen=True, slots=True)
class KeyPressed:
    key: Key
    at: Instant


@dataclass(frozen=True, slots=True)
class SaleStored:
    """The entries of one `StoreEntries` are on disk: `at` is their moment, `told_at` when that was
    so. The ids are those of the effect log's pending rows, None where none was asked for.
    """

    at: Instant
    epoch: int
    seq: int
    drawer_effect: int | None
    receipt_effect: int | None
    told_at: Instant


@dataclass(frozen=True, slots=True)
class StoreFailed:
    """A write failed and nothing more will be stored. After a failed sync nobody knows whether the
    disk has it: the next start finds either the sale with its receipt pending, or the basket open.
    """

    at: Instant
    failure: StoreFailure


@dataclass(frozen=True, slots=True)
class SaleFound:
    """A past sale, and what of each of its lines was given back already (line -> thousandths), and
    with which payments, in their order; and which terminal took each of its payments by code (the
    intent's id -> the device).
    """

    at: Instant
    sale: Sale
    sold_at: Instant
    refunded_milli: dict[int, int]
    paid_back: tuple[Tender, ...] = ()
    terminals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SaleMissing:
    at: Instant
    receipt_no: int


@dataclass(frozen=True, slots=True)
class MemberAnswered:
    """Who was asked for; and, of a member who was found, what promotions he used before."""

    at: Instant
    answer: MemberAnswer
    used: Mapping[str, MemberUses] = field(default_factory=lambda: NOBODYS)


@dataclass(frozen=True, slots=True)
class MemberLoaded:
    at: Instant
    member: Member | None


@dataclass(frozen=True, slots=True)
class AccountAnswered:
    """What this till holds of an account; None where it never had anything of it."""

    at: Instant
    account: Account | None


@dataclass(frozen=True, slots=True)
class AccountsAnswered:
    """Those of the accounts that this till ever had something of, as they stand."""

    at: Instant
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class CouponRead:
    """What a signed coupon names, a campaign or a coupon's number; or why it is not taken."""

    at: Instant
    name: str = ""
    refusal: MemberRefusal | None = None


@dataclass(frozen=True, slots=True)
class ReceiptLoyaltyAnswered:
    """What a sale and its refunds so far did to accounts, in order; `member` is empty for nobody's
    sale. `accounts` are those that it moved, as they stand now; `expired` those of them of which
    something was written off.
    """

    at: Instant
    receipt_no: int
    member: str
    movements: tuple[Movement, ...]
    accounts: tuple[Account, ...]
    expired: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class VoucherAnswered:
    """Whether the voucher paid at this till already, also when that was given back since."""

    at: Instant
    taken: bool


@dataclass(frozen=True, slots=True)
class CardDrawn:
    """The counter of the next card that this till gives out."""

    at: Instant
    counter: int


@dataclass(frozen=True, slots=True)
class CouponDrawn:
    """What makes the next coupon's number: its counter, and digits that nobody can foresee."""

    at: Instant
    counter: int
    salt: int


@dataclass(frozen=True, slots=True)
class PinChecked:
    at: Instant
    staff: str
    right: bool


@dataclass(frozen=True, slots=True)
class ShiftRead:
    """How the shift stands at the journal's end."""

    at: Instant
    state: ShiftState


@dataclass(frozen=True, slots=True)
class Weighed:
    """What lies still on the scale, in thousandths of a kilogram: 0 nothing."""

    at: Instant
    weight_milli: int


@dataclass(frozen=True, slots=True)
class WeighFailed:
    at: Instant
    trouble: ScaleTrouble


@dataclass(frozen=True, slots=True)
class ReceiptPrinted:
    at: Instant
    effect_id: int


@dataclass(frozen=True, slots=True)
class ReceiptFailed:
    """The printer did not take the receipt; the effect log still holds it as pending."""

    at: Instant
    effect_id: int


@dataclass(frozen=True, slots=True)
class PaymentAnswered:
    """What a payment terminal said of the payment or refund `payment_id`, to that attempt."""

    at: Instant
    payment_id: str
    attempt: int
    answer: PaymentAnswer


@dataclass(frozen=True, slots=True)
class WaitReminded:
    """Time has passed in which somebody may have waited for that payment."""

    at: Instant
    payment_id: str


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """A device came, went or failed; `device` is its name in the settings, `reason` what its driver
    says of why it is not there.
    """

    at: Instant
    device: str
    state: DeviceState
    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class DeviceTrouble:
    """What is the matter with a device that is there; None when it is over."""

    at: Instant
    device: str
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class UplinkChanged:
    """`troubles` stay until somebody has acted, online or not."""

    at: Instant
    online: bool
    troubles: tuple[UplinkTrouble, ...] = ()


@dataclass(frozen=True, slots=True)
class InboxOverflowed:
    """`lost` inputs did not fit into the inbox since the last of these."""

    at: Instant
    lost: int


Input: TypeAlias = (
    Started
    | SideSwitched
    | SideRefused
    | BarcodeScanned
    | KeyPressed
    | SaleStored
    | StoreFailed
    | SaleFound
    | SaleMissing
    | PinChecked
    | MemberAnswered
    | MemberLoaded
    | AccountAnswered
    | AccountsAnswered
    | CouponRead
    | ReceiptLoyaltyAnswered
    | VoucherAnswered
    | CardDrawn
    | CouponDrawn
    | ShiftRead
    | Weighed
    | WeighFailed
    | ReceiptPrinted
    | ReceiptFailed
    | PaymentAnswered
    | WaitReminded
    | DrawerPulsed
    | DrawerChanged
    | DrawerReminded
    | DeviceChanged
    | DeviceTrouble
    | UplinkChanged
    | InboxOverflowed
)
