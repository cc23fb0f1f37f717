"""One contract for every customer display, read back as a display would show it."""

import abc
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.checkout.inputs import DeviceState
from edge.checkout.screens import CustomerScreen
from edge.drivers.displays.display_commands import COMMAND_SETS
from edge.drivers.displays.display_serial import (
    BEGIN_AGAIN_MS,
    DisplaySerialSettings,
    SerialCustomerDisplay,
    at_rest,
)
from edge.drivers.simulated import CustomerDisplaySimulatedSettings, SimulatedCustomerDisplay
from tests.support.devices import (
    DEADLINE_S,
    QUICK_REOPEN,
    RecordingInbox,
    SerialLine,
    SteppedClock,
    plugged,
    running,
    surroundings,
)
from tests.support.glass import Cd5220Glass, EscposGlass, Glass

WELCOME = CustomerScreen("Welcome!", "Milk 1L         12.50")


def full(screen: CustomerScreen) -> tuple[str, str]:
    return f"{screen.upper[:20]:20}", f"{screen.lower[:20]:20}"


class Rig(abc.ABC):
    inbox: RecordingInbox
    driver: SerialCustomerDisplay | SimulatedCustomerDisplay

    @abc.abstractmethod
    async def shows(self, screen: CustomerScreen) -> None:
        """Return when that stands on the display."""

    @abc.abstractmethod
    def unplug(self) -> None: ...

    @abc.abstractmethod
    def replug(self) -> None: ...

    async def ready(self) -> None:
        await self.inbox.until_state("display", DeviceState.READY)

    async def gone(self) -> None:
        await self.inbox.changes.until(
            lambda: self.inbox.states("display")[-1] is not DeviceState.READY
        )


class SimulatedRig(Rig):
    driver: SimulatedCustomerDisplay

    def __init__(self) -> None:
        self.inbox = RecordingInbox()
        settings = CustomerDisplaySimulatedSettings(
            driver="customer_display_simulated", name="display", reopen=QUICK_REOPEN
        )
        self.driver = SimulatedCustomerDisplay(settings, surroundings(self.inbox))

    async def shows(self, screen: CustomerScreen) -> None:
        assert self.driver.screen == screen

    def unplug(self) -> None:
        self.driver.unplug()

    def replug(self) -> None:
        self.driver.replug()


def settings_of(**more: object) -> DisplaySerialSettings:
    given = {"driver": "display_serial", "name": "display", "path": "/dev/ttyS0", **more}
    return DisplaySerialSettings.model_validate(given)


class SerialRig(Rig):
    """`glass` is what the customer sees; it is switched off while it is unplugged."""

    driver: SerialCustomerDisplay

    def __init__(self, path: Path, commands: str, clock: SteppedClock | None = None) -> None:
        self.inbox = RecordingInbox()
        self.line = SerialLine(path)
        self.glass: Glass = EscposGlass() if commands == "escpos" else Cd5220Glass()
        self.line.on_bytes = self.glass.feed
        settings = settings_of(
            commands=commands,
            path=str(path),
            reopen=QUICK_REOPEN,
            stall_timeout_ms=100,
            redraw_ms=100,
        )
        self.driver = SerialCustomerDisplay(settings, surroundings(self.inbox, clock))

    async def shows(self, screen: CustomerScreen) -> None:
        await self.until(*full(screen))

    async def until(self, upper: str, lower: str) -> None:
        await self.line.changes.until(lambda: self.glass.text == (upper, lower))

    def unplug(self) -> None:
        self.line.unplug()
        self.glass.switch_on()

    def replug(self) -> None:
        self.line.plug()


@pytest.fixture(params=["simulated", "escpos", "cd5220"])
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    if request.param == "simulated":
        yield SimulatedRig()
        return
    serial = SerialRig(tmp_path / "display", request.param)
    with plugged(serial.line):
        yield serial


@pytest.fixture(params=["escpos", "cd5220"])
async def serial(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SerialRig]:
    rig = SerialRig(tmp_path / "display", request.param)
    with plugged(rig.line):
        yield rig


