"""The afternoon and evening of the scripted day: mishaps, stock, discounts, the last Z."""

from typing import Final

from edge.checkout.words.texts import Word
from edge.checkout.words.texts_goods import GoodsWord
from edge.checkout.words.texts_shift import ShiftWord
from edge.checkout.words.texts_staff import StaffWord
from edge.demo.steps import DayStep, PrinterCable, Take, Type, sale

AFTERNOON: Final[tuple[DayStep, ...]] = (
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
        Type("ENTER CASH"),
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
    DayStep(
        "An X report: the figures so far, on the screen and on paper; nothing is closed.",
        (Type("MENU 25"),),
        prints=1,
    ),
    DayStep(
        "The till closes: the drawer is counted, and nobody is told what should be in it.",
        (Type("ENTER MENU 26"),),
        pulses=1,
    ),
    DayStep(
        "Seven hundreds, a ten, four ones; the coins are let be.",
        (Type("7 ENTER ENTER ENTER 1 ENTER ENTER 4 ENTER"),),
    ),
    DayStep(
        "All of it stays in the drawer. The Z report says over or short, and is never in the way.",
        (Type("SUBTOTAL ENTER"),),
        says=ShiftWord.CLOSED_SHORT,
        prints=1,
    ),
    DayStep("Wei signs off.", (Type("MENU 62"),), says=StaffWord.GOODBYE),
)
