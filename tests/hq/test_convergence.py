"""Whatever is lost, doubled or reordered on the way: headquarters has a prefix of the journal, and
in the end all of it.
"""

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from edge.hq.database import open_database
from edge.hq.ingest import ingest_batch
from edge.uplink.window import Flight, Place, SendWindow
from edge.wire.messages import Ack, JournalBatch, Nack, Quarantine
from tests.support.fleet import stored
from tests.support.outbox import MemoryOutbox
from tests.support.records import batch_of

DEVICES = (f"till-{number}" for number in count())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, AsyncEngine]]:
    """One database for all examples; each example is a device of its own."""
    file: Path = tmp_path_factory.mktemp("hq") / "hq.db"
    with asyncio.Runner() as runner:
        opened = open_database(f"sqlite:///{file}")
        engine = runner.run(opened.__aenter__())
        yield runner, engine
        runner.run(opened.__aexit__(None, None, None))


class Line:
    """A till's window, headquarters, and between them a line of which anything may be expected."""

    def __init__(self, engine: AsyncEngine, till: MemoryOutbox) -> None:
        self.engine = engine
        self.till = till
        self.window = SendWindow(4, Place(0, 0))
        self.batches: list[JournalBatch] = []
        self.answers: list[Ack | Nack | Quarantine] = []

    async def send(self, length: int) -> None:
        """As the session does, with batches of any length."""
        if not self.window.room:
            return
        records = await self.till.journal_after(*self.window.sent, length)
        chosen = [record for record in records if record.epoch == records[0].epoch]
        if chosen:
            batch = batch_of(*chosen)
            self.window.add(Flight(Place(batch.epoch, batch.last), chosen[-1].hash, 0))
            self.batches.append(batch)

    async def deliver(self, which: int, *, keep: bool) -> None:
        """One of the batches on the line arrives; kept, it will arrive once more."""
        if self.batches:
            place = which % len(self.batches)
            batch = self.batches[place] if keep else self.batches.pop(place)
            taken = await ingest_batch(self.engine, self.till.device, batch, received_at=1)
            self.answers.append(taken.answer)

    def hear(self, which: int, *, keep: bool) -> None:
        """One of the answers on the line arrives."""
        if self.answers:
            place = which % len(self.answers)
            answer = self.answers[place] if keep else self.answers.pop(place)
            self.window.confirm(Place(answer.epoch, answer.through))
            if isinstance(answer, Nack):
                self.window.rewind(Place(answer.epoch, answer.through))

    async def step(self, action: str, number: int) -> None:
        match action:
            case "send":
                await self.send(1 + number)
            case "deliver" | "deliver and keep":
                await self.deliver(number, keep=action != "deliver")
            case "hear" | "hear and keep":
                self.hear(number, keep=action != "hear")
            case "lose a batch" if self.batches:
                self.batches.pop(number % len(self.batches))
            case "lose an answer" if self.answers:
                self.answers.pop(number % len(self.answers))
            case "lose patience":
                self.window.rewind()

    async def settle(self) -> None:
        """The line behaves again."""
        while self.batches or self.answers:
            await self.deliver(0, keep=False)
            self.hear(0, keep=False)
        self.window.rewind()
        while self.window.confirmed < self.till.head:
            await self.send(5)
            await self.deliver(0, keep=False)
            self.hear(0, keep=False)


ACTIONS = st.sampled_from(
    [
        "send",
        "send",
        "deliver",
        "deliver and keep",
        "hear",
        "hear and keep",
        "lose a batch",
        "lose an answer",
        "lose patience",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(ACTIONS, st.integers(0, 7)), min_size=4, max_size=40),
    st.lists(st.integers(0, 3), min_size=1, max_size=6),
)
def test_any_order_of_batches_and_answers_converges(
    world: tuple[asyncio.Runner, AsyncEngine],
    steps: list[tuple[str, int]],
    sales_of_epochs: list[int],
) -> None:
    runner, engine = world
    runner.run(converges(engine, next(DEVICES), steps, sales_of_epochs))


async def converges(
    engine: AsyncEngine, device: str, steps: list[tuple[str, int]], sales_of_epochs: list[int]
) -> None:
    till = MemoryOutbox(device, opens=False)
    for sales in sales_of_epochs:
        till.open_epoch()
        till.sell(sales)
    journal = [(record.epoch, record.seq, record.hash) for record in till.records]
    line = Line(engine, till)
    for action, number in steps:
        await line.step(action, number)
        there = await stored(engine, device)
        assert there == journal[: len(there)]
        assert line.window.confirmed <= (there[-1][:2] if there else (0, 0))
        assert not any(isinstance(answer, Quarantine) for answer in line.answers)
    await line.settle()
    assert await stored(engine, device) == journal
