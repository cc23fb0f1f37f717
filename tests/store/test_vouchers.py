"""Which vouchers were taken here: worked out from the journal, also from an old one."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from edge.checkout.effects import FindVoucher
from edge.checkout.inputs import VoucherAnswered
from edge.checkout.records import Sale, Tender, TenderKind
from edge.lookups import book_lookups
from edge.store import tools
from edge.store.migrate import migrate, migrations
from edge.store.till_store import TillStore
from tests.support.store import SteppedClock, refund, sale, sell, till


def paid_with(sold: Sale, *vouchers: tuple[str, int]) -> Sale:
    """The sale or refund with vouchers, and the rest in cash."""
    rest = sold.total_minor - sum(minor for _, minor in vouchers)
    tenders = [Tender(TenderKind.VOUCHER, minor, minor, 0, name) for name, minor in vouchers]
    return replace(sold, tenders=(*tenders, Tender(TenderKind.CASH, rest, rest, 0)))


async def traded(store: TillStore, clock: SteppedClock) -> None:
    """A1 paid twice and one part went back, A2 went back whole, A3 paid, and one has no number."""
    await sell(store, clock, paid_with(sale(1), ("A1", 100), ("A2", 50), ("A1", 20), ("", 10)))
    await sell(store, clock, paid_with(refund(2, 1, {1: 1}), ("A1", 100), ("A2", 50)))
    await sell(store, clock, paid_with(sale(3), ("A3", 1)))


async def taken(store: TillStore, clock: SteppedClock) -> list[bool]:
    find = book_lookups(store, store, clock)[FindVoucher]
    answers = [await find(FindVoucher(number)) for number in ("A1", "A2", "A3", "A4", "")]
    assert all(isinstance(answer, VoucherAnswered) for answer in answers)
    return [answer.taken for answer in answers]


async def test_a_voucher_that_paid_stays_taken_whatever_went_back(tmp_path: Path) -> None:
    path, clock = tmp_path / "till.db", SteppedClock()
    async with till(path, clock=clock) as store:
        await traded(store, clock)
        assert await taken(store, clock) == [True, True, True, False, False]
    assert tools.verify(path).problems == ()


async def test_an_older_store_knows_its_vouchers_from_its_journal(tmp_path: Path) -> None:
    path, clock = tmp_path / "till.db", SteppedClock()
    async with till(path, clock=clock) as store:
        await traded(store, clock)
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        before = conn.execute("SELECT * FROM voucher ORDER BY number").fetchall()
        conn.execute("DROP TABLE voucher")
        conn.execute("DELETE FROM migration WHERE version > 10")
        conn.execute("PRAGMA user_version = 10")
        migrate(conn, migrations()[:11], at=5)
        assert conn.execute("SELECT * FROM voucher ORDER BY number").fetchall() == before
        assert before == [("A1",), ("A2",), ("A3",)]
    async with till(path, clock=clock) as store:
        assert await taken(store, clock) == [True, True, True, False, False]
    assert tools.verify(path).problems == ()
