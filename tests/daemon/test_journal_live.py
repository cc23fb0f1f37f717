"""`edge journal` beside a daemon that runs: it never opens the live store, it asks for a copy."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.daemon import ROOT, Box, box


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Box]:
    async with box(tmp_path) as counter:
        await counter.up()
        await counter.sell("Pencil", "Umbrella")
        yield counter


async def edge(*arguments: str, stdout: int = asyncio.subprocess.PIPE) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a command."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-m", "edge", *arguments),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (said or b"").decode(), complained.decode()


async def test_a_live_journal_is_verified_shown_and_exported_while_selling_goes_on(
    till: Box,
) -> None:
    store = ("--store", str(till.store))
    status, said, complained = await edge("journal", "verify", *store)
    assert (status, complained) == (0, "")
    assert said.startswith(f"{till.store}: 3 records to 1/3, 1 receipts, head ")
    assert said.endswith(": verified\n")
    assert (await till.sell("Notebook")).receipt_no == 2
    status, said, _ = await edge("journal", "show", *store, "--last", "1")
    assert (status, said.count("\n")) == (0, 1)
    assert "total_minor=350" in said
    status, said, _ = await edge("journal", "export", *store)
    kinds = [json.loads(line)["kind"] for line in said.splitlines()]
    assert (status, kinds) == (0, ["epoch.opened", "catalogue.loaded", "sale", "sale"])
    assert await till.stop() == 0
    assert (await edge("journal", "verify", *store))[0] == 0


async def test_after_a_kill_the_journal_is_read_from_the_file_itself(till: Box) -> None:
    await till.kill()
    assert till.store.with_name("till.db.sock").exists()
    status, said, complained = await edge("journal", "verify", "--store", str(till.store))
    assert (status, complained) == (0, "")
    assert "1 receipts" in said
    await till.up()
    await till.until_shown("Welcome")


async def test_a_reader_that_has_had_enough_ends_the_export_without_a_word(till: Box) -> None:
    await till.kill()
    reading, writing = os.pipe()
    os.close(reading)
    status, _, complained = await edge(
        "journal", "export", "--store", str(till.store), stdout=writing
    )
    os.close(writing)
    assert (status, complained) == (141, "")
