"""One contract for every customer display, read back as a display would show it."""

import abc
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.width import display_width
from edge.checkout.screens import CustomerLine, CustomerScreen
from edge.drivers.charset import Charset
from edge.drivers.displays.display_commands import COMMAND_SETS, Codec, drawn
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
CHINESE = CustomerScreen(
    "农夫山泉 550ml",
    "合计           ¥4.00",
    (CustomerLine("Nongfu Spring"), CustomerLine("TOTAL", "¥4.00")),
)


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


# --- what displays have signs for


def shown(
    screen: CustomerScreen,
    commands: str,
    charset: Charset,
    pages: dict[str, Codec],
    glass: Glass,
) -> tuple[str, str]:
    spoken = COMMAND_SETS[commands](charset, pages)
    return glass.feed(spoken.begin() + drawn(screen, spoken))


def test_a_chinese_display_shows_chinese_in_two_columns_a_character() -> None:
    screen = CustomerScreen("农夫山泉，冰 x2", "合计：     ¥4.00", CHINESE.plain)
    expected = ("农夫山泉，冰 x2" + " " * 5, "合计：     ¥4.00" + " " * 4)
    assert shown(screen, "escpos", "gb18030", {}, EscposGlass()) == expected
    assert shown(screen, "cd5220", "gbk", {}, Cd5220Glass("gbk")) == (
        expected[0],
        expected[1].replace("¥", "Y"),
    )


@pytest.mark.parametrize(
    ("commands", "pages", "glass", "sign"),
    [
        ("escpos", {}, EscposGlass(), "¥"),
        ("escpos", {"0": "cp866"}, EscposGlass({0: "cp866"}), "Y"),
        ("cd5220", {}, Cd5220Glass(), "Y"),
        ("cd5220", {"A": "cp437"}, Cd5220Glass(), "¥"),
    ],
)
def test_a_western_display_shows_the_plain_lines_with_the_sum_whole_at_the_edge(
    commands: str, pages: dict[str, Codec], glass: Glass, sign: str
) -> None:
    assert shown(CHINESE, commands, "western", pages, glass) == (
        "Nongfu Spring       ",
        f"TOTAL          {sign}4.00",
    )


def test_a_name_without_a_translation_is_spelled_and_leaves_the_sum_its_room() -> None:
    screen = CustomerScreen(
        "农夫山泉饮用天然水",
        "会员 王*          13",
        (CustomerLine("农夫山泉饮用天然水"), CustomerLine("会员 王小明积分", "¥13.00")),
    )
    assert shown(screen, "cd5220", "western", {}, Cd5220Glass()) == (
        "NongFuShanQuanYinYon",
        "HuiYuan WangX Y13.00",
    )


def test_a_western_display_shows_letters_and_a_sign_for_what_it_lacks() -> None:
    screen = CustomerScreen("Café ﾐﾙｸ Ａ", "Total €5 Łódź")
    assert shown(screen, "escpos", "western", {}, EscposGlass()) == (
        "Café ??? A          ",
        "Total €5 Łódź       ",
    )
    assert shown(screen, "cd5220", "western", {}, Cd5220Glass()) == (
        "Cafe ??? A          ",
        "Total E5 ?odz       ",
    )


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("2½ kg", "2? kg"),
        ("¼ ¾ ⅓", "? ? ?"),
        ("Nr ⑩", "Nr ?"),
        ("Nr ① m²", "Nr 1 m2"),
        ("Rice 5㎏", "Rice 5kg"),
        ("Milk 500㎖", "Milk 500ml"),
        ("Tea…", "Tea."),
        ("25℃", "25?"),
    ],
)
def test_of_a_sign_that_says_more_than_one_nobody_reads_a_part(name: str, read: str) -> None:
    screen = CustomerScreen("大", "", (CustomerLine(name, "1.00"), CustomerLine("")))
    upper, _ = shown(screen, "cd5220", "western", {}, Cd5220Glass())
    assert upper == f"{read:<16}1.00"


def test_a_display_says_its_only_code_page_and_gets_no_other() -> None:
    screen = CustomerScreen("Молоко", "Café")
    assert shown(screen, "escpos", "western", {"7": "cp866"}, EscposGlass({7: "cp866"})) == (
        "Молоко              ",
        "Cafe                ",
    )
    assert shown(screen, "cd5220", "western", {"R": "cp866"}, Cd5220Glass()) == (
        "Молоко              ",
        "Cafe                ",
    )


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"code_pages": {"256": "cp437"}}, "'256' is no number of ESC t"),
        ({"code_pages": {"A": "cp437"}}, "'A' is no number of ESC t"),
        ({"commands": "cd5220", "code_pages": {"0": "cp437"}}, "one of A, L and R"),
        ({"commands": "cd5220", "code_pages": {"A": "cp437", "R": "cp866"}}, "one of A, L and R"),
        (
            {"commands": "cd5220", "charset": "gbk", "code_pages": {"A": "cp437"}},
            "a Chinese CD5220 has none",
        ),
    ],
)
def test_code_pages_are_those_of_the_command_set(more: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        settings_of(**more)


@st.composite
def screens(draw: st.DrawFn) -> CustomerScreen:
    texts = st.text(max_size=60)
    plain = st.none() | st.tuples(
        st.builds(CustomerLine, texts, texts, st.booleans()),
        st.builds(CustomerLine, texts, texts, st.booleans()),
    )
    return draw(st.builds(CustomerScreen, texts, texts, plain))


WAYS: list[tuple[str, Charset, dict[str, Codec], str]] = [
    ("escpos", "gb18030", {}, ""),
    ("escpos", "gbk", {}, ""),
    ("escpos", "western", {}, ""),
    ("cd5220", "western", {}, "ascii"),
    ("cd5220", "western", {"L": "cp852"}, "ascii"),
    ("cd5220", "gbk", {}, "gbk"),
    ("cd5220", "gb18030", {}, "gbk"),
]


@given(screens(), st.sampled_from(WAYS), st.integers(min_value=1, max_value=9))
def test_whatever_is_shown_stays_on_its_line_and_is_no_command(
    screen: CustomerScreen, way: tuple[str, Charset, dict[str, Codec], str], portion: int
) -> None:
    """The glass asserts that each byte is a sign on its line, or a command that is known."""
    commands, charset, pages, switches = way
    spoken = COMMAND_SETS[commands](charset, pages)
    glass = EscposGlass() if commands == "escpos" else Cd5220Glass(switches)
    data = spoken.begin() + drawn(CustomerScreen("#" * 20, "#" * 20), spoken)
    data += drawn(screen, spoken) + drawn(screen, spoken)
    for start in range(0, len(data), portion):
        glass.feed(data[start : start + portion])
    assert [display_width(line) for line in glass.text] == [20, 20]
    assert "#" not in "".join(glass.text) or "#" in repr(screen)
