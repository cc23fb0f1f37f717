"""A way into each state, for the specifications that hold in all of them."""

from collections.abc import Callable

from edge.checkout.session import State, start
from tests.support.playbook import SHOP, Till
from tests.support.staff import StaffTill


def _starting() -> Till:
    till = Till()
    till.session = start(SHOP)
    return till


def two_held() -> Till:
    """A till with two sales set aside."""
    till = Till().scan("1001").press("MENU 18").stored()
    return till.scan("1002").press("MENU 18").stored()


IN_STATE: dict[State, Callable[[], Till]] = {
    State.STARTING: _starting,
    State.IDLE: Till,
    State.SELLING: lambda: Till().scan("1001"),
    State.TENDERING: lambda: Till().scan("1001").press("SUBTOTAL"),
    State.CARD_APPROVAL: lambda: Till().scan("1001").press("CARD"),
    State.RETURNING: lambda: Till().press("MENU 12").scan("1001"),
    State.ASK_RECEIPT: lambda: Till().press("MENU 11"),
    State.FINDING: lambda: Till().press("MENU 11 1 ENTER"),
    State.PICKING: lambda: Till().sell("1001").press("MENU 11 1 ENTER").found(),
    State.STOCKING: lambda: Till().press("MENU 31"),
    State.MENU: lambda: Till().press("MENU"),
    State.SIGNED_OFF: StaffTill,
    State.ASKING: lambda: two_held().press("MENU 19"),
    State.STORING: lambda: Till().scan("1001").press("CASH"),
    State.STOPPED: lambda: Till().disk_fails(),
}
