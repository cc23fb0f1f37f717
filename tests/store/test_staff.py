"""People in the store: kept without their file; tries and hours worked out from the journal."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.people.duty import NOBODY_KEPT, DutyKept, Presence, lifted_entry, staff_entry
from edge.checkout.people.staff import NO_STAFF
from edge.checkout.records import Entry, EntryKind
from edge.store import tools
from edge.store.staff_file import StaffFile, parse_staff
from edge.store.till_store import TillStore
from tests.store.test_staff_file import person
from tests.support.store import START_MS, SteppedClock, record, till

K = EntryKind


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
async def store(path: Path, clock: SteppedClock) -> AsyncIterator[TillStore]:
    async with till(path, clock=clock) as opened:
        yield opened


def people(*rows: str) -> StaffFile:
    return parse_staff("".join(rows or (person(),)).encode(), "staff.toml")


def events(*pairs: tuple[EntryKind, str]) -> list[Entry]:
    return [staff_entry(kind, number) for kind, number in pairs]


async def reopened(path: Path, clock: SteppedClock) -> DutyKept:
    async with till(path, clock=clock) as store:
        return store.state().duty


async def test_a_new_store_knows_nobody(store: TillStore) -> None:
    assert store.people().staff() is NO_STAFF
    assert store.state().duty == NOBODY_KEPT


async def test_people_are_there_without_their_file(path: Path, clock: SteppedClock) -> None:
    async with till(path, clock=clock) as store:
        staff = await store.people().replace(people(), "v1", clock.now())
        assert store.people().staff() is staff
    async with till(path, clock=clock) as store:
        assert store.people().staff() == staff


async def test_people_are_swapped_whole_and_on_record(
    store: TillStore, clock: SteppedClock
) -> None:
    await store.people().replace(people(), "v1", clock.now())
    await store.people().replace(people(person(number='"7"')), "v2", clock.now())
    assert list(store.people().staff().by_number) == ["7"]
    records = await store.journal_after(1, 1, 10)
    assert [each.kind for each in records] == ["staff.loaded", "staff.loaded"]
    assert records[1].body == {"version": "v2", "people": 1, "roles": 0}


async def test_the_journal_holds_no_name_and_no_hash(store: TillStore, clock: SteppedClock) -> None:
    await store.people().replace(people(), "v1", clock.now())
    for each in await store.journal_after(0, 0, 10):
        assert "Anna" not in str(each.body)
        assert "argon2" not in str(each.body)


async def test_people_that_this_software_can_t_read_are_nobody_until_a_file_is_loaded(
    path: Path, clock: SteppedClock
) -> None:
    async with till(path, clock=clock) as store:
        await store.people().replace(people(), "v1", clock.now())
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("UPDATE staff_list SET body = '{\"people\": []}'")
        conn.commit()
    with capture_logs() as logs:
        async with till(path, clock=clock) as store:
            assert store.people().staff() == NO_STAFF
            await store.people().replace(people(), "v1", clock.now())
    assert [line["event"] for line in logs] == ["staff_unreadable"]
    async with till(path, clock=clock) as store:
        assert store.people().staff() == people().staff("v1")


async def test_wrong_pins_in_a_row_are_counted_by_person(path: Path, clock: SteppedClock) -> None:
    wrong = events((K.STAFF_REFUSED, "12"), (K.STAFF_REFUSED, "7"), (K.STAFF_REFUSED, "12"))
    async with till(path, clock=clock) as store:
        await record(store, clock, *wrong)
    assert (await reopened(path, clock)).wrong == {"12": 2, "7": 1}


@pytest.mark.parametrize(
    "right",
    [
        staff_entry(K.STAFF_SIGNED_ON, "12"),
        staff_entry(K.STAFF_CLOCKED_IN, "12"),
        lifted_entry("refund", "12", "7", "11"),
        staff_entry(K.STAFF_UNLOCKED, "12", by="7"),
        staff_entry(K.STAFF_UNLOCKED, "7", by="12"),
    ],
    ids=lambda entry: f"{entry.kind}-{sorted(entry.body)}",
)
async def test_a_right_pin_and_an_unlocking_end_the_row(
    path: Path, clock: SteppedClock, right: Entry
) -> None:
    async with till(path, clock=clock) as store:
        await record(store, clock, *events(*[(K.STAFF_REFUSED, "12")] * 5))
        await record(store, clock, right)
    assert (await reopened(path, clock)).wrong == {}
    assert tools.verify(path).ok


async def test_what_needs_no_pin_of_theirs_ends_no_row(path: Path, clock: SteppedClock) -> None:
    async with till(path, clock=clock) as store:
        await record(store, clock, *events((K.STAFF_REFUSED, "12"), (K.STAFF_SIGNED_OFF, "12")))
        await record(store, clock, lifted_entry("refund", "7", "12", "11"))
    assert (await reopened(path, clock)).wrong == {"12": 1}


async def test_who_is_in_and_who_on_a_break_since_when(path: Path, clock: SteppedClock) -> None:
    async with till(path, clock=clock) as store:
        began = await at_of(store, clock, (K.STAFF_CLOCKED_IN, "12"))
        other = await at_of(store, clock, (K.STAFF_CLOCKED_IN, "7"))
        await at_of(store, clock, (K.STAFF_CLOCKED_IN, "3"))
        rest = await at_of(store, clock, (K.STAFF_BREAK_BEGAN, "7"))
        await at_of(store, clock, (K.STAFF_BREAK_BEGAN, "12"))
        await at_of(store, clock, (K.STAFF_BREAK_ENDED, "12"))
        await at_of(store, clock, (K.STAFF_CLOCKED_OUT, "3"))
    kept = await reopened(path, clock)
    assert kept.present == {"12": Presence(began), "7": Presence(other, rest)}
    assert tools.verify(path).ok


async def at_of(store: TillStore, clock: SteppedClock, event: tuple[EntryKind, str]) -> int:
    """When it got on record."""
    await record(store, clock, *events(event))
    (last,) = (await store.journal_after(0, 0, 100))[-1:]
    assert last.at > START_MS
    return last.at


@pytest.mark.parametrize(
    "kinds",
    [
        [K.STAFF_CLOCKED_OUT],
        [K.STAFF_BREAK_BEGAN],
        [K.STAFF_CLOCKED_IN, K.STAFF_BREAK_ENDED],
        [K.STAFF_CLOCKED_IN, K.STAFF_BREAK_BEGAN, K.STAFF_BREAK_BEGAN],
        [K.STAFF_CLOCKED_IN, K.STAFF_CLOCKED_IN],
    ],
    ids="-".join,
)
async def test_a_clock_that_does_not_follow_on_is_a_bug(
    path: Path, clock: SteppedClock, kinds: list[EntryKind]
) -> None:
    with pytest.raises((AssertionError, sqlite3.IntegrityError, ExceptionGroup)):
        async with till(path, clock=clock) as store:
            await record(store, clock, *events(*[(kind, "12") for kind in kinds]))


async def test_verify_notices_a_count_that_was_changed(path: Path, clock: SteppedClock) -> None:
    async with till(path, clock=clock) as store:
        await record(store, clock, *events(*[(K.STAFF_REFUSED, "12")] * 5))
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("UPDATE pin_try SET wrong = 1")
        conn.commit()
    report = tools.verify(path)
    assert not report.ok
    assert any("pin_try" in problem for problem in report.problems)
