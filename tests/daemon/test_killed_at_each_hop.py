"""SIGKILL right before and right after every call of a sale, and what the next start makes of it.

The table is the one of docs/life-of-a-sale.md.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.broker import plain_broker
from tests.support.daemon import CASH, CODES, MENU, NO_SALE, Box, DaemonEndedError, box
from tests.support.fleet import headquarters, stored
from tests.support.left_behind import left_behind
from tests.support.witness import Witness

TRAP = ("-m", "tests.support.hop_daemon")
BASKET = ("Pencil", "Green tea")
# The copy is asked for once the receipt is out.
CASH_THEN_COPY = f"{CASH} {MENU}13"


@dataclass(frozen=True, slots=True)
class Left:
    """What the crash left: sales stored, the least of the basket that is back, records that open
    the drawer, pulses, whole receipts, and receipts offered as copies. None: either is right,
    because the drawer and the printer work side by side.
    """

    stored: int = 0
    basket: tuple[str, ...] = ()
    opens: int = 0
    pulses: int = 0
    papers: int | None = 0
    offered: int | None = 0


NOTHING = Left()
SCANNED = Left(basket=("Pencil",))
STORED = Left(stored=1, opens=1, offered=1)
OPENED = Left(stored=1, opens=1, pulses=1, papers=None, offered=None)
PRINTED = Left(stored=1, opens=1, pulses=1, papers=1, offered=1)
SETTLED = Left(stored=1, opens=1, pulses=1, papers=1)
ASKED = Left(stored=1, opens=1, pulses=1, papers=1, offered=None)
COPIED = Left(stored=1, opens=1, pulses=1, papers=2, offered=1)
NO_SALE_STORED = Left(basket=("Pencil",), opens=1)
NO_SALE_OPENED = Left(basket=("Pencil",), opens=1, pulses=1)

# Which call of which method, the keys after the two scans, what is left before it and after it.
HOPS = [
    ("customer.show", 1, "", NOTHING, NOTHING),
    ("cashier.beep", 1, "", NOTHING, NOTHING),
    ("store.save_draft", 1, "", NOTHING, SCANNED),
    ("store.save_draft", 2, "", SCANNED, Left(basket=BASKET)),
    ("store.commit", 1, CASH, NOTHING, STORED),
    ("uplink.wake", 1, CASH, STORED, STORED),
    ("drawer.open", 1, CASH, STORED, OPENED),
    ("store.settle_effect", 1, CASH, OPENED, OPENED),
    ("printer.print_receipt", 1, CASH, STORED, PRINTED),
    ("store.settle_effect", 2, CASH, PRINTED, SETTLED),
    ("store.commit", 1, NO_SALE, NOTHING, NO_SALE_STORED),
    ("drawer.open", 1, NO_SALE, NO_SALE_STORED, NO_SALE_OPENED),
    ("store.find_sale", 1, CASH_THEN_COPY, ASKED, ASKED),
    ("store.commit", 2, CASH_THEN_COPY, ASKED, PRINTED),
    ("printer.print_receipt", 2, CASH_THEN_COPY, PRINTED, COPIED),
]


async def sell_into_the_trap(till: Box, witness: Witness, keys: str) -> None:
    """Scan and press until the daemon is gone."""
    try:
        await till.until_up()
        for name in BASKET:
            await witness.scan(name)
        first, _, second = keys.partition(" ")
        till.press(first)
        if second:
            await till.until_printed(1)
            till.press(second)
        await till.until(lambda: False)
    except DaemonEndedError:
        await till.kill()


async def killed(directory: Path, hop: tuple[str, ...], keys: str, expected: Left) -> None:
    """Die there, look, start again, catch up, and sell on."""
    async with box(directory) as till:
        witness = Witness(till)
        await till.start((*TRAP, *hop))
        await sell_into_the_trap(till, witness, keys)
        left = witness.look()
        basket = tuple(CODES[name] for name in expected.basket)
        assert (left.draft or ())[: len(basket)] == basket, hop
        assert (len(left.totals), left.drawer_records) == (expected.stored, expected.opens), hop
        assert till.printer.pulses == expected.pulses, hop
        assert expected.papers in (None, len(till.printer.whole)), hop
        assert expected.offered in (None, len(left.pending)), hop
        await till.up()
        await witness.catch_up(left)
        await witness.scan("Notebook")
        await witness.pay()
        assert await till.stop() == 0
        left = witness.look()
        assert left.pending == set()
        assert left.pending_pulses == 0


@pytest.mark.parametrize(("place", "nth", "keys", "before", "after"), HOPS)
async def test_killed_at(
    tmp_path: Path, place: str, nth: int, keys: str, before: Left, after: Left
) -> None:
    sides = {"before": before, "after": after}
    for side in sides:
        (tmp_path / side).mkdir()
    async with asyncio.TaskGroup() as both:
        for side, expected in sides.items():
            hop = (place, side, str(nth), "kill")
            both.create_task(killed(tmp_path / side, hop, keys, expected))


@pytest.mark.parametrize("taken", [1, 90, 200, 330])
async def test_killed_while_the_receipt_is_coming_out(tmp_path: Path, taken: int) -> None:
    """Only so many bytes reach the printer; the connection dies with the box."""
    async with box(tmp_path) as till:
        witness = Witness(till)
        await till.up()
        await witness.scan("Umbrella")
        till.printer.stall_in(QUESTIONS + taken)
        asked = till.printer.reader.bytes_fed
        till.press(CASH)
        await till.until(lambda: till.printer.reader.bytes_fed == asked + QUESTIONS + taken)
        await till.kill()
        till.printer.drop()
        await till.until_printer_is_free()
        till.printer.resume()
        left = witness.look()
        assert (len(left.totals), left.pending, till.printer.pulses) == (1, {1}, 1)
        assert [printed.whole for printed in till.printer.printed] in ([], [False])
        await till.up()
        await witness.catch_up(left)
        assert await till.stop() == 0
        assert till.printer.whole[-1].copy
        assert witness.look().pending == set()


# What goes to the printer between CASH and the receipt: two rounds of DLE EOT 1 to 4, a pulse.
QUESTIONS = 2 * 12 + 5
# What the outbox is asked from the start on, before the first sale: the head twice, the records.
OUTBOX_HOPS = [("journal_head", 1), ("journal_after", 2), ("acknowledge", 1)]


@pytest.mark.parametrize(("method", "nth"), OUTBOX_HOPS)
async def test_killed_on_the_way_to_headquarters(tmp_path: Path, method: str, nth: int) -> None:
    """None lost and none doubled, whichever side of the call the box died on."""
    async with (
        plain_broker(tmp_path) as broker,
        box(tmp_path, uplink_port=broker.port) as till,
        headquarters(broker.port, tmp_path / "hq.db") as (hq, engine),
    ):
        for side in ("before", "after"):
            witness = Witness(till)
            await till.start((*TRAP, f"outbox.{method}", side, str(nth), "kill"))
            await sell_into_the_trap(till, witness, CASH)
            left = witness.look()
            await till.up()
            await witness.catch_up(left)
            await witness.scan("Notebook")
            await witness.pay()
            assert await till.stop() == 0
        await till.up()
        left = left_behind(till.store)
        await hq.wait_for("till-07", *left.records[-1][:2])
        assert await stored(engine, "till-07") == list(left.records)
        assert await till.stop() == 0
