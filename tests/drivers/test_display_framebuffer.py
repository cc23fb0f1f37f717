"""The cashier's screen on a framebuffer: modes, flashes, the console, and a kernel that is slow."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.effects import Tone
from edge.checkout.inputs import DeviceState
from edge.checkout.screens import ScreenQr
from edge.clock import SystemClock
from edge.drivers.displays import screen_painter
from edge.drivers.displays.screen_picture import draw_screen
from edge.drivers.printers.receipt_picture import FontMissingError
from tests.support.devices import DEADLINE_S, SteppedClock, running
from tests.support.display_rigs import SALE, FramebufferRig, screen
from tests.support.framebuffer import FileFramebuffer, greatest_difference, turned


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
