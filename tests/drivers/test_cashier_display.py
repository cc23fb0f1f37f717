"""One contract for every cashier's display, read back as the cashier would see it."""

import abc
import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.effects import Tone
from edge.checkout.inputs import DeviceState
from edge.checkout.screens import CashierScreen, NoticeTone, ScreenQr, ScreenRow
from edge.clock import SystemClock
from edge.drivers.displays import screen_painter
from edge.drivers.displays.display_framebuffer import DisplayFramebufferSettings, FramebufferDisplay
from edge.drivers.displays.display_lines import DisplayLinesSettings, LinesDisplay
from edge.drivers.displays.screen_picture import draw_screen
from edge.drivers.printers.receipt_picture import FontMissingError
from edge.drivers.simulated import CashierDisplaySimulatedSettings, SimulatedCashierDisplay
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
from tests.support.framebuffer import FileFramebuffer, greatest_difference, turned

RGB565_STEP = (5, 3, 5)
EMPTY = CashierScreen("", (), "", "", "", "", NoticeTone.INFO, ())


def screen(total: str) -> CashierScreen:
    return replace(EMPTY, title="Sale", total_label="TOTAL", total=total)


SALE = replace(
    screen("37.50"),
    rows=(ScreenRow("Soap", "1 × 10.00", "10.00"), ScreenRow("Cola", "3 × 12.50", "37.50", True)),
)


class LinesGlass:
    """A 20x4 display: what stands on it after these bytes, and how often its light went out."""

    def __init__(self) -> None:
        self.cells = [[" "] * 20 for _ in range(4)]
        self.blinks = 0
        self._at = [0, 0]

    def show(self, data: bytes) -> list[str]:
        rest = data
        while rest:
            rest = self._step(rest)
        return ["".join(row) for row in self.cells]

    def _step(self, rest: bytes) -> bytes:
        if rest[0] != 0xFE:
            assert 0x20 <= rest[0] < 0x7E, rest[:1]
            assert rest[0] not in b"\\", "a yen sign on the display"
            column, row = self._at
            self.cells[row][column] = chr(rest[0])
            self._at[0] += 1
            return rest[1:]
        command, length = rest[1:2], {b"G": 4, b"B": 3}.get(rest[1:2], 2)
        if len(rest) < length:
            return b""  # the rest is still on its way
        if command == b"G":
            self._at = [rest[2] - 1, rest[3] - 1]
        elif command == b"F":
            self.blinks += 1
        else:
            assert command in {b"D", b"R", b"K", b"T", b"B"}, command
        return rest[length:]


class Rig(abc.ABC):
    inbox: RecordingInbox
    driver: FramebufferDisplay | LinesDisplay | SimulatedCashierDisplay

    @abc.abstractmethod
    async def shows(self, wanted: CashierScreen) -> None:
        """Return when that stands on the display."""

    @abc.abstractmethod
    def unplug(self) -> None: ...

    @abc.abstractmethod
    def replug(self) -> None: ...

    async def ready(self) -> None:
        await self.inbox.until_state("screen", DeviceState.READY)

    async def gone(self) -> None:
        await self.inbox.changes.until(
            lambda: self.inbox.states("screen")[-1] is not DeviceState.READY
        )


class SimulatedRig(Rig):
    driver: SimulatedCashierDisplay

    def __init__(self) -> None:
        self.inbox = RecordingInbox()
        settings = CashierDisplaySimulatedSettings(
            driver="cashier_display_simulated", name="screen", reopen=QUICK_REOPEN
        )
        self.driver = SimulatedCashierDisplay(settings, surroundings(self.inbox))

    async def shows(self, wanted: CashierScreen) -> None:
        assert self.driver.screen == wanted

    def unplug(self) -> None:
        self.driver.unplug()

    def replug(self) -> None:
        self.driver.replug()


