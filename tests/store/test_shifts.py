"""What a store keeps for the next Z: every record counted once, in the Z that covers it."""

import asyncio
import json
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.loyalty.loyalty import TOP_UP_PLU
from edge.checkout.records import Entry, EntryKind, Promise, TenderKind
from edge.checkout.shifts.shift import ShiftState, closed_from
from edge.checkout.shifts.shift_totals import Figure, Tally, parts_of
from edge.store import shifts, tools
from edge.store.till_store import TillStore
from tests.support.shifts import closing as closing_entry
from tests.support.shifts import opening
from tests.support.store import (
    CURRENCY,
    SteppedClock,
    paid,
    promising,
    record,
    refund,
    sale,
    sell,
    till,
)


async def closed(store: TillStore, clock: SteppedClock, counted_minor: int, **kept: int) -> None:
    state = await store.shift_state()
    await record(store, clock, closing_entry(state, counted_minor, currency=CURRENCY, **kept))


def z_records(path: Path) -> list[dict[str, object]]:
    with closing(sqlite3.connect(path)) as conn:
        bodies = conn.execute("SELECT body FROM journal WHERE kind = 'shift.closed'").fetchall()
    return [json.loads(body) for (body,) in bodies]


async def test_a_new_store_waits_for_its_first_z(tmp_path: Path) -> None:
    async with till(tmp_path / "till.db") as store:
        state = await store.shift_state()
    assert (state.z_no, state.shift, state.expected_minor) == (1, None, 0)
    assert (state.first_receipt_no, state.last_receipt_no) == (0, 0)
    assert (state.head.epoch, state.head.seq) == (1, 1)


async def test_every_sale_counts_whether_a_shift_is_open_or_not(tmp_path: Path) -> None:
    clock = SteppedClock()
    async with till(tmp_path / "till.db", clock=clock) as store:
        await sell(store, clock, sale(1, lines=1))
        await record(store, clock, opening(await store.shift_state(), 10_199))
        await sell(store, clock, sale(2, lines=2, tender=TenderKind.CARD))
        await sell(store, clock, refund(3, 1, {1: 1}))
        await record(store, clock, paid(EntryKind.CASH_PAID_IN, 500))
        await record(store, clock, paid(EntryKind.CASH_PAID_OUT, 300))
        state = await store.shift_state()
    assert state.totals.of(Figure.SALE) == Tally(2, 597)
    assert state.totals.of(Figure.REFUND) == Tally(1, 199)
    assert state.totals.of(Figure.TAKEN, "card") == Tally(1, 398)
    assert state.expected_minor == 10_199 - 199 + 500 - 300
    assert (state.first_receipt_no, state.last_receipt_no) == (1, 3)
    assert state.shift is not None
    assert (state.shift.number, state.shift.float_minor) == (1, 10_199)


async def test_a_z_begins_the_next_one_with_what_is_left_in_the_drawer(tmp_path: Path) -> None:
    path, clock = tmp_path / "till.db", SteppedClock()
    async with till(path, clock=clock) as store:
        await sell(store, clock, sale(1))
        await closed(store, clock, 1_000, left_minor=400)
        await sell(store, clock, sale(2, lines=1))
        state = await store.shift_state()
    assert (state.z_no, state.shift) == (2, None)
    assert state.totals.of(Figure.SALE) == Tally(1, 199)
    assert state.expected_minor == 400 + 199
    assert (state.first_receipt_no, state.last_receipt_no) == (2, 2)
    assert tools.verify(path).problems == ()


async def test_what_is_kept_survives_a_restart(tmp_path: Path) -> None:
    path, clock = tmp_path / "till.db", SteppedClock()
    async with till(path, clock=clock) as store:
        await record(store, clock, opening(await store.shift_state(), 5_000, "12"))
        await sell(store, clock, sale(1))
        before = await store.shift_state()
    async with till(path, clock=clock) as store:
        assert await store.shift_state() == before
        assert store.state().shift_no == 1
    assert before.shift is not None
    assert before.shift.opened_by == "12"


