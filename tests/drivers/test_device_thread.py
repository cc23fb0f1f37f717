"""Calls that may never come back take one thread of their own, and what they give is given back."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable

import pytest

from edge.clock import SystemClock
from edge.drivers.device_thread import DeviceThread
from edge.drivers.keys import input_node
from edge.drivers.lines import byte_line, node_line
from edge.drivers.lines.node_line import take_node
from edge.drivers.settings import SerialModel
from edge.ports import DeviceError
from tests.support.devices import DEADLINE_S


class Kernel:
    """Takes its time until it is let go; what it opens is a number."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.opened: list[int] = []
        self.closed: list[int] = []
        self.threads: set[str] = set()

    def open(self) -> int:
        assert self.go_on.wait(DEADLINE_S)
        self.opened.append(len(self.opened))
        self.threads.add(threading.current_thread().name)
        return self.opened[-1]

    def close(self, opened: int) -> None:
        self.closed.append(opened)
        self.threads.add(threading.current_thread().name)


def threads() -> list[str]:
    return sorted(each.name for each in threading.enumerate() if each.name.startswith("device-"))


async def given_up(thread: DeviceThread, kernel: Kernel) -> None:
    opening = asyncio.create_task(thread.call("is still being opened", kernel.open, kernel.close))
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening


async def test_what_hangs_has_one_thread_however_often_it_is_tried() -> None:
    kernel, thread = Kernel(), DeviceThread("gun")
    await given_up(thread, kernel)
    for _ in range(50):
        with pytest.raises(DeviceError, match=r"^gun: is still being opened$"):
            await thread.call("is still being opened", kernel.open, kernel.close)
    assert threads() == ["device-gun"]
    kernel.go_on.set()
    await thread.ended(DEADLINE_S)
    assert kernel.opened == kernel.closed == [0]
    assert kernel.threads == {"device-gun"}
    assert await thread.call("is still being opened", kernel.open, kernel.close) == 1
    assert threads() == []


async def test_one_that_hangs_holds_up_no_other() -> None:
    kernel, gun, pad = Kernel(), DeviceThread("gun"), DeviceThread("pad")
    await given_up(gun, kernel)
    assert await pad.call("is still being opened", lambda: 7) == 7
    kernel.go_on.set()
    await gun.ended(DEADLINE_S)


async def test_a_stop_waits_for_what_opens_late_to_be_closed() -> None:
    kernel, thread = Kernel(), DeviceThread("gun")
    opening = asyncio.create_task(
        thread.call("is still being opened", kernel.open, kernel.close, ends_s=DEADLINE_S)
    )
    await asyncio.sleep(0)
    opening.cancel()
    await asyncio.sleep(0)
    kernel.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert kernel.closed == [0]
    assert thread.is_idle


async def test_what_comes_in_the_turn_in_which_nobody_waits_any_more_is_given_back() -> None:
    kernel, thread = Kernel(), DeviceThread("gun")
    kernel.go_on.set()
    opening = asyncio.create_task(thread.call("is still being opened", kernel.open, kernel.close))
    await asyncio.sleep(0)
    # The thread says what it has while the loop stands still: the cancellation comes behind it.
    while not kernel.opened or threads():
        time.sleep(0)  # noqa: ASYNC251 - the loop is to stand still
    asyncio.get_running_loop().call_soon(opening.cancel)
    with pytest.raises(asyncio.CancelledError):
        await opening
    await thread.ended(DEADLINE_S)
    assert kernel.closed == [0]


async def test_what_is_given_back_while_a_call_hangs_is_given_back_behind_it() -> None:
    kernel, thread, order = Kernel(), DeviceThread("gun"), list[str]()
    await given_up(thread, kernel)
    thread.finish(lambda: order.append(f"given back behind {kernel.opened}"))
    await thread.ended(0.001)
    assert order == []
    with pytest.raises(DeviceError, match="is still being opened"):
        thread.start("is still being opened", kernel.open)
    kernel.go_on.set()
    await thread.ended(DEADLINE_S)
    assert order == ["given back behind [0]"]
    assert threads() == []


async def test_what_the_call_raises_is_whose_it_was() -> None:
    thread = DeviceThread("gun")
    with pytest.raises(ZeroDivisionError):
        await thread.call("is still being opened", lambda: 1 // 0)
    assert thread.is_idle


async def test_an_error_that_comes_when_nobody_waits_any_more_is_nobodys() -> None:
    kernel, thread = Kernel(), DeviceThread("gun")

    def fails() -> int:
        kernel.open()
        raise ZeroDivisionError

    opening = asyncio.create_task(thread.call("is still being opened", fails, kernel.close))
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    kernel.go_on.set()
    await thread.ended(DEADLINE_S)
    assert kernel.closed == []


@pytest.mark.parametrize("opener", [byte_line.open_serial, input_node.open_input, take_node])
async def test_what_is_plugged_in_is_looked_at_on_the_devices_thread(
    opener: Callable[..., Awaitable[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []

    def look(*_: object) -> str:
        looked.append(threading.current_thread().name)
        raise DeviceError("lamp: enough was seen")

    for module in (byte_line, input_node, node_line):
        monkeypatch.setattr(module, "find_node", look)
    settings = SerialModel(name="lamp", usb={"vendor": "067b", "product": "2303"})
    rest = (SystemClock(0),) if opener is byte_line.open_serial else ()
    with pytest.raises(DeviceError, match="enough was seen"):
        await opener(settings, *rest, DeviceThread("lamp"))
    assert looked == ["device-lamp"]
