"""Noon of the scripted day: members, points, coupons, payments of every kind, without a network."""

from typing import Final

from edge.checkout.words.texts import Word
from edge.checkout.words.texts_staff import StaffWord
from edge.demo.loyalty import ANA_CARD, ANA_PHONE, COUPON, GIFT_CARD, XIAOMING_CARD, XIAOMING_PHONE
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
    sale(
        "Xiaoming scans his card and pays 5 yuan with points, the rest in cash.",
        Scan(XIAOMING_CARD, "a member's card"),
        Take("Canned Latte 240 ml"),
        Type("SUBTOTAL 5 MEMBER ENTER CASH"),
        total="6.50",
    ),
    sale(
        "Ana tops her account up with 200 yuan, and gets 10 on top.",
        Scan(ANA_CARD, "a member's card"),
        Type("200 MENU 48 ENTER ENTER CASH"),
        total="200.00",
    ),
    sale(
        "Her tea is on her count card, the croissant on her stored value.",
        Scan(ANA_CARD, "a member's card"),
        Type("2631 ENTER"),
        Take("Butter Croissant"),
        Type("SUBTOTAL MEMBER DOWN DOWN ENTER MEMBER DOWN ENTER"),
        total="9.97",
        pulses=0,
    ),
    sale(
        "A coupon is scanned, five off from thirty; a gift card pays.",
        Take("Light Soy Sauce 500 ml"),
        Take("Ground Coffee 227 g"),
        Scan(COUPON, "a coupon"),
        Type("SUBTOTAL MENU 52"),
        Scan(GIFT_CARD, "a gift card"),
        total="43.90",
        pulses=0,
    ),
    DayStep(
        "Somebody has forgotten the milk: her sale is held, and the next customer is served.",
        (Take("Wheat Flour 2.5 kg"), Type("MENU 18")),
        says=Word.HELD,
    ),
    sale(
        "The next customer.",
        Take("Newspaper"),
        Type("CASH"),
        total="2.00",
    ),
    sale(
        "She is back with the milk.",
        Type("MENU 19"),
        Take("Soy Milk 250 ml"),
        Type("CASH"),
        total="19.50",
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
    sale(
        "Offline: coffee that a gift card paid comes back, and the money goes back onto the card.",
        Type("MENU 11"),
        ScanReceipt(16),
        Take("Ground Coffee 227 g"),
        Type("SUBTOTAL ENTER"),
        total="35.01",
        pulses=0,
    ),
    DayStep(
        "Receipt 2 a third time? All of it was given back already.",
        (Type("MENU 11 2 ENTER"),),
        says=Word.REFUSED_ALL_BACK,
    ),
    DayStep("The cashier leaves the refund.", (Type("CLEAR"),)),
    DayStep("THE NETWORK IS BACK. What was sold meanwhile arrives.", (Network(up=True),)),
)