async def test_a_z_says_where_in_the_journal_it_ends(tmp_path: Path) -> None:
    path, clock = tmp_path / "till.db", SteppedClock()
    async with till(path, clock=clock) as store:
        await sell(store, clock, sale(1))
        await closed(store, clock, 0)
    with closing(sqlite3.connect(path)) as conn:
        kind, digest = conn.execute("SELECT kind, hash FROM journal WHERE seq = 2").fetchone()
    (body,) = z_records(path)
    assert (kind, body["journal"]) == ("sale", {"epoch": 1, "seq": 2, "hash": digest})


async def test_what_the_world_puts_on_record_meanwhile_is_in_the_next_z(tmp_path: Path) -> None:
    path, clock = tmp_path / "till.db", SteppedClock()
    async with till(path, clock=clock) as store:
        state = await store.shift_state()
        await store.replace_catalogue((), "v1", clock.now())
        await record(store, clock, closing_entry(state, 0, currency=CURRENCY))
        assert (await store.shift_state()).z_no == 2
    assert tools.verify(path).problems == ()


def _forged_number(state: ShiftState) -> Entry:
    entry = closing_entry(state, 0, currency=CURRENCY)
    return Entry(entry.kind, {**entry.body, "z_no": 2})


def _forged_sums(state: ShiftState) -> Entry:
    entry = closing_entry(state, 0, currency=CURRENCY)
    return Entry(entry.kind, {**entry.body, "totals": [], "expected_minor": 0})


def _forged_hash(state: ShiftState) -> Entry:
    entry = closing_entry(state, 0, currency=CURRENCY)
    return Entry(entry.kind, {**entry.body, "journal": {"epoch": 1, "seq": 1, "hash": "0" * 64}})


def _forged_difference(state: ShiftState) -> Entry:
    entry = closing_entry(state, 0, currency=CURRENCY)
    return Entry(entry.kind, {**entry.body, "over_short_minor": 0})


async def sold_then(path: Path, forge: Callable[[ShiftState], Entry], times: int = 1) -> None:
    """A sale, and then that entry, made when it began."""
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await sell(store, clock, sale(1))
        entry = forge(await store.shift_state())
        for _ in range(times):
            await record(store, clock, entry)


@pytest.mark.parametrize(
    ("forge", "why"),
    [
        (_forged_number, "Z 2 where 1 comes next"),
        (_forged_sums, "not what it covers"),
        (_forged_hash, "names another record"),
        (_forged_difference, "over by another sum"),
    ],
)
async def test_a_z_that_is_not_what_it_covers_is_a_bug(
    tmp_path: Path, forge: Callable[[ShiftState], Entry], why: str
) -> None:
    with pytest.raises(AssertionError, match=why):
        await sold_then(tmp_path / "till.db", forge)


async def test_a_z_carries_what_is_no_turnover(tmp_path: Path) -> None:
    clock, path = SteppedClock(), tmp_path / "till.db"
    async with till(path, clock=clock) as store:
        await sell(store, clock, promising(sale(1), Promise.TOP_UP, 20))
        await sell(store, clock, promising(refund(2, 1, {1: 1}), Promise.TOP_UP, 20))
        await sell(store, clock, promising(sale(3, units=2), Promise.COUNT_CARD))
        await closed(store, clock, 0)
    (z,) = z_records(path)
    made = parts_of(closed_from(z).report.state.totals)
    assert (made.turnover_minor, made.prepaid_sold_minor) == (4 * 199 + 8 * 199, 2 * 199)
    assert made.prepaid_bonus_minor == 0
    assert {"figure": "promised", "name": "top_up", "times": 1, "amount_minor": 199} in z["totals"]
    assert {"figure": "bonus", "name": "", "times": 1, "amount_minor": 20} in z["totals"]
    assert tools.verify(path).ok


async def test_a_z_of_sales_that_said_nothing_of_it_is_opened_and_verified(tmp_path: Path) -> None:
    """As every till has them from before lines said what they promise."""
    clock, path = SteppedClock(), tmp_path / "till.db"
    topped_up, *goods = sale(1).lines
    before = replace(sale(1), lines=(replace(topped_up, plu=TOP_UP_PLU), *goods))
    async with till(path, clock=clock) as store:
        await sell(store, clock, before)
        await closed(store, clock, 0)
    async with till(path, clock=clock) as store:
        assert (await store.shift_state()).z_no == 2
    (z,) = z_records(path)
    assert not [row for row in z["totals"] if "promised" in row["figure"]]
    assert parts_of(closed_from(z).report.state.totals).turnover_minor == 995
    assert tools.verify(path).ok


