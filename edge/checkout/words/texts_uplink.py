"""What the till's status line says of headquarters that gets nothing until somebody acts."""

from collections.abc import Mapping
from enum import unique
from typing import Final

from edge.checkout.troubles import UplinkTrouble
from edge.checkout.words.texts import Saying


@unique
class UplinkWord(Saying):
    """Short: the status line is for other news too."""

    FOREIGN_CERTIFICATE = ("another till's certificate", "证书属于其他收银机")
    NOT_LET_IN = ("HQ refuses this till", "总部拒绝本机连接")
    SHARED_NAME = ("two tills, one name", "两台收银机同名")
    QUARANTINED = ("HQ takes no records", "总部拒收数据")


UPLINK_WORDS: Final[Mapping[UplinkTrouble, UplinkWord]] = {
    UplinkTrouble.FOREIGN_CERTIFICATE: UplinkWord.FOREIGN_CERTIFICATE,
    UplinkTrouble.NOT_LET_IN: UplinkWord.NOT_LET_IN,
    UplinkTrouble.SHARED_NAME: UplinkWord.SHARED_NAME,
    UplinkTrouble.QUARANTINED: UplinkWord.QUARANTINED,
}
