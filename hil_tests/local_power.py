"""The daemon as a process of this machine, and its command line as others."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.support.devices import Changes

ROOT: Final = Path(__file__).parents[1]
# Commands that open the devices themselves, while the daemon does not run.
OWN_DEVICES: Final = frozenset({"selftest"})
# The last lines of the log that are worth showing when the till is gone.
LAST_WORDS: Final = 20
ENDS_WITHIN_S: Final = 30


class Child:
    """`program` is what stands for `edge`; what else it has to know is in `environment`."""

    def __init__(
        self,
        settings: str,
        changes: Changes,
        program: Sequence[str] = ("edge",),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = settings
        self._changes = changes
        self._program = program
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._said: list[str] = []
        self._over = False

    @property
    def ended(self) -> str:
        return "\n".join(["ended:", *self._said[-LAST_WORDS:]]) if self._over else ""

    async def on(self) -> None:
        assert self._process is None, "it is on"
        self._over = False
        self._said.clear()
        self._process = await self._start(self._program, "run", "--config", self._settings)
        self._reading = asyncio.create_task(self._read(self._process))

    async def cut(self) -> None:
        assert await self._end(signal.SIGKILL) == -signal.SIGKILL

    async def stop(self) -> int:
        return await self._end(signal.SIGTERM)

    async def edge(self, *arguments: str) -> tuple[int, str]:
        owns_devices = arguments[0] in OWN_DEVICES
        process = await self._start(self._program if owns_devices else ("edge",), *arguments)
        out, err = await process.communicate()
        assert process.returncode is not None
        return process.returncode, (out + err).decode()

    async def close(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                await self._end(signal.SIGKILL)

    async def _start(self, program: Sequence[str], *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "error", "-m", *program, *arguments),
            cwd=ROOT,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def _end(self, by: signal.Signals) -> int:
        process, reading = self._process, self._reading
        assert process is not None, "it is off"
        assert reading is not None, "it is off"
        process.send_signal(by)
        async with asyncio.timeout(ENDS_WITHIN_S):
            await reading
        self._process = None
        self._over = False
        return await process.wait()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            self._said.append(line.decode().rstrip("\n"))
        await process.wait()
        self._over = True
        self._changes.tell()
