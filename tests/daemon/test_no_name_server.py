"""A shop whose name server does not answer sells, and its till stops when it is told to."""

from pathlib import Path

from tests.support.daemon import box

NAMED = """
[uplink]
host = "broker.shop.example"
[[devices]]
driver = "printer_network"
name = "kitchen"
host = "kitchen.shop.example"
reopen = { open_timeout_ms = 100, first_ms = 10, cap_ms = 20 }
"""


async def test_names_that_are_never_looked_up_hold_up_neither_sale_nor_stop(
    tmp_path: Path,
) -> None:
    async with box(tmp_path) as till:
        till.write_settings(more=NAMED)
        process = await till.up(("-m", "tests.support.nameless_daemon"))
        receipt = await till.sell("Pencil")
        assert receipt.total_minor == 120
        await till.until(
            lambda: any(line.get("device") == "kitchen" for line in process.events("device_lost"))
        )
        assert await till.stop() == 0
        assert process.said == []
