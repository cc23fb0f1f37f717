"""The page behind `?`: what is what, and what can be tried."""

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static

from edge.checkout.shop import Language

ENGLISH = """\
A till as it stands in a shop; only its devices are drawn instead of built.
The store is on disk, the broker and headquarters run beside it on this machine.

 SELL      click goods in the shelf (s scans something, / searches, ← → turn the page)
           3 x then scan: three of it · fruit goes on the scale · 1.2 x 2003 ENTER: 1.2 kg
           4 x ENTER: the marked line becomes four · ↑ ↓ mark · v voids the line
 GET PAID  50 is 50.00 · c exact cash · 50 c with change · 20 c then d: cash and card
           d card, then any approval code, ENTER · o phone: scan its code (page before the last)
 MEMBERS   b then 13900139002 ENTER, or click a card (page before the last) · 49 balances
           41 enrol · b while paying: points, stored value, coupons
 PEOPLE    Wei, supervisor, is signed on (9, PIN 9753); m 61 1 ENTER 1234 ENTER: Lin, who may less
 MENU      m: 11 refund by receipt (click its paper) · 12 return without one · 13 copy
           5 m 15: price becomes 5.00 · 16 17 discounts · 18 hold, 19 recall · 20 discounts, why
           24 open a shift · 25 X · 26 Z · 31 stock in · 33 count · 34 find · 92 training · 91 中文
 BREAK IT  n cuts the network: sell on, n again, and headquarters has it all
           p unplugs the printer: the sale is stored, its receipt is offered as a copy
           The shelf's last page: codes that a till has to refuse         any key: back to the till
"""
CHINESE = """\
这是一台真实的收银机，只是设备画在屏幕上。
数据存在磁盘上；消息服务器和总部也在本机运行。

 销售      点击货架上的商品（s 随机扫码，/ 查找，← → 翻页）
           3 x 再扫：三件 · 水果蔬菜由秤称重 · 1.2 x 2003 ENTER：1.2 公斤
           4 x ENTER：标记的行改为四件 · ↑ ↓ 移动标记 · v 作废该行
 收款      50 就是 50.00 · c 现金付清 · 50 c 收五十并找零 · 20 c 再 d：现金加刷卡
           d 刷卡，输入任意授权码按 ENTER · o 手机：扫付款码（倒数第二页）
 会员      b 再输 13900139002 ENTER，或点击会员卡（倒数第二页）· 49 余额
           41 注册 · 收款时按 b：积分、储值、优惠券
 员工      9 魏，主管，密码 9753，已登录；m 61 1 ENTER 1234 ENTER：林，权限较少
 菜单      m：11 凭小票退货（点击小票）· 12 无小票退货 · 13 补打
           5 m 15：改价为 5.00 · 16 17 折扣 · 18 挂单 19 取单 · 20 优惠明细
           24 开班 · 25 X · 26 Z · 31 入库 · 33 盘点 · 34 查找 · 92 练习 · 91 English
 弄坏它    n 断网：照常销售，再按 n，总部全部收到
           p 拔掉打印机：销售已存储，小票可以补打
           货架最后一页：收银机必须拒绝的码                               按任意键返回
"""


class HelpScreen(ModalScreen[None]):
    """Over the till until any key or click."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._text = CHINESE if language is Language.CHINESE else ENGLISH

    def compose(self) -> ComposeResult:
        yield Static(Text(self._text, no_wrap=True), id="help")

    def on_key(self, event: events.Key) -> None:
        event.stop()  # it is not meant for the till
        self.dismiss()

    def on_click(self) -> None:
        self.dismiss()
