"""What hangs in a thread that everybody shares holds up neither another call nor the stop."""

import asyncio
import os
import socket
import subprocess
import sys
import threading

import pytest

from edge.threads import SharedThreads
from tests.support.devices import DEADLINE_S

HUNG = """
import asyncio, threading
from edge.threads import SharedThreads

async def main():
    loop = asyncio.get_running_loop()
    loop.set_default_executor(SharedThreads(ends_s=0.01))
    begun = asyncio.Event()

    def hang():
        loop.call_soon_threadsafe(begun.set)
        threading.Event().wait()

    loop.run_in_executor(None, hang)
    await begun.wait()

asyncio.run(main())
print("stopped")
"""


class Hung:
    """So many calls, all begun, that hang until they are let go."""

    def __init__(self, threads: SharedThreads, count: int) -> None:
        self.go_on = threading.Event()
        self._begun = threading.Semaphore(0)
        self._calls = [threads.submit(self._hang) for _ in range(count)]
        for _ in self._calls:
            assert self._begun.acquire(timeout=DEADLINE_S)

    def _hang(self) -> str:
        self._begun.release()
        assert self.go_on.wait(DEADLINE_S)
        return "let go"

    def answers(self) -> list[str]:
        return [each.result(DEADLINE_S) for each in self._calls]


def share(threads: SharedThreads) -> SharedThreads:
    asyncio.get_running_loop().set_default_executor(threads)
    return threads


async def test_calls_that_hang_keep_no_other_waiting() -> None:
    """asyncio's own threads are six on two cores."""
    hung = Hung(share(SharedThreads()), (os.cpu_count() or 1) + 8)
    assert await asyncio.to_thread(lambda: "a PIN") == "a PIN"
    hung.go_on.set()
    assert set(hung.answers()) == {"let go"}


async def test_the_process_ends_without_what_hangs() -> None:
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HUNG, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            said, complaints = await run.communicate()
    finally:
        if run.returncode is None:
            run.kill()
    assert (said, complaints, run.returncode) == (b"stopped\n", b"", 0)


def test_what_was_begun_has_its_time_to_end() -> None:
    threads = SharedThreads(ends_s=DEADLINE_S)
    hung = Hung(threads, 2)
    ending = threading.Thread(target=threads.shutdown)
    ending.start()
    assert ending.is_alive()
    hung.go_on.set()
    ending.join(DEADLINE_S)
    assert not ending.is_alive()
    assert hung.answers() == ["let go"] * 2


def test_what_is_too_much_waits_its_turn_and_no_thread_stays() -> None:
    threads = SharedThreads(at_once=2)
    hung = Hung(threads, 2)
    late = [threads.submit(threading.current_thread) for _ in range(5)]
    assert not any(each.done() for each in late)
    hung.go_on.set()
    used = {each.result(DEADLINE_S) for each in late}
    assert len(used) <= 2
    for each in used:
        each.join(DEADLINE_S)
        assert not each.is_alive()


def test_a_call_that_nobody_wants_any_more_is_not_made() -> None:
    threads = SharedThreads(at_once=1)
    hung, made = Hung(threads, 1), list[str]()
    unwanted = threads.submit(made.append, "unwanted")
    wanted = threads.submit(made.append, "wanted")
    assert unwanted.cancel()
    hung.go_on.set()
    wanted.result(DEADLINE_S)
    assert made == ["wanted"]


def test_behind_the_end_no_call_is_taken_and_those_that_wait_may_be_dropped() -> None:
    threads = SharedThreads(at_once=1)
    hung = Hung(threads, 1)
    dropped = threads.submit(lambda: None)
    threads.shutdown(wait=False, cancel_futures=True)
    assert dropped.cancelled()
    with pytest.raises(RuntimeError, match="no call is taken any more"):
        threads.submit(lambda: None)
    hung.go_on.set()
    assert hung.answers() == ["let go"]


async def test_an_error_is_whose_call_it_was() -> None:
    share(SharedThreads())
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(lambda: 1 // 0)
    with pytest.raises(socket.gaierror):
        await asyncio.get_running_loop().getaddrinfo("256.0.0.1", 1, flags=socket.AI_NUMERICHOST)
