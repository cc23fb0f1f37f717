"""Payment terminals with their far side, real and simulated, behind one handle for tests."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

from edge.checkout.inputs import DeviceState
from edge.checkout.payments.payment import PaymentIntent, PaymentOutcome, PaymentRefund
from edge.drivers.payments.payment_gateway import (
    GatewayTerminal,
    GatewayTimeoutSettings,
    PaymentGatewaySettings,
)
from edge.drivers.payments.payment_manual import ManualTerminal, PaymentManualSettings
from edge.drivers.payments.payment_simulated import PaymentSimulatedSettings, Plan, SimulatedPayment
from edge.drivers.registry import PaymentDriver
from tests.support.devices import QUICK_REOPEN, RecordingInbox, running, surroundings
from tests.support.payment_ledger import GatewayPlan
from tests.support.payment_server import KEY_ID, SECRET, Fault, PaymentServer, payment_server
from tests.support.pki import Authority

CODE = "284712345678901234"
# For requests that get no answer: what is waited for in vain is waited for in every test run.
HASTY = GatewayTimeoutSettings(read_ms=400, total_ms=1_000)
# For connections that a test ends itself, on however slow a machine.
PATIENT = GatewayTimeoutSettings(connect_ms=60_000, total_ms=120_000)


def intent(intent_id: str = "till-001-1", amount_minor: int = 1250) -> PaymentIntent:
    return PaymentIntent(intent_id, amount_minor, "CNY", CODE)


def part_of(
    refund_id: str, amount_minor: int = 500, intent_id: str = "till-001-1"
) -> PaymentRefund:
    return PaymentRefund(refund_id, intent_id, amount_minor, "CNY")


def write_key(path: Path, secret: bytes = SECRET) -> Path:
    path.write_text(secret.hex() + "\n")
    path.chmod(0o640)
    return path


def gateway_settings(url: str, folder: Path, ca: Path | None, **more: Any) -> dict[str, Any]:
    """Settings for a gateway at that address, its key in the folder."""
    return {
        "driver": "payment_gateway",
        "name": "mobile",
        "url": url,
        "merchant": "shop-1",
        "device": "till-001",
        "key_id": KEY_ID,
        "key_file": write_key(folder / "payment.key"),
        "ca_file": ca,
        "reopen": QUICK_REOPEN,
        **more,
    }


@contextlib.asynccontextmanager
async def gateway_terminal(**settings: Any) -> AsyncIterator[GatewayTerminal]:
    """READY, for the length of the block."""
    inbox = RecordingInbox()
    terminal = GatewayTerminal(PaymentGatewaySettings(**settings), surroundings(inbox))
    async with running(terminal):
        await inbox.until_state(terminal.name, DeviceState.READY)
        yield terminal


class PaymentRig(Protocol):
    """A terminal that is ready, and the gateway that it asks."""

    terminal: PaymentDriver

    def plan(
        self,
        outcome: PaymentOutcome = PaymentOutcome.APPROVED,
        *,
        pending_queries: int = 0,
        reversible: bool = True,
        lose: str = "",
    ) -> None:
        """What the next payment comes to; `lose` its request or the first answer to it."""

    def charges(self, intent_id: str) -> int: ...

    def net(self, intent_id: str) -> int:
        """Charges that were not given back."""

    def kept_minor(self, intent_id: str) -> int:
        """What the customer is poorer by, after refunds of parts."""

    async def cut(self) -> None:
        """No way to the gateway any more."""

    async def mend(self) -> None: ...


class KnownRig(Protocol):
    """What there is of every terminal, the one without a wire included: no plan but to approve."""

    terminal: PaymentDriver

    def approve(self) -> None:
        """The next payment will be approved."""


class GatewayRig:
    """The real driver and a server on loopback."""

    def __init__(self, terminal: GatewayTerminal, server: PaymentServer) -> None:
        self.terminal = terminal
        self.server = server

    def plan(
        self,
        outcome: PaymentOutcome = PaymentOutcome.APPROVED,
        *,
        pending_queries: int = 0,
        reversible: bool = True,
        lose: str = "",
    ) -> None:
        self.server.ledger.plans.append(GatewayPlan(outcome.value, pending_queries, reversible))
        losses = {"": None, "request": Fault.CLOSED_BEFORE, "answer": Fault.CLOSED_AFTER}
        self.server.faults.append(losses[lose])

    def charges(self, intent_id: str) -> int:
        return self.server.ledger.charges(intent_id)

    def net(self, intent_id: str) -> int:
        return self.server.ledger.net(intent_id)

    def kept_minor(self, intent_id: str) -> int:
        return self.server.ledger.kept_minor(intent_id)

    def approve(self) -> None:
        self.plan()

    async def cut(self) -> None:
        await self.server.stop()

    async def mend(self) -> None:
        await self.server.start()


class SimulatedRig:
    """The simulated driver, which is its own gateway."""

    def __init__(self, terminal: SimulatedPayment) -> None:
        self.terminal = terminal

    def plan(
        self,
        outcome: PaymentOutcome = PaymentOutcome.APPROVED,
        *,
        pending_queries: int = 0,
        reversible: bool = True,
        lose: str = "",
    ) -> None:
        plan = Plan(
            outcome=outcome,
            pending_queries=pending_queries,
            reversible=reversible,
            lost_request=lose == "request",
            lost_answers=int(lose == "answer"),
        )
        self.terminal.plans.append(plan)

    def charges(self, intent_id: str) -> int:
        booking = self.terminal.books.get(intent_id)
        return booking.charges if booking else 0

    def net(self, intent_id: str) -> int:
        booking = self.terminal.books.get(intent_id)
        return booking.charges - booking.reversals if booking else 0

    def kept_minor(self, intent_id: str) -> int:
        booking = self.terminal.books.get(intent_id)
        return booking.left_minor if booking else 0

    def approve(self) -> None:
        self.plan()

    async def cut(self) -> None:
        self.terminal.unplug()

    async def mend(self) -> None:
        self.terminal.replug()


class ManualRig:
    """The terminal beside the till; what was charged on it, it keeps to itself."""

    def __init__(self, terminal: ManualTerminal) -> None:
        self.terminal = terminal

    def approve(self) -> None:
        """The cashier keys nothing that the terminal did not approve."""


@contextlib.asynccontextmanager
async def manual_rig() -> AsyncIterator[ManualRig]:
    inbox = RecordingInbox()
    settings = PaymentManualSettings(driver="payment_manual", name="mobile")
    terminal = ManualTerminal(settings, surroundings(inbox))
    async with running(terminal):
        await inbox.until_state("mobile", DeviceState.READY)
        yield ManualRig(terminal)


@contextlib.asynccontextmanager
async def gateway_rig(authority: Authority, folder: Path) -> AsyncIterator[GatewayRig]:
    async with (
        payment_server(authority) as server,
        gateway_terminal(**gateway_settings(server.url, folder, authority.ca)) as terminal,
    ):
        yield GatewayRig(terminal, server)


@contextlib.asynccontextmanager
async def simulated_rig() -> AsyncIterator[SimulatedRig]:
    inbox = RecordingInbox()
    settings = PaymentSimulatedSettings(driver="payment_simulated", name="mobile")
    terminal = SimulatedPayment(settings, surroundings(inbox))
    async with running(terminal):
        await inbox.until_state("mobile", DeviceState.READY)
        yield SimulatedRig(terminal)
