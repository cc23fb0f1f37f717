"""Where a till is: the one value that the machine carries from step to step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from edge.checkout.balances.accounts import Account, AccountRef
from edge.checkout.effects import Beep, Effect, Tone
from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.inputs import (
    DeviceState,
    Input,
    Key,
    PendingReceipt,
    ReceiptLoyaltyAnswered,
    SaleFound,
)
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.loyalty.loyalty import Loyalty
from edge.checkout.loyalty.members import MemberFound
from edge.checkout.loyalty.told import IssuedCoupon
from edge.checkout.paper.slip import Slip
from edge.checkout.payments.payment_watch import NO_PAYMENTS, Payments
from edge.checkout.people.duty import NOBODY, Duty
from edge.checkout.people.staff import NO_STAFF, Permission, Staff
from edge.checkout.promotions.promotion_set import PromotionSet, compile_promotions
from edge.checkout.promotions.uses import NO_USES, PromotionUses
from edge.checkout.records import Sale
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.holding import HeldSale
from edge.checkout.screens import NoticeTone, ScreenQr, ScreenRow
from edge.checkout.shifts.drawer_watch import UNSEEN, DrawerWatch
from edge.checkout.shop import Language, Shop
from edge.checkout.troubles import Trouble, UplinkTrouble
from edge.checkout.words.texts import Saying, Word

# Twelve digits hold every amount that the limits allow; longer is a barcode keyed by hand, and
# longest the number of a coupon.
MAX_ENTRY = 17
# Receipts that failed to print and are still offered; older ones stay pending in the store.
MAX_PENDING_RECEIPTS = 20


class State(StrEnum):
    """What the till is in the middle of."""

    STARTING = "starting"
    IDLE = "idle"
    SELLING = "selling"
    TENDERING = "tendering"
    CARD_APPROVAL = "card_approval"
    RETURNING = "returning"
    ASK_RECEIPT = "ask_receipt"
    FINDING = "finding"
    PICKING = "picking"
    STOCKING = "stocking"
    MENU = "menu"
    SIGNED_OFF = "signed_off"
    ASKING = "asking"
    STORING = "storing"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the screen tells the cashier, until the next thing happens."""

    word: Saying
    detail: str = ""
    tone: NoticeTone = NoticeTone.INFO


@dataclass(frozen=True, slots=True)
class PastSale:
    """A sale that is being given back: what was found, and the units picked by line; what it did to
    accounts, once that is asked for, and where the money's part goes if it goes onto one.
    """

    found: SaleFound
    picks: dict[int, int]
    loyalty: ReceiptLoyaltyAnswered | None = None
    onto: AccountRef | None = None


class SearchPurpose(StrEnum):
    """What a past sale is looked up for."""

    REFUND = "refund"
    COPY = "copy"
    SEND = "send"


class Stocking(StrEnum):
    """Which way the goods go that are scanned, or that they are counted."""

    IN = "in"
    OUT = "out"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Storing:
    """What is on its way to the disk: the sale or refund, or the slip, if it is one; what a copy is
    to be printed of, if it is that; what to say, where to go and what to do once it is stored;
    whether the open basket ends with it.
    """

    then: State
    notice: Notice | None = None
    sale: Sale | None = None
    slip: Slip | None = None
    copy_of: PendingReceipt | None = None
    ends_basket: bool = False
    after: "Handler | None" = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to the cashier, over whatever the till was doing: its title and how to answer it,
    what ENTER does with what was keyed, a scan, other keys. `rows` are what to choose from, or to
    read; `detail` goes into the title, `qr` is for the customer's phone. Of a `secret` entry only
    dots are shown. CLEAR takes the entry away, then leads back, or does what `leave` says.
    """

    title: Saying
    hint: Saying
    enter: "Handler"
    scan: "Handler | None" = None
    keys: "Mapping[Key, Handler]" = field(default_factory=dict)
    rows: "Callable[[Session, Facts], tuple[ScreenRow, ...]] | None" = None
    detail: "Callable[[Session, Facts], str] | None" = None
    secret: bool = False
    leave: "Handler | None" = None
    qr: "Callable[[Session, Facts], ScreenQr] | None" = None


@dataclass(frozen=True, slots=True)
class Asking:
    """The question that is open, the state that it lies over, what it is about (each prompt knows
    its own), the marked row; and what was keyed before it, which is there again afterwards.
    """

    prompt: Prompt
    under: State
    about: object = None
    row: int = 0
    entry: str = field(default="", repr=False)
    quantity_milli: int | None = None


@dataclass(frozen=True, slots=True)
class Awaiting:
    """What the world was asked: what to do with the answer, and the state in which it is done."""

    then: "Handler"
    under: State


@dataclass(frozen=True, slots=True)
class Lifted:
    """What may be done once though the permission is missing, and by whose leave."""

    permission: Permission
    by: str


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """What a device said last of itself, and when; what is the matter with one that is there."""

    name: str
    state: DeviceState
    since: Instant
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A question that came up by itself, and from when on, on the monotonic clock, it can have been
    read.
    """

    question: object
    read_ms: int


