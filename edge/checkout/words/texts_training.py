"""What the till says of training."""

from enum import unique

from edge.checkout.words.texts import Saying


@unique
class TrainingWord(Saying):
    """A till to learn on: a store of its own, and nothing counts."""

    MENU_TRAINING = ("Training on / off", "练习模式 开/关")
    TITLE = ("TRAINING: {}", "练习：{}")
    STATUS = ("TRAINING", "练习模式")
    MARK = ("TRAINING - NOT A RECEIPT", "练习 - 非正式小票")
    BEGAN = ("Training - nothing counts", "练习模式 - 不计入营业")
    ENDED = ("Training is over - this counts", "练习结束 - 以下为正式营业")
    REFUSED_PRINTING = ("Still printing - wait a moment", "正在打印 - 请稍候")
    REFUSED_PAYMENTS = ("Payments are open - MENU 54 first", "有未决付款 - 先处理 MENU 54")
    REFUSED_NO_ROOM = ("No training here - call for help", "无法进入练习 - 请报修")
