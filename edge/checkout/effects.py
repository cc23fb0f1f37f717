"""Everything that the core can ask of the world, as values. The effect runner carries them out."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from edge.checkout.instant import Instant
from edge.checkout.loyalty.members import MemberQuery
from edge.checkout.paper.receipt import Receipt
from edge.checkout.payments.payment import AskMove, OpenPayment, PaymentIntent
from edge.checkout.records import Entry
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.holding import HeldSale
from edge.checkout.screens import CashierScreen, CustomerScreen


class Tone(StrEnum):
    """What the cashier hears."""

    GOOD = "good"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ShowScreens:
    cashier: CashierScreen
    customer: CustomerScreen


@dataclass(frozen=True, slots=True)
class Beep:
    tone: Tone


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep this basket for a power cut. Baskets replace each other; only the last one matters."""

    basket: Basket


@dataclass(frozen=True, slots=True)
class StoreEntries:
    """Commit the entries in one transaction, and clear the draft when `ends_basket`.

    With `opens_drawer` and `prints_receipt` the effect log gets a pending row of each in the same
    transaction. `holds` sets a sale aside, `recalls` makes one that was held the draft again.
    Answered by `SaleStored` or `StoreFailed`.
    """

    at: Instant
    entries: tuple[Entry, ...]
    ends_basket: bool
    opens_drawer: bool = False
    prints_receipt: bool = False
    holds: HeldSale | None = None
    recalls: HeldSale | None = None


@dataclass(frozen=True, slots=True)
class FindSale:
    """Answered by `SaleFound`, `SaleMissing` or `StoreFailed`."""

    receipt_no: int


@dataclass(frozen=True, slots=True)
class RecordEntries:
    """Commit the entries beside whatever the till is doing, and tell the uplink. Nobody waits for
    it; answered by `StoreFailed` at most.
    """

    at: Instant
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class PayIntent:
    """Send the payment, once, ever. Answered, as all that is asked of a payment terminal, by
    `PaymentAnswered` with this `attempt`.
    """

    terminal: str
    intent: PaymentIntent
    attempt: int


@dataclass(frozen=True, slots=True)
class AskPayment:
    """Ask the payment's terminal, `after_ms` from now; what stands in `first` is on disk before."""

    move: AskMove
    payment: OpenPayment
    attempt: int
    at: Instant
    after_ms: int = 0
    first: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class RemindWait:
    """Say in so long that somebody waits for a payment. Answered by `WaitReminded`."""

    payment_id: str
    after_ms: int


@dataclass(frozen=True, slots=True)
class FindMember:
    """Answered by `MemberAnswered`. A signed code is good once: asking shows it."""

    query: MemberQuery


@dataclass(frozen=True, slots=True)
class LoadMember:
    """Answered by `MemberLoaded`: the member as such, blocked or not."""

    number: str


@dataclass(frozen=True, slots=True)
class FindAccount:
    """Answered by `AccountAnswered`."""

    account_id: str


@dataclass(frozen=True, slots=True)
class FindAccounts:
    """Several at once; answered by `AccountsAnswered`."""

    account_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadCoupon:
    """A coupon as headquarters signed it; answered by `CouponRead`."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindReceiptLoyalty:
    """Answered by `ReceiptLoyaltyAnswered`."""

    receipt_no: int


@dataclass(frozen=True, slots=True)
class FindVoucher:
    """Whether it was taken at this till before; answered by `VoucherAnswered`."""

    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DrawCard:
    """Answered by `CardDrawn`."""


@dataclass(frozen=True, slots=True)
class DrawCoupon:
    """Answered by `CouponDrawn`."""


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Whether it is the PIN of that person; answered by `PinChecked`. No text of this shows it."""

    staff: str
    pin_hash: str = field(repr=False)
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SwitchSide:
    """Go on with the store for training, or with the till's own. Answered by `SideSwitched` or
    `SideRefused`.
    """

    training: bool


@dataclass(frozen=True, slots=True)
class ReadShift:
    """How the shift stands. Answered by `ShiftRead` or `StoreFailed`."""


@dataclass(frozen=True, slots=True)
class ReadScale:
    """What lies on the scale. Answered by `Weighed` or `WeighFailed` within seconds."""


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """One pulse, for one pending row of the effect log; never repeated. Answered by
    `DrawerPulsed`.
    """

    effect_id: int


@dataclass(frozen=True, slots=True)
class RemindDrawer:
    """Say in so long that the drawer may stand open. Answered by `DrawerReminded`."""

    after_ms: int


@dataclass(frozen=True, slots=True)
class RecordLive:
    """As `RecordEntries`, in the till's own journal also while somebody is trained: what happens to
    the drawer is no exercise.
    """

    at: Instant
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """One receipt, for one pending row of the effect log, whose id is the job id."""

    effect_id: int
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class DropReceipt:
    """The cashier does not want the pending receipt any more."""

    effect_id: int


@dataclass(frozen=True, slots=True)
class BeginAnew:
    """Close the device, forget what was learned of it, and open it again: it may be another one.
    Nobody waits for it; how it is, its driver says.
    """

    device: str


@dataclass(frozen=True, slots=True)
class WakeUplink:
    """The journal has grown."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Leave, so that the supervisor starts the daemon anew."""


Effect: TypeAlias = (
    ShowScreens
    | Beep
    | SaveDraft
    | StoreEntries
    | FindSale
    | CheckPin
    | FindMember
    | LoadMember
    | FindAccount
    | FindAccounts
    | ReadCoupon
    | FindReceiptLoyalty
    | FindVoucher
    | DrawCard
    | DrawCoupon
    | ReadShift
    | ReadScale
    | RecordEntries
    | PayIntent
    | AskPayment
    | RemindWait
    | SwitchSide
    | OpenDrawer
    | RemindDrawer
    | RecordLive
    | PrintReceipt
    | DropReceipt
    | BeginAnew
    | WakeUplink
    | Restart
)
