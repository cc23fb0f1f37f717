"""A till for playbooks: inputs in, effects out, on a clock of its own; the test plays the world.

The disk answers when the test says `stored()`, the printer when it says `printed()`; nothing is
answered by itself.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

from edge.checkout.devices import Kind, TillDevice
from edge.checkout.effects import (
    AskPayment,
    Effect,
    FindSale,
    FindVoucher,
    OpenDrawer,
    PayIntent,
    PrintReceipt,
    RecordEntries,
    RecordLive,
    SaveDraft,
    ShowScreens,
    StoreEntries,
)
from edge.checkout.goods.barcode import EmbeddedKind, LabelLayout, check_digit
from edge.checkout.goods.catalogue import Catalogue, Product
from edge.checkout.inputs import (
    BarcodeScanned,
    Input,
    Key,
    KeyPressed,
    PaymentAnswered,
    PendingReceipt,
    ReceiptFailed,
    ReceiptPrinted,
    SaleFound,
    SaleMissing,
    SaleStored,
    Started,
    StoreFailed,
    StoreFailure,
    VoucherAnswered,
)
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.machine import step
from edge.checkout.money import CURRENCIES
from edge.checkout.paper.receipt_layout import lay_out
from edge.checkout.payments.payment import NO_BOOKS, PaymentAnswer, PaymentBooks, PaymentOutcome
from edge.checkout.records import Entry, EntryKind, Sale, TenderKind, Unit, sale_from
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.holding import HeldSale
from edge.checkout.screens import CashierScreen, CustomerScreen
from edge.checkout.session import Facts, Session, State, start
from edge.checkout.shifts.drawer_inputs import DrawerPulsed, Pulse
from edge.checkout.shop import Shop, TaxMode, TaxRate
from tests.support.payment_books import books_of

COLA = Product("1001", "Cola", "可乐", 350, "A", Unit.EACH)
WATER = Product("1002", "Water", "矿泉水", 200, "B", Unit.EACH)
SOAP = Product("1003", "Soap", "肥皂", 1000, "A", Unit.EACH)
GUM = Product("1004", "Gum", "口香糖", 99, "Z", Unit.EACH)
TILE = Product("1005", "Tile", "瓷砖", 295, "A", Unit.EACH)
APPLES = Product("2001", "Apples", "苹果", 1280, "B", Unit.KG)
CHEESE = Product("2002", "Cheese", "奶酪", 10000, "B", Unit.KG)

COLA_EAN13 = "9520000010010"
WATER_EAN8 = "95200026"
SOAP_UPC_A = "952000003003"
GUM_UPC_E, GUM_UPC_A = "04252614", "042100005264"
APPLES_350_GRAMS = "2200101003506"
CHEESE_AT_12_50 = "2100202012509"

CATALOGUE = Catalogue(
    "1",
    {
        **{product.plu: product for product in (COLA, WATER, SOAP, GUM, TILE, APPLES, CHEESE)},
        COLA_EAN13: COLA,
        WATER_EAN8: WATER,
        "0" + SOAP_UPC_A: SOAP,
        "0" + GUM_UPC_A: GUM,
        "2200101": APPLES,
        "2100202": CHEESE,
    },
)
SHOP = Shop(
    name="小店 Corner Shop",
    device="till-1",
    currency=CURRENCIES["CNY"],
    tax_mode=TaxMode.INCLUDED,
    tax_rates={"A": TaxRate("A", 1300), "B": TaxRate("B", 900), "Z": TaxRate("Z", 0)},
    labels=(
        LabelLayout("21IIIIIVVVVVC", EmbeddedKind.PRICE),
        LabelLayout("22IIIIIVVVVVC", EmbeddedKind.WEIGHT),
    ),
    header=("1 High Street",),
    footer=("No cash, no return",),
    utc_offset_minutes=480,
    payment_terminal="mobile",
    devices=(TillDevice("printer", Kind.PRINTER), TillDevice("drawer", Kind.DRAWER)),
)
# Shelf prices without tax, and no coin below five.
NET_SHOP = replace(SHOP, tax_mode=TaxMode.EXCLUDED)
FIVES_SHOP = replace(SHOP, cash_step_minor=5)

OTHER_FACTS = [each.name for each in fields(Facts) if each.name not in {"shop", "catalogue"}]
NOON_MS = 1_767_240_000_000
PAPER_COLUMNS = 32
Sort = TypeVar("Sort", bound=Effect)


def with_check_digit(digits: str) -> str:
    """The GTIN that begins with these digits."""
    return digits + str(check_digit(digits))


def keys_of(text: str) -> list[Key]:
    """The keys of `"3 X 1000 CASH"`: names by their spaces, numbers digit by digit."""
    keys: list[Key] = []
    for word in text.split():
        is_number = not word.strip("0123456789.") and word != Key.DOUBLE_ZERO
        keys += [Key(digit) for digit in word] if is_number else [Key(word)]
    return keys


class Till:
    """One till and its world. `effects` are those of the last step, `all_effects` of every one;
    `journal` is what the disk has taken, `draft` the basket that a power cut would leave on it,
    `printing` what the printer has not answered yet.
    """

    def __init__(
        self,
        shop: Shop = SHOP,
        catalogue: Catalogue = CATALOGUE,
        *,
        next_receipt_no: int = 1,
        draft: Basket | None = None,
        pending: tuple[PendingReceipt, ...] = (),
        held: tuple[HeldSale, ...] = (),
        payments: PaymentBooks = NO_BOOKS,
        shift_no: int = 0,
        **facts: Any,
    ) -> None:
        self.facts = Facts(shop, catalogue, **facts)
        self.session: Session = start(shop)
        self.effects: tuple[Effect, ...] = ()
        self.all_effects: list[Effect] = []
        self.journal: list[Entry] = []
        self.quality = ClockQuality.SYNCED
        self._ticks = 0
        # What a quick hand, or a slow disk, adds to the last tick.
        self._late_ms = 0
        self._effect_ids = 100
        self.draft: Basket | None = draft
        self.printing: list[int] = []
        self.held: tuple[HeldSale, ...] = held
        # What answers effects of other kinds; a playbook puts its own in.
        self.world: dict[type, Callable[[Any], Input]] = {FindVoucher: self._voucher}
        self._asked: list[Effect] = []
        # What payment terminals were asked and have not answered yet.
        self.asks: list[PayIntent | AskPayment] = []
        self._sold: dict[int, tuple[Sale, Instant]] = {}
        self.feed(
            Started(
                self.now(),
                next_receipt_no,
                draft,
                pending,
                held,
                payments=payments,
                shift_no=shift_no,
            )
        )

    # --- inputs

    def now(self) -> Instant:
        """A second later each time."""
        self._ticks += 1
        return self._moment

    def within(self, ms: int) -> Instant:
        """So much later than whatever happened last."""
        self._late_ms += ms
        return self._moment

    @property
    def _moment(self) -> Instant:
        now_ms = self._ticks * 1000 + self._late_ms
        return Instant(NOON_MS + now_ms, "boot", now_ms, self.quality)

    def feed(self, cause: Input) -> "Till":
        self.session, self.effects = step(self.session, cause, self.facts)
        self.all_effects += self.effects
        self.printing += [effect.effect_id for effect in self.of(PrintReceipt)]
        for saved in self.of(SaveDraft):
            self.draft = saved.basket
        for effect in self.effects:
            if isinstance(effect, RecordEntries | RecordLive):
                self.journal += effect.entries
            elif isinstance(effect, PayIntent | AskPayment):
                self.journal += effect.first if isinstance(effect, AskPayment) else ()
                self.asks.append(effect)
        asking = (StoreEntries, FindSale, *self.world)
        self._asked += [each for each in self.effects if isinstance(each, asking)]
        return self

    def scan(self, *codes: str) -> "Till":
        for code in codes:
            self.feed(BarcodeScanned(code, self.now()))
        return self

    def press(self, keys: str) -> "Till":
        for key in keys_of(keys):
            self.feed(KeyPressed(key, self.now()))
        return self

    def sell(self, *codes: str, pay: str = "CASH") -> "Till":
        """A whole sale, stored."""
        return self.scan(*codes).press(pay).stored()

    # --- the world's answers

    @property
    def waits_for_disk(self) -> bool:
        return bool(self._asked)

    def stored(self, within_ms: int = 0) -> "Till":
        """The disk takes what it was asked to, and says so as much later."""
        asked = self._asked.pop(0)
        assert isinstance(asked, StoreEntries), asked
        self.journal += asked.entries
        if asked.ends_basket:
            self.draft = None
        if asked.holds is not None:
            self.held = (*self.held, asked.holds)
        if asked.recalls is not None:
            gone, self.draft = asked.recalls.number, asked.recalls.basket
            self.held = tuple(each for each in self.held if each.number != gone)
        for entry in asked.entries:
            if entry.kind in {EntryKind.SALE, EntryKind.REFUND}:
                sale = sale_from(entry.kind, entry.body)
                self._sold[sale.receipt_no] = (sale, asked.at)
        drawer = self._effect_id() if asked.opens_drawer else None
        receipt = self._effect_id() if asked.prints_receipt else None
        told_at = self.within(within_ms)
        return self.feed(SaleStored(asked.at, 1, len(self.journal), drawer, receipt, told_at))

    def found(self) -> "Till":
        """The disk answers a search with what it holds."""
        asked = self._asked.pop(0)
        assert isinstance(asked, FindSale), asked
        if asked.receipt_no not in self._sold:
            return self.feed(SaleMissing(self.now(), asked.receipt_no))
        sale, sold_at = self._sold[asked.receipt_no]
        refunds = [sold for sold, _ in self._sold.values() if sold.of_receipt_no == sale.receipt_no]
        paid_back = tuple(tender for refund in refunds for tender in refund.tenders)
        refunded = self._refunded(sale.receipt_no)
        terminals = {
            entry.body["intent"]: entry.body["terminal"]
            for entry in self.journal
            if entry.kind is EntryKind.PAYMENT_SENT
        }
        found = SaleFound(self.now(), sale, sold_at, refunded, paid_back, terminals)
        return self.feed(found)

    def _voucher(self, asked: FindVoucher) -> VoucherAnswered:
        taken = {
            tender.reference
            for sale, _ in self._sold.values()
            for tender in sale.tenders
            if (sale.kind, tender.kind) == (EntryKind.SALE, TenderKind.VOUCHER)
        }
        return VoucherAnswered(self.now(), asked.number in taken)

    def answered(self) -> "Till":
        """The world answers whatever it was asked first."""
        asked = self._asked[0]
        if type(asked) in self.world:
            self._asked.pop(0)
            return self.feed(self.world[type(asked)](asked))
        return self.stored() if isinstance(asked, StoreEntries) else self.found()

    def settled(self) -> "Till":
        """Everything that is asked is answered, until nothing is any more."""
        while self._asked:
            self.answered()
        return self

    def terminal(self, outcome: PaymentOutcome, detail: str = "", **other: Any) -> "Till":
        """The payment terminal answers what it was asked first; `other` is what it gets wrong."""
        asked = self.asks.pop(0)
        of = asked.intent if isinstance(asked, PayIntent) else asked.payment
        refund_id = "" if isinstance(asked, PayIntent) else asked.payment.refund_id
        seen = outcome is not PaymentOutcome.UNKNOWN and detail != "not_known"
        answer = PaymentAnswer(
            of.intent_id,
            outcome,
            of.amount_minor if seen else 0,
            f"gw-{of.intent_id}" if seen else "",
            detail,
            of.currency if seen else "",
            refund_id,
        )
        answered = PaymentAnswered(
            self.now(), refund_id or of.intent_id, asked.attempt, replace(answer, **other)
        )
        return self.feed(answered)

    def disk_fails(self, failure: StoreFailure = StoreFailure.IO_ERROR) -> "Till":
        self._asked.clear()
        return self.feed(StoreFailed(self.now(), failure))

    def pulsed(self, pulse: Pulse = Pulse.OPENED) -> "Till":
        """The last pulse is over."""
        ordered = self._last(OpenDrawer).effect_id
        return self.feed(DrawerPulsed(self.now(), ordered, pulse))

    def printed(self) -> "Till":
        """The oldest receipt that the printer has is on paper."""
        return self.feed(ReceiptPrinted(self.now(), self.printing.pop(0)))

    def not_printed(self) -> "Till":
        """The oldest receipt that the printer has is not on paper, and will not be."""
        return self.feed(ReceiptFailed(self.now(), self.printing.pop(0)))

    def restarted(self) -> "Till":
        """The till as it comes up again on the same disk after the power was cut."""
        till = type(self)(
            self.facts.shop,
            self.facts.catalogue,
            next_receipt_no=max(self._sold, default=0) + 1,
            draft=self.draft,
            held=self.held,
            payments=books_of(self.journal),
            shift_no=self.session.shift_no,
            **{name: getattr(self.facts, name) for name in OTHER_FACTS},
        )
        till.world = self.world
        till.journal, till._sold = self.journal, self._sold
        return till

    # --- what can be seen

    @property
    def state(self) -> State:
        return self.session.state

    @property
    def screen(self) -> CashierScreen:
        return self._last(ShowScreens).cashier

    @property
    def customer(self) -> tuple[str, str]:
        """The customer's two lines, without the spaces at their ends."""
        screen: CustomerScreen = self._last(ShowScreens).customer
        return screen.upper.strip(), screen.lower.strip()

    @property
    def notice(self) -> str:
        return self.screen.notice

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        return [(row.left, row.middle, row.right) for row in self.screen.rows]

    @property
    def total(self) -> tuple[str, str]:
        return self.screen.total_label, self.screen.total

    @property
    def done(self) -> list[str]:
        """The names of the last step's effects, without screens, beeps and drafts."""
        names = [type(effect).__name__ for effect in self.effects]
        return [name for name in names if name not in {"ShowScreens", "Beep", "SaveDraft"}]

    def of(self, kind: type[Sort]) -> list[Sort]:
        """The last step's effects of that kind."""
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def kinds(self) -> list[EntryKind]:
        """The kinds of the journal's entries, in order."""
        return [entry.kind for entry in self.journal]

    @property
    def sale(self) -> Sale:
        """The last sale or refund on record."""
        return self._sold[max(self._sold)][0]

    @property
    def receipt(self) -> list[str]:
        """The last receipt that was sent to the printer, as text without outer spaces."""
        return [line.strip() for line in lay_out(self._last(PrintReceipt).receipt, PAPER_COLUMNS)]

    # --- inside

    def _last(self, kind: type[Sort]) -> Sort:
        return next(effect for effect in reversed(self.all_effects) if isinstance(effect, kind))

    def _effect_id(self) -> int:
        self._effect_ids += 1
        return self._effect_ids

    def _refunded(self, receipt_no: int) -> dict[int, int]:
        refunded: dict[int, int] = {}
        for refund, _ in self._sold.values():
            if refund.of_receipt_no == receipt_no:
                for line in refund.lines:
                    gone = refunded.get(line.of_line, 0)
                    refunded[line.of_line] = gone + line.quantity_milli
        return refunded
