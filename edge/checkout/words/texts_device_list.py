"""What the till says of its devices as a list."""

from enum import unique

from edge.checkout.words.texts import Saying


@unique
class DeviceListWord(Saying):
    """Every device, what it is, and how it is."""

    MENU_DEVICES = ("Devices", "设备")
    TITLE = ("Devices - number ENTER: reconnect", "设备 - 序号 ENTER 重新连接")
    ENTER_CLOSES = ("ENTER: close", "按 ENTER 关闭")
    RECONNECTING = ("Reconnecting {}", "正在重新连接 {}")
    REFUSED_NO_DEVICE = ("No such device - key its number", "无此设备 - 请输序号")
    REFUSED_NONE = ("No devices in the settings - CLEAR", "未配置设备 - 按 CLEAR")
    LOST_COUNT = ("{} devices away - MENU 93", "{} 个设备未连接 - MENU 93")

    SCANNER = ("Scanner", "扫码枪")
    KEYPAD = ("Keypad", "键盘")
    PRINTER = ("Printer", "打印机")
    DRAWER = ("Drawer", "钱箱")
    CUSTOMER_DISPLAY = ("Customer display", "顾客显示屏")
    CASHIER_DISPLAY = ("Cashier's screen", "收银屏")
    PAYMENT = ("Payment by phone", "扫码支付")
    SCALE = ("Scale", "电子秤")

    READY = ("ready", "正常")
    CONNECTING = ("connecting", "正在连接")
    ABSENT = ("away {}", "{} 断开")
    FAULTED = ("fault {}", "{} 故障")
