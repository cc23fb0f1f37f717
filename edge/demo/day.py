"""The scripted day: what the cashier does, step by step, and what has to come of it."""

from dataclasses import dataclass
from typing import TypeAlias

from edge.checkout.inputs import Key
from edge.checkout.texts import Saying, Word
from edge.checkout.texts_goods import GoodsWord
from edge.demo.shelf import CARD_NUMBER, MISREAD_CODE, UNKNOWN_CODE


@dataclass(frozen=True, slots=True)
class Take:
    """Goods from the shelf, over the scanner; weighed ones with the scales' label."""

    name: str
    weight_g: int = 0


@dataclass(frozen=True, slots=True)
class Scan:
    """A code that is not in the shelf; `what` says in words what it is."""

    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Type:
    """Keys of the keypad, in words: digits of a word are pressed one by one."""

    keys: str

    def pressed(self) -> tuple[Key, ...]:
        """The keys. Raises ValueError for one that no keypad has."""
        words = self.keys.split()
        return tuple(
            key
            for word in words
            for key in (map(Key, word) if word[0].isdecimal() else (Key(word),))
        )


@dataclass(frozen=True, slots=True)
class ScanReceipt:
    """The code on a receipt that was printed."""

    receipt_no: int


@dataclass(frozen=True, slots=True)
class Network:
    """Somebody pulls the cable to the broker, or plugs it in again."""

    up: bool


@dataclass(frozen=True, slots=True)
class PrinterCable:
    """Somebody unplugs the printer, or plugs it in again."""

    plugged: bool


Act: TypeAlias = Take | Scan | Type | ScanReceipt | Network | PrinterCable


@dataclass(frozen=True, slots=True)
class DayStep:
    """`says` is the last notice of the cashier's screen (None: none), `prints` how many receipts
    come out, `pulses` how often the drawer opens, `total` what the screen shows at the end.
    """

    what: str
    acts: tuple[Act, ...]
    says: Saying | None = None
    prints: int = 0
    pulses: int = 0
    total: str | None = None


def sale(what: str, *acts: Act, total: str, says: Saying | None = None, pulses: int = 1) -> DayStep:
    """A step that ends with a receipt; `total` is the change, or the sum where there is none."""
    return DayStep(what, acts, says, prints=1, pulses=pulses, total=total)


