"""What stands in for a device that the settings don't name, and for several of one kind."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from edge.checkout.effects import Tone
from edge.checkout.paper.receipt import Receipt
from edge.checkout.payments.payment import (
    NO_TERMINAL,
    PaymentAnswer,
    PaymentIntent,
    PaymentOutcome,
    PaymentRefund,
)
from edge.checkout.screens import CashierScreen, CustomerScreen
from edge.ports import CashierDisplay, CustomerDisplay, DeviceError, PaymentTerminal


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


class NoScale:
    """A shop that weighs nothing, or on a scale of its own."""

    async def weigh(self) -> int:
        raise DeviceError("no scale in the settings")


class TerminalsByName:
    """The payment terminals of the settings. What one of them knows that is not there any more is
    UNKNOWN; to pay with such a one is a bug.
    """

    def __init__(self, terminals: Mapping[str, PaymentTerminal]) -> None:
        self._terminals = terminals

    async def pay(self, terminal: str, intent: PaymentIntent) -> PaymentAnswer:
        return await self._terminals[terminal].pay(intent)

    async def query(self, terminal: str, intent_id: str) -> PaymentAnswer:
        found = self._terminals.get(terminal)
        return await found.query(intent_id) if found else _unknown(intent_id)

    async def reverse(self, terminal: str, intent_id: str) -> PaymentAnswer:
        found = self._terminals.get(terminal)
        return await found.reverse(intent_id) if found else _unknown(intent_id)

    async def refund(self, terminal: str, refund: PaymentRefund) -> PaymentAnswer:
        found = self._terminals.get(terminal)
        if found is None:
            return replace(_unknown(refund.intent_id), refund_id=refund.refund_id)
        return await found.refund(refund)


def _unknown(intent_id: str) -> PaymentAnswer:
    outcome = PaymentOutcome.UNKNOWN
    return PaymentAnswer(intent_id, outcome, 0, reference="", detail=NO_TERMINAL)


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
