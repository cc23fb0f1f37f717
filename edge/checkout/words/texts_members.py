"""What a till says about members, in English and Chinese."""

from enum import unique

from edge.checkout.words.texts import Saying


@unique
class MemberWord(Saying):
    """What looking up, enrolling and telling members says."""

    # The menu
    MENU_ENROL = ("Enrol a member", "会员注册")
    MENU_UPDATE = ("Change a member", "修改会员资料")
    MENU_BLOCK = ("Block a member, or let in", "停用/恢复会员")
    MENU_CARD = ("New card for a member", "补换会员卡")
    MENU_PRINT = ("Print a member's card", "打印会员卡")
    MENU_BALANCES = ("A member's balances", "会员余额查询")

    # Questions
    WHO = ("Whose? {}", "查找会员：{}")
    ASK_WHO = ("Phone, last 4, card - ENTER, or scan", "手机号、后四位或卡号按 ENTER，或扫码")
    SALE = ("for this sale", "本单会员")
    WHICH = ("Members found: {}", "找到会员：{}")
    ASK_WHICH = ("Which one? ENTER - CLEAR: back", "选择后按 ENTER，CLEAR 返回")
    NOT_A_MEMBER = ("Not a member", "不是会员")
    ASK_ENROL = ("ENTER: enrol - CLEAR: no", "ENTER 注册，CLEAR 取消")
    NEW_MEMBER = ("New member", "新会员")
    ASK_PHONE = ("Mobile number, ENTER - CLEAR: back", "输入手机号按 ENTER，CLEAR 返回")
    ASK_BIRTHDAY = ("Birthday MMDD or YYYYMMDD - ENTER", "生日月日或年月日，按 ENTER")
    ASK_CONSENT = ("May we write? 1: yes, ENTER: no", "可发信息吗？1 可以，ENTER 不可")
    MEMBER = ("Member {}", "会员 {}")
    READ_MEMBER = ("VOID: off the sale - CLEAR: back", "VOID 移出本单，CLEAR 返回")
    READ_BALANCES = ("UP, DOWN - ENTER or CLEAR: back", "上下键翻看，ENTER 返回")
    CHANGE_WHAT = ("Change {}", "修改 {}")
    BLOCK_WHOM = ("Block {}", "停用 {}")
    ASK_BLOCK = ("ENTER: block - CLEAR: back", "ENTER 停用，CLEAR 返回")
    LET_IN_WHOM = ("Let {} in again", "恢复 {}")
    ASK_LET_IN = ("ENTER: let in - CLEAR: back", "ENTER 恢复，CLEAR 返回")
    CARD_FOR = ("New card for {}", "换卡 {}")
    ASK_CARD = ("ENTER: new card - CLEAR: back", "ENTER 换卡，CLEAR 返回")

    # Rows
    CARD = ("Card", "卡号")
    PHONE = ("Phone", "手机号")
    BIRTHDAY = ("Birthday", "生日")
    CONSENT = ("Messages", "接收信息")
    YES = ("yes", "是")
    NO = ("no", "否")
    TIER = ("Tier", "等级")
    POINTS_HERE = ("Points to use here", "本店可用积分")
    POINTS_OWED = ("Points owed", "欠积分")
    POINTS_EXPIRING = ("until {}", "有效期至 {}")
    VALUE_HERE = ("Stored value here", "本店可用储值")
    VISITS = ("Visits left", "剩余次数")
    VISITS_OF = ("Visits left: {}", "剩余次数：{}")
    COUPON_OF = ("Coupon: {}", "优惠券：{}")
    CARD_HERE = ("On card {} here", "卡 {} 本店可用")
    TO_TIER = ("To spend for {}", "距{}还差")
    BIRTHDAY_TODAY = ("Birthday today", "今天生日")
    BIRTHDAY_WEEK = ("Birthday this week", "本周生日")
    BIRTHDAY_MONTH = ("Birthday this month", "本月生日")
    FIRST_PURCHASE = ("First purchase", "首次购物")

    # What the customer is told
    POINTS_EARNED = ("Points earned", "本次积分")
    POINTS_REDEEMED = ("Points used", "使用积分")
    POINTS_RETURNED = ("Points given back", "退回积分")
    POINTS_TAKEN_BACK = ("Points taken back", "扣回积分")
    POINTS_NOW = ("Points {}", "积分 {}")
    MEMBER_CARD = ("Member card", "会员卡")

    # What happened
    TAKEN_OFF = ("Sale without a member", "本单已无会员")
    ENROLLED = ("Enrolled, card {}", "已注册，卡号 {}")
    CHANGED = ("Changed", "资料已修改")
    BLOCKED = ("Blocked", "会员已停用")
    LET_IN = ("Let in again", "会员已恢复")
    CARD_PRINTING = ("Card {}", "会员卡 {}")

    # Refusals: why - what to press
    REFUSED_NO_MEMBERS = ("No members in this shop - go on", "本店没有会员 - 请继续")
    REFUSED_NO_NUMBER = ("Nothing keyed - number, ENTER", "未输数字 - 输入后按 ENTER")
    REFUSED_NOT_A_NUMBER = ("No such phone or card - key again", "手机号或卡号有误 - 请重输")
    REFUSED_BAD_PHONE = ("No mobile number - key again", "手机号有误 - 请重输")
    REFUSED_BAD_BIRTHDAY = ("No such day - MMDD or YYYYMMDD", "没有这一天 - 输入月日或年月日")
    REFUSED_CONSENT = ("Only 1 or nothing - ENTER", "只能输 1 或不输 - 按 ENTER")
    REFUSED_NOBODY = ("Nobody found - key the whole phone", "没有此会员 - 请输完整手机号")
    REFUSED_IS_MEMBER = ("Is a member already - key MEMBER", "已是会员 - 请按 MEMBER")
    REFUSED_USED_UP = ("No card numbers left - call", "卡号已用完 - 请报修")
    REFUSED_BLOCKED = ("Member is blocked - see MENU 43", "会员已停用 - 见 MENU 43")
    REFUSED_REPLACED = ("Card was replaced - ask for the new", "此卡已换新 - 请出示新卡")
    REFUSED_FORGED = ("Code is not ours - key the phone", "二维码是伪造的 - 请输手机号")
    REFUSED_EXPIRED = ("Code has expired - show a new one", "二维码已过期 - 请出示新码")
    REFUSED_REPLAYED = ("Code was used - show a new one", "二维码已用过 - 请出示新码")
    REFUSED_NO_KEY = ("Can't check codes - key the phone", "无法验证二维码 - 请输手机号")
    REFUSED_GONE = ("Member not taken - key MEMBER", "会员无效 - 请按 MEMBER")
    REFUSED_IS_LET_IN = ("Not blocked - choose another", "会员未停用 - 选其他")
