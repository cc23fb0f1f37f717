"""Processes that the tests of the store break: `python -m tests.support.store_child ROLE ARGS`.

Each says line by line on stdout what it was answered, and ends in order unless it is killed.
"""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

from edge.ports import StoreError
from edge.store import tools
from tests.support.faults import Fault, break_disk
from tests.support.store import SteppedClock, articles, basket, sale, sell, till

MOST_ANSWERS = 6
LONGEST_SPIN = 20_000


async def sell_until_broken(path: Path, fault: Fault, sales: int) -> None:
    """Sell on a good disk, begin a basket, break the disk, and try: to sell it, and once more, to
    keep the basket, to find a sale.
    """
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        first = store.state().next_receipt_no
        for receipt_no in range(first, first + sales):
            await sell(store, clock, sale(receipt_no))
            say(f"stored {receipt_no}")
        await store.save_draft(basket(first + sales), clock.now())
        break_disk(fault)
        attempts = (
            lambda: sell(store, clock, sale(first + sales)),
            lambda: sell(store, clock, sale(first + sales)),
            lambda: store.save_draft(basket(first + sales), clock.now()),
            lambda: store.find_sale(first, clock.now()),
        )
        for attempt in attempts:
            try:
                await attempt()
                say("stored on a broken disk")
            except StoreError as error:
                say(f"refused {error.failure}")
    say("closed")


async def close_on_broken(path: Path) -> None:
    """Sell on a good disk, break it, and close."""
    clock = SteppedClock()
    try:
        async with till(path, clock=clock) as store:
            await sell(store, clock, sale(1))
            break_disk(Fault.SYNC_FAILS)
    except StoreError as error:
        say(f"closing refused {error.failure}")


async def fill_disk(path: Path) -> None:
    """Sell until the disk is full, make room, and look what is there."""
    ballast = path.with_name("ballast")
    ballast.write_bytes(bytes(256 * 1024))
    clock = SteppedClock()
    stored = 0
    async with till(path, clock=clock) as store:
        try:
            while True:
                await sell(store, clock, sale(stored + 1))
                stored += 1
        except StoreError as error:
            say(f"refused {error.failure}")
    ballast.unlink()
    report = tools.verify(path)
    say(f"problems {report.problems}, lost {stored - report.receipts}")
    async with till(path, clock=clock) as store:
        await sell(store, clock, sale(store.state().next_receipt_no))
    say(f"sells on, enough for a test: {stored > 20}")


async def sell_for_ever(path: Path, answers: int) -> None:
    """Sales one by one, with drafts and now and then a catalogue; each answer goes to a pipe."""
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        receipt_no = store.state().next_receipt_no
        while True:
            await store.save_draft(basket(receipt_no), clock.now())
            await sell(store, clock, sale(receipt_no, lines=1 + receipt_no % 5))
            os.write(answers, b"%d\n" % receipt_no)
            if receipt_no % 10 == 0:
                await store.replace_catalogue(articles(200), f"v{receipt_no}", clock.now())
            receipt_no += 1


def kill_again_and_again(path: Path, rounds: int, seed: int) -> None:
    """Fork a till that sells, kill it at a random instant, look: every answered sale is there, at
    most one that was not answered is, and the journal verifies.
    """
    chance = random.Random(seed)
    asyncio.run(_make(path))
    for _ in range(rounds):
        before = tools.verify(path).receipts
        answered = _killed(path, chance)
        report = tools.verify(path)
        assert report.ok, report.problems
        last = answered[-1] if answered else before
        assert answered == list(range(before + 1, last + 1)), (before, answered)
        assert report.receipts in {last, last + 1}, (report.receipts, last)
    say(f"survived {rounds}")


async def _make(path: Path) -> None:
    async with till(path):
        pass


def _killed(path: Path, chance: random.Random) -> list[int]:
    """The receipt numbers that a till was answered before it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            asyncio.run(sell_for_ever(path, writing))
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as answers:
        wanted = chance.randrange(MOST_ANSWERS)
        heard = [next(answers) for _ in range(wanted)]
        for _ in range(chance.randrange(LONGEST_SPIN)):
            pass
        os.kill(child, signal.SIGKILL)
        heard.extend(answers)
    os.waitpid(child, 0)
    return [int(line) for line in heard]


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - stdout is what the test reads


def main(role: str, path: str, *args: str) -> None:
    match role, args:
        case "broken", (fault, sales):
            asyncio.run(sell_until_broken(Path(path), Fault[fault], int(sales)))
        case "closing", ():
            asyncio.run(close_on_broken(Path(path)))
        case "full", ():
            asyncio.run(fill_disk(Path(path)))
        case "killed", (rounds, seed):
            kill_again_and_again(Path(path), int(rounds), int(seed))


if __name__ == "__main__":
    main(*sys.argv[1:])
