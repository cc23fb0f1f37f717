"""The guide's pictures of the rest: people, the drawer, papers, training, what goes wrong."""

from typing import Final

from edge.checkout.words.texts import Word
from edge.checkout.words.texts_device_list import DeviceListWord
from edge.checkout.words.texts_sending import SendingWord
from edge.checkout.words.texts_staff import StaffWord
from edge.checkout.words.texts_training import TrainingWord
from edge.demo.steps import Network, PrinterCable, Take, Type
from scripts.shot import COLA, OPENED, SIGN_ON, Shot

LIN: Final = (Type("1 ENTER 1234 ENTER"), Type("500 MENU 24"))
SOLD: Final = (COLA, Take("White Toast 400 g"), Type("CASH"))
WRONG_FIVE_TIMES: Final = (Type("MENU 62"), Type("1 ENTER"), *(Type("9999 ENTER"),) * 5)

PEOPLE: Final = (
    Shot(
        "signed-off",
        "Nobody is signed on",
        "没有人登录",
        "",
        (),
        StaffWord.SIGNED_OFF,
        before=(),
    ),
    Shot(
        "sign-on",
        "The PIN is shown as dots",
        "密码只显示圆点",
        "`1` `MENU` `61`",
        (*SOLD[:2], Type("1 MENU 61 123")),
        StaffWord.PIN,
        task="61",
    ),
    Shot(
        "sign-off",
        "Signed off",
        "已退出登录",
        "`MENU` `62`",
        (Type("MENU 62"),),
        StaffWord.GOODBYE,
        task="62",
    ),
    Shot(
        "clock-in",
        "Ana has begun her day",
        "Ana 已上班",
        "`2` `MENU` `63`, PIN, `ENTER`",
        (Type("2 MENU 63 2468 ENTER"),),
        StaffWord.CLOCKED_IN,
        task="63",
    ),
    Shot(
        "clock-out",
        "Ana has ended her day",
        "Ana 已下班",
        "`2` `MENU` `64`, PIN, `ENTER`",
        (Type("2 MENU 63 2468 ENTER 2 MENU 64 2468 ENTER"),),
        StaffWord.CLOCKED_OUT,
        task="64",
    ),
    Shot(
        "break",
        "Her break begins",
        "Ana 开始休息",
        "`2` `MENU` `65`, PIN, `ENTER`",
        (Type("2 MENU 63 2468 ENTER 2 MENU 65 2468 ENTER"),),
        StaffWord.BREAK_BEGAN,
        task="65",
    ),
    Shot(
        "supervisor",
        "A cashier may not: the supervisor's number",
        "收银员无权：请主管输工号",
        "`200` `MENU` `15`",
        (*SOLD[:2], Type("2 MENU 15")),
        StaffWord.SUPERVISOR,
        before=LIN,
    ),
    Shot(
        "supervisor-pin",
        "The supervisor's PIN",
        "再输主管密码",
        "`9` `ENTER`",
        (*SOLD[:2], Type("2 MENU 15 9 ENTER 975")),
        StaffWord.SUPERVISOR_PIN,
        before=LIN,
    ),
    Shot(
        "locked",
        "Five wrong PINs",
        "密码连错五次",
        "",
        WRONG_FIVE_TIMES,
        StaffWord.REFUSED_LOCKED,
    ),
    Shot(
        "unlock",
        "The supervisor unlocks Lin",
        "主管解锁 Lin",
        "`MENU` `66`",
        (*WRONG_FIVE_TIMES, Type("CLEAR CLEAR"), SIGN_ON, Type("MENU 66")),
        StaffWord.UNLOCKED,
        task="66",
    ),
)

OFFICE: Final = (
    Shot(
        "copy",
        "A copy of the last receipt",
        "补打上一张小票",
        "`MENU` `13`",
        (*SOLD, Type("MENU 13")),
        Word.COPY_PRINTING,
        task="13",
    ),
    Shot(
        "send",
        "Where shall the receipt go?",
        "电子小票发到哪里？",
        "`MENU` `71`",
        (*SOLD, Type("MENU 71")),
        SendingWord.TITLE,
        task="71",
    ),
    Shot(
        "no-sale",
        "The drawer is open, and that is on record",
        "钱箱已开，并有记录",
        "`MENU` `21`",
        (Type("MENU 21"),),
        Word.DRAWER_OPENED,
        task="21",
    ),
    Shot(
        "paid-in",
        "100.00 were put in",
        "存入 100.00",
        "`10000` `MENU` `22`",
        (Type("100 MENU 22"),),
        Word.PAID_IN,
        task="22",
    ),
    Shot(
        "paid-out",
        "50.00 were taken out",
        "取出 50.00",
        "`5000` `MENU` `23`",
        (Type("100 MENU 22"), Type("50 MENU 23")),
        Word.PAID_OUT,
        task="23",
    ),
    Shot(
        "training",
        "Training: nothing counts",
        "练习模式：不计入营业",
        "`MENU` `92`, scan",
        (Type("MENU 92"), COLA),
        TrainingWord.TITLE,
        task="92",
    ),
    Shot(
        "language",
        "The same sale in both languages",
        "同一单，两种语言",
        "`MENU` `91`",
        (*SOLD[:2], Type("MENU 91 MENU 91")),
        Word.SALE,
        task="91",
    ),
)

DEVICES: Final = (
    Shot(
        "devices",
        "Every device, and since when one is away",
        "所有设备，哪个从何时起未连接",
        "`MENU` `93`",
        (PrinterCable(plugged=False), Type("MENU 93")),
        DeviceListWord.ABSENT,
        task="93",
    ),
)

WRONG: Final = (
    Shot(
        "offline",
        "Without a network the till sells on",
        "断网照常销售",
        "",
        (Network(up=False), *SOLD[:2]),
        Word.OFFLINE,
    ),
    Shot(
        "printer-failed",
        "No paper came: shall it be printed again?",
        "小票没打出来：补打吗？",
        "",
        (PrinterCable(plugged=False), *SOLD),
        Word.RECEIPT_PENDING,
        before=OPENED,
    ),
)
