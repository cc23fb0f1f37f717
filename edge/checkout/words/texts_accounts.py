"""What the till says of refunds to where the money came from, and of accounts as money: points,
stored value, gift cards, coupons, count cards.
"""

from enum import unique

from edge.checkout.words.texts import Saying


@unique
class AccountWord(Saying):
    """A refusal says why and, after the dash, what to press."""

    # The menu
    MENU_COUPON = ("Coupons", "优惠券")
    MENU_REWARD = ("Points for a reward", "积分兑换")
    MENU_TOP_UP = ("Top up a card", "储值充值")
    MENU_VISITS = ("Use a count card", "使用次卡")
    MENU_GIFT_CARD = ("Gift card", "礼品卡")

    # Paying from accounts
    WALLET = ("Pay {} from the member's", "会员账户支付 {}")
    ASK_WALLET = ("Which one? ENTER - CLEAR: back", "选择后按 ENTER，CLEAR 返回")
    REWARD = ("Reward: {}", "兑换：{}")
    COUPON = ("Coupon", "优惠券")
    GIFT_CARD = ("Gift card {}", "礼品卡 {}")
    ASK_CARD = ("Scan the card, or its number - ENTER", "扫礼品卡，或输卡号按 ENTER")
    ON_CARD = ("On this card here: {}", "此卡本店可用 {}")
    TOP_UP = ("Top-up", "储值充值")
    TOP_UP_OF = ("Top up {}", "充值 {}")
    ASK_ONTO_WHAT = ("Scan the card - ENTER: the member", "扫卡，或按 ENTER 充到会员")
    TOPS_UP = ("Will be on it: {}", "充后余额 {}")

    # Coupons
    COUPONS = ("Coupons shown", "已出示优惠券")
    ASK_COUPON = ("Scan, or number ENTER - VOID: take back", "扫码或输号 ENTER，VOID 撤回")
    COUPON_SHOWN = ("Coupon: {}", "优惠券：{}")
    COUPON_BACK = ("Coupon taken back: {}", "已撤回优惠券：{}")
    COUPON_ISSUED = ("Coupon printed: {}", "已出券：{}")
    YOUR_COUPON = ("Your coupon", "您的优惠券")
    GOOD_UNTIL = ("good until {}", "有效期至 {}")
    COUPON_OFF = ("{} off", "减 {}")
    COUPON_OFF_ONE = ("{} off one item", "单件减 {}")
    COUPON_FREE = ("{} free", "赠 {} 件")
    COUPON_AT_MOST = ("at most {}", "最多 {}")
    COUPON_FROM = ("from {}", "满 {} 可用")
    COMMA = (", ", "，")
    COUPON_GOOD_AGAIN = ("good again", "恢复可用")
    COUPON_VOID = ("void", "已作废")

    # What a till holds, and what it does not take
    REFUSED_ONLY = ("Only {} here - pay it otherwise", "此机仅余 {} - 余额请另付")
    REFUSED_ONLY_CASH = ("Only {} here - key the cash again", "此机仅余 {} - 请重新输入现金")
    REFUSED_PREPAID = ("Prepaid: money only - CASH or CARD", "充值购卡只收款项 - 按 CASH 或 CARD")
    REFUSED_SOLD_AS_IS = ("Top-up stays as it is - VOID it", "充值行不可改 - 按 VOID 删除")
    REFUSED_TOP_UP_NOW = ("Top-up above the limit - VOID it", "充值超出限额 - 按 VOID 撤回")
    REFUSED_NOBODYS_LINE = ("Nobody's card was taken out - go on", "无主卡项已移除 - 请继续")
    REFUSED_NO_MEMBER = ("Members only - press MEMBER first", "仅限会员 - 先按 MEMBER")
    REFUSED_NOTHING_HERE = ("Nothing to pay with here - CLEAR", "此机无可用余额 - 按 CLEAR")
    REFUSED_NOT_SCANNED = (
        "No article for it here - scan it first",
        "单内没有该商品 - 请先扫码",
    )
    REFUSED_NO_CARD = ("No card number - scan it again", "卡号有误 - 请重扫")
    REFUSED_MEMBERS_CARD = ("It is a member's - press MEMBER", "这是会员卡 - 请按 MEMBER")
    REFUSED_TOO_LITTLE = ("Too little to top up - key more", "充值金额过小 - 请增加")
    REFUSED_TOO_MUCH = ("Too much to top up - key less", "充值金额过大 - 请减少")
    REFUSED_HOLDS_TOO_MUCH = ("Card would hold too much - key less", "卡内余额超限 - 请减少")
    REFUSED_TOPPED_UP = ("Topped up in this sale - pay first", "本单已充此卡 - 请先结账")
    REFUSED_NO_COUPON = ("No coupon number - scan it", "券号有误 - 请扫码")
    REFUSED_NONE_SHOWN = ("No coupon shown - scan one", "未出示优惠券 - 请扫码")
    REFUSED_NOT_HERE = ("Not known here - try once online", "此机查无此券 - 联网后再试")
    REFUSED_COUPON_GONE = ("Coupon not good any more - CLEAR", "券已失效 - 按 CLEAR")
    REFUSED_NOT_YET = ("Coupon is not good yet - CLEAR", "券未到使用期 - 按 CLEAR")
    REFUSED_COUPON_EXPIRED = ("Coupon has expired - CLEAR", "券已过期 - 按 CLEAR")
    REFUSED_CAMPAIGN = ("Coupon of no campaign - CLEAR", "无此优惠活动 - 按 CLEAR")
    REFUSED_NOT_OWNER = ("Another member's coupon - MEMBER", "他人会员券 - 请按 MEMBER")
    REFUSED_SAME_CAMPAIGN = ("One of these a sale - go on", "同类券每单限一张 - 请继续")

    # Refunds
    PAY_BACK = ("Pay back {}", "退款 {}")
    ASK_PAY_BACK = (
        "ENTER: as shown - or CASH, CARD, MEMBER",
        "ENTER 原路退，或 CASH、CARD、MEMBER",
    )
    COUPON_WAS_USED = ("Coupon was used: {}", "券已被使用：{}")
    ASK_USED_COUPON = ("ENTER: pay back so - CLEAR: not", "ENTER 照此退款，CLEAR 返回")
    REFUSED_NOBODYS = ("Nobody's receipt - ENTER, or CASH", "非会员小票 - 按 ENTER 或 CASH")
    REFUSED_NEEDS_RECEIPT = ("Prepaid: needs its receipt - MENU 11", "次卡须凭小票退 - 按 MENU 11")
    REFUSED_SPENT = ("Used already - it can't go back", "已经使用 - 不能退")
