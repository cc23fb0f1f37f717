"""What a till says about payments by code and vouchers.

What is not known is called unknown, in words of its own: it is neither paid nor refused.
"""

from enum import unique

from edge.checkout.words.texts import Saying


@unique
class PaymentWord(Saying):
    """The words of payments by code, and of vouchers."""

    # The menu
    MENU_VOUCHER = ("Pay with a voucher", "代金券付款")
    MENU_PENDING = ("Open payments", "未决付款")

    # Titles
    MOBILE = ("Mobile payment {}", "手机支付 {}")
    UNKNOWN = ("UNKNOWN: payment {}", "结果未知：付款 {}")
    TAKING_BACK = ("Taking back {}", "正在撤回 {}")
    PENDING = ("Payments still open", "未决的付款")
    VOUCHER = ("Voucher {}", "代金券 {}")

    # Questions
    SCAN_CODE = ("Scan the phone - CLEAR: back", "请扫顾客付款码，CLEAR 返回")
    KEY_APPROVAL = (
        "Charge it, key its code, ENTER - CLEAR",
        "终端收款后输授权码 ENTER，CLEAR 返回",
    )
    CONFIRMING = ("Customer confirms - CLEAR: take back", "等待顾客确认，CLEAR 撤回")
    STILL_UNKNOWN = ("No answer yet - CLEAR: take back", "尚无结果，CLEAR 撤回")
    BEING_TAKEN_BACK = ("Wait - CLEAR: pay another way", "请稍候，CLEAR 换其他方式付款")
    CONFIRMING_FOR = ("Customer confirms, {} s - CLEAR: back", "等待确认 {} 秒，CLEAR 撤回")
    UNKNOWN_FOR = ("No answer, {} s - CLEAR: take back", "{} 秒无结果，CLEAR 撤回")
    TAKING_BACK_FOR = ("Back, {} s - CLEAR: pay another way", "撤回中 {} 秒，CLEAR 换方式")
    ASK_VOUCHER = ("Its number, ENTER - or scan it", "输入券号按 ENTER，或扫码")
    ASK_PENDING = ("ENTER: ask again - CASH: give cash", "ENTER 再查询，CASH 现金退还")

    # How an open payment stands, in the list
    IS_REVERSING = ("being taken back", "撤回中")
    IS_LAPSED = ("before restore", "恢复前")
    IS_REFUNDING = ("on its way back", "退款中")
    IS_REFUSED = ("refused: give cash", "被拒：请退现金")
    IS_SETTLED = ("settled", "已结清")
    IS_VOID_THERE = ("void there, then VOID", "终端撤销后按 VOID")
    IS_REFUND_THERE = ("refund there, then VOID", "终端退款后按 VOID")
    IS_GONE = ("terminal gone: VOID", "终端已拆：按 VOID")
    IS_GONE_OWED = ("terminal gone: CASH", "终端已拆：请退现金")

    # What happened
    PAID = ("Paid {} by phone", "手机已付 {}")
    NOT_CHARGED = ("Not charged - pay another way", "未扣款，请换其他方式付款")
    TAKEN_BACK = ("Taken back, pay another way", "已撤回，请换其他方式付款")
    ASKED_AGAIN = ("Asked again", "已再次查询")
    GIVEN_IN_CASH = ("{} given back in cash", "已退现金 {}")
    BY_HAND = ("{} settled by hand", "已人工了结 {}")
    VOUCHER_BACK = ("Hand out a voucher of {}", "请发给顾客 {} 的代金券")
    AS_A_VOUCHER = ("handed out as a voucher", "以代金券退还")
    BACK_BY_HAND = ("Give back: {}", "请退还：{}")
    VOID_CARD = ("Taken back - void it on the terminal too", "已撤回 - 刷卡机上也要撤销")

    # Refusals: why - what to press
    REFUSED_NO_TERMINAL = ("No mobile payment - CASH or CARD", "未接手机支付 - 按 CASH 或 CARD")
    REFUSED_CODE = ("Not a payment code - scan again", "不是付款码 - 请重扫")
    REFUSED_SCAN = ("Scan the phone - CLEAR: back", "请扫付款码 - CLEAR 返回")
    REFUSED_APPROVAL = ("No approval code - key it, ENTER", "未输授权码 - 输入后按 ENTER")
    REFUSED_WAIT = ("Wait for it - CLEAR: take back", "请等待 - 按 CLEAR 撤回")
    REFUSED_OPEN = ("Too many open - see MENU 54", "未决付款过多 - 按 MENU 54")
    REFUSED_SETTLED = ("Settled already - CLEAR", "已结清 - 按 CLEAR")
    REFUSED_NO_PENDING = ("None is open - CLEAR", "没有未决付款 - 按 CLEAR")
    REFUSED_NOT_OWED = ("Not known yet - ENTER: ask again", "结果未知 - 按 ENTER 再查询")
    REFUSED_GIVE_CASH = ("Refused - CASH: give it in cash", "已被拒 - 按 CASH 退现金")
    REFUSED_HAS_TERMINAL = ("Terminal is there - ENTER: ask again", "终端还在 - 按 ENTER 再查询")
    REFUSED_DECLINED = ("Declined - pay another way", "被拒绝 - 请换方式付款")
    REFUSED_EXPIRED = ("Code too old - MOBILE, scan a new one", "付款码过期 - 按 MOBILE 重扫")
    REFUSED_FUNDS = ("Not enough money - pay another way", "余额不足 - 请换方式付款")
    REFUSED_OFFLINE = ("No connection - pay another way", "网络不通 - 请换方式付款")
    REFUSED_VOUCHER = ("No such number - key it again", "券号有误 - 请重新输入")
    REFUSED_VOUCHER_TWICE = ("Voucher used already - CLEAR", "此券已用 - 按 CLEAR")

    # Alarms
    LEFT_UNKNOWN = ("Payment {} unknown - MENU 54", "付款 {} 未知 - 按 MENU 54")
    VOID_THERE = ("Void {} on the terminal - MENU 54", "请在终端撤销 {} - 按 MENU 54")
    REFUND_THERE = ("Refund {} at terminal - MENU 54", "请在终端退款 {} - 按 MENU 54")
    GOES_BACK = ("{} charged late - it goes back", "{} 已迟扣 - 将自动退回")
    REFUND_REFUSED = ("{} not given back - MENU 54, CASH", "{} 未退回 - MENU 54，CASH")
    DROPPED = ("Payment {} is taken back", "付款 {} 正在撤回")

    # Status line
    OPEN_COUNT = ("open payments: {}", "未决付款：{}")