class FramebufferRig(Rig):
    driver: FramebufferDisplay

    def __init__(
        self,
        path: Path,
        clock: SteppedClock | SystemClock,
        kernel: type[FileFramebuffer] = FileFramebuffer,
        **settings: object,
    ) -> None:
        self.inbox = RecordingInbox()
        self.kernel = kernel(path)
        self.driver = FramebufferDisplay(
            DisplayFramebufferSettings(
                driver="display_framebuffer",
                name="screen",
                path=str(path),
                reopen=QUICK_REOPEN,
                watch_ms=10,
                **settings,
            ),
            surroundings(self.inbox, clock),
            self.kernel.ioctl,
        )

    async def shows(self, wanted: CashierScreen) -> None:
        picture = draw_screen(wanted, (self.kernel.shape.width, self.kernel.shape.height))
        memory = b""

        def is_there() -> bool:
            nonlocal memory
            if memory == (memory := self.kernel.path.read_bytes()):
                return False
            found = greatest_difference(self.kernel.picture(), picture)
            return all(a <= b for a, b in zip(found, RGB565_STEP, strict=True))

        await turned(is_there)

    def unplug(self) -> None:
        self.kernel.unplug()

    def replug(self) -> None:
        self.kernel.plug()


class LinesRig(Rig):
    driver: LinesDisplay

    def __init__(self, path: Path, clock: SteppedClock | SystemClock, **settings: object) -> None:
        self.inbox = RecordingInbox()
        self.line = SerialLine(path)
        self.driver = LinesDisplay(
            DisplayLinesSettings(
                driver="display_lines",
                name="screen",
                path=str(path),
                reopen=QUICK_REOPEN,
                stall_timeout_ms=100,
                **settings,
            ),
            surroundings(self.inbox, clock),
        )

    async def shows(self, wanted: CashierScreen) -> None:
        """By what matters of the screen: sum, article in hand, notice."""
        words = [wanted.total_label, wanted.total, wanted.notice]
        words += [row.left for row in wanted.rows if row.selected]
        await self.line.changes.until(lambda: all(word in " ".join(self.glass()) for word in words))

    def glass(self) -> list[str]:
        return LinesGlass().show(bytes(self.line.received))

    def unplug(self) -> None:
        self.line.unplug()
        self.line.received.clear()

    def replug(self) -> None:
        self.line.plug()


@pytest.fixture(params=["simulated", "framebuffer", "lines"])
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    if request.param == "simulated":
        yield SimulatedRig()
    elif request.param == "framebuffer":
        framebuffer = FramebufferRig(tmp_path / "fb0", SystemClock(0))
        framebuffer.kernel.plug()
        yield framebuffer
    else:
        lines = LinesRig(tmp_path / "screen", SystemClock(0))
        with plugged(lines.line):
            yield lines


