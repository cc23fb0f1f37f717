"""What a self-test says."""

from enum import unique

from edge.checkout.words.texts import Saying


@unique
class SelftestWord(Saying):
    """Questions, findings, and what to do about them."""

    TITLE = ("Self-test {}", "自检 {}")
    PASSED = ("OK", "正常")
    FAILED = ("FAILED", "故障")
    SKIPPED = ("skipped", "略过")
    NOT_ASKED = ("not asked", "未询问")
    ALL_WELL = ("All is well", "一切正常")
    SOME_FAILED = ("Failed: {}", "故障 {} 项")
    LEFT_OPEN = ("Not asked: {}", "未询问 {} 项")

    YES_OR_NO = ("{}  ENTER yes, CLEAR no", "{}  确认=是 清除=否")
    WORKING = ("One moment: {}", "请稍候：{}")
    SEE_CASHIER = ("Do you see 0-9, A-Z, 中文 here?", "能看到数字、字母和中文吗？")
    SEE_CUSTOMER = ("Is it on the customer's display?", "顾客屏显示正确吗？")
    PRESS_EACH = ("Press each key once. Left: {}", "每键按一次，还剩：{}")
    SCAN_ANY = ("Scan any code with {}  CLEAR no", "请用 {} 扫任一条码  清除=否")
    PAGE_GOOD = ("Is all of the page readable, and cut?", "打印页全部清晰并已切纸？")
    DRAWER_OPENED = ("Did the drawer open?", "钱箱打开了吗？")
    SHUT_DRAWER = ("Shut the drawer", "请关上钱箱")

    NEEDS_HANDS = ("needs somebody there", "需要人员在场")
    NOT_CONNECTED = ("{}; check cable, power and settings", "{}；请检查线缆、电源和设置")
    NOT_TRIED = ("not tried: not connected", "未连接，无法检查")
    HANGS_ON = ("not tried: {} is not connected", "{} 未连接，无法检查")
    CONNECTED = ("connected", "已连接")
    SEEN = ("seen", "已看到")
    NOT_SEEN = ("not seen; check brightness, cable and settings", "看不到，请检查亮度、线缆和设置")
    NO_ANSWER = ("nobody answered", "无人回答")
    KEYS_ALL = ("all {} keys", "{} 个键全部正常")
    KEYS_LACK = ("not pressed or dead: {}", "未按或失灵：{}")
    SCANNED = ("read, {} characters", "已读取 {} 个字符")
    NOT_SCANNED = ("nothing was read; check its settings", "未读到条码，请检查扫描枪设置")
    NO_STATUS = ("it is simulated and has none", "模拟设备，无状态")
    NEVER_ANSWERED = ("it never answered a question", "打印机从未应答")
    PRINTER_READY = ("ready", "就绪")
    PAPER_LOW = ("ready, little paper left: have a roll at hand", "就绪；纸快用完，请备好纸卷")
    NOT_TRIED_IN_TROUBLE = ("not tried: see its status", "未检查：见打印机状态")
    PAGE_PRINTED = ("printed", "已打印")
    PAGE_UNANSWERED = ("it never answered; look at the paper", "打印机从未应答，请看打印纸")
    # What a device, a kernel or a broker says itself.
    SAYS = ("{}", "{}")
    PAGE_READABLE = ("readable", "清晰")
    PAGE_UNREADABLE = ("not readable; check charset and columns", "不清晰，请检查字符集和列数设置")
    WEIGHED = ("{} g lie on it", "当前 {} 克")
    NO_SENSE = ("it has no switch", "没有检测开关")
    DRAWER_SHUT = ("shut", "已关闭")
    DRAWER_OPEN = (
        "open before the test; shut it, check the switch",
        "检查前已打开，请关上并检查开关",
    )
    KICKED = ("opened", "已打开")
    NOT_KICKED = ("did not open; check key, cable and 24 V", "未打开，请检查钥匙、线缆和 24V")
    NOT_OPENED_UNRECORDED = (
        "not opened: the journal takes no record of it",
        "未打开：日志无法记录",
    )
    NOT_SHUT = ("its switch never said shut again", "开关未报告关闭")

    FSYNC_SLOW = ("too slow for a till: {}", "对收银机太慢：{}")
    FSYNC_FAILED = ("the disk took no write: {}", "磁盘无法写入：{}")
    DISK_SILENT = ("the disk can't be asked: {}", "无法查询磁盘：{}")
    NOT_RECORDED = ("nothing of this is on record: {}", "本次自检未记入日志：{}")
    SPACE = ("{} free", "剩余 {}")
    SPACE_SHORT = ("only {} free; make room", "仅剩 {}，请清理")
    MOUNT_UNKNOWN = ("the kernel does not say", "系统未说明")
    MOUNT_VOLATILE = ("{} is gone at a power cut", "{} 断电即失")
    MOUNT_UNSAFE = ("{}: a power cut may lose sales", "{}：断电可能丢失销售")
    WEAR = ("{} used", "已用寿命 {}")
    WORN = ("{} used: replace it", "已用寿命 {}，请更换")
    WEAR_UNKNOWN = ("the disk does not say", "磁盘未说明")
    CLOCK_SYNCED = ("set by the network", "已由网络校时")
    CLOCK_FLOOR = ("runs on; no network has set it yet", "运行中，尚未经网络校时")
    CLOCK_UNSET = ("behind the last record; connect a network", "早于最后记录，请连接网络")
    BATTERY = ("battery clock {}", "电池时钟 {}")
    BATTERY_OFF = ("battery clock is {} off; change the battery", "电池时钟偏差 {}，请换电池")
    BATTERY_UNJUDGED = ("nobody knows the time to compare", "没有可比对的时间")
    NO_BATTERY = ("no battery clock on this board", "主板没有电池时钟")
    CERTIFICATE = ("good for {} days", "有效期还有 {} 天")
    CERTIFICATE_ENDS = ("ends in {} days; provision the box anew", "还有 {} 天到期，请重新配置")
    CERTIFICATE_OTHER = ("is for {}; provision the box anew", "属于 {}，请重新配置")
    CERTIFICATE_UNJUDGED = ("for this till; its days need a clock", "属于本机，需校时后判断期限")
    NO_CERTIFICATE = ("the settings name none", "设置中没有")
    BROKER = ("connected to {}", "已连接 {}")
