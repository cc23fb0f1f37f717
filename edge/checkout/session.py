"""Where a till is: the one value that the machine carries from step to step."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

from edge.checkout.basket import Basket
from edge.checkout.catalogue import Catalogue
from edge.checkout.effects import Beep, Effect, Tone
from edge.checkout.inputs import DeviceState, Input, PendingReceipt, SaleFound
from edge.checkout.instant import ClockQuality
from edge.checkout.records import Sale
from edge.checkout.screens import NoticeTone
from edge.checkout.shop import Language, Shop
from edge.checkout.texts import Word

# Twelve digits hold every amount that the limits allow; a longer entry is a barcode keyed by hand.
MAX_ENTRY = 14
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
    STORING = "storing"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the screen tells the cashier, until the next thing happens."""

    word: Word
    detail: str = ""
    tone: NoticeTone = NoticeTone.INFO


@dataclass(frozen=True, slots=True)
class PastSale:
    """A sale that is being given back: what was found, and the units picked by line."""

    found: SaleFound
    picks: dict[int, int]


class SearchPurpose(StrEnum):
    """What a past sale is looked up for."""

    REFUND = "refund"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Storing:
    """What is on its way to the disk: the sale or refund, if it is one; the sale whose copy is to
    be printed, if it is that; what to say and where to go once it is stored; whether the open
    basket ends with it.
    """

    then: State
    notice: Notice | None = None
    sale: Sale | None = None
    copy_of: PendingReceipt | None = None
    ends_basket: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """All that a till has in mind. `entry` is what was keyed, `quantity_milli` what `X` set,
    `selected` the line under the marker counted from the top (-1: the last one), `menu_row` the
    marked task of the menu; `alarm` stays above every notice until a key is pressed, or, where it
    is why selling has stopped, for good.
    """

    state: State
    language: Language
    next_receipt_no: int = 1
    basket: Basket | None = None
    entry: str = ""
    quantity_milli: int | None = None
    selected: int = -1
    notice: Notice | None = None
    came_from: State = State.IDLE
    menu_digits: str = ""
    menu_row: int = 0
    card_minor: int = 0
    stock_sign: int = 1
    purpose: SearchPurpose = SearchPurpose.REFUND
    past: PastSale | None = None
    storing: Storing | None = None
    last_sale: Sale | None = None
    deferred: tuple[Input, ...] = ()
    printing: tuple[PendingReceipt, ...] = ()
    unprinted: tuple[PendingReceipt, ...] = ()
    lost_devices: tuple[str, ...] = ()
    online: bool = False
    clock: ClockQuality = ClockQuality.UNSET
    alarm: Notice | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the core may look up: the shop's settings and the catalogue in force."""

    shop: Shop
    catalogue: Catalogue


Step: TypeAlias = tuple[Session, tuple[Effect, ...]]
# A handler's input is the one that its row of the table names; the table is what guarantees it.
Handler: TypeAlias = Callable[[Session, Any, Facts], Step]

LOST_STATES = frozenset({DeviceState.ABSENT, DeviceState.FAULTED})


def start(shop: Shop) -> Session:
    """A till before its store is open."""
    return Session(State.STARTING, shop.language)


def refuse(session: Session, word: Word, detail: str = "") -> Step:
    """Nothing happens but a beep and the reason on the screen."""
    notice = Notice(word, detail, NoticeTone.REFUSAL)
    return replace(session, notice=notice), (Beep(Tone.REFUSED),)


def sound_alarm(session: Session, word: Word, detail: str = "") -> Step:
    """A beep, and what the cashier must read, in the place of any alarm before it; but why selling
    has stopped stays.
    """
    if session.state is not State.STOPPED:
        session = replace(session, notice=None, alarm=Notice(word, detail, NoticeTone.ALARM))
    return session, (Beep(Tone.REFUSED),)


def say(session: Session, word: Word, detail: str = "") -> Session:
    return replace(session, notice=Notice(word, detail))


def has_entry(session: Session) -> bool:
    """Whether something was keyed that nothing has used yet."""
    return session.entry != "" or session.quantity_milli is not None


def forget_entry(session: Session) -> Session:
    """Without what was keyed."""
    return replace(session, entry="", quantity_milli=None)


def open_basket(session: Session) -> Basket:
    """The basket; asking for it where there is none is a bug."""
    assert session.basket is not None, f"no basket in {session.state}"
    return session.basket
