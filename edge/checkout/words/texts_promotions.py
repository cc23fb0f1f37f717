"""What a till says about discounts, in English and Chinese."""

from enum import unique

from edge.checkout.words.texts import Saying


@unique
class PromotionWord(Saying):
    """What promotions and discounts by hand say."""

    # What stands on the receipt
    DISCOUNT = ("Discount", "折扣")

    # The menu
    MENU_LINE_DISCOUNT = ("Discount on the line", "单品折扣")
    MENU_SALE_DISCOUNT = ("Discount on the sale", "整单折扣")
    MENU_DISCOUNTS = ("Discounts: which and why", "优惠明细")

    # Questions
    LINE_DISCOUNT = ("Discount {}", "单品折扣 {}")
    ASK_DISCOUNT = ("ENTER: percent - CASH: money", "ENTER 按百分比，CASH 按金额")
    DISCOUNTS = ("Discounts", "优惠")
    READ_DISCOUNTS = ("UP, DOWN - ENTER or CLEAR: back", "上下键翻看，ENTER 返回")

    # What happened
    DISCOUNT_GIVEN = ("Discount {} given", "已优惠 {}")
    DISCOUNT_TAKEN_AWAY = ("Discount taken away", "已取消折扣")
    NO_DISCOUNTS = ("No discounts, and none near", "暂无优惠")

    # Why a promotion did not apply, or not as often as it might have
    GIFT = ("free: scan {} of it", "赠品：请扫 {} 件")
    BEATEN = ("instead: {}", "已用：{}")
    LIMIT = ("used up", "已用完")
    SPEND = ("spend {} more", "再买 {}")
    QUANTITY = ("{} more of it", "还差 {}")
    UNITS = ("add {} more", "再加 {} 件")
    NO_SAVING = ("saves nothing here", "此单无优惠")
    TIME = ("not at this time", "不在时段内")
    MEMBER = ("for members", "仅限会员")
    TIER = ("not for this tier", "会员等级不符")
    SEGMENT = ("not for this member", "该会员不适用")
    COUPON = ("its coupon is missing", "缺优惠券")
    EXCLUDED = ("excluded", "不适用")

    # Refusals: why - what to press
    REFUSED_PERCENT = ("0 to 100 percent - CLEAR", "百分比为 0 到 100 - 按 CLEAR")
    REFUSED_OFF = ("More than it costs - CLEAR", "超过售价 - 按 CLEAR")
    REFUSED_NONE_GIVEN = ("No discount there - CLEAR", "没有折扣可取消 - 按 CLEAR")
    REFUSED_NO_DISCOUNT = ("Never discounted - other line", "此商品不打折 - 选其他行")
