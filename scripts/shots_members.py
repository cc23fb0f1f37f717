"""The guide's pictures of members: who they are, what they have, what they pay with."""

from typing import Final

from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_members import MemberWord
from edge.demo.loyalty import ANA_PHONE, BLOCKED_PHONE, COUPON, GIFT_CARD, XIAOMING_PHONE
from edge.demo.steps import Scan, Take, Type
from scripts.shot import Shot

NEW_PHONE: Final = "13500135005"
XIAOMING: Final = Type(f"{XIAOMING_PHONE} MEMBER")
ANA: Final = Type(f"{ANA_PHONE} MEMBER")
COFFEE: Final = Take("Ground Coffee 227 g")
RICE: Final = Take("Jasmine Rice 5 kg")

MEMBERS: Final = (
    Shot(
        "member",
        "A gold member's sale: her five percent came off at once",
        "金卡会员的单子：立减百分之五",
        "`13900139002` `MEMBER`",
        (COFFEE, ANA),
        MemberWord.MEMBER,
    ),
    Shot(
        "members-found",
        "Two with the same last four digits",
        "手机号后四位相同的两位会员",
        "`8001` `MEMBER`",
        (Type("8001 MEMBER"),),
        MemberWord.WHICH,
    ),
    Shot(
        "member-read",
        "How the member stands",
        "会员的余额和等级",
        "`MEMBER`",
        (COFFEE, ANA, Type("MEMBER")),
        MemberWord.READ_MEMBER,
    ),
    Shot(
        "member-told",
        "After the sale: what to tell the member",
        "销售之后：告诉会员的话",
        "",
        (XIAOMING, COFFEE, Type("CASH")),
        MemberWord.POINTS_EARNED,
    ),
    Shot(
        "not-a-member",
        "Nobody has that number: `ENTER` enrols",
        "没有此号码：按 `ENTER` 注册",
        "`13500135005` `MEMBER`",
        (COFFEE, Type(f"{NEW_PHONE} MEMBER")),
        MemberWord.NOT_A_MEMBER,
    ),
    Shot(
        "enrolled",
        "Enrolled, and the sale is hers: 13 keys in all",
        "注册完毕，本单归她：一共 13 个键",
        "`ENTER`",
        (COFFEE, Type(f"{NEW_PHONE} MEMBER ENTER")),
        MemberWord.ENROLLED,
    ),
    Shot(
        "enrol",
        "Enrolling: the birthday",
        "会员注册：生日",
        "`MENU` `41`, `13500135005` `ENTER`",
        (Type(f"MENU 41 {NEW_PHONE} ENTER"),),
        MemberWord.ASK_BIRTHDAY,
        task="41",
    ),
    Shot(
        "member-change",
        "What shall be changed?",
        "修改哪一项？",
        "`13800138001` `MENU` `42`",
        (Type(f"{XIAOMING_PHONE} MENU 42"),),
        MemberWord.CHANGE_WHAT,
        task="42",
    ),
    Shot(
        "member-block",
        "Shall this member be blocked?",
        "停用这位会员吗？",
        "`13800138001` `MENU` `43`",
        (Type("8 ENTER 8642 ENTER"), Type(f"{XIAOMING_PHONE} MENU 43")),
        MemberWord.ASK_BLOCK,
        task="43",
        before=(),  # the supervisor may not: the manager is signed on
    ),
    Shot(
        "member-blocked",
        "A blocked member is refused",
        "停用的会员被拒绝",
        "",
        (COFFEE, Type(f"{BLOCKED_PHONE} MEMBER")),
        MemberWord.REFUSED_BLOCKED,
    ),
    Shot(
        "member-new-card",
        "A new card instead of the lost one?",
        "补一张新卡，换掉丢失的卡？",
        "`13800138001` `MENU` `44`",
        (Type(f"{XIAOMING_PHONE} MENU 44"),),
        MemberWord.ASK_CARD,
        task="44",
    ),
    Shot(
        "member-print",
        "The card in force is printed",
        "打印现用的会员卡",
        "`13800138001` `MENU` `45`",
        (Type(f"{XIAOMING_PHONE} MENU 45"),),
        MemberWord.CARD_PRINTING,
        task="45",
    ),
    Shot(
        "member-balances",
        "The balances, without a sale",
        "不开单也能查余额",
        "`13900139002` `MENU` `49`",
        (Type(f"{ANA_PHONE} MENU 49"),),
        MemberWord.READ_BALANCES,
        task="49",
    ),
)

ACCOUNTS: Final = (
    Shot(
        "coupon",
        "A coupon was scanned: 5 off from 30",
        "扫了优惠券：满 30 减 5",
        "scan, `MENU` `46`",
        (COFFEE, Scan(COUPON, "a coupon"), Type("MENU 46")),
        AccountWord.COUPONS,
        task="46",
    ),
    Shot(
        "wallet",
        "What the member can pay with",
        "会员可以用什么付款",
        "`SUBTOTAL` `MEMBER`",
        (RICE, ANA, Type("SUBTOTAL MEMBER")),
        AccountWord.WALLET,
    ),
    Shot(
        "reward",
        "A bottle of water for 200 points",
        "200 积分换一瓶水",
        "`MENU` `47`",
        (RICE, Take("Spring Water 550 ml"), XIAOMING, Type("MENU 47")),
        AccountWord.REWARD,
        task="47",
    ),
    Shot(
        "top-up",
        "200.00 onto the member's stored value, with the bonus",
        "会员储值充 200.00，另有赠送",
        "`20000` `MENU` `48`, `ENTER`",
        (ANA, Type("200 MENU 48 ENTER")),
        AccountWord.TOPS_UP,
        task="48",
    ),
    Shot(
        "count-card",
        "One of the four visits that are left pays the tea",
        "次卡还剩四次，用一次付热茶",
        "`MENU` `51`",
        (ANA, Type("2631 ENTER MENU 51")),
        AccountWord.WALLET,
        task="51",
    ),
    Shot(
        "gift-card",
        "Which gift card pays?",
        "用哪张礼品卡付？",
        "`2000` `MENU` `52`",
        (RICE, Type("20 MENU 52")),
        AccountWord.GIFT_CARD,
        task="52",
    ),
    Shot(
        "gift-card-balance",
        "What is on a gift card, without a sale",
        "不开单查礼品卡余额",
        "`MENU` `52`, scan",
        (Type("MENU 52"), Scan(GIFT_CARD, "a gift card")),
        AccountWord.ON_CARD,
        task="52",
    ),
)
