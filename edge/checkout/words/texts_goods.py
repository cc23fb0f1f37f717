"""What a till says of goods: prices, ages, services, deposits, searches and stock."""

from enum import unique

from edge.checkout.words.texts import Saying


@unique
class GoodsWord(Saying):
    """Texts in English and Chinese."""

    # Questions before an article joins the basket
    ASK_PRICE = ("Price of {}", "{} 的价格")
    PRICE_ENTER = ("Price, ENTER - CLEAR: back", "输入价格按 ENTER，CLEAR 返回")
    ASK_AGE = ("Is the customer {} or older?", "顾客满 {} 岁吗？")
    AGE_ENTER = ("ENTER: yes - CLEAR: no", "ENTER 是，CLEAR 否")
    ASK_STAFF = ("Who did {}?", "{} 由谁服务？")
    STAFF_ENTER = ("Staff number, ENTER - CLEAR: back", "输入工号按 ENTER，CLEAR 返回")
    REFUSED_NO_STAFF = ("No such number - key another", "无此工号 - 重新输入")

    # What a pack says of itself
    REFUSED_EXPIRED = ("Expired {} - don't sell", "已过期 {} - 请勿出售")
    PAST_BEST = ("Was best before {} - tell them", "最佳食用期 {} 已过，请告知顾客")
    REFUSED_OTHER_MONEY = ("Label in other money - key price", "标价币种不符 - 请输入价格")
    REFUSED_LABEL_GRAMS = ("No whole grams - weigh it, key it", "克重不是整数 - 请称重输入")

    # The scale
    REFUSED_PIECES = ("By weight - scale, or kg as 5.000 X", "按重量卖 - 用秤，或 5.000 X")
    REFUSED_NOT_STILL = ("Scale is not still - scan again", "秤未稳定 - 请重扫")
    REFUSED_OVERLOADED = ("Too heavy for the scale - take some off", "超出量程 - 请取下一些")
    REFUSED_UNDER_ZERO = ("Scale below zero - empty it, zero it", "秤低于零 - 清空后按置零键")
    REFUSED_ZERO_LOST = ("Scale lost its zero - empty it, zero it", "秤未归零 - 清空后按置零键")
    REFUSED_SCALE_UNIT = ("Scale is not in kg - weight X, scan", "秤单位不是千克 - 重量 X 扫码")
    WEIGHING = ("Weighing - leave it on the scale", "正在称重，请勿移动")
    REFUSED_NO_SCALE = ("No word from the scale - weight X, scan", "秤无应答 - 重量 X 扫码")
    REFUSED_NO_WEIGHT = ("Nothing on the scale - put it on, scan", "秤上无物 - 放上后重扫")

    # Deposits
    BOTTLES = ("Bottles back", "退瓶")
    SCAN_BOTTLES = ("Scan bottles - CASH: pay out", "请扫空瓶 - CASH 退押金")
    REFUSED_NO_DEPOSIT = ("Has no deposit - scan another", "此物无押金 - 请扫其他")

    # Looking up
    MENU_SEARCH = ("Look up a product", "查找商品")
    SEARCH_ENTER = ("PLU or name on keys (2=abc), ENTER", "编号或拼音首字母(2=abc)，ENTER")
    HITS = ("Found for {}", "查找 {}")
    PICK_HIT = ("ENTER sells it - CLEAR: back", "ENTER 销售，CLEAR 返回")
    REFUSED_NOT_FOUND = ("Nothing found - key another", "未找到 - 重新输入")

    # Stock
    STOCK_COUNT = ("Count stock", "盘点")
    MENU_LOW_STOCK = ("Low stock", "库存不足")
    SCAN_COUNT = ("Quantity X, scan - scans add up", "数量 X 扫码，逐次累加")
    STOCK_NOW = ("In stock: {}", "库存：{}")
    STOCK_EXPIRED = ("{} - it is past its date", "{}，已过期")
    COUNTED_NOW = ("Counted: {}", "已盘：{}")
    LOW_STOCK = ("low: {}", "库存低：{}")
    ENTER_CLOSES = ("ENTER or CLEAR: back", "ENTER 或 CLEAR 返回")
    REFUSED_NO_LOW_STOCK = ("Nothing is low - CLEAR", "无库存不足 - 按 CLEAR")
    REFUSED_NO_STOCK = ("Services have no stock - CLEAR", "服务无库存 - 按 CLEAR")
