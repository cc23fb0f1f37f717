"""Writes tests/store/old/schema_NNNN.sql: a store of today's schema as SQL. Run it before a
migration is added, with `python -m tests.support.old_store`, and never change the file again.
"""

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from edge.checkout.balances.accounts import Cause
from edge.checkout.balances.ledger import Ledger, open_ledger
from edge.checkout.loyalty.members import ByToken, Written, bought_entry, replace_card
from edge.checkout.people.duty import staff_entry
from edge.checkout.records import EntryKind, Tender, TenderKind
from edge.checkout.sale.offs import Off
from edge.store.staff_file import parse_staff
from edge.store.till_store import TillStore
from edge.wire.member_codes import CodeReader
from tests.support.loyalty import PUBLIC_KEY, TILL, TODAY, enrolled_member, lease_of, signed
from tests.support.promotion_files import listed, percent
from tests.support.store import (
    DEVICE,
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

FOLDER = Path(__file__).parents[1] / "store" / "old"
PEOPLE = """
[[people]]
number = "12"
name = "Anna"
role = "cashier"
pin = "$argon2id$v=19$m=12288,t=3,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
"""


async def make(path: Path) -> None:
    """A store with something in each of its tables."""
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await store.replace_catalogue(articles(3), "v1", clock.now())
        await record(store, clock, adjusted("000001", 5_000), paid(EntryKind.CASH_PAID_IN, 2_000))
        half = Off("half", "Half price", "unit", 1, ((1, 1, 199),))
        voucher = Tender(TenderKind.VOUCHER, 199, 199, 0, "V-1")
        bought = replace(sale(2, lines=1), offs=(half,), member="9007000012", tenders=(voucher,))
        for stored in (sale(1, units=2), bought, refund(3, 1, {1: 1})):
            committed = await sell(store, clock, stored)
            if stored.receipt_no != 2:
                await store.settle_effect(committed.receipt_effect or 0, done=True)
        await store.acknowledge(1, 4)
        await with_members(store, clock)
        await with_people(store, clock)
        half_price = listed(percent("half", 5_000, name="Half price"))
        await store.promotions().replace(half_price, "v1", clock.now())
        await store.save_draft(basket(4, lines=2), clock.now())


async def with_people(store: TillStore, clock: SteppedClock) -> None:
    """Somebody who is in, on a break, and has keyed a wrong PIN."""
    await store.people().replace(parse_staff(PEOPLE.encode(), "staff.toml"), "v1", clock.now())
    for kind in ("clocked_in", "break_began", "refused"):
        await record(store, clock, staff_entry(EntryKind(f"staff.{kind}"), "12"))


async def with_members(store: TillStore, clock: SteppedClock) -> None:
    """Members and accounts, and a code that was shown."""
    enrolled = enrolled_member(1)
    moved = replace_card(enrolled.member, TILL, 2, "lost")
    assert isinstance(moved, Written)
    ledger = open_ledger((), TODAY).credit(
        moved.member.points, 30, date(2024, 12, 31), Cause("sale", 1), ((1, 30),)
    )
    spent = ledger.redeem(moved.member.points, 12, Cause("money", 2), 120)
    assert isinstance(spent, Ledger)
    await record(store, clock, enrolled.entry, moved.entry)
    await record(store, clock, *spent.entries, bought_entry(moved.member.number, 1, 1990))
    desk = store.members(CodeReader([PUBLIC_KEY]), TILL)
    await desk.find_member(ByToken(signed(moved.member.number)), clock.now())
    row = (1, lease_of(moved.member.points, 40))
    await desk.take_leases(Path("leases.jsonl"), [row], DEVICE, clock.now())


def dump(path: Path) -> str:
    """The database as a script, with the two numbers of its header that a dump leaves out."""
    with closing(sqlite3.connect(path)) as conn:
        header = [
            f"PRAGMA {name}={conn.execute(f'PRAGMA {name}').fetchone()[0]};"
            for name in ("application_id", "user_version")
        ]
        return "\n".join([*header, *conn.iterdump(), ""])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "till.db"
        asyncio.run(make(path))
        with closing(sqlite3.connect(path)) as conn:
            version = conn.execute("PRAGMA user_version").fetchone()[0]
        (FOLDER / f"schema_{version:04d}.sql").write_text(dump(path), encoding="utf-8")


if __name__ == "__main__":
    main()