async def test_the_latest_screen_stands_on_the_display(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.ready()
        for number in range(50):
            rig.driver.show(screen(f"{number}.00"))
        await rig.shows(screen("49.00"))
        rig.driver.show(SALE)
        await rig.shows(SALE)
        rig.driver.show(screen("1.00"))
        await rig.shows(screen("1.00"))


async def test_a_screen_shown_before_the_display_is_there_appears_when_it_comes(rig: Rig) -> None:
    rig.unplug()
    async with running(rig.driver):
        rig.driver.show(SALE)
        rig.driver.beep(Tone.REFUSED)
        rig.replug()
        await rig.ready()
        await rig.shows(SALE)


async def test_after_a_reconnect_the_whole_screen_is_drawn_again(rig: Rig) -> None:
    async with running(rig.driver):
        rig.driver.show(SALE)
        await rig.ready()
        await rig.shows(SALE)
        for total in ("1.00", "2.00"):
            rig.unplug()
            await rig.gone()
            rig.driver.show(screen(total))
            rig.driver.beep(Tone.GOOD)
            rig.replug()
            await rig.ready()
            await rig.shows(screen(total))


async def test_a_refusal_is_shown_until_the_next_screen(rig: Rig) -> None:
    refused = replace(SALE, notice="No such article", notice_tone=NoticeTone.REFUSAL, rows=())
    async with running(rig.driver):
        await rig.ready()
        rig.driver.show(refused)
        rig.driver.beep(Tone.REFUSED)
        await rig.shows(refused)
        rig.driver.show(SALE)
        await rig.shows(SALE)


# --- simulated


async def test_the_simulated_one_tells_each_screen_and_tone() -> None:
    rig = SimulatedRig()
    seen: list[str] = []
    tones: list[Tone] = []
    rig.driver.on_show = lambda shown: seen.append(shown.total)
    rig.driver.on_beep = tones.append
    async with running(rig.driver):
        await rig.ready()
        rig.driver.show(screen("1.00"))
        rig.driver.show(screen("2.00"))
        rig.driver.beep(Tone.GOOD)
        rig.driver.beep(Tone.REFUSED)
    assert seen == ["1.00", "2.00"]
    assert tones == list(rig.driver.tones) == [Tone.GOOD, Tone.REFUSED]


# --- framebuffer


@pytest.fixture
def painted(tmp_path: Path) -> FramebufferRig:
    rig = FramebufferRig(tmp_path / "fb0", SystemClock(0))
    rig.kernel.plug()
    return rig


async def test_a_framebuffer_whose_mode_changes_is_drawn_anew(painted: FramebufferRig) -> None:
    async with running(painted.driver):
        painted.driver.show(SALE)
        await painted.ready()
        await painted.shows(SALE)
        painted.kernel.reshape(width=480, height=320, padding=64)
        await painted.shows(SALE)
        painted.kernel.reshape(width=240, height=320)
        await painted.shows(SALE)
    assert painted.inbox.states("screen") == [DeviceState.READY]


async def test_a_size_that_no_till_has_is_a_fault_that_says_so(tmp_path: Path) -> None:
    rig = FramebufferRig(tmp_path / "fb0", SystemClock(0))
    rig.kernel.plug()
    rig.kernel.reshape(width=128, height=64)
    with capture_logs() as logs:
        async with running(rig.driver):
            await rig.inbox.until_state("screen", DeviceState.FAULTED)
    lost = next(each["reason"] for each in logs if each["event"] == "device_lost")
    assert lost == "screen: 128x64 is no size of a cashier's screen"


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_plugging_it_in_and_out_leaves_no_descriptor_behind(painted: FramebufferRig) -> None:
    async with running(painted.driver):
        await painted.ready()
        before = descriptors()
        for number in range(25):
            painted.unplug()
            await painted.gone()
            painted.replug()
            await painted.ready()
            painted.driver.show(screen(f"{number}.00"))
        await painted.shows(screen("24.00"))
        assert descriptors() == before


async def test_a_font_that_is_missing_is_a_fault_that_names_the_package(
    painted: FramebufferRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_font(*_: object) -> None:
        raise FontMissingError("unifont.otf: is not there; install fonts-unifont")

    monkeypatch.setattr(screen_painter, "Canvas", no_font)
    with capture_logs() as logs:
        async with running(painted.driver):
            await painted.inbox.until_state("screen", DeviceState.FAULTED)
    lost = next(each["reason"] for each in logs if each["event"] == "device_lost")
    assert lost == "screen: unifont.otf: is not there; install fonts-unifont"


@pytest.mark.parametrize("kind", ["framebuffer", "lines"])
async def test_a_beeper_beside_the_screen_sounds_also_while_the_screen_is_away(
    tmp_path: Path, kind: str
) -> None:
    beeper = tmp_path / "event0"
    beeper.touch()
    rigs = {"framebuffer": FramebufferRig, "lines": LinesRig}
    rig = rigs[kind](tmp_path / "screen", SystemClock(0), beeper=str(beeper))
    async with running(rig.driver):
        rig.driver.beep(Tone.GOOD)
        await turned(lambda: len(beeper.read_bytes()) > 0)


async def test_a_mode_that_changes_in_the_middle_of_a_drawing_ends_it(tmp_path: Path) -> None:
    kernel = FileFramebuffer(tmp_path / "fb0")
    kernel.plug()
    painter = screen_painter.ScreenPainter(
        "screen", str(kernel.path), 0, qr_turned=False, ioctl=kernel.ioctl
    )
    painting = painter.paint(SALE)
    next(painting)
    kernel.reshape(width=480, height=320)
    assert painter.take(painter.look())
    before = kernel.path.read_bytes()
    assert list(painting) == []
    assert kernel.path.read_bytes() == before
    painter.close()


async def test_a_refusal_flashes_and_the_screen_is_as_it_was(tmp_path: Path) -> None:
    clock = SteppedClock()
    rig = FramebufferRig(tmp_path / "fb0", clock)
    rig.kernel.plug()
    async with running(rig.driver):
        await rig.ready()
        rig.driver.show(SALE)
        await rig.shows(SALE)
        before = rig.kernel.path.read_bytes()
        rig.driver.beep(Tone.REFUSED)
        await turned(lambda: rig.kernel.dot(300, 230)[2] < 10)  # yellow has no blue
        clock.advance(150)
        await turned(lambda: rig.kernel.path.read_bytes() == before)


async def test_unplugged_in_the_middle_of_a_flash_it_is_as_it_was_when_it_is_back(
    tmp_path: Path,
) -> None:
    clock = SteppedClock()
    rig = FramebufferRig(tmp_path / "fb0", clock)
    rig.kernel.plug()

    def is_ready_later() -> bool:
        clock.advance(10)
        return rig.inbox.states("screen")[-1] is DeviceState.READY

    async with running(rig.driver):
        await rig.ready()
        rig.driver.show(SALE)
        await rig.shows(SALE)
        rig.driver.beep(Tone.REFUSED)
        await turned(lambda: rig.kernel.dot(300, 230)[2] < 10)
        rig.unplug()
        await turned(lambda: not is_ready_later())
        rig.replug()
        await turned(is_ready_later)
        await rig.shows(SALE)


class SlowKernel(FileFramebuffer):
    """Takes its time once it `hangs`, until it may go on."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.hangs = False
        self.is_asked = False
        self.go_on = threading.Event()

    def ioctl(self, descriptor: int, request: int, argument: bytearray | int) -> int:
        if self.hangs:
            self.is_asked = True
            assert self.go_on.wait(DEADLINE_S)
        return super().ioctl(descriptor, request, argument)


@pytest.fixture
def slow(tmp_path: Path) -> FramebufferRig:
    tty = tmp_path / "tty1"
    tty.touch()
    rig = FramebufferRig(tmp_path / "fb0", SystemClock(0), SlowKernel, tty=str(tty))
    rig.kernel.plug()
    return rig


async def test_a_kernel_that_takes_its_time_to_open_holds_up_nobody(slow: FramebufferRig) -> None:
    slow.kernel.hangs = True
    async with running(slow.driver):
        slow.driver.show(SALE)
        await turned(lambda: slow.kernel.is_asked)
        slow.kernel.go_on.set()
        await slow.ready()
        await slow.shows(SALE)


async def test_a_kernel_that_hangs_when_it_is_looked_at_holds_up_neither_screens_nor_the_stop(
    slow: FramebufferRig,
) -> None:
    async with running(slow.driver):
        await slow.ready()
        slow.kernel.hangs = True
        await turned(lambda: slow.kernel.is_asked)
        slow.driver.show(SALE)
        await slow.shows(SALE)
    assert slow.kernel.console == [1]
    slow.kernel.go_on.set()
    await turned(lambda: slow.kernel.console == [1, 0])


async def test_the_console_is_silent_while_the_screen_is_there(tmp_path: Path) -> None:
    tty = tmp_path / "tty1"
    tty.touch()
    rig = FramebufferRig(tmp_path / "fb0", SystemClock(0), tty=str(tty))
    rig.kernel.plug()
    async with running(rig.driver):
        await rig.ready()
        assert rig.kernel.console == [1]  # KD_GRAPHICS
        rig.unplug()
        await rig.gone()
        rig.replug()
        await rig.ready()
        assert rig.kernel.console == [1, 0, 1]
    assert rig.kernel.console == [1, 0, 1, 0]


async def test_a_console_that_is_not_to_be_had_is_said_and_the_screen_shown(tmp_path: Path) -> None:
    rig = FramebufferRig(tmp_path / "fb0", SystemClock(0), tty=str(tmp_path / "none"))
    rig.kernel.plug()
    with capture_logs() as logs:
        async with running(rig.driver):
            rig.driver.show(SALE)
            await rig.ready()
            await rig.shows(SALE)
    assert [each["event"] for each in logs].count("console_not_taken") == 1


async def test_a_code_is_drawn_and_gone_with_the_next_screen(painted: FramebufferRig) -> None:
    coded = replace(screen("3.50"), qr=ScreenQr("ET1:till-1:17", "Receipt till-1-17"))
    async with running(painted.driver):
        await painted.ready()
        painted.driver.show(coded)
        await painted.shows(coded)
        painted.driver.show(SALE)
        await painted.shows(SALE)
        painted.driver.show(coded)
        await painted.shows(coded)


async def test_only_the_line_that_changed_is_written(painted: FramebufferRig) -> None:
    async with running(painted.driver):
        painted.driver.show(SALE)
        await painted.ready()
        await painted.shows(SALE)
        # Whoever scribbles over the rest is not corrected, for it is not written again.
        width = painted.kernel.shape.width * 2
        with painted.kernel.path.open("r+b") as file:
            file.write(bytes(width))
        changed = replace(SALE, rows=(SALE.rows[0], replace(SALE.rows[1], right="38.00")))
        painted.driver.show(changed)
        picture = draw_screen(changed, (320, 240)).crop((0, 1, 320, 240))

        def is_drawn() -> bool:
            seen = painted.kernel.picture().crop((0, 1, 320, 240))
            return max(greatest_difference(seen, picture)) <= 5

        await turned(is_drawn)
        first = painted.kernel.picture().crop((0, 0, 320, 1))
        assert first.getextrema() == ((0, 0), (0, 0), (0, 0))


# --- four lines


async def test_a_display_that_takes_no_bytes_blocks_nobody_and_shows_the_latest_later(
    tmp_path: Path,
) -> None:
    rig = LinesRig(tmp_path / "screen", SystemClock(0))
    with plugged(rig.line):
        async with running(rig.driver):
            await rig.ready()
            rig.line.stall()
            async with asyncio.timeout(DEADLINE_S):
                for number in range(1_000_000):
                    rig.driver.show(screen(f"{number}.00"))
                    await asyncio.sleep(0)
                    if rig.inbox.states("screen")[-1] is not DeviceState.READY:
                        break
            rig.driver.show(SALE)
            rig.unplug()
            rig.replug()
            await rig.ready()
            await rig.shows(SALE)


async def test_a_display_that_was_switched_off_shows_again_by_itself(tmp_path: Path) -> None:
    rig = LinesRig(tmp_path / "screen", SystemClock(0), redraw_ms=100)
    with plugged(rig.line):
        async with running(rig.driver):
            rig.driver.show(SALE)
            await rig.ready()
            await rig.shows(SALE)
            rig.line.received.clear()
            await rig.shows(SALE)


async def test_of_four_lines_only_the_changed_one_is_sent(tmp_path: Path) -> None:
    rig = LinesRig(tmp_path / "screen", SystemClock(0))
    with plugged(rig.line):
        async with running(rig.driver):
            rig.driver.show(screen("1.00"))
            await rig.ready()
            await rig.shows(screen("1.00"))
            before = len(rig.line.received)
            rig.driver.show(screen("2.00"))
            await rig.line.changes.until(lambda: len(rig.line.received) >= before + 24)
    assert bytes(rig.line.received[before:]) == b"\xfeG\x01\x04TOTAL           2.00"


async def test_a_refusal_makes_the_light_blink(tmp_path: Path) -> None:
    rig = LinesRig(tmp_path / "screen", SystemClock(0))
    with plugged(rig.line):
        async with running(rig.driver):
            await rig.ready()
            rig.driver.beep(Tone.GOOD)
            rig.driver.beep(Tone.REFUSED)
            await rig.line.changes.until(lambda: b"\xfeF" in rig.line.received)
            assert rig.line.received.count(b"\xfeF") == 1
            await rig.line.changes.until(
                lambda: rig.line.received.rindex(b"\xfeB\x00") > rig.line.received.index(b"\xfeF")
            )
