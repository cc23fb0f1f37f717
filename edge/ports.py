"""What the appliance needs of the world. Adapters implement it; the composition root picks them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from edge.checkout.balances.accounts import Account, Movement
from edge.checkout.effects import Tone
from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.goods.scale import ScaleTrouble
from edge.checkout.inputs import Input, PendingReceipt, SaleFound, StoreFailure
from edge.checkout.instant import Instant
from edge.checkout.loyalty.members import Member, MemberAnswer, MemberQuery, MemberRefusal
from edge.checkout.paper.receipt import Receipt
from edge.checkout.payments.payment import (
    NO_BOOKS,
    PaymentAnswer,
    PaymentBooks,
    PaymentIntent,
    PaymentRefund,
)
from edge.checkout.people.duty import NOBODY_KEPT, DutyKept
from edge.checkout.records import Entry, JsonObject
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.holding import HeldSale
from edge.checkout.screens import CashierScreen, CustomerScreen
from edge.checkout.shifts.shift import ShiftState


class DeviceError(Exception):
    """A device did not do its work; the daemon goes on. The text names device and cause."""


class DrawerShutError(DeviceError):
    """The pulse was given, and the drawer's switch has not seen it open."""


class ScaleError(DeviceError):
    """A scale has no weight that may be sold; `trouble` says why."""

    def __init__(self, trouble: ScaleTrouble, name: str) -> None:
        super().__init__(f"{name}: no weight ({trouble.value})")
        self.trouble = trouble


class StoreError(Exception):
    """A write failed and the store takes no more; `failure` says why."""

    def __init__(self, failure: StoreFailure, detail: str) -> None:
        super().__init__(f"{failure.value}: {detail}")
        self.failure = failure


class StoreRefused(Exception):  # noqa: N818 - the file is refused; nothing has gone wrong
    """A file can't be used as this till's store; nothing in it was changed. The text names the
    file and the reason.
    """

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = Path(path)
        self.reason = reason


class CatalogueRefused(ValueError):  # noqa: N818 - the old catalogue stays in force
    """Products that can't be a catalogue; the text says which ones and why, a line each."""


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> Instant: ...

    async def sleep_ms(self, duration_ms: int) -> None: ...


class Inbox(Protocol):
    """Where drivers put what happened."""

    def offer(self, item: Input) -> bool:
        """True when it was taken; a full inbox counts the loss, beeps and says False."""


class Driver(Protocol):
    """A device with a life of its own."""

    @property
    def name(self) -> str: ...

    async def run(self) -> None:
        """Open, serve, reopen after faults, until cancelled. Raises only on bugs."""


class Renewing(Protocol):
    """Has devices begun anew."""

    def begin_anew(self, device: str) -> None:
        """Close the one of that name, forget what was learned of it, open it again. What was under
        way on it ends as when it is unplugged. Never blocks.
        """


class Drawer(Protocol):
    async def open(self) -> None:
        """One pulse. Raises DrawerShutError when it opened nothing, another DeviceError when it was
        not given or nobody can say.
        """


class Scale(Protocol):
    async def weigh(self) -> int:
        """What lies on it once it is still, in thousandths of a kilogram: 0 nothing. Raises
        ScaleError, or DeviceError when it can't be asked, within seconds.
        """


class Printer(Protocol):
    async def print_receipt(self, job_id: str, receipt: Receipt) -> None:
        """Return when the printer has all of it. Raises DeviceError. A job id is printed once."""


class CashierDisplay(Protocol):
    def show(self, screen: CashierScreen) -> None:
        """Never blocks; the latest screen wins."""

    def beep(self, tone: Tone) -> None: ...


class CustomerDisplay(Protocol):
    def show(self, screen: CustomerScreen) -> None:
        """Never blocks; the latest screen wins."""


class PinChecker(Protocol):
    """Says whether a PIN is somebody's. What it is given, no log and no text shows."""

    async def check(self, pin_hash: str, pin: str) -> bool:
        """False as well for a hash that can't be read. Takes a moment, but not the loop's."""


class PaymentTerminal(Protocol):
    """Takes payments by the customer's code. Never raises for what networks and terminals do: what
    can't be known is UNKNOWN, and is resolved by `query` or `reverse`, never by guessing.
    """

    async def pay(self, intent: PaymentIntent) -> PaymentAnswer:
        """Once for an intent id, ever: after a restart the till asks, it does not pay again."""

    async def query(self, intent_id: str) -> PaymentAnswer:
        """How the payment stands. DECLINED for one that the terminal never saw, when it says so
        itself and takes no payment of that id any more.
        """

    async def reverse(self, intent_id: str) -> PaymentAnswer:
        """Take it back, as often as asked. APPROVED says that it can't be taken back any more."""

    async def refund(self, refund: PaymentRefund) -> PaymentAnswer:
        """Give back a part of an approved payment, or all: once for a refund id, as often as asked.
        REVERSED when it went back; DECLINED when nothing of it ever will under this id, as when all
        refunds together would be more than was paid.
        """


