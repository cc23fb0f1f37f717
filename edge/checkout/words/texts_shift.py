"""What a till says about shifts: opening, X and Z reports, counting the drawer."""

from enum import unique

from edge.checkout.words.texts import Saying


@unique
class ShiftWord(Saying):
    """The words of a shift."""

    # The menu
    MENU_OPEN = ("Open a shift", "开班")
    MENU_X = ("X report", "X 报表")
    MENU_Z = ("Z report: close the shift", "Z 报表：交班结账")

    # Questions
    FLOAT = ("Open shift {}", "开班 {}")
    ASK_FLOAT = ("Cash in drawer, ENTER - SUBTOTAL: count", "输入金额按 ENTER，SUBTOTAL 清点")
    REPORT = ("X report {}", "X 报表 {}")
    ASK_READ = ("Printing - UP, DOWN; ENTER: done", "正在打印，上下翻看，ENTER 完成")
    COUNT = ("Count the drawer", "清点钱箱")
    ASK_PIECES = (
        "Pieces ENTER, sum CASH - SUBTOTAL: done",
        "张数 ENTER，总额 CASH，SUBTOTAL 完成",
    )
    KEEP = ("Counted {}", "清点合计 {}")
    ASK_LEFT = ("Left in drawer, ENTER - alone: all", "留存金额按 ENTER，直接按则全留")
    MORE_THAN_IN = ("More than the drawer holds: {}?", "超过钱箱应有金额，取 {}？")
    ASK_MORE = ("ENTER: take it out - CLEAR: no", "ENTER 取出，CLEAR 不取")

    # Rows and labels
    EXPECTED = ("Should be there", "应有现金")
    COUNTED = ("Counted", "清点")
    OVER = ("Over", "长款")
    SHORT = ("Short", "短款")
    LEFT_IN_DRAWER = ("Left in the drawer", "留存钱箱")
    TAKEN_OUT = ("Taken out", "取走")

    # What happened
    OPENED = ("Shift {} is open", "班次 {} 已开")
    CLOSED_EVEN = ("Z {} - the drawer is right", "Z {} 已结账，现金相符")
    CLOSED_OVER = ("Z closed - {} over", "已结账，长款 {}")
    CLOSED_SHORT = ("Z closed - {} short", "已结账，短款 {}")

    # Refusals: why - what to press
    REFUSED_NO_SHIFT = ("No shift - MENU 24", "尚未开班 - 按 MENU 24")
    REFUSED_OPEN = ("Shift is open - MENU 26 closes it", "班次已开 - 按 MENU 26 交班")
    REFUSED_FLOAT = ("Float out of range - CLEAR", "备用金超限 - 按 CLEAR")
    REFUSED_UNCOUNTED = ("Key the cash - or SUBTOTAL: count", "请输入金额 - 或 SUBTOTAL 清点")
    REFUSED_PIECES = ("No such count - CLEAR", "张数有误 - 按 CLEAR")
    REFUSED_LEFT = ("More than was counted - CLEAR", "超过清点金额 - 按 CLEAR")
    REFUSED_REPORTS = ("Too many X reports - MENU 26", "X 报表过多 - 按 MENU 26")

    # The paper
    X_TITLE = ("X REPORT {}", "X 报表 {}")
    Z_TITLE = ("Z REPORT {}", "Z 报表 {}")
    TILL = ("Till", "收银机")
    SINCE = ("Opened", "开班")
    BY = ("by {}", "收银员 {}")
    RECEIPTS = ("Receipts", "小票")
    SALES = ("Sales {}", "销售 {}")
    REFUNDS = ("Refunds {}", "退货 {}")
    IN_ALL = ("IN ALL", "合计")
    GOODS = ("Goods and services", "商品和服务")
    GOODS_BACK = ("Goods given back", "商品退货")
    TURNOVER = ("TURNOVER", "营业额")
    TOP_UPS = ("Top-ups {}", "充值 {}")
    TOP_UPS_BACK = ("Top-ups given back {}", "充值退回 {}")
    COUNT_CARDS = ("Count cards sold {}", "售次卡 {}")
    COUNT_CARDS_BACK = ("Count cards given back {}", "次卡退回 {}")
    PREPAID_SOLD = ("PREPAID SOLD", "预收款")
    BONUS = ("Bonus on top, free {}", "另赠送 {}")
    BONUS_BACK = ("Bonus taken back {}", "收回赠送 {}")
    DEPOSITS = ("Deposits taken {}", "收押金 {}")
    DEPOSITS_BACK = ("Deposits returned {}", "退押金 {}")
    PREPAID_SPENT = ("PREPAID SPENT", "预收款消费")
    GIVEN = ("{} given back", "退 {}")
    NET = ("Net {}", "不含税 {}")
    TAX = ("Tax {}", "税 {}")
    PROMISED_NET = ("Not turnover, net {}", "非营业额不含税 {}")
    PROMISED_TAX = ("Not turnover, tax {}", "非营业额税 {}")
    DISCOUNTS = ("Discounts given {}", "优惠 {}")
    LINES_VOIDED = ("Lines voided {}", "作废行 {}")
    PAYMENTS_VOIDED = ("Payments taken back {}", "撤回付款 {}")
    CANCELLED = ("Sales cancelled {}", "取消交易 {}")
    PRICES_CHANGED = ("Prices changed", "改价次数")
    NO_SALES = ("Drawer opened, no sale", "无交易开钱箱")
    COPIES = ("Copies printed", "补打次数")
    REPORTS = ("X reports", "X 报表次数")
    STAFF = ("Sold by {}", "收银员 {} 销售")
    DRAWER = ("CASH IN THE DRAWER", "钱箱现金")
    FLOAT_LINE = ("Float", "备用金")
    FLOAT_COUNTED_BELOW = ("Of it counted below", "其中下列已计")
    CASH_SALES = ("Cash sales", "现金销售")
    CASH_REFUNDS = ("Cash refunds", "现金退货")
    PAID_IN = ("Paid in {}", "存入 {}")
    PAID_OUT = ("Paid out {}", "取出 {}")
    HELD = ("Held sales: {}", "挂单：{}")
    UNKNOWN = ("Unresolved payments: {}", "未明付款：{}")
    JOURNAL = ("Journal", "流水号")
