"""One contract for every scale, and what its wire adds to it."""

import abc
import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random

import pytest

from edge.checkout.goods.scale import ScaleTrouble
from edge.checkout.inputs import DeviceState
from edge.drivers.scales.scale_serial import ScaleSerialSettings, SerialScale
from edge.drivers.simulated import ScaleSimulatedSettings, SimulatedScale
from edge.ports import DeviceError, Driver, Scale, ScaleError
from tests.support.devices import QUICK_REOPEN, RecordingInbox, plugged, running, surroundings
from tests.support.scales import (
    MOVING,
    OVERLOADED,
    UNDER_ZERO,
    ZERO_LOST,
    FarScale,
    kilograms,
    status,
)

TROUBLES = {
    ScaleTrouble.NOT_STILL: status(MOVING),
    ScaleTrouble.OVERLOADED: status(OVERLOADED),
    ScaleTrouble.UNDER_ZERO: status(UNDER_ZERO),
    ScaleTrouble.ZERO_LOST: status(ZERO_LOST),
    ScaleTrouble.WRONG_UNIT: b"\x0201.25\r",
}


class Rig(abc.ABC):
    """A scale on a counter, and the inbox that it reports to."""

    driver: Driver
    scale: Scale
    inbox: RecordingInbox

    @abc.abstractmethod
    def put(self, grams: int) -> None: ...

    @abc.abstractmethod
    def trouble(self, trouble: ScaleTrouble) -> None: ...

    @abc.abstractmethod
    def unplug(self) -> None: ...

    @abc.abstractmethod
    def replug(self) -> None: ...

    async def until(self, state: DeviceState) -> None:
        await self.inbox.until_state("scale", state)


class SimulatedRig(Rig):
    def __init__(self) -> None:
        self.inbox = RecordingInbox()
        settings = ScaleSimulatedSettings(
            driver="scale_simulated", name="scale", reopen=QUICK_REOPEN
        )
        self.device = SimulatedScale(settings, surroundings(self.inbox))
        self.driver = self.scale = self.device

    def put(self, grams: int) -> None:
        self.device.grams, self.device.trouble = grams, None

    def trouble(self, trouble: ScaleTrouble) -> None:
        self.device.trouble = trouble

    def unplug(self) -> None:
        self.device.unplug()

    def replug(self) -> None:
        self.device.replug()


class SerialRig(Rig):
    def __init__(self, path: Path, **settings: object) -> None:
        self.inbox = RecordingInbox()
        self.far = FarScale(path)
        # A pseudo-terminal knows neither parity nor seven bits.
        wire = {"data_bits": 8, "parity": "none"}
        given = {"still_ms": 300, "answer_ms": 100, **wire} | settings
        self.device = SerialScale(
            ScaleSerialSettings(
                driver="scale_serial", name="scale", path=str(path), reopen=QUICK_REOPEN, **given
            ),
            surroundings(self.inbox),
        )
        self.driver = self.scale = self.device

    def put(self, grams: int) -> None:
        self.far.put(grams)

    def trouble(self, trouble: ScaleTrouble) -> None:
        self.far.answer = lambda _: TROUBLES[trouble]

    def unplug(self) -> None:
        self.far.line.unplug()

    def replug(self) -> None:
        self.far.line.plug()


@pytest.fixture(params=["simulated", "serial"])
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    if request.param == "simulated":
        yield SimulatedRig()
        return
    serial = SerialRig(tmp_path / "scale")
    with plugged(serial.far.line):
        yield serial


@pytest.fixture
async def serial(tmp_path: Path) -> AsyncIterator[SerialRig]:
    rig = SerialRig(tmp_path / "scale")
    with plugged(rig.far.line):
        async with running(rig.driver):
            await rig.until(DeviceState.READY)
            yield rig