class PaymentTerminals(Protocol):
    """The till's payment terminals by their names. One that is not there any more is UNKNOWN."""

    async def pay(self, terminal: str, intent: PaymentIntent) -> PaymentAnswer: ...

    async def query(self, terminal: str, intent_id: str) -> PaymentAnswer: ...

    async def reverse(self, terminal: str, intent_id: str) -> PaymentAnswer: ...

    async def refund(self, terminal: str, refund: PaymentRefund) -> PaymentAnswer: ...


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """One link of the journal's chain. `body` is the parsed JSON; `hash` and `prev` are lowercase
    SHA-256 in hex over the canonical JSON of all the other fields.
    """

    epoch: int
    seq: int
    at: int
    boot: str
    mono_ms: int
    clock: str
    kind: str
    # It may hold a member's name; no message shows it.
    body: JsonObject = field(repr=False)
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Committed:
    """Where the last entry of a transaction ended up, and its pending effects."""

    epoch: int
    seq: int
    drawer_effect: int | None
    receipt_effect: int | None


@dataclass(frozen=True, slots=True)
class StoreState:
    """What a store held when it was opened. Pending drawer pulses are abandoned by then.

    `newest_utc_ms` is when the last record was made: no clock may be behind it. `shift_no` is the
    shift that is open, 0 for none.
    """

    next_receipt_no: int
    draft: Basket | None
    pending_receipts: tuple[PendingReceipt, ...]
    newest_utc_ms: int
    duty: DutyKept = NOBODY_KEPT
    held: tuple[HeldSale, ...] = ()
    payments: PaymentBooks = NO_BOOKS
    shift_no: int = 0


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The journal's end and how far HQ acknowledged it, as `(epoch, seq)`; (0, 0) is nothing."""

    epoch: int
    last_seq: int
    acked_epoch: int
    acked_through: int


class SaleStore(Protocol):
    """The till's side of the store. Every method that writes raises StoreError; whoever awaits a
    write may be cancelled, the write is not.
    """

    async def commit(
        self,
        at: Instant,
        entries: Sequence[Entry],
        *,
        ends_basket: bool,
        opens_drawer: bool,
        prints_receipt: bool,
        holds: HeldSale | None = None,
        recalls: HeldSale | None = None,
    ) -> Committed:
        """Entries, projections, pending effects and what is held in one transaction, one fsync."""

    async def save_draft(self, basket: Basket, at: Instant) -> None: ...

    async def settle_effect(self, effect_id: int, *, done: bool) -> None:
        """Close a pending row of the effect log: done, or given up by the cashier."""

    async def find_sale(self, receipt_no: int, at: Instant) -> SaleFound | None: ...

    def catalogue(self) -> Catalogue:
        """The catalogue in force, in memory."""


class ShiftStore(Protocol):
    """The till's view of shifts. Opening and closing one are entries of a commit."""

    async def shift_state(self) -> ShiftState:
        """How it stands at the journal's end: as quick after a thousand sales as after one. Raises
        StoreError.
        """


class VoucherStore(Protocol):
    """The vouchers that this till has taken."""

    async def is_voucher_taken(self, number: str) -> bool:
        """Whether it paid here, also when that was given back since. Raises StoreError."""


@dataclass(frozen=True, slots=True)
class ReceiptLoyalty:
    """What a sale did to accounts, with its refunds so far, in order; `member` is empty for
    nobody's sale. `accounts` are those that it moved, as they stand now; `expired` those of them
    of which something was written off.
    """

    member: str
    movements: tuple[Movement, ...]
    accounts: tuple[Account, ...]
    expired: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CouponSeed:
    """What makes the next coupon's number: its counter, and digits that nobody can foresee."""

    counter: int
    salt: int


class MemberStore(Protocol):
    """The till's view of members and accounts. What changes them are entries of a commit, so there
    is nothing here that moves a balance. Every method raises StoreError.
    """

    async def find_member(self, query: MemberQuery, at: Instant) -> MemberAnswer:
        """Who is asked for. A signed code is good once: the second time it is refused."""

    async def member(self, number: str) -> Member | None:
        """A member, blocked or not."""

    async def account(self, account_id: str) -> Account | None:
        """What this till holds of a gift card, a coupon, anybody's account; None when it never had
        anything of it.
        """

    async def accounts(self, account_ids: Sequence[str]) -> tuple[Account, ...]:
        """Those of the accounts that this till ever had something of, as one moment has them."""

    def coupon_name(self, text: str, at: Instant) -> str | MemberRefusal:
        """What a signed coupon names: a campaign, or a coupon's number."""

    async def receipt_loyalty(self, receipt_no: int) -> ReceiptLoyalty: ...

    async def next_card(self) -> int:
        """The counter of the next card that this till gives out, from 1."""

    async def next_coupon(self) -> CouponSeed: ...


class OutboxStore(Protocol):
    """The uplink's side of the store."""

    async def journal_head(self) -> JournalHead: ...

    async def journal_after(self, epoch: int, seq: int, limit: int) -> tuple[JournalRecord, ...]:
        """At most `limit` records behind `(epoch, seq)`, in order, over epochs."""

    async def acknowledge(self, epoch: int, through: int) -> None:
        """HQ has everything up to here. Going back is ignored; past the head raises ValueError."""


class Uplink(Protocol):
    def wake(self) -> None:
        """The journal has grown; send it when there is a network."""
