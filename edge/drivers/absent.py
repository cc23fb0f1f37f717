"""What stands in for a device that the settings don't name, and for several of one kind."""

from collections.abc import Sequence

from edge.checkout.effects import Tone
from edge.checkout.receipt import Receipt
from edge.checkout.screens import CashierScreen, CustomerScreen
from edge.ports import CashierDisplay, CustomerDisplay, DeviceError


class NoPrinter:
    """A shop without a printer: every receipt stays pending and can be printed elsewhere."""

    async def print_receipt(self, job_id: str, receipt: Receipt) -> None:
        raise DeviceError(
            f"receipt {receipt.receipt_no} (job {job_id}): no printer in the settings"
        )


class NoDrawer:
    """A shop whose drawer is opened by its key."""

    async def open(self) -> None:
        raise DeviceError("no drawer in the settings")


class EveryCustomerDisplay:
    """All the customer's displays at once; with none of them, nobody looks."""

    def __init__(self, displays: Sequence[CustomerDisplay]) -> None:
        self._displays = displays

    def show(self, screen: CustomerScreen) -> None:
        for display in self._displays:
            display.show(screen)


class EveryCashierDisplay:
    """All the cashier's displays at once; with none of them, nobody looks."""

    def __init__(self, displays: Sequence[CashierDisplay]) -> None:
        self._displays = displays

    def show(self, screen: CashierScreen) -> None:
        for display in self._displays:
            display.show(screen)

    def beep(self, tone: Tone) -> None:
        for display in self._displays:
            display.beep(tone)
