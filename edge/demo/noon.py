"""Noon of the scripted day: members, points, coupons, payments of every kind, without a network."""

from typing import Final

from edge.checkout.texts import Word
from edge.checkout.texts_staff import StaffWord
from edge.demo.loyalty import ANA_PHONE, XIAOMING_PHONE
from edge.demo.shelf import PHONE_CODE
from edge.demo.steps import DayStep, Network, Scan, ScanReceipt, Take, Type, sale

MEMBERS: Final[tuple[DayStep, ...]] = (
    sale(
        "Somebody new: no member has that number, ENTER enrols her, and the sale is hers.",
        Take("Sesame Oil 350 ml"),
        Type("MEMBER 13500135005 ENTER ENTER"),
        Type("CASH"),
        total="22.50",
    ),
    sale(
        "Xiaoming, by the last four digits: two have them, he is the one that is marked.",
        Type("8001 MEMBER ENTER"),
        Take("Green Tea Loose 100 g"),
        Type("CASH"),
        total="28.00",
    ),
    DayStep(
        "What does Xiaoming have? His balances; CLEAR leads back.",
        (Type(f"{XIAOMING_PHONE} MENU 49"),),
    ),
    DayStep("Back to selling.", (Type("CLEAR"),)),
    sale(
        "Ana is gold: five percent off everything, by her phone number.",
        Take("Ground Coffee 227 g"),
        Type(f"{ANA_PHONE} MEMBER"),
        Type("CASH"),
        total="37.05",
    ),
    sale(
        "A mobile payment: the customer shows a code, the phone confirms.",
        Take("Jasmine Rice 5 kg"),
        Type("MOBILE"),
        Scan(PHONE_CODE, "the code on a phone"),
        total="49.90",
        pulses=0,
    ),
    sale(
        "A paper voucher of 20 yuan, the rest in cash.",
        Take("Dry Red Wine 750 ml"),
        Type("ENTER"),
        Type("20 MENU 53 4711 ENTER CASH"),
        total="59.00",
    ),
)

OFFLINE: Final[tuple[DayStep, ...]] = (
    DayStep(
        "THE NETWORK IS LOST. Nobody at the till has to care.", (Type("CLEAR"), Network(up=False))
    ),
    sale(
        "Offline: beer, so the till asks for the age; 20 yuan in cash, the rest by card.",
        Take("Lager Beer 500 ml"),
        Type("ENTER"),
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
        Type("MENU 11 9 ENTER 9753 ENTER"),
        ScanReceipt(2),
        Take("Cola 330 ml"),
        Type("CASH"),
        total="3.00",
    ),
    DayStep(
        "Wei takes over from Lin: a supervisor may all that is asked for in the afternoon.",
        (Type("MENU 61 9 ENTER 9753 ENTER"),),
        says=StaffWord.HELLO,
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
)