async def test_the_latest_screen_stands_on_the_display(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.ready()
        for number in range(50):
            rig.driver.show(CustomerScreen(f"Line {number}", "Total"))
        await rig.shows(CustomerScreen("Line 49", "Total"))


async def test_a_screen_shown_before_the_display_is_there_appears_when_it_comes(rig: Rig) -> None:
    rig.unplug()
    async with running(rig.driver):
        rig.driver.show(WELCOME)
        rig.replug()
        await rig.ready()
        await rig.shows(WELCOME)


async def test_after_a_reconnect_the_screen_is_drawn_again(rig: Rig) -> None:
    async with running(rig.driver):
        rig.driver.show(WELCOME)
        await rig.ready()
        rig.unplug()
        await rig.gone()
        rig.replug()
        await rig.ready()
        await rig.shows(WELCOME)


async def test_unplugged_in_mid_screen_it_shows_the_whole_screen_when_it_is_back(
    serial: SerialRig,
) -> None:
    def pull_after_the_first_bytes(data: bytes) -> None:
        serial.line.on_bytes = None
        serial.glass.feed(data[:9])
        asyncio.get_running_loop().call_soon(serial.unplug)

    async with running(serial.driver):
        await serial.ready()
        serial.line.on_bytes = pull_after_the_first_bytes
        serial.driver.show(WELCOME)
        await serial.gone()
        serial.line.on_bytes = serial.glass.feed
        serial.replug()
        await serial.ready()
        await serial.shows(WELCOME)


async def test_a_display_that_was_switched_off_and_on_shows_again_though_nobody_can_know(
    serial: SerialRig,
) -> None:
    async with running(serial.driver):
        serial.driver.show(WELCOME)
        await serial.shows(WELCOME)
        serial.glass.switch_on()
        assert serial.glass.text == (" " * 20, " " * 20)
        await serial.shows(WELCOME)
    assert serial.inbox.states("display") == [DeviceState.READY]


async def test_a_change_long_after_the_start_makes_the_display_ready_anew(tmp_path: Path) -> None:
    clock = SteppedClock()
    rig = SerialRig(tmp_path / "display", "cd5220", clock)
    with plugged(rig.line):
        async with running(rig.driver):
            rig.driver.show(WELCOME)
            await rig.shows(WELCOME)
            rig.glass.switch_on()
            assert rig.glass.cursor
            clock.advance(BEGIN_AGAIN_MS)
            rig.driver.show(CustomerScreen("Next", "customer"))
            await rig.shows(CustomerScreen("Next", "customer"))
    assert not rig.glass.cursor


async def test_a_display_that_takes_no_bytes_blocks_nobody_and_shows_the_latest_later(
    serial: SerialRig,
) -> None:
    async with running(serial.driver):
        await serial.ready()
        serial.line.stall()
        async with asyncio.timeout(DEADLINE_S):
            while serial.inbox.states("display")[-1] is DeviceState.READY:
                serial.driver.show(CustomerScreen("Scanning", "and scanning"))
                await asyncio.sleep(0)
        serial.driver.show(WELCOME)
        serial.unplug()
        serial.replug()
        await serial.ready()
        await serial.shows(WELCOME)


# --- what is said between sales


IDLE = CustomerScreen(
    "TOTAL", "Thank you", idle=(CustomerScreen("Shop", "5 %"), CustomerScreen("店", "会员日"))
)


def test_messages_take_turns_when_the_display_has_rested() -> None:
    settings = settings_of(idle_after_ms=15_000, idle_turn_ms=5_000)
    chinese = COMMAND_SETS["escpos"]("gbk", {})
    turns = [at_rest(IDLE, ms, settings, chinese) for ms in (0, 14_999, 15_000, 20_000, 25_000)]
    assert turns == [IDLE, IDLE, IDLE.idle[0], IDLE.idle[1], IDLE.idle[0]]
    assert at_rest(WELCOME, 999_999, settings, chinese) == WELCOME


def test_a_display_without_chinese_leaves_chinese_messages_out_unless_there_are_no_others() -> None:
    settings = settings_of(idle_after_ms=15_000, idle_turn_ms=5_000)
    western = COMMAND_SETS["cd5220"]("western", {})
    assert at_rest(IDLE, 20_000, settings, western) == IDLE.idle[0]
    only = CustomerScreen("TOTAL", "", idle=IDLE.idle[1:])
    assert at_rest(only, 20_000, settings, western) == IDLE.idle[1]


async def test_a_sale_ends_the_messages_at_once(serial: SerialRig) -> None:
    rested = serial.driver
    async with running(rested):
        rested.show(IDLE)
        await serial.shows(IDLE)
        rested.show(WELCOME)
        await serial.shows(WELCOME)


async def test_messages_appear_by_themselves(tmp_path: Path) -> None:
    clock = SteppedClock()
    rig = SerialRig(tmp_path / "display", "escpos", clock)
    with plugged(rig.line):
        async with running(rig.driver):
            rig.driver.show(IDLE)
            await rig.shows(IDLE)
            clock.advance(10_000)
            # Each key and each device that comes or goes shows the same again: the customer sees
            # no change, and has read it for as long.
            rig.driver.show(IDLE)
            clock.advance(5_000)
            await rig.until(f"{'Shop':20}", f"{'5 %':20}")
            rig.driver.show(WELCOME)
            await rig.shows(WELCOME)