async def test_what_lies_on_it_is_weighed_and_nothing_is_nothing(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.until(DeviceState.READY)
        for grams in (350, 0, 29_995, 1):
            rig.put(grams)
            assert await rig.scale.weigh() == grams


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_it_says_why_it_has_no_weight(rig: Rig, trouble: ScaleTrouble) -> None:
    async with running(rig.driver):
        await rig.until(DeviceState.READY)
        rig.trouble(trouble)
        with pytest.raises(ScaleError, match="scale: no weight") as failed:
            await rig.scale.weigh()
        assert failed.value.trouble is trouble
        rig.put(200)
        assert await rig.scale.weigh() == 200


async def test_unplugged_it_says_so_and_plugged_in_again_it_weighs(rig: Rig) -> None:
    async with running(rig.driver):
        for grams in (100, 200):
            await rig.until(DeviceState.READY)
            rig.put(grams)
            assert await rig.scale.weigh() == grams
            rig.unplug()
            await rig.until(DeviceState.ABSENT)
            with pytest.raises(DeviceError, match="scale: not connected"):
                await rig.scale.weigh()
            rig.replug()
        await rig.until(DeviceState.READY)


async def test_one_that_is_not_there_at_the_start_is_found_when_it_comes(rig: Rig) -> None:
    rig.unplug()
    async with running(rig.driver):
        await rig.until(DeviceState.ABSENT)
        rig.replug()
        await rig.until(DeviceState.READY)
        rig.put(5)
        assert await rig.scale.weigh() == 5


async def test_many_at_once_are_weighed_one_after_the_other(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.until(DeviceState.READY)
        rig.put(70)
        assert await asyncio.gather(*(rig.scale.weigh() for _ in range(5))) == [70] * 5


# --- what only bytes can do


@pytest.mark.parametrize(
    "cut",
    [
        lambda data: [bytes([byte]) for byte in data],
        lambda data: [b"\xff\x00noise", data],
        lambda data: [b"\x02?" + data],  # the start of an answer that was never ended
        lambda data: [data, data],
    ],
    ids=["a byte at a time", "behind noise", "behind half an answer", "twice"],
)
async def test_an_answer_is_found_however_its_bytes_come(
    serial: SerialRig, cut: Callable[[bytes], list[bytes]]
) -> None:
    serial.far.cut = cut
    serial.put(1_234)
    assert await serial.scale.weigh() == 1_234


async def test_goods_that_come_to_rest_are_weighed_then(serial: SerialRig) -> None:
    moving = status(MOVING)
    serial.far.says(moving, moving, kilograms(350))
    assert await serial.scale.weigh() == 350


async def test_a_weight_that_still_changes_is_none(serial: SerialRig) -> None:
    serial.far.answer = kilograms
    with pytest.raises(ScaleError) as failed:
        await serial.scale.weigh()
    assert failed.value.trouble is ScaleTrouble.NOT_STILL


async def test_an_answer_to_the_question_before_is_not_sold(serial: SerialRig) -> None:
    """It came too late, and is of the goods that lay there before."""
    serial.far.says(kilograms(900), kilograms(350))
    assert await serial.scale.weigh() == 350


async def test_a_load_that_swings_over_the_limit_is_waited_for(serial: SerialRig) -> None:
    serial.far.says(status(MOVING, OVERLOADED), kilograms(29_000))
    assert await serial.scale.weigh() == 29_000
    serial.far.answer = lambda _: status(MOVING, OVERLOADED)
    with pytest.raises(ScaleError) as failed:
        await serial.scale.weigh()
    assert failed.value.trouble is ScaleTrouble.OVERLOADED


async def test_one_lost_answer_costs_nothing_but_time(serial: SerialRig) -> None:
    serial.far.says(None, kilograms(350))
    assert await serial.scale.weigh() == 350


async def test_answers_that_are_lost_now_and_then_do_not_add_up(tmp_path: Path) -> None:
    rig = SerialRig(tmp_path / "scale", answer_ms=200, still_ms=10_000)
    with plugged(rig.far.line):
        async with running(rig.driver):
            await rig.until(DeviceState.READY)
            for grams in (350, 400, 450):
                rig.far.says(None, kilograms(grams))
                assert await rig.scale.weigh() == grams


@pytest.mark.parametrize("garbage", [b"\x0201.2\r", b"\x02xx.xxx\r", b"\x02?\r", b"\x02\r"])
async def test_an_answer_that_makes_no_sense_is_asked_for_again(
    serial: SerialRig, garbage: bytes
) -> None:
    serial.far.says(garbage, kilograms(350))
    assert await serial.scale.weigh() == 350
    serial.far.answer = lambda _: garbage
    with pytest.raises(ScaleError) as failed:
        await serial.scale.weigh()
    assert failed.value.trouble is ScaleTrouble.NO_ANSWER


async def test_a_silent_scale_is_given_up_within_its_time_and_found_again(
    serial: SerialRig,
) -> None:
    serial.far.answer = lambda _: None
    async with asyncio.timeout(2):
        with pytest.raises(DeviceError, match="scale: gives no answer"):
            await serial.scale.weigh()
    await serial.until(DeviceState.FAULTED)
    serial.put(350)
    await serial.until(DeviceState.READY)
    assert await serial.scale.weigh() == 350


async def test_a_port_without_a_scale_is_no_scale(tmp_path: Path) -> None:
    rig = SerialRig(tmp_path / "scale", answer_ms=20)
    rig.far.answer = lambda _: None
    with plugged(rig.far.line):
        async with running(rig.driver):
            await rig.until(DeviceState.FAULTED)
            rig.put(1)
            await rig.until(DeviceState.READY)
            rig.far.line.unplug()
            await rig.until(DeviceState.ABSENT)


async def test_one_that_is_switched_off_shows_without_being_asked(tmp_path: Path) -> None:
    rig = SerialRig(tmp_path / "scale", answer_ms=20, poll_ms=100)
    with plugged(rig.far.line):
        async with running(rig.driver):
            await rig.until(DeviceState.READY)
            rig.far.answer = lambda _: None
            await rig.until(DeviceState.FAULTED)


async def test_unplugged_while_it_is_asked_it_says_so_at_once(tmp_path: Path) -> None:
    rig = SerialRig(tmp_path / "scale", answer_ms=5_000)
    with plugged(rig.far.line):
        async with running(rig.driver):
            await rig.until(DeviceState.READY)
            rig.far.answer = lambda _: None
            asked = rig.far.asked
            weighing = asyncio.create_task(rig.scale.weigh())
            await rig.far.changes.until(lambda: rig.far.asked > asked)
            rig.unplug()
            with pytest.raises(DeviceError, match="scale: the connection"):
                await weighing


async def test_it_is_unplugged_while_it_is_greeted(tmp_path: Path) -> None:
    rig = SerialRig(tmp_path / "scale", answer_ms=1_000)
    rig.far.answer = lambda _: None
    with plugged(rig.far.line):
        async with running(rig.driver):
            await rig.far.changes.until(lambda: rig.far.asked)
            rig.unplug()
            await rig.until(DeviceState.ABSENT)
            rig.put(3)
            rig.replug()
            await rig.until(DeviceState.READY)
            assert await rig.scale.weigh() == 3


async def test_a_customer_who_goes_away_leaves_the_scale_usable(serial: SerialRig) -> None:
    serial.far.answer = lambda _: status(MOVING)
    weighing = asyncio.create_task(serial.scale.weigh())
    asked = serial.far.asked
    await serial.far.changes.until(lambda: serial.far.asked > asked)
    weighing.cancel()
    await asyncio.wait((weighing,))
    serial.put(350)
    assert await serial.scale.weigh() == 350


async def test_many_plugs_in_and_out_leak_nothing(tmp_path: Path) -> None:
    dice = Random(4)
    rig = SerialRig(tmp_path / "scale", answer_ms=50, still_ms=100)
    with plugged(rig.far.line):
        async with running(rig.driver):
            await rig.until(DeviceState.READY)
            before = descriptors(), len(asyncio.all_tasks())
            for grams in range(1, 50):
                rig.put(grams)
                weighing = asyncio.create_task(rig.scale.weigh())
                for _ in range(dice.randrange(20)):
                    await asyncio.sleep(0)
                rig.unplug()
                (weighed,) = await asyncio.gather(weighing, return_exceptions=True)
                assert weighed == grams or isinstance(weighed, DeviceError)
                await rig.until(DeviceState.ABSENT)
                rig.replug()
                await rig.until(DeviceState.READY)
            assert await rig.scale.weigh() == 49
            assert (descriptors(), len(asyncio.all_tasks())) == before


def descriptors() -> int:
    gc.collect()
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
