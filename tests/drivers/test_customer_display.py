"""One contract for every customer display, read back as a display would show it."""

import abc
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.width import pad_right
from edge.checkout.screens import CustomerScreen
from edge.drivers.charset import EPSON_CODE_PAGES, Charset, TextCoder
from edge.drivers.display_serial import DisplaySerialSettings, SerialCustomerDisplay, drawn
from edge.drivers.simulated import CustomerDisplaySimulatedSettings, SimulatedCustomerDisplay
from tests.support.devices import (
    DEADLINE_S,
    QUICK_REOPEN,
    RecordingInbox,
    SerialLine,
    plugged,
    running,
    surroundings,
)

CODE_PAGES = {0: "cp437", 16: "cp1252", 17: "cp866", 18: "cp852", 47: "cp1253", 48: "cp1254"}
WELCOME = CustomerScreen("Welcome!", "Milk 1L        ¥12.50")


class Glass:
    """A 2x20 display: what stands on it after these bytes, cell by cell."""

    def __init__(self) -> None:
        self.cells = [[" "] * 20, [" "] * 20]
        self._at = (0, 0)
        self._page = 0
        self._double_byte = True

    def show(self, data: bytes) -> tuple[str, str]:
        rest = data
        while rest:
            rest = self._step(rest)
        upper, lower = ("".join(row) for row in self.cells)
        return upper, lower

    def _step(self, rest: bytes) -> bytes:
        if rest.startswith(b"\x1b@"):
            self.__init__()
            return rest[2:]
        for command, length in ((b"\x1f\x01", 2), (b"\x1fC", 3)):
            if rest.startswith(command):
                return rest[length:]
        if rest.startswith(b"\x1f$"):
            self._at = (rest[3] - 1, rest[2] - 1)
            return rest[4:]
        if rest.startswith(b"\x1bt"):
            self._page = rest[2]
            return rest[3:]
        if rest[:2] in {b"\x1c&", b"\x1c."}:
            self._double_byte = rest[1:2] == b"&"
            return rest[2:]
        if rest[:1] == b"\x0b":
            self._at = (0, 0)
            return rest[1:]
        assert rest[0] >= 0x20, f"unknown command {rest[:4]!r}"
        wide = self._double_byte and rest[0] > 0x80
        length = (4 if 0x30 <= rest[1] <= 0x39 else 2) if wide else 1
        taken, rest = rest[:length], rest[length:]
        codec = "gb18030" if wide else "ascii" if taken < b"\x80" else CODE_PAGES[self._page]
        row, column = self._at
        self.cells[row][column] = taken.decode(codec)
        if wide:
            self.cells[row][column + 1] = ""
        self._at = (row, column + (2 if wide else 1))
        return rest


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


class SerialRig(Rig):
    driver: SerialCustomerDisplay

    def __init__(self, path: Path) -> None:
        self.inbox = RecordingInbox()
        self.line = SerialLine(path)
        settings = DisplaySerialSettings(
            driver="display_serial",
            name="display",
            path=str(path),
            reopen=QUICK_REOPEN,
            stall_timeout_ms=100,
        )
        self.driver = SerialCustomerDisplay(settings, surroundings(self.inbox))

    async def shows(self, screen: CustomerScreen) -> None:
        expected = (f"{screen.upper[:20]:20}", f"{screen.lower[:20]:20}")
        await self.line.changes.until(lambda: Glass().show(bytes(self.line.received)) == expected)

    def unplug(self) -> None:
        self.line.unplug()
        self.line.received.clear()

    def replug(self) -> None:
        self.line.plug()


@pytest.fixture(params=["simulated", "serial"])
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    if request.param == "simulated":
        yield SimulatedRig()
        return
    serial = SerialRig(tmp_path / "display")
    with plugged(serial.line):
        yield serial


@pytest.fixture
async def serial(tmp_path: Path) -> AsyncIterator[SerialRig]:
    rig = SerialRig(tmp_path / "display")
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
        serial.line.received.clear()
        serial.driver.show(WELCOME)
        serial.unplug()
        serial.replug()
        await serial.ready()
        await serial.shows(WELCOME)


def shown(screen: CustomerScreen, charset: Charset) -> tuple[str, str]:
    coder = TextCoder(charset, EPSON_CODE_PAGES)
    return Glass().show(coder.reset() + drawn(screen, coder))


def test_a_chinese_display_shows_chinese_in_two_columns_a_character() -> None:
    upper, lower = shown(CustomerScreen("农夫山泉，冰 x2", "合计：     ¥4.00"), "gb18030")
    assert (upper, lower) == ("农夫山泉，冰 x2" + " " * 5, "合计：     ¥4.00" + " " * 4)


def test_a_western_display_shows_letters_and_a_sign_for_what_it_lacks() -> None:
    assert shown(CustomerScreen("Café 牛奶 Ａ", "Total €5"), "western") == (
        "Café ?? A           ",
        "Total €5            ",
    )


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["gb18030", "gbk", "western"]))
def test_whatever_is_shown_stays_on_its_line(upper: str, lower: str, charset: Charset) -> None:
    coder = TextCoder(charset, EPSON_CODE_PAGES)
    glass = Glass()
    glass.show(coder.reset() + drawn(CustomerScreen("#" * 20, "#" * 20), coder))
    expected = tuple(
        pad_right(coder.printable(text).replace("\n", " "), 20) for text in (upper, lower)
    )
    assert glass.show(drawn(CustomerScreen(upper, lower), coder)) == expected
