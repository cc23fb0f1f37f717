"""A loop ends as its work did, also with tasks and threads that never do."""

import asyncio
import subprocess
import sys

import pytest

from edge import event_loop
from tests.support.devices import DEADLINE_S

HUNG = """
import asyncio, contextlib, sys, threading
from edge import event_loop
from edge.threads import SharedThreads

event_loop.STOP_WITHIN_S = 0.01
event_loop.SharedThreads = lambda: SharedThreads(ends_s=0.01)

async def obeys_nobody():
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.get_running_loop().create_future()

async def main():
    loop, begun = asyncio.get_running_loop(), asyncio.Event()
    asyncio.create_task(obeys_nobody(), name="stubborn")

    def hang():
        loop.call_soon_threadsafe(begun.set)
        threading.Event().wait()

    loop.run_in_executor(None, hang)
    await begun.wait()
    await asyncio.sleep(0)
    {ending}

sys.exit(event_loop.run(main()))
"""


async def ended(ending: str) -> tuple[int, str, str]:
    """Exit status, and what was written where."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-c", HUNG.format(ending=ending)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            said, complaints = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode is not None
    return process.returncode, said.decode(), complaints.decode()


async def test_a_process_ends_with_its_status_without_what_hangs() -> None:
    status, said, complaints = await ended("return 75")
    assert (status, complaints) == (75, "")
    assert "left_behind" in said
    assert "stubborn" in said


async def test_a_bug_ends_a_process_in_which_something_hangs() -> None:
    status, _, complaints = await ended("raise ZeroDivisionError")
    assert status == 1
    assert complaints.endswith("ZeroDivisionError\n")


def test_what_the_work_gives_is_given_and_what_it_began_is_stopped() -> None:
    ended = []

    async def waits() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append("waits")

    async def work() -> str:
        task = asyncio.create_task(waits())
        await asyncio.sleep(0)
        assert not task.done()
        return "worked"

    assert event_loop.run(work()) == "worked"
    assert ended == ["waits"]


def test_an_error_of_the_work_comes_out() -> None:
    async def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        event_loop.run(work())