DAY: tuple[DayStep, ...] = (
    DayStep(
        "Before opening, 500 yuan of change are paid into the drawer.",
        (Type("500 MENU 22"),),
        says=Word.PAID_IN,
        pulses=1,
    ),
    sale(
        "The first customer: a bottle of water, the exact coins.",
        Take("Spring Water 550 ml"),
        Type("CASH"),
        total="2.00",
    ),
    sale(
        "Three colas in one go and a latte; a 50 note, change comes back.",
        Type("3 X"),
        Take("Cola 330 ml"),
        Take("Canned Latte 240 ml"),
        Type("50 CASH"),
        total="34.50",
    ),
    sale(
        "Apples with the label of the scales; bananas, weighed at the till, by their number.",
        Take("Apples Red Fuji", 846),
        Type("1.2 X 2003 ENTER 30 CASH"),
        total="9.69",
    ),
    sale(
        "On second thoughts no chocolate: the line is marked and voided.",
        Take("Orange Juice 1 L"),
        Take("Milk Chocolate 80 g"),
        Take("Butter Croissant"),
        Type("UP VOID CASH"),
        total="19.30",
    ),
    sale(
        "Not one yoghurt but four: the quantity is corrected.",
        Take("Plain Yoghurt 180 g"),
        Type("4 X ENTER 22 CASH"),
        total="22.00",
    ),
    sale(
        "The packet is dented: its price is changed to 5 yuan.",
        Take("Dark Chocolate 80 g"),
        Type("5 MENU 15 CASH"),
        total="5.00",
    ),
    sale(
        "Rice and oil by card; the terminal's approval code is keyed.",
        Take("Jasmine Rice 5 kg"),
        Take("Sesame Oil 350 ml"),
        Type("CARD 260411 ENTER"),
        total="72.40",
        pulses=0,
    ),
    DayStep(
        "An article of some other shop: the till doesn't know it.",
        (Scan(UNKNOWN_CODE, "a code that is in no catalogue"),),
        says=Word.REFUSED_UNKNOWN,
    ),
    DayStep(
        "A smudged barcode: its check digit gives it away.",
        (Scan(MISREAD_CODE, "a misread code"),),
        says=Word.REFUSED_MISREAD,
    ),
    DayStep(
        "Somebody holds a payment card before the scanner: refused, and written nowhere.",
        (Scan(CARD_NUMBER, "a card number"),),
        says=Word.REFUSED_CARD_NUMBER,
    ),
    DayStep(
        "THE NETWORK IS LOST. Nobody at the till has to care.", (Type("CLEAR"), Network(up=False))
    ),
    sale(
        "Offline: 20 yuan in cash, the rest by card.",
        Take("Lager Beer 500 ml"),
        Take("Beef Jerky 100 g"),
        Type("20 CASH CARD 771203 ENTER"),
        total="35.40",
    ),
    sale(
        "Offline: twelve photocopies, which have a number and no barcode.",
        Type("12 X 2604 ENTER 10 CASH"),
        total="4.00",
    ),
    sale(
        "Offline: a cola comes back; its receipt is scanned, and cash given back.",
        Type("MENU 11"),
        ScanReceipt(2),
        Take("Cola 330 ml"),
        Type("CASH"),
        total="3.00",
    ),
    sale(
        "Offline: an hour later the rest of that receipt comes back as well.",
        Type("MENU 11 2 ENTER SUBTOTAL CASH"),
        total="12.50",
    ),
    DayStep(
        "A third time? All of it was given back already.",
        (Type("MENU 11 2 ENTER SUBTOTAL"),),
        says=Word.REFUSED_GIVEN_BACK,
    ),
    DayStep("The cashier leaves the refund.", (Type("CLEAR"),)),
    DayStep("THE NETWORK IS BACK. What was sold meanwhile arrives.", (Network(up=True),)),
    DayStep("Somebody trips over the printer's cable.", (PrinterCable(plugged=False),)),
    DayStep(
        "The sale is stored and the drawer opens; no paper comes, and the till offers a reprint.",
        (Take("Toothpaste 120 g"), Take("Toothbrush"), Type("CASH")),
        says=Word.RECEIPT_PENDING,
        pulses=1,
    ),
    DayStep(
        "The printer is plugged in again, and the cashier takes the offer: it is marked as a copy.",
        (PrinterCable(plugged=True), Type("ENTER")),
        says=Word.COPY_PRINTING,
        prints=1,
    ),
    sale(
        "A notebook comes back without a receipt; its price is given back.",
        Type("MENU 12"),
        Take("Notebook A5"),
        Type("CASH"),
        total="6.80",
    ),
    DayStep(
        "A crate of colas is delivered: 24 are counted in.",
        (Type("MENU 31 24 X"), Take("Cola 330 ml")),
        says=GoodsWord.STOCK_NOW,
    ),
    DayStep("The delivery is done.", (Type("CLEAR"),)),
    DayStep(
        "A customer wants a note changed: the drawer opens without a sale, on record.",
        (Type("MENU 21"),),
        says=Word.DRAWER_OPENED,
        pulses=1,
    ),
    DayStep(
        "A customer has left the purse at home: the sale is cancelled, on record.",
        (Take("Wheat Flour 2.5 kg"), Take("Eggs x10"), Type("MENU 14")),
        says=Word.CANCELLED,
    ),
    sale(
        "The colleague of the afternoon reads Chinese: the screen changes, and sells on.",
        Type("MENU 91"),
        Take("Jasmine Tea 500 ml"),
        Take("Egg Tart"),
        Type("2 X"),
        Take("Steamed Bun Plain x4"),
        Type("20 CASH"),
        total="2.50",
    ),
    DayStep(
        "Back to English. Snacks are 3 for 2, nuts have a half price: the till says which and why.",
        (
            Type("MENU 91"),
            Take("Potato Crisps Salted 75 g"),
            Take("Prawn Crackers 60 g"),
            Take("Rice Crackers 150 g"),
            Take("Mixed Nuts 175 g"),
            Type("MENU 20"),
        ),
        total="42.20",
    ),
    sale(
        "One more packet of nuts gets its half; the dented one, 10 percent by hand.",
        Type("ENTER"),
        Take("Mixed Nuts 175 g"),
        Type("10 MENU 16 ENTER 60 CASH"),
        total="6.41",
    ),
    DayStep(
        "Two teas, and a jar of honey goes with them: the till says so until it is scanned.",
        (
            Take("Green Tea Loose 100 g"),
            Take("Pu-erh Tea Cake 100 g"),
            Type("MENU 20"),
        ),
        total="65.00",
    ),
    sale(
        "The honey is scanned, and costs nothing; plum wine is a flash sale.",
        Type("ENTER"),
        Take("Honey 500 g"),
        Take("Plum Wine 330 ml"),
        Type("CASH"),
        total="83.00",
    ),
    sale(
        "A last full basket, by card.",
        Take("Northeast Rice 10 kg"),
        Take("Light Soy Sauce 500 ml"),
        Take("Firm Tofu 400 g"),
        Take("Tomatoes", 1234),
        Take("Carrier Bag Large"),
        Type("CARD 448190 ENTER"),
        total="94.43",
        pulses=0,
    ),
    sale(
        "One more bottle of water as the lights go out.",
        Take("Spring Water 550 ml"),
        Type("5 CASH"),
        total="3.00",
    ),
    DayStep(
        "The last customer wants a second receipt.",
        (Type("MENU 13"),),
        says=Word.COPY_PRINTING,
        prints=1,
    ),
    DayStep(
        "400 yuan go to the bank.",
        (Type("400 MENU 23"),),
        says=Word.PAID_OUT,
        pulses=1,
    ),
)
