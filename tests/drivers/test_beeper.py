"""A beeper behind an input device's node, heard as the kernel hears it."""

import asyncio
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.effects import Tone
from edge.clock import SystemClock
from edge.drivers.displays import beeper as beeper_module
from edge.drivers.displays.beeper import SOUNDS, Beeper, begin_tone, end_tone
from tests.support.devices import DEADLINE_S, SteppedClock, running
from tests.support.framebuffer import turned

EVENT = struct.Struct("@llHHi")
EV_SND, SND_TONE = 0x12, 0x02


class Kernel:
    """The other end of the node: a FIFO, from which events are read whole."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self._end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self.hertz: list[int] = []

    def heard(self) -> list[int]:
        """The frequencies so far, 0 for silence."""
        try:
            data = os.read(self._end, 4096)
        except BlockingIOError:
            data = b""
        for _, _, kind, code, value in EVENT.iter_unpack(data):
            assert (kind, code) == (EV_SND, SND_TONE)
            self.hertz.append(value)
        return self.hertz

    def close(self) -> None:
        os.close(self._end)


class Sounding(Beeper):
    name = "beeper"


@contextmanager
def kernel_at(path: Path) -> Iterator[Kernel]:
    kernel = Kernel(path)
    try:
        yield kernel
    finally:
        kernel.close()


async def test_each_tone_sounds_for_its_time_and_ends(tmp_path: Path) -> None:
    clock = SteppedClock()
    beeper = Sounding(str(tmp_path / "event0"), clock)
    with kernel_at(tmp_path / "event0") as kernel:
        async with running(beeper):
            expected: list[int] = []
            for number, tone in enumerate((Tone.GOOD, Tone.REFUSED), 1):
                hertz, duration_ms = SOUNDS[tone]
                beeper.beep(tone)
                await clock.until_asleep(number)
                expected.append(hertz)
                assert kernel.heard() == expected
                clock.advance(duration_ms - 1)
                assert kernel.heard() == expected
                clock.advance(1)
                expected.append(0)
                await turned(lambda: kernel.heard() == expected)


async def test_a_beeper_that_is_stopped_in_a_tone_is_silent(tmp_path: Path) -> None:
    clock = SteppedClock()
    beeper = Sounding(str(tmp_path / "event0"), clock)
    with kernel_at(tmp_path / "event0") as kernel:
        async with running(beeper):
            beeper.beep(Tone.REFUSED)
            await clock.until_asleep(1)
        assert kernel.heard()[-1] == 0


class SlowKernel:
    """It waits for the device before it opens it."""

    def __init__(self) -> None:
        self.is_waiting = threading.Event()
        self.device_answered = threading.Event()

    def begin_tone(self, path: str, hertz: int) -> int:
        self.is_waiting.set()
        assert self.device_answered.wait(DEADLINE_S)
        return begin_tone(path, hertz)


async def test_nobody_waits_while_the_kernel_waits_for_a_beeper(tmp_path: Path) -> None:
    slow = SlowKernel()
    beeper = Sounding(str(tmp_path / "event0"), SystemClock(0), slow.begin_tone)
    with kernel_at(tmp_path / "event0") as kernel:
        async with running(beeper):
            beeper.beep(Tone.GOOD)
            await turned(slow.is_waiting.is_set)
            beeper.beep(Tone.REFUSED)
            assert kernel.heard() == []
            slow.device_answered.set()
            await turned(lambda: kernel.heard() == [2_000, 0, 440, 0])


async def test_a_beeper_that_is_stopped_while_it_is_opened_is_silent_and_closed(
    tmp_path: Path,
) -> None:
    slow = SlowKernel()
    before = descriptors()
    beeper = Sounding(str(tmp_path / "event0"), SystemClock(0), slow.begin_tone)
    with kernel_at(tmp_path / "event0") as kernel:
        async with running(beeper):
            beeper.beep(Tone.REFUSED)
            await turned(slow.is_waiting.is_set)
            asyncio.get_running_loop().call_soon(slow.device_answered.set)
        await turned(lambda: kernel.heard() == [440, 0])
    await turned(lambda: descriptors() <= before)


async def test_a_beeper_that_hangs_while_it_is_closed_is_silent_until_it_is_and_holds_up_no_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered, closing = threading.Event(), threading.Event()

    def end_slowly(node: int) -> None:
        closing.set()
        assert answered.wait(DEADLINE_S)
        end_tone(node)

    monkeypatch.setattr(beeper_module, "end_tone", end_slowly)
    monkeypatch.setattr(beeper_module, "CLOSING_ENDS_S", 0.01)
    before = descriptors()
    beeper = Sounding(str(tmp_path / "event0"), SystemClock(0))
    with kernel_at(tmp_path / "event0") as kernel, capture_logs() as logs:
        async with running(beeper):
            beeper.beep(Tone.GOOD)
            await turned(closing.is_set)
            beeper.beep(Tone.REFUSED)
            await turned(lambda: bool(logs))
            assert logs[0]["reason"] == "beeper: is still being closed"
        assert kernel.heard() == [2_000]
        answered.set()
        await turned(lambda: kernel.heard() == [2_000, 0])
    await turned(lambda: descriptors() <= before)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_of_many_tones_at_once_the_latest_is_heard(tmp_path: Path) -> None:
    beeper = Sounding(str(tmp_path / "event0"), SystemClock(0))
    with kernel_at(tmp_path / "event0") as kernel:
        async with running(beeper):
            for tone in (Tone.GOOD, Tone.GOOD, Tone.REFUSED):
                beeper.beep(tone)
            await turned(lambda: kernel.heard() == [SOUNDS[Tone.REFUSED][0], 0])


async def test_a_beeper_that_is_away_is_said_once_and_sounds_when_it_is_back(
    tmp_path: Path,
) -> None:
    beeper = Sounding(str(tmp_path / "event0"), SystemClock(0))
    with capture_logs() as logs:
        async with running(beeper):
            beeper.beep(Tone.REFUSED)
            await turned(lambda: bool(logs))
            beeper.beep(Tone.REFUSED)
            with kernel_at(tmp_path / "event0") as kernel:
                beeper.beep(Tone.GOOD)
                await turned(lambda: kernel.heard()[-1:] == [0])
    assert [each["event"] for each in logs] == ["beeper_lost"]
