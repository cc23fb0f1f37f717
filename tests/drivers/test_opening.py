"""One attempt to open a device: it ends in time, and nothing that it opens is lost."""

import asyncio

import pytest

from edge.drivers import opening
from edge.drivers.opening import Opening
from edge.ports import DeviceError
from tests.support.devices import Changes, obeying_nobody


class Opened:
    def __init__(self) -> None:
        self.closed = 0
        self.changes = Changes()

    async def close(self) -> None:
        self.closed += 1
        self.changes.tell()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "GIVEN_UP_S", 0.001)


@pytest.mark.parametrize("turns", range(1, 5))
async def test_what_opens_as_it_is_stopped_is_closed(turns: int) -> None:
    opened, answer = Opened(), asyncio.get_running_loop().create_future()

    async def connect() -> Opened:
        return await answer

    attempt = asyncio.create_task(Opening("lamp", connect, 60_000).opened())
    for _ in range(turns):
        await asyncio.sleep(0)
    answer.set_result(opened)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    assert opened.closed == 1


async def test_what_opens_though_it_was_given_up_is_used() -> None:
    opened = Opened()

    async def connect() -> Opened:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            return opened

    assert await Opening("lamp", connect, 1).opened() is opened


@pytest.mark.usefixtures("impatient")
async def test_an_attempt_that_obeys_nobody_holds_up_nobody_who_stops() -> None:
    opened, answer = Opened(), asyncio.get_running_loop().create_future()
    attempt = asyncio.create_task(Opening("lamp", lambda: obeying_nobody(answer), 60_000).opened())
    await asyncio.sleep(0)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    answer.set_result(opened)
    await opened.changes.until(lambda: opened.closed == 1)


@pytest.mark.usefixtures("impatient")
async def test_no_attempt_begins_before_the_one_left_behind_is_over() -> None:
    answer: asyncio.Future[Opened] = asyncio.get_running_loop().create_future()
    attempts = iter([obeying_nobody(answer), obeying_nobody(answer)])
    lamp = Opening("lamp", lambda: next(attempts), 1)
    with pytest.raises(DeviceError, match="lamp: did not open within 1 ms"):
        await lamp.opened()
    with pytest.raises(DeviceError, match="lamp: is still being opened"):
        await lamp.opened()
    answer.set_exception(DeviceError("lamp: nothing came of it"))
    for _ in range(5):
        await asyncio.sleep(0)
    with pytest.raises(DeviceError, match="lamp: nothing came of it"):
        await lamp.opened()


@pytest.mark.usefixtures("impatient")
async def test_a_bug_in_the_one_left_behind_is_none_the_less() -> None:
    answer: asyncio.Future[Opened] = asyncio.get_running_loop().create_future()
    attempts = 0

    async def connect() -> Opened:
        nonlocal attempts
        attempts += 1
        return await obeying_nobody(answer)

    lamp = Opening("lamp", connect, 1)
    with pytest.raises(DeviceError):
        await lamp.opened()
    answer.set_exception(ZeroDivisionError("a bug"))
    for _ in range(5):
        await asyncio.sleep(0)
    with pytest.raises(ZeroDivisionError):
        await lamp.opened()
    assert attempts == 1
