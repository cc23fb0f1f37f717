"""What a till says to people, in English and Chinese: the words of every sale.

A refusal says in few words why, and after the dash what to press. Subjects of their own have their
words in `texts_*.py`.
"""

from enum import Enum, unique

from edge.checkout.shop import Language


class Saying(Enum):
    """A text in English and in Chinese; `{}` takes a detail."""

    @property
    def english(self) -> str:
        return str(self.value[0])

    @property
    def chinese(self) -> str:
        return str(self.value[1])


def text(word: Saying, language: Language, detail: str = "") -> str:
    """The word in that language, with the detail in its place."""
    written = word.chinese if language is Language.CHINESE else word.english
    return written.replace("{}", detail)


@unique
class Word(Saying):
    """What a sale, a refund and the office behind MENU say."""

    # Titles of the cashier's screen
    STARTING = ("Starting", "正在启动")
    READY = ("Ready", "就绪")
    SALE = ("Sale", "销售")
    PAYMENT = ("Payment", "收款")
    CARD_PAYMENT = ("Card payment {}", "刷卡 {}")
    WAIT = ("One moment", "请稍候")
    RETURN = ("Return without receipt", "无小票退货")
    REFUND = ("Refund of receipt {}", "退货，小票 {}")
    ASK_RECEIPT = ("Refund", "退货")
    STOCK_IN = ("Stock in", "入库")
    STOCK_OUT = ("Stock out", "出库")
    MENU = ("Menu", "菜单")
    STOPPED = ("Selling has stopped", "已停止销售")
    HELD_SALES = ("Held sales", "挂单")

    # Labels
    TOTAL = ("TOTAL", "合计")
    SUBTOTAL = ("SUBTOTAL", "小计")
    TO_PAY = ("TO PAY", "应收")
    CHANGE = ("CHANGE", "找零")
    TO_GIVE_BACK = ("TO GIVE BACK", "应退")
    GIVEN_BACK = ("GIVEN BACK", "已退")
    CASH = ("Cash", "现金")
    CARD = ("Card", "银行卡")
    MOBILE = ("Mobile", "手机支付")
    VOUCHER = ("Voucher", "代金券")
    POINTS = ("Points", "积分")
    STORED_VALUE = ("Stored value", "储值")
    COUNT_CARD = ("Count card", "次卡")
    WITHHELD = ("Kept for used coupon", "扣回已用优惠券")
    SAVED = ("You saved", "已优惠")
    ROUNDING = ("Cash rounding", "现金舍入")
    TAX = ("Tax", "税")
    RECEIPT_NO = ("Receipt", "小票号")
    REFUND_RECEIPT = ("REFUND", "退货")
    OF_RECEIPT = ("Of receipt", "原小票")
    COPY = ("COPY", "副本")
    INSTEAD_OF = ("instead of {}", "原价 {}")
    WELCOME = ("Welcome", "欢迎光临")
    THANKS = ("Thank you", "谢谢惠顾")
    ITEMS = ("Items: {}", "共 {} 件")

    # The menu
    MENU_REFUND = ("Refund by receipt", "凭小票退货")
    MENU_COPY = ("Copy of a receipt", "补打小票")
    MENU_CANCEL = ("Cancel the sale", "取消交易")
    MENU_PRICE = ("Change the price", "改价")
    MENU_HOLD = ("Hold the sale", "挂单")
    MENU_RECALL = ("Recall a sale", "取单")
    MENU_NO_SALE = ("Open the drawer", "开钱箱")
    MENU_PAID_IN = ("Cash paid in", "存入现金")
    MENU_PAID_OUT = ("Cash paid out", "取出现金")
    MENU_LANGUAGE = ("中文", "English")

    # What happened
    RESTORED = ("Basket is back after a restart", "重启后购物车已恢复")
    LINE_VOIDED = ("Voided: {}", "已作废：{}")
    QUANTITY_CHANGED = ("Quantity is now {}", "数量改为 {}")
    PRICE_CHANGED = ("Price is now {}", "价格改为 {}")
    CANCELLED = ("Sale cancelled", "交易已取消")
    HELD = ("Held as no. {} - next customer", "已挂单 {}，接待下一位")
    RECALLED = ("Sale {} is back", "已取回挂单 {}")
    ASK_HELD = ("Which one? ENTER - CLEAR: back", "选择后按 ENTER，CLEAR 返回")
    PAID_IN = ("Paid in {}", "已存入 {}")
    PAID_OUT = ("Paid out {}", "已取出 {}")
    DRAWER_OPENED = ("Drawer opened", "钱箱已打开")
    COPY_PRINTING = ("Copy of receipt {}", "补打小票 {}")
    PAYMENT_TAKEN_BACK = ("Taken back: {}", "已撤回：{}")
    CARD_BACK = ("Give {} back on the terminal", "请在刷卡机上退款 {}")
    ASK_APPROVAL = ("Approval code, ENTER - CLEAR: back", "输入授权码按 ENTER，CLEAR 返回")
    ASK_NUMBER = ("Receipt number, ENTER - or scan it", "输入小票号按 ENTER，或扫码")
    PICK_LINES = ("Scan, or ENTER - SUBTOTAL: all", "扫码或按 ENTER，SUBTOTAL 全选")
    PICKED = ("SUBTOTAL: pay back - or pick more", "SUBTOTAL 退款，或继续选")
    SCAN_ITEMS = ("Scan what comes back", "请扫描退回商品")
    SCAN_STOCK = ("Quantity X, scan - CLEAR: done", "数量 X 扫码，CLEAR 结束")
    NOT_PRINTED = ("No printer - nothing is printed", "无打印机，不打印")
    RECEIPT_PENDING = ("Reprint {}? ENTER: yes, CLEAR: no", "补打小票 {}？ENTER 是，CLEAR 否")
    RECEIPTS_REST = ("{} more - ENTER: ask, CLEAR: none", "还有 {} 张 - ENTER 逐张问，CLEAR 不打")

    # Refusals: why - what to press
    REFUSED_KEY = ("Not here - see the title", "此处无效 - 看标题")
    REFUSED_NOTHING_KEYED = ("Nothing keyed - scan, or key PLU", "未输入 - 扫码或输入编号")
    REFUSED_HOW_PAID = ("Which payment? - CASH, CARD, MOBILE", "请选付款方式 - CASH、CARD、MOBILE")
    REFUSED_UNKNOWN = ("Unknown code - rescan, or key PLU", "无此商品 - 重扫或输入编号")
    REFUSED_MISREAD = ("Misread code - scan again", "条码有误 - 请重扫")
    REFUSED_CARD_NUMBER = ("Card number - use the terminal", "这是卡号 - 请用刷卡机")
    REFUSED_TAX_CODE = ("No tax rate for it - call for help", "此商品无税率 - 请报修")
    REFUSED_DIGITS = ("X missing - press X, or CLEAR", "数字后缺 X - 按 X 或 CLEAR")
    REFUSED_UNUSED = ("Number unused - ENTER, or CLEAR", "数字未用 - 按 ENTER 或 CLEAR")
    REFUSED_NUMBER_FIRST = ("Number first, then MENU", "先输数字 - 再按 MENU")
    REFUSED_NO_QUANTITY = ("No quantity - number, then X", "未输数量 - 先输数字再按 X")
    REFUSED_NUMBER = ("Takes no number - CLEAR", "此项不用数字 - 按 CLEAR")
    REFUSED_QUANTITY = ("Quantity out of range - CLEAR", "数量超限 - 按 CLEAR")
    REFUSED_FRACTION = ("Whole pieces only - CLEAR", "只能整件 - 按 CLEAR")
    REFUSED_WEIGHT = ("Weighed item - weight X, scan", "称重商品 - 重量 X 再扫")
    REFUSED_LABEL = ("One label at a time - scan", "标签请逐个扫 - 重扫")
    REFUSED_LABEL_WEIGHT = ("Sold by the piece - key its PLU", "按件销售 - 请输入编号")
    REFUSED_LABEL_PRICE = ("Price fits no weight - weight X, PLU", "标价与单价不符 - 重量 X 编号")
    REFUSED_PRICE = ("Price out of range - CLEAR", "价格超限 - 按 CLEAR")
    REFUSED_AMOUNT = ("No such amount - CLEAR", "金额有误 - 按 CLEAR")
    REFUSED_COINS = ("No coins make that - CLEAR", "无此零钱面额 - 按 CLEAR")
    REFUSED_MOVED = ("Amount out of range - CLEAR", "金额超限 - 按 CLEAR")
    REFUSED_TOTAL = ("Total too large - pay first", "金额过大 - 先结账")
    REFUSED_CHANGED_TOTAL = ("Total too large - CLEAR", "金额过大 - 按 CLEAR")
    REFUSED_CARD_ABOVE_DUE = ("Above the sum due - CLEAR", "超过应收 - 按 CLEAR")
    REFUSED_CHANGE = ("Change too large - CLEAR", "找零过大 - 按 CLEAR")
    REFUSED_CHANGES = ("Too many changes - pay, or cancel", "修改过多 - 结账或取消")
    REFUSED_TENDERS = ("Too many payments - pay the rest", "付款次数过多 - 请付清")
    REFUSED_NOTHING_PAID = ("Nothing paid yet - CLEAR: back", "尚未收款 - CLEAR 返回")
    REFUSED_LINES = ("Basket is full - pay first", "购物车已满 - 先结账")
    REFUSED_NOTHING_HELD = ("Nothing is held - scan", "没有挂单 - 请扫码")
    REFUSED_HELD = ("Too many held - recall one first", "挂单过多 - 请先取单")
    REFUSED_EMPTY = ("Nothing in basket - scan", "购物车为空 - 请扫码")
    REFUSED_ENTRY_FULL = ("Entry is full - CLEAR", "输入已满 - 按 CLEAR")
    REFUSED_MENU = ("Not now - finish, or CLEAR", "现在不可用 - 按 CLEAR")
    REFUSED_NO_ITEM = ("No such item - CLEAR", "无此菜单 - 按 CLEAR")
    REFUSED_HALF_NUMBER = ("Second digit missing - key it, or CLEAR", "还差第二位 - 输入或 CLEAR")
    REFUSED_NO_RECEIPT = ("No such receipt - key another", "无此小票 - 请重新输入")
    REFUSED_NOT_A_SALE = ("Not a sale - key another", "不是销售小票 - 重新输入")
    REFUSED_OTHER_TILL = ("Sold at till {} - go there", "由收银机 {} 售出 - 请到该机")
    REFUSED_NOT_ON_RECEIPT = ("Not on the receipt - CLEAR", "小票上没有 - 按 CLEAR")
    REFUSED_GIVEN_BACK = ("None of it is left - pick another", "没有可退的了 - 选其他")
    REFUSED_ALL_BACK = ("All of it came back - key another", "已全部退完 - 重新输入")
    REFUSED_ONLY_LEFT = ("Only {} can come back - CLEAR", "最多可退 {} 件 - 按 CLEAR")
    REFUSED_PAY_FIRST = ("Payment began - finish, or VOID", "已开始收款 - 完成或 VOID")
    REFUSED_DRAFT = ("Basket is lost - scan it again", "购物车未恢复 - 请重扫")
    REFUSED_DRAFT_PAID = ("Basket lost, {} paid - rescan", "购物车丢失，已收 {} - 请重扫")
    REFUSED_NO_DRAWER = ("No drawer in the settings - use a key", "未配置钱箱 - 请用钥匙打开")
    REFUSED_NO_PRINTER = ("No printer in the settings - CLEAR", "未配置打印机 - 按 CLEAR")
    REFUSED_BUSY = ("Too fast - wait a moment", "太快了 - 请稍候")

    # Alarms
    LOST_INPUTS = ("{} scans were lost - scan again", "丢失 {} 次扫描 - 请重扫")
    DRAWER_FAILED = ("Drawer did not open - use its key", "钱箱未打开 - 请用钥匙")
    RECEIPT_FAILED = ("Receipt {} failed - check paper", "小票 {} 未打印 - 查纸")
    DISK_FULL = ("Disk is full - call; ENTER: restart", "磁盘已满 - 请报修，ENTER 重启")
    DISK_FAILED = ("Disk failed - call; ENTER: restart", "磁盘故障 - 请报修，ENTER 重启")

    # Status line
    HELD_COUNT = ("held: {}", "挂单：{}")
    UNPRINTED_COUNT = ("not printed: {}", "未打印：{}")
    OFFLINE = ("offline", "离线")
    CLOCK_UNSET = ("clock not set", "时钟未校准")
    DEVICE_LOST = ("no {}", "无 {}")
