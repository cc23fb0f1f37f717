"""A shop with a serial port that the kernel hangs on sells, says so, and its till stops."""

import asyncio
from pathlib import Path

import pytest

from edge.__main__ import FINDING, WELL, main
from tests.support.daemon import box
from tests.support.devices import DEADLINE_S

HUNG = """
[[devices]]
driver = "scanner_serial"
name = "second"
path = "{folder}/hung"
reopen = {{ open_timeout_ms = 100, first_ms = 10, cap_ms = 20 }}
"""


async def test_a_port_that_is_never_opened_holds_up_neither_sale_nor_stop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "hung").touch()
    async with box(tmp_path) as till:
        till.write_settings(more=HUNG.format(folder=tmp_path))
        process = await till.up(("-m", "tests.support.hung_edge", "run"))
        receipt = await till.sell("Pencil")
        assert receipt.total_minor == 120
        await till.until(
            lambda: any(line.get("device") == "second" for line in process.events("device_lost"))
        )
        asked = ("health", "--store", str(tmp_path / "till.db"))
        async with asyncio.timeout(DEADLINE_S):
            # It is logged a moment before the till knows it.
            while "second is faulted since" not in capsys.readouterr().out:
                assert await asyncio.to_thread(main, asked) in {WELL, FINDING}
        assert await till.stop() == 0
        assert process.said == []