async def test_an_open_shift_is_not_opened_again(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="can't be opened now"):
        await sold_then(tmp_path / "till.db", lambda state: opening(state, 0), times=2)


async def test_a_journal_older_than_shifts_is_counted_once(tmp_path: Path) -> None:
    path, clock = tmp_path / "till.db", SteppedClock()
    async with till(path, clock=clock) as store:
        await sell(store, clock, sale(1))
        await sell(store, clock, refund(2, 1, {1: 1}))
        before = await store.shift_state()
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript("DELETE FROM shift; DELETE FROM shift_total;")
    for _ in range(2):
        async with till(path, clock=clock) as store:
            assert await store.shift_state() == before
    assert tools.verify(path).problems == ()


async def test_verify_notices_a_sum_that_was_changed(tmp_path: Path) -> None:
    path, clock = tmp_path / "till.db", SteppedClock()
    async with till(path, clock=clock) as store:
        await sell(store, clock, sale(1))
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript("UPDATE shift_total SET amount_minor = 1 WHERE figure = 'sale';")
    problems = tools.verify(path).problems
    assert len(problems) == 2
    assert all(problem.startswith("table shift_total") for problem in problems)


async def test_reading_the_sums_reads_no_sale_again(tmp_path: Path) -> None:
    clock = SteppedClock()
    async with till(tmp_path / "till.db", clock=clock) as store:
        for number in range(1, 30):
            await sell(store, clock, sale(number))

        def read(conn: sqlite3.Connection) -> tuple[ShiftState, list[str]]:
            asked: list[str] = []
            conn.set_trace_callback(asked.append)
            state = shifts.state(conn)
            conn.set_trace_callback(None)
            return state, asked

        state, asked = await store._writer.submit(read)
    assert state.totals.of(Figure.SALE).times == 29
    assert not [query for query in asked if "body" in query]


STEPS = st.sampled_from(["sale", "refund", "in", "out", "open", "z", "restart"])


async def lived(path: Path, steps: list[tuple[str, int]]) -> tuple[int, int, list[int]]:
    """Sales and refunds in minor units, and the receipts made."""
    clock, number, sold, given = SteppedClock(), 1, 0, 0
    pending = list(steps)
    while pending:
        async with till(path, clock=clock) as store:
            while pending:
                step, size = pending.pop(0)
                if step == "restart":
                    break
                state = await store.shift_state()
                if step in {"sale", "refund"}:
                    made = (
                        sale(number, lines=size) if step == "sale" else refund(number, 0, {1: size})
                    )
                    await sell(store, clock, made)
                    number += 1
                    sold += made.total_minor if step == "sale" else 0
                    given += made.total_minor if step == "refund" else 0
                elif step == "open" and state.shift is None:
                    await record(store, clock, opening(state, size * 1_000))
                elif step == "z":
                    await closed(store, clock, size * 700, left_minor=size * 100)
                elif step in {"in", "out"}:
                    kind = EntryKind.CASH_PAID_IN if step == "in" else EntryKind.CASH_PAID_OUT
                    await record(store, clock, paid(kind, size))
    async with till(path, clock=clock) as store:
        await closed(store, clock, 0)
    return sold, given, list(range(1, number))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.tuples(STEPS, st.integers(1, 4)), max_size=14))
def test_the_zs_of_any_life_sum_to_all_sales_and_each_sale_is_in_one(
    steps: list[tuple[str, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "till.db"
        sold, given, receipts = asyncio.run(lived(path, steps))
        reports = [closed_from(body).report.state for body in z_records(path)]
        assert tools.verify(path).problems == ()
    assert [state.z_no for state in reports] == list(range(1, len(reports) + 1))
    assert sum(state.totals.of(Figure.SALE).amount_minor for state in reports) == sold
    assert sum(state.totals.of(Figure.REFUND).amount_minor for state in reports) == given
    covered = [
        number
        for state in reports
        if state.last_receipt_no
        for number in range(state.first_receipt_no, state.last_receipt_no + 1)
    ]
    assert covered == receipts
    places = [(state.head.epoch, state.head.seq) for state in reports]
    assert places == sorted(set(places))
