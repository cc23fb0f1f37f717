"""A device that is begun anew: closed, what was learned of it forgotten, and opened again. So a
printer is swapped for one that can do less.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from edge.checkout.inputs import DeviceState
from edge.checkout.payments.payment import PaymentAnswer, PaymentOutcome
from edge.clock import SystemClock
from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.payments.payment_gateway import PaymentGatewaySettings
from edge.drivers.registry import REGISTRY, Devices, PaymentDriver, build
from edge.ports import DeviceError
from tests.support.devices import RecordingInbox, running, turning_until
from tests.support.lives import Life
from tests.support.payment_rigs import PATIENT, gateway_settings, intent, part_of
from tests.support.payment_server import payment_server, serving
from tests.support.payment_way import HeldUp
from tests.support.pki import make_authority
from tests.support.printer_rigs import (
    WIRES,
    NetworkRig,
    Rig,
    SimulatedRig,
    WiredRig,
    network_rig,
    receipt,
    title,
    wired_rig,
)

SIMULATED = tuple(
    maker.settings
    for makers in REGISTRY.values()
    for maker in makers
    if maker.settings.__name__.endswith("SimulatedSettings")
)


async def begin_anew(rig: Rig) -> None:
    """Until it is open again."""
    rig.renewals.begin_anew("printer")
    await turning_until(lambda: not rig.renewals.of("printer").is_set())
    await turning_until(lambda: rig.driver.state is DeviceState.READY)


# --- any device


async def test_a_device_that_is_there_is_closed_and_opened_again_without_waiting() -> None:
    life = Life()
    async with running(life.cycle):
        await life.until(DeviceState.READY)
        life.renewals.begin_anew("lamp")
        await turning_until(lambda: life.socket.open == 2)
        assert life.socket.closed == 1
        assert life.clock.sleeps_ms == []
    assert life.socket.closed == 2


async def test_one_that_is_away_is_looked_for_at_once_and_its_backoff_begins_anew() -> None:
    life = Life()
    life.socket.openings.extend(DeviceAbsentError("lamp: not there") for _ in range(4))
    async with running(life.cycle):
        for sleeps in (1, 2, 3):
            await life.clock.until_asleep(sleeps)
            life.clock.advance(1_000 if sleeps < 3 else 0)
        life.renewals.begin_anew("lamp")
        await life.clock.until_asleep(4)
    assert life.clock.sleeps_ms == [99, 199, 399, 99]


async def test_said_twice_it_is_begun_anew_once() -> None:
    life = Life()
    async with running(life.cycle):
        await life.until(DeviceState.READY)
        for _ in range(3):
            life.renewals.begin_anew("lamp")
        await turning_until(lambda: life.socket.open == 2)
        for _ in range(20):
            await asyncio.sleep(0)
    assert (life.socket.open, life.socket.closed) == (2, 2)


async def test_what_was_said_while_it_was_opened_counts_from_the_next_opening() -> None:
    """What is being opened may be the old one still."""
    life = Life()
    life.socket.openings.append("hangs")
    async with running(life.cycle):
        await turning_until(lambda: life.cycle.state is DeviceState.OPENING)
        life.renewals.begin_anew("lamp")
        await life.until(DeviceState.READY)
        assert not life.renewals.of("lamp").is_set()
    assert life.clock.sleeps_ms == []


@pytest.mark.parametrize("number", range(len(SIMULATED)), ids=lambda n: SIMULATED[n].__name__)
async def test_every_simulated_device_takes_it_the_same_way(number: int) -> None:
    kind = SIMULATED[number]
    driver = kind.model_fields["driver"].annotation.__args__[0]
    settings = kind.model_validate({"driver": driver, "name": "other"})
    inbox = RecordingInbox()
    devices: Devices = build([settings], inbox, SystemClock(0))
    (device,) = devices.all
    async with running(device):
        await inbox.until_state("other", DeviceState.READY)
        devices.renewals.begin_anew("other")
        await turning_until(lambda: not devices.renewals.of("other").is_set())
        await turning_until(lambda: device.state is DeviceState.READY)


# --- printers


@pytest.fixture(params=["simulated", *WIRES])
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    simulated = request.param == "simulated"
    rig = SimulatedRig() if simulated else await wired_rig(request.param, tmp_path)
    await rig.plug()
    yield rig
    await rig.unplug()


@pytest.fixture(params=WIRES)
async def wired(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[WiredRig]:
    rig = await wired_rig(request.param, tmp_path)
    await rig.plug()
    yield rig
    await rig.unplug()


@pytest.fixture
async def network() -> AsyncIterator[NetworkRig]:
    rig = await network_rig()
    await rig.plug()
    yield rig
    await rig.unplug()


async def test_a_printer_prints_again_and_what_it_has_printed_it_prints_no_more(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.ready()
        await rig.driver.print_receipt("1", receipt(1))
        await begin_anew(rig)
        await rig.driver.print_receipt("1", receipt(1))
        await rig.driver.print_receipt("2", receipt(2))
        assert rig.papers()[-1] == title(2)
        assert rig.papers().count(title(1)) == 1


async def test_one_that_is_swapped_for_one_that_never_answers_prints_once_it_is_begun_anew(
    wired: WiredRig,
) -> None:
    async with running(wired.driver):
        await wired.ready()
        await wired.driver.print_receipt("1", receipt(1))
        await wired.unplug()
        await wired.gone()
        wired.device.answers = False
        await wired.plug()
        await wired.ready()
        with pytest.raises(DeviceError, match="does not answer"):
            await wired.driver.print_receipt("2", receipt(2))
        await begin_anew(wired)
        await wired.driver.print_receipt("3", receipt(3))
        await wired.device.changes.until(lambda: title(3) in wired.papers())
        assert title(2) not in wired.papers()


async def test_one_that_is_swapped_for_one_that_says_no_end_prints_once_it_is_begun_anew(
    network: NetworkRig,
) -> None:
    async with running(network.driver):
        await network.ready()
        await network.driver.print_receipt("1", receipt(1))
        await network.unplug()
        await network.gone()
        network.device.reader.knows_ids = network.device.reader.knows_turns = False
        await network.plug()
        await network.ready()
        with pytest.raises(DeviceError, match="MENU 93"):
            await network.driver.print_receipt("2", receipt(2))
        await begin_anew(network)
        await network.driver.print_receipt("3", receipt(3))
        texts = [line for paper in network.device.reader.papers for line in paper.text]
        assert any(title(3) in line for line in texts)
        assert not any(title(2) in line for line in texts)


async def test_a_receipt_under_way_is_given_up_as_when_the_printer_is_unplugged(
    network: NetworkRig,
) -> None:
    driver = network.with_settings(stall_timeout_ms=60_000)
    network.driver = driver
    async with running(driver):
        await network.ready()
        network.device.stall_after = network.device.reader.bytes_fed + 600
        printing = asyncio.create_task(driver.print_receipt("1", receipt(1, lines=100)))
        await network.device.changes.until(lambda: network.device.is_full)
        await begin_anew(network)
        with pytest.raises(DeviceError, match="printer: "):
            await printing
        network.device.resume()
        await driver.print_receipt("2", receipt(2))
        assert network.papers()[-1] == title(2)


async def test_a_pulse_under_way_is_given_up_and_never_given_again(network: NetworkRig) -> None:
    driver = network.with_settings(stall_timeout_ms=60_000)
    network.driver = driver
    async with running(driver):
        await network.ready()
        await driver.print_receipt("1", receipt(1))
        network.device.stall_after = network.device.reader.bytes_fed
        pulsing = asyncio.create_task(driver.kick_drawer(2, 100, 60_000))
        await turning_until(driver._turn.locked)
        await begin_anew(network)
        with pytest.raises(DeviceError, match="printer: "):
            await pulsing
        network.device.resume()
        await driver.print_receipt("2", receipt(2))
        assert network.device.reader.pulses == []


# --- payment gateways

DECLINED, UNKNOWN = PaymentOutcome.DECLINED, PaymentOutcome.UNKNOWN
Asks = Callable[[PaymentDriver], Awaitable[PaymentAnswer]]


@pytest.mark.parametrize(
    ("asks", "outcome"),
    [
        (lambda terminal: terminal.pay(intent()), DECLINED),
        (lambda terminal: terminal.query(intent().intent_id), UNKNOWN),
        (lambda terminal: terminal.reverse(intent().intent_id), UNKNOWN),
        (lambda terminal: terminal.refund(part_of("r1")), UNKNOWN),
    ],
    ids=["pay", "query", "reverse", "refund"],
)
async def test_what_a_gateway_is_being_connected_for_was_not_sent_and_the_next_payment_is_paid(
    asks: Asks, outcome: PaymentOutcome, tmp_path: Path
) -> None:
    authority = make_authority(tmp_path)
    inbox = RecordingInbox()
    async with payment_server(authority) as server:
        way = HeldUp(server.port)
        async with serving(way.serve) as port:
            url = f"https://127.0.0.1:{port}"
            config = gateway_settings(url, tmp_path, authority.ca, timeouts=PATIENT)
            devices = build([PaymentGatewaySettings(**config)], inbox, SystemClock(0))
            (terminal,) = devices.payment_terminals
            async with running(terminal):
                await inbox.until_state("mobile", DeviceState.READY)
                asking = asyncio.ensure_future(asks(terminal))
                await way.until_held(1)
                devices.renewals.begin_anew("mobile")
                await turning_until(lambda: not devices.renewals.of("mobile").is_set())
                await turning_until(lambda: terminal.state is DeviceState.READY)
                way.let_go()
                answer = await asking
                assert (answer.outcome, answer.detail) == (outcome, "not_sent")
                assert server.connections == 0
                paid = await terminal.pay(intent("till-001-2"))
                assert paid.outcome is PaymentOutcome.APPROVED
        assert list(server.ledger.accounts) == ["till-001-2"]
