"""What a till says about its people, in English and Chinese."""

from collections.abc import Mapping
from enum import unique
from typing import Final

from edge.checkout.people.staff import Permission
from edge.checkout.words.texts import Saying


@unique
class StaffWord(Saying):
    """Signing on, the clock, breaks, and what a supervisor lifts."""

    # Titles
    SIGNED_OFF = ("Signed off", "未登录")
    WHO = ("{}: who?", "{}：工号？")
    PIN = ("{}: PIN", "{}：密码")
    SUPERVISOR = ("Supervisor: {}", "主管授权：{}")
    SUPERVISOR_PIN = ("PIN for: {}", "授权密码：{}")
    WHOM = ("Unlock whom?", "解锁谁？")

    # Hints
    ASK_SIGN_ON = ("Your number, ENTER", "输入工号后按 ENTER")
    ASK_WHO = ("Staff number, ENTER - CLEAR: back", "工号后按 ENTER，CLEAR 返回")
    ASK_PIN = ("PIN, ENTER - CLEAR: back", "密码后按 ENTER，CLEAR 返回")
    ASK_LOCKED = ("Which one? ENTER - CLEAR: back", "选择后按 ENTER，CLEAR 返回")

    # The menu
    MENU_SIGN_ON = ("Sign on", "登录")
    MENU_SIGN_OFF = ("Sign off", "退出登录")
    MENU_CLOCK_IN = ("Clock in", "上班打卡")
    MENU_CLOCK_OUT = ("Clock out", "下班打卡")
    MENU_BREAK = ("Begin or end a break", "开始或结束休息")
    MENU_UNLOCK = ("Unlock a person", "解锁员工")

    # What happened
    HELLO = ("Signed on: {}", "已登录：{}")
    GOODBYE = ("Signed off: {}", "已退出：{}")
    CLOCKED_IN = ("Clocked in: {}", "已上班：{}")
    CLOCKED_OUT = ("Clocked out: {}", "已下班：{}")
    BREAK_BEGAN = ("Break begins: {}", "开始休息：{}")
    BREAK_ENDED = ("Break ended: {}", "结束休息：{}")
    UNLOCKED = ("Unlocked: {}", "已解锁：{}")
    SERVED_BY = ("Served by {}", "收银员 {}")

    # Refusals: why - what to press
    REFUSED_SIGNED_OFF = ("Nobody signed on - number, ENTER", "未登录 - 输入工号按 ENTER")
    REFUSED_NO_STAFF = ("No staff is set up - see settings", "未设置员工 - 请查设置")
    REFUSED_TRAINING = ("Not in training - MENU 92 ends it", "培训中不可用 - MENU 92 结束")
    REFUSED_UNKNOWN_NUMBER = ("No such number - key another", "无此工号 - 请重新输入")
    REFUSED_NO_NUMBER = ("Number first - then ENTER", "先输工号 - 再按 ENTER")
    REFUSED_NO_PIN = ("4 to 8 digits - key the PIN", "密码为 4 至 8 位 - 请重输")
    REFUSED_WRONG_PIN = ("Wrong PIN - key it again", "密码错误 - 请重输")
    REFUSED_LOCKED = ("{} is locked - MENU 66, or wait", "{} 已锁定 - MENU 66 或等待")
    REFUSED_MAY_NOT = ("May not do that - other person", "无此权限 - 请换人")
    REFUSED_IN = ("Is in already - CLEAR", "已经上班 - 按 CLEAR")
    REFUSED_OUT = ("Not clocked in - MENU 63", "尚未上班 - MENU 63")
    REFUSED_NOT_LOCKED = ("Nobody is locked - CLEAR", "无人被锁定 - 按 CLEAR")
    REFUSED_OWN_LOCK = ("Your own lock - other supervisor", "不能解锁自己 - 请换主管")

    # What somebody may be allowed
    SELL = ("sell", "销售")
    REFUND = ("refund", "退货")
    REFUND_WITHOUT_RECEIPT = ("refund without receipt", "无小票退货")
    REFUND_OTHER_TENDER = ("refund another way", "其他方式退款")
    REFUND_USED_COUPON = ("refund, coupon used", "券已用仍退款")
    PRICE_OVERRIDE = ("change a price", "改价")
    DISCOUNT = ("discount", "折扣")
    VOID_LINE = ("void", "作废")
    CANCEL_SALE = ("cancel the sale", "取消交易")
    NO_SALE = ("open the drawer", "开钱箱")
    PAID_IN_OUT = ("cash in or out", "存取现金")
    COPY_RECEIPT = ("copy of a receipt", "补打小票")
    STOCK = ("stock", "库存")
    SHIFT_OPEN = ("open a shift", "开班")
    SHIFT_CLOSE = ("close a shift", "交班")
    X_REPORT = ("X report", "X 报表")
    MEMBER_EDIT = ("change a member", "修改会员")
    MEMBER_BLOCK = ("block a member", "冻结会员")
    TOP_UP = ("top up", "充值")
    SETTLE_PAYMENT = ("settle a payment", "处理付款")
    OVER_LIMIT = ("above the limit", "超限")
    AGE_CHECK = ("check the age", "年龄核验")
    STAFF_UNLOCK = ("unlock a person", "解锁员工")
    BOTTLES = ("take bottles back", "退瓶")
    TRAINING = ("training", "培训模式")
    RECONNECT = ("reconnect a device", "重新连接设备")


PERMISSION_WORDS: Final[Mapping[Permission, StaffWord]] = {
    permission: StaffWord[permission.name] for permission in Permission
}
