"""The morning of the scripted day: selling, paying, refusals."""

from typing import Final

from edge.checkout.words.texts import Word
from edge.checkout.words.texts_shift import ShiftWord
from edge.checkout.words.texts_staff import StaffWord
from edge.demo.shelf import CARD_NUMBER, MISREAD_CODE, UNKNOWN_CODE
from edge.demo.steps import DayStep, PutOnScale, Scan, Take, Type, sale

MORNING: Final[tuple[DayStep, ...]] = (
    DayStep(
        "Lin signs on with number and PIN.",
        (Type("1 ENTER 1234 ENTER"),),
        says=StaffWord.HELLO,
    ),
    DayStep(
        "Before opening, 500 yuan of change are put into the drawer, and the shift is opened.",
        (Type("500 MENU 24"),),
        says=ShiftWord.OPENED,
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
        "Apples with a label; bananas by their number, and the till asks its own scale.",
        Take("Apples Red Fuji", 846),
        PutOnScale(1_200),
        Type("2003 ENTER 30 CASH"),
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
        "The packet is dented: Wei, the supervisor, lets its price be changed to 5 yuan.",
        Take("Dark Chocolate 80 g"),
        Type("5 MENU 15 9 ENTER 9753 ENTER CASH"),
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
)
