"""What the till says of its cash drawer."""

from collections.abc import Mapping
from enum import unique
from typing import Final

from edge.checkout.troubles import Trouble
from edge.checkout.words.texts import Saying


@unique
class DrawerWord(Saying):
    """The drawer, as the switch in it sees it, and as its driver does."""

    IS_OPEN = ("drawer open", "钱箱未关")
    CLOSE = ("Close the drawer", "请关好钱箱")
    FORCED = ("Drawer was opened by hand", "钱箱被手动打开")
    NO_PULSE = ("Drawer does not answer - use its key", "钱箱无应答 - 请用钥匙")

    # No pulse, for the printer that the drawer hangs on gives none: that is named first.
    BY_PAPER_OUT = ("{}: no paper - drawer: use key", "{}：缺纸 - 钱箱请用钥匙")
    BY_COVER_OPEN = ("{}: cover open - drawer: use key", "{}：盖未关 - 钱箱请用钥匙")
    BY_CUTTER = ("{}: cutter jam - drawer: use key", "{}：切刀卡住 - 钱箱请用钥匙")
    BY_ERROR = ("{}: error - drawer: use key", "{}：故障 - 钱箱请用钥匙")
    BY_OFFLINE = ("{}: offline - drawer: use key", "{}：脱机 - 钱箱请用钥匙")
    BY_NO_ANSWER = ("{}: no answer - drawer: use key", "{}：无应答 - 钱箱请用钥匙")


# With little paper it is given.
NO_PULSE_BY: Final[Mapping[Trouble, DrawerWord]] = {
    Trouble.PAPER_OUT: DrawerWord.BY_PAPER_OUT,
    Trouble.COVER_OPEN: DrawerWord.BY_COVER_OPEN,
    Trouble.CUTTER: DrawerWord.BY_CUTTER,
    Trouble.ERROR: DrawerWord.BY_ERROR,
    Trouble.OFFLINE: DrawerWord.BY_OFFLINE,
    Trouble.NO_ANSWER: DrawerWord.BY_NO_ANSWER,
}
