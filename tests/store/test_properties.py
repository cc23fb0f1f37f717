"""Whatever happens to a store, in whatever order: the chain holds, the tables are what it says."""

import asyncio
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.records import Entry, EntryKind, TenderKind, sale_entry
from edge.store import projections, till_store, tools
from edge.store.till_store import TillStore
from tests.support.store import (
    SteppedClock,
    adjusted,
    articles,
    basket,
    paid,
    record,
    refund,
    sale,
    sell,
    till,
)


@dataclass
class Model:
    """What the store must come to."""

    clock: SteppedClock = field(default_factory=SteppedClock)
    next_receipt_no: int = 1
    records: int = 1
    epoch: int = 1
    cash_minor: int = 0
    stock: Counter[str] = field(default_factory=Counter)
    sold: list[int] = field(default_factory=list)
    draft: int | None = None

    def numbered(self) -> int:
        """The receipt number of a sale or refund that is stored now."""
        self.next_receipt_no += 1
        self.records += 1
        self.draft = None
        return self.next_receipt_no - 1

    def took(self, lines: int) -> None:
        self.sold.append(self.numbered())
        self.cash_minor += 199 * lines
        for number in range(1, lines + 1):
            self.stock[f"{number:06d}"] -= 1_000


Step: TypeAlias = Callable[[TillStore, Model, int], Awaitable[None]]


async def sells(store: TillStore, model: Model, lines: int) -> None:
    await sell(store, model.clock, sale(model.next_receipt_no, lines=lines))
    model.took(lines)


async def sells_by_card(store: TillStore, model: Model, lines: int) -> None:
    sold = sale(model.next_receipt_no, lines=lines, tender=TenderKind.CARD)
    await sell(store, model.clock, sold)
    model.took(lines)
    model.cash_minor -= 199 * lines


async def gives_back(store: TillStore, model: Model, choice: int) -> None:
    of_receipt_no = model.sold[choice % len(model.sold)] if model.sold else 0
    await sell(store, model.clock, refund(model.next_receipt_no, of_receipt_no, {1: 1}))
    model.numbered()
    model.cash_minor -= 199
    model.stock["000001"] += 1_000


async def is_cancelled_while_selling(store: TillStore, model: Model, lines: int) -> None:
    task = asyncio.create_task(sell(store, model.clock, sale(model.next_receipt_no, lines=lines)))
    # As far as its wait: the sale is handed in.
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    model.took(lines)


async def misnumbers(store: TillStore, model: Model, choice: int) -> None:
    wrong = model.next_receipt_no + (choice - 3 or 1)
    with pytest.raises(AssertionError, match="comes next"):
        await sell(store, model.clock, sale(wrong))


async def fails_halfway(store: TillStore, model: Model, lines: int) -> None:
    at = model.clock.now()

    def work(conn: sqlite3.Connection) -> None:
        entry = sale_entry(sale(projections.next_receipt_no(conn), lines=lines))
        till_store.record(conn, at, [entry])
        raise KeyError(lines)

    with pytest.raises(KeyError):
        await store._writer.submit(work)


async def does_much_at_once(store: TillStore, model: Model, choice: int) -> None:
    await asyncio.gather(
        sells(store, model, choice),
        fails_halfway(store, model, choice),
        adjusts(store, model, choice),
        store.acknowledge(1, 1),
    )


async def adjusts(store: TillStore, model: Model, choice: int) -> None:
    quantity_milli = (choice - 3) * 500
    await record(
        store,
        model.clock,
        adjusted(f"{choice:06d}", quantity_milli),
        paid(EntryKind.CASH_PAID_IN, choice),
        paid(EntryKind.CASH_PAID_OUT, 2 * choice),
        Entry(EntryKind.DRAWER_NO_SALE, {"reason": "找零"}),
    )
    model.records += 4
    model.cash_minor -= choice
    model.stock[f"{choice:06d}"] += quantity_milli


async def drafts(store: TillStore, model: Model, choice: int) -> None:
    await store.save_draft(basket(model.next_receipt_no, lines=choice), model.clock.now())
    model.draft = choice


async def drafts_late(store: TillStore, model: Model, choice: int) -> None:
    await store.save_draft(basket(model.next_receipt_no - 1, lines=choice), model.clock.now())


async def loads_products(store: TillStore, model: Model, choice: int) -> None:
    await store.replace_catalogue(articles(choice), f"v{choice}", model.clock.now())
    assert len(store.catalogue().by_code) == 2 * choice
    model.records += 1


async def is_restored(store: TillStore, model: Model, choice: int) -> None:
    skipped = model.next_receipt_no + choice
    await store.open_new_epoch(model.clock.now(), skipped)
    model.next_receipt_no = skipped
    model.records += 1
    model.epoch += 1
    model.draft = None


STEPS: tuple[Step, ...] = (
    sells,
    sells_by_card,
    gives_back,
    is_cancelled_while_selling,
    misnumbers,
    fails_halfway,
    does_much_at_once,
    adjusts,
    drafts,
    drafts_late,
    loads_products,
    is_restored,
)


async def live(path: Path, lives: Sequence[Sequence[tuple[Step, int]]]) -> Model:
    """One life after another of the same store; it is closed in between."""
    model = Model()
    for steps in lives:
        async with till(path, clock=model.clock) as store:
            state = store.state()
            assert state.next_receipt_no == model.next_receipt_no
            draft = (
                None if model.draft is None else basket(state.next_receipt_no, lines=model.draft)
            )
            assert state.draft == draft
            for step, choice in steps:
                await step(store, model, choice)
            head = await store.journal_head()
            assert head.epoch == model.epoch
    return model


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 5)), max_size=8),
        min_size=1,
        max_size=4,
    )
)
def test_any_life_of_a_store(lives: list[list[tuple[Step, int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "till.db"
        model = asyncio.run(live(path, lives))
        report = tools.verify(path)
        assert report.problems == ()
        assert report.records == model.records
        conn = sqlite3.connect(path)
        stock = dict(conn.execute("SELECT * FROM stock"))
        (cash_minor,) = conn.execute("SELECT coalesce(sum(amount_minor), 0) FROM drawer").fetchone()
        conn.close()
        assert stock == dict(model.stock)
        assert cash_minor == model.cash_minor
