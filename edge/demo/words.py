"""What the demo says beside the till: names of its panes, and what to try next."""

from collections.abc import Mapping
from enum import Enum

from edge.checkout.session import State
from edge.checkout.shop import Language


class Say(Enum):
    """A text in English and in Chinese; `{}` takes a detail."""

    CASHIER = ("cashier's screen", "收银屏")
    CUSTOMER = ("customer", "顾客屏")
    DRAWER = ("drawer", "钱箱")
    PAPER = ("receipt printer · click: scan it", "小票打印机 · 点击扫描小票")
    PAPER_GONE = ("receipt printer · UNPLUGGED", "小票打印机 · 已拔线")
    KEYPAD = ("keypad", "键盘")
    SHELF = ("shelf · click: scan", "货架 · 点击扫码")
    HQ = ("headquarters · MQTT", "总部 · MQTT")

    DRAWER_CLOSED = ("closed", "关")
    DRAWER_OPEN = ("OPEN", "开")
    PULSES = ("opened {} times", "已开 {} 次")
    HQ_ONLINE = ("till is online", "收银机在线")
    HQ_OFFLINE = ("till is offline", "收银机离线")
    HQ_NONE = ("Not here: {}. The till sells offline.", "不在：{}。收银机离线销售。")
    RECORDS = ("records", "记录")
    WAITING = ("waiting", "待传")
    SALES = ("sales", "销售")
    REFUNDS = ("refunds", "退货")
    TURNOVER = ("turnover", "营业额")
    PREPAID_SOLD = ("prepaid sold", "预收款")
    PREPAID_SPENT = ("prepaid spent", "预收款消费")
    SEARCH = ("name, number or barcode", "名称、编号或条码")
    FOUND = ("found: {}", "找到 {}")

    KEY_SCAN = ("scan something", "随机扫码")
    KEY_SEARCH = ("search", "查找")
    KEY_PAGE = ("page", "翻页")
    KEY_NETWORK = ("network", "网络")
    KEY_PRINTER = ("printer", "打印机")
    KEY_HELP = ("help", "帮助")
    KEY_QUIT = ("quit", "退出")
    OPEN_CABLE = ("CUT", "已断")

    TRY_SALE = (
        "Your first sale: click a product in the shelf, or press s.",
        "第一笔销售：点击货架上的商品，或按 s。",
    )
    TRY_CASH = (
        "Scan more, or press c for CASH, exactly; 50 c takes a fifty and gives change.",
        "继续扫码，或按 c 收现金；输入 50 再按 c 会找零。",
    )
    TRY_QUANTITY = (
        "Next: 3 x and a product sells three of it; d is CARD.",
        "接着试试：3 x 再扫商品卖三件；d 为刷卡。",
    )
    TRY_NETWORK = (
        "Next: cut the network with n, sell, bring it back with n: headquarters gets it all.",
        "接着试试：按 n 断网，照常销售，再按 n 恢复：总部全部收到。",
    )
    TRY_REFUND = (
        "Next: give a receipt back. m opens the menu, 11 the refund; click the receipt's paper.",
        "接着试试：退货。按 m 打开菜单，输入 11，再点击小票。",
    )
    TRY_PRINTER = (
        "Next: unplug the printer with p, sell, plug it in with p, and press ENTER for the copy.",
        "接着试试：按 p 拔掉打印机，销售，再按 p 插回，按 ENTER 补打。",
    )
    TRY_LANGUAGE = (
        "Next: m 91 makes the till speak Chinese; the shelf's last page can't be sold.",
        "接着试试：m 91 切换为英文；货架最后一页是不能卖的码。",
    )
    IN_TENDERING = (
        "c takes the rest in cash, d by card; 20 c only 20. v takes a payment back.",
        "c 现金付清，d 刷卡付清；20 c 只付 20。v 撤回付款。",
    )
    IN_CARD = (
        "The card terminal says its approval code: any digits will do, then ENTER.",
        "输入刷卡机的授权码：任意数字，再按 ENTER。",
    )
    IN_RETURNING = (
        "Click what comes back, then c gives cash back, d gives it back to the card.",
        "点击退回的商品，再按 c 退现金，d 退到银行卡。",
    )
    IN_ASK_RECEIPT = (
        "Key the receipt's number and ENTER, or click the receipt's paper.",
        "输入小票号按 ENTER，或点击小票。",
    )
    IN_PICKING = (
        "ENTER picks the marked line, t picks all; then c gives cash back.",
        "ENTER 选择标记的行，t 全选；再按 c 退现金。",
    )
    IN_STOCKING = (
        "24 x and a product counts 24 of it; Esc when you are done.",
        "24 x 再扫商品即入库 24 件；完成后按 Esc。",
    )
    IN_MENU = (
        "Two digits choose a task, or ↑ ↓ and ENTER; Esc goes back.",
        "输入两位数字选择，或用 ↑ ↓ 和 ENTER；Esc 返回。",
    )
    IN_STOPPED = (
        "The disk failed; nothing is sold that can't be stored. ENTER ends the demo.",
        "磁盘故障：不能存储就不销售。按 ENTER 结束演示。",
    )


# What to try when the till is at rest, by the number of receipts that have come out.
NEXT_TRIES = (
    Say.TRY_SALE,
    Say.TRY_QUANTITY,
    Say.TRY_NETWORK,
    Say.TRY_NETWORK,
    Say.TRY_REFUND,
    Say.TRY_PRINTER,
    Say.TRY_LANGUAGE,
)
HINTS: Mapping[State, Say] = {
    State.SELLING: Say.TRY_CASH,
    State.TENDERING: Say.IN_TENDERING,
    State.CARD_APPROVAL: Say.IN_CARD,
    State.RETURNING: Say.IN_RETURNING,
    State.ASK_RECEIPT: Say.IN_ASK_RECEIPT,
    State.PICKING: Say.IN_PICKING,
    State.STOCKING: Say.IN_STOCKING,
    State.MENU: Say.IN_MENU,
    State.STOPPED: Say.IN_STOPPED,
}


def say(word: Say, language: Language, detail: str = "") -> str:
    """The word in that language, with the detail in its place."""
    english, chinese = word.value
    return (chinese if language is Language.CHINESE else english).replace("{}", detail)


def hint(state: State, receipts: int) -> Say:
    """What to try next, in this state and after so many receipts."""
    return HINTS.get(state, NEXT_TRIES[min(receipts, len(NEXT_TRIES) - 1)])