@dataclass(frozen=True, slots=True)
class Session:
    """All that a till has in mind. `entry` is what was keyed, `quantity_milli` what `X` set,
    `selected` the line under the marker counted from the top (-1: the last one), `menu_row` the
    marked task of the menu, `counted` the thousandths by PLU of a count; `alarm` stays above every
    notice until a key is pressed, or, where it is why selling has stopped, for good. `shift_no` is
    the shift that is open, 0 for none.
    """

    state: State
    language: Language
    next_receipt_no: int = 1
    shift_no: int = 0
    basket: Basket | None = None
    # It may be a PIN; no text of this shows it.
    entry: str = field(default="", repr=False)
    quantity_milli: int | None = field(default=None, repr=False)
    selected: int = -1
    notice: Notice | None = None
    came_from: State = State.IDLE
    menu_digits: str = ""
    menu_row: int = 0
    card_minor: int = 0
    stocking: Stocking = Stocking.IN
    counted: Mapping[str, int] = field(default_factory=dict)
    purpose: SearchPurpose = SearchPurpose.REFUND
    past: PastSale | None = None
    asking: Asking | None = None
    awaiting: Awaiting | None = None
    storing: Storing | None = None
    held: tuple[HeldSale, ...] = ()
    payments: Payments = NO_PAYMENTS
    member: MemberFound | None = None
    # The accounts that the sale on its way to the disk moves, as they stand.
    accounts: tuple[Account, ...] = ()
    # The coupons that it brings.
    issued: tuple[IssuedCoupon, ...] = ()
    last_sale: Sale | None = None
    deferred: tuple[Input, ...] = field(default=(), repr=False)
    printing: tuple[PendingReceipt, ...] = ()
    unprinted: tuple[PendingReceipt, ...] = ()
    # What has been heard of devices, the latest news last.
    devices: tuple[DeviceSeen, ...] = ()
    online: bool = False
    uplink_troubles: tuple[UplinkTrouble, ...] = ()
    clock: ClockQuality = ClockQuality.UNSET
    alarm: Notice | None = None
    standing: Standing | None = None
    drawer: DrawerWatch = UNSEEN
    # What waits while somebody is trained: the till on its own store.
    live: "Session | None" = None
    # Who is signed on and who is clocked in; what the input under way may do by somebody's leave.
    duty: Duty = NOBODY
    lifted: tuple[Lifted, ...] = ()

    @property
    def lost_devices(self) -> tuple[str, ...]:
        """Those that are away or out of order, the one that went last at the end."""
        return tuple(each.name for each in self.devices if each.state in LOST_STATES)

    @property
    def troubles(self) -> tuple[tuple[Trouble, str], ...]:
        """What is the matter, and with which device that is there, in the order it came in."""
        return tuple(
            (each.trouble, each.name)
            for each in self.devices
            if each.trouble is not None and each.name not in self.lost_devices
        )


NO_PROMOTIONS = compile_promotions(())


@dataclass(frozen=True, slots=True)
class Facts:
    """What the core may look up: the shop's settings, the products and promotions in force, how
    often promotions were used, the shop's people, and the stock: thousandths by PLU; what the
    customer's display says between sales, each message over two lines at most.
    """

    shop: Shop
    catalogue: Catalogue
    promotions: PromotionSet = NO_PROMOTIONS
    promotion_names: Mapping[str, str] = field(default_factory=dict)
    promotion_uses: PromotionUses = NO_USES
    loyalty: Loyalty | None = None
    staff: Staff = NO_STAFF
    stock: Mapping[str, int] = field(default_factory=dict)
    idle_messages: tuple[str, ...] = ()


Step: TypeAlias = tuple[Session, tuple[Effect, ...]]
# A handler's input is the one that its row of the table names; the table is what guarantees it.
Handler: TypeAlias = Callable[[Session, Any, Facts], Step]

About = TypeVar("About")

LOST_STATES = frozenset({DeviceState.ABSENT, DeviceState.FAULTED})


def start(shop: Shop) -> Session:
    """A till before its store is open."""
    return Session(State.STARTING, shop.language)


def refuse(session: Session, word: Saying, detail: str = "") -> Step:
    """Nothing happens but a beep and the reason on the screen."""
    notice = Notice(word, detail, NoticeTone.REFUSAL)
    return replace(session, notice=notice), (Beep(Tone.REFUSED),)


def sound_alarm(session: Session, word: Saying, detail: str = "") -> Step:
    """A beep, and what the cashier must read, in the place of any alarm before it; but why selling
    has stopped stays.
    """
    if session.state is not State.STOPPED:
        session = replace(session, notice=None, alarm=Notice(word, detail, NoticeTone.ALARM))
    return session, (Beep(Tone.REFUSED),)


def say(session: Session, word: Saying, detail: str = "") -> Session:
    return replace(session, notice=Notice(word, detail))


def has_entry(session: Session) -> bool:
    """Whether something was keyed that nothing has used yet."""
    return session.entry != "" or session.quantity_milli is not None


def refuse_key(session: Session) -> Step:
    """A key or scan has no use here, nor has it one for what was keyed before it."""
    return refuse(session, Word.REFUSED_UNUSED if has_entry(session) else Word.REFUSED_KEY)


def forget_entry(session: Session) -> Session:
    """Without what was keyed."""
    return replace(session, entry="", quantity_milli=None)


def open_basket(session: Session) -> Basket:
    """The basket; asking for it where there is none is a bug."""
    assert session.basket is not None, f"no basket in {session.state}"
    return session.basket
