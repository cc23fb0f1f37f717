"""An event loop that ends, whatever hangs in it or in its threads."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

import structlog

from edge.threads import SharedThreads

T = TypeVar("T")

# A task that is told to stop has this long. Those of the till are over by then; what is left is a
# library's, or waits for a device that is given up.
STOP_WITHIN_S: Final = 1.0


def run(work: Coroutine[Any, Any, T]) -> T:
    """As asyncio.run, which waits without end for a task that obeys nobody and for threads that
    hang: here both are left behind.
    """
    runner = asyncio.Runner()
    loop = runner.get_loop()
    loop.set_default_executor(SharedThreads())
    try:
        return runner.run(work)
    finally:
        loop.run_until_complete(_stopped(asyncio.all_tasks(loop)))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        asyncio.set_event_loop(None)
        loop.close()


async def _stopped(tasks: set[asyncio.Task[Any]]) -> None:
    """Until they are over, or have had their time."""
    if not tasks:
        return
    for task in tasks:
        task.cancel()
    _, left = await asyncio.wait(tasks, timeout=STOP_WITHIN_S)
    if left:
        log = structlog.get_logger("edge.event_loop")
        log.warning("left_behind", tasks=sorted(task.get_name() for task in left))
        # Of each that is never over asyncio would say so as well, with a traceback.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
