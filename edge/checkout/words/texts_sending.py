"""What the till says of receipts that are sent."""

from enum import unique

from edge.checkout.words.texts import Saying


@unique
class SendingWord(Saying):
    """An e-receipt, by phone or by e-mail."""

    MENU_SEND = ("Send the receipt", "发送电子小票")
    TITLE = ("Send receipt {}", "发送小票 {}")
    ASK_ADDRESS = ("Phone, ENTER - or scan the e-mail", "输入手机号按 ENTER，或扫邮箱码")
    ASK_ADDRESS_OR_MEMBER = (
        "Phone, ENTER - ENTER: to the member",
        "手机号 ENTER；直接 ENTER 发给会员",
    )
    NOTED = ("Receipt {} will be sent", "小票 {} 将发送")
    REFUSED_PHONE = ("No such phone number - CLEAR", "手机号有误 - 按 CLEAR")
    REFUSED_EMAIL = ("No e-mail address - scan again", "不是邮箱地址 - 请重扫")
    REFUSED_NO_ADDRESS = ("No member - key a phone number", "不是会员 - 请输入手机号")
