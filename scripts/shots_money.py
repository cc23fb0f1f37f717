"""The guide's pictures of money: payments, goods that come back, the shift."""

from typing import Final

from edge.checkout.words.texts import Word
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_payment import PaymentWord
from edge.checkout.words.texts_shift import ShiftWord
from edge.demo.loyalty import ANA_PHONE
from edge.demo.shelf import PHONE_CODE
from edge.demo.steps import Scan, ScanReceipt, Take, Type
from scripts.shot import COLA, SIGN_ON, Shot

WINE: Final = Take("Dry Red Wine 750 ml")
RICE: Final = Take("Jasmine Rice 5 kg")
SALE: Final = (Type("3 X"), COLA, RICE, Take("Egg Tart"))
# The last digit says what becomes of it: see edge/drivers/payments/payment_simulated.py.
NEVER_CONFIRMED: Final = Scan(PHONE_CODE[:-1] + "3", "a phone that does not confirm")
NEVER_HEARD_OF: Final = Scan(PHONE_CODE[:-1] + "6", "a phone, and the network is down")
DECLINED: Final = Scan(PHONE_CODE[:-1] + "1", "a phone without money")

PAYING: Final = (
    Shot(
        "cash-change",
        "The change stays on the screen until the next scan",
        "找零一直显示到下次扫码",
        "`10000` `CASH`",
        (COLA, RICE, Type("100 CASH")),
        Word.CHANGE,
    ),
    Shot(
        "card",
        "Take it on the terminal, key its approval code",
        "在刷卡机上收款，再输授权码",
        "`CARD`",
        (*SALE, Type("CARD")),
        Word.CARD_PAYMENT,
    ),
    Shot(
        "parts",
        "20.00 in cash were given, the rest is due",
        "已收现金 20.00，还差余额",
        "`2000` `CASH`",
        (*SALE, Type("20 CASH")),
        Word.TO_PAY,
    ),
    Shot(
        "mobile",
        "Scan the customer's phone",
        "请扫顾客的付款码",
        "`MOBILE`",
        (COLA, Type("MOBILE")),
        PaymentWord.SCAN_CODE,
    ),
    Shot(
        "mobile-waiting",
        "The customer confirms",
        "等待顾客确认",
        "scan",
        (COLA, Type("MOBILE"), NEVER_CONFIRMED),
        PaymentWord.CONFIRMING_FOR,
    ),
    Shot(
        "mobile-unknown",
        "Nobody knows yet whether it was charged",
        "还不知道是否已扣款",
        "",
        (COLA, Type("MOBILE"), NEVER_HEARD_OF),
        PaymentWord.UNKNOWN,
    ),
    Shot(
        "mobile-declined",
        "Declined: nothing is charged",
        "被拒绝：没有扣款",
        "",
        (COLA, Type("MOBILE"), DECLINED),
        PaymentWord.REFUSED_DECLINED,
    ),
    Shot(
        "pending",
        "A payment that is being taken back",
        "一笔正在撤回的付款",
        "`MENU` `54`",
        (COLA, Type("MOBILE"), NEVER_HEARD_OF, Type("CLEAR CLEAR CASH MENU 54")),
        PaymentWord.PENDING,
        task="54",
    ),
    Shot(
        "voucher",
        "The number of a voucher of 20.00",
        "20.00 代金券的券号",
        "`2000` `MENU` `53`",
        (*SALE, Type("20 MENU 53")),
        PaymentWord.VOUCHER,
        task="53",
    ),
)

REFUNDS: Final = (
    Shot(
        "refund",
        "One of three colas comes back",
        "三瓶可乐退一瓶",
        "`MENU` `11`, scan, scan",
        (*SALE, Type("CASH MENU 11"), ScanReceipt(1), COLA),
        Word.REFUND,
        task="11",
    ),
    Shot(
        "pay-back",
        "To each payment what it paid",
        "按原付款方式退回",
        "`SUBTOTAL` `SUBTOTAL`",
        (
            RICE,
            Type(f"{ANA_PHONE} MEMBER"),
            Type("SUBTOTAL 20 MEMBER ENTER CASH MENU 11"),
            ScanReceipt(1),
            Type("SUBTOTAL SUBTOTAL"),
        ),
        AccountWord.PAY_BACK,
    ),
    Shot(
        "return",
        "A notebook comes back without its receipt",
        "没有小票，退一本笔记本",
        "`MENU` `12`, scan",
        (Type("MENU 12"), Take("Notebook A5")),
        Word.RETURN,
        task="12",
    ),
)

SHIFT: Final = (
    Shot(
        "open-shift",
        "What should be in the drawer",
        "钱箱里应有的现金",
        "`MENU` `24`",
        (SIGN_ON, Type("500 MENU 24 MENU 26 5 ENTER SUBTOTAL ENTER MENU 24")),
        ShiftWord.FLOAT,
        task="24",
        before=(),
    ),
    Shot(
        "x-report",
        "How the shift stands",
        "本班到现在的情况",
        "`MENU` `25`",
        (COLA, Type("CASH"), RICE, Type("CARD 4711 ENTER MENU 25")),
        ShiftWord.ASK_READ,
        task="25",
    ),
    Shot(
        "count",
        "Four hundreds and two fifties so far",
        "已清点四张一百、两张五十",
        "`MENU` `26`, `4` `ENTER`, `2` `ENTER`",
        (COLA, Type("CASH MENU 26 4 ENTER 2 ENTER")),
        ShiftWord.COUNT,
        task="26",
    ),
    Shot(
        "count-left",
        "Counted; how much stays in the drawer?",
        "清点完毕；留多少在钱箱？",
        "`50000` `CASH`, `ENTER`",
        (COLA, Type("CASH MENU 26 500 CASH ENTER")),
        ShiftWord.KEEP,
    ),
    Shot(
        "z-closed",
        "Closed, 3.00 short: nothing to undo",
        "已结账，短款 3.00：不用更正",
        "`ENTER`",
        (COLA, Type("CASH MENU 26 500 CASH ENTER ENTER")),
        ShiftWord.CLOSED_SHORT,
    ),
)
