"""What the till says of its cash drawer."""

from enum import unique

from edge.checkout.words.texts import Saying


@unique
class DrawerWord(Saying):
    """The drawer, as the switch in it sees it, and as its driver does."""

    IS_OPEN = ("drawer open", "钱箱未关")
    CLOSE = ("Close the drawer", "请关好钱箱")
    FORCED = ("Drawer was opened by hand", "钱箱被手动打开")
    NO_PULSE = ("Drawer does not answer - use its key", "钱箱无应答 - 请用钥匙")
