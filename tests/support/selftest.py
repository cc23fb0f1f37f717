"""A box whose devices are bytes, and `edge selftest` as a process of its own over it."""

import asyncio
import json
import os
import pty
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from edge.clock import SystemClock
from edge.store.till_store import TillStore, open_store
from tests.support.devices import DEADLINE_S, FakePrinter, SerialLine
from tests.support.glass import EscposGlass

ROOT = Path(__file__).parents[2]
KEYS = "0123456789Z.XELVSCKPIMUD"
HEAD = """
[device]
id = "till-07"
[shop]
name = "Kiosk"
currency = "CNY"
language = "{language}"
taxes = [{{ code = "A", rate_bp = 0 }}]
[store]
path = "till.db"
{uplink}
[[devices]]
driver = "printer_network"
name = "receipts"
host = "127.0.0.1"
port = {port}
[[devices]]
driver = "drawer_printer"
name = "drawer"
printer = "receipts"
[[devices]]
driver = "scanner_serial"
name = "scanner"
path = "{folder}/scanner"
[[devices]]
driver = "keypad_serial"
name = "keypad"
path = "{folder}/keypad"
[[devices]]
driver = "display_serial"
name = "customer"
path = "{folder}/customer"
charset = "gb18030"
[[devices]]
driver = "cashier_display_simulated"
name = "screen"
"""


# Python ignores the signal that comes with it, so that writing fails.
LIMIT = (
    "import os, resource, sys;"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2);"
    "os.execv(sys.argv[2], sys.argv[2:])"
)


class Box:
    """Everything that is plugged in, its settings, and what the self-test says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.report = folder / "report.json"
        self.printer = FakePrinter()
        self.scanner = SerialLine(folder / "scanner")
        self.keypad = SerialLine(folder / "keypad")
        self.customer = SerialLine(folder / "customer")
        self.glass = EscposGlass()
        self.customer.on_bytes = self.glass.feed
        self.lines = (self.scanner, self.keypad, self.customer)

    async def plug(self) -> None:
        await self.printer.plug()
        for line in self.lines:
            line.plug()

    async def unplug(self) -> None:
        await self.printer.unplug()
        for line in self.lines:
            line.unplug()

    @property
    def config(self) -> Path:
        return self.folder / "edge.toml"

    @property
    def store(self) -> Path:
        return self.folder / "till.db"

    def configure(self, uplink: str = "", language: str = "en", more: str = "") -> None:
        text = HEAD.format(
            folder=self.folder, port=self.printer.port, uplink=uplink, language=language
        )
        self.config.write_text(text + more, encoding="utf-8")

    async def found(self) -> None:
        """As the daemon's first start leaves it: with a store, which root would not make."""
        async with self.opened():
            """Made, and nothing more."""

    def opened(self) -> AbstractAsyncContextManager[TillStore]:
        return open_store(self.store, clock=SystemClock(0), device="till-07", currency="CNY")

    async def unattended(
        self, *, full_at_bytes: int | None = None, program: str = "edge"
    ) -> "Done":
        """`full_at_bytes`: no file may become larger, as on a disk that is full; the report then
        comes on stdout, and what is said on stderr.
        """
        if full_at_bytes is None:
            return await self._run(("--unattended",), None, program=program)
        limit = (sys.executable, "-c", LIMIT, str(full_at_bytes))
        done = await self._run(("--unattended", "--json", "-"), None, limit)
        report = json.loads("\n".join(done.said))
        return Done(done.status, done.complaints.splitlines(), done.complaints, report)

    async def attended(
        self, answer: Callable[[str, Callable[[str], None]], Awaitable[None]]
    ) -> "Done":
        """`answer` is called for each line that is said, with what types a line at the terminal."""
        return await self._run((), answer)

    async def _run(
        self,
        more: tuple[str, ...],
        answer: Any,
        before: tuple[str, ...] = (),
        program: str = "edge",
    ) -> "Done":
        ours, theirs = pty.openpty()
        report = self.report
        report.unlink(missing_ok=True)
        process = await asyncio.create_subprocess_exec(
            *(*before, sys.executable, "-W", "error", "-m", program, "selftest"),
            *("--config", str(self.config), "--json", str(report), *more),
            stdin=theirs,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        os.close(theirs)
        said: list[str] = []
        try:
            async with asyncio.timeout(3 * DEADLINE_S):
                assert process.stdout is not None
                assert process.stderr is not None
                async for line in process.stdout:
                    said.append(line.decode().rstrip("\n"))
                    if answer is not None:
                        await answer(said[-1], lambda text: _type(ours, text))
                complaints = (await process.stderr.read()).decode()
                status = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            os.close(ours)
        written = report.read_text(encoding="utf-8") if report.exists() else ""
        found = json.loads(written) if written else {}
        return Done(status, said, complaints, found)


def _type(descriptor: int, text: str) -> None:
    os.write(descriptor, text.encode() + b"\n")


class Done:
    """How it ended: exit status, what was said, and the report."""

    def __init__(self, status: int, said: list[str], complaints: str, report: Any) -> None:
        self.status = status
        self.said = said
        self.complaints = complaints
        self.report = report

    def outcome(self, name: str) -> str:
        (found,) = [check for check in self.report["checks"] if check["name"] == name]
        return str(found["outcome"])

    def detail(self, name: str) -> str:
        (found,) = [check for check in self.report["checks"] if check["name"] == name]
        return str(found["detail"])

    def named(self, outcome: str) -> set[str]:
        return {check["name"] for check in self.report["checks"] if check["outcome"] == outcome}
