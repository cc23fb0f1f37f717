"""From a key to a member among 100,000, against a bare primary-key read of the same row."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from shop import SEED
from table import Figure, p50

from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.loyalty.member_numbers import card_number
from edge.checkout.loyalty.members import ByNumber, ByPhone, ByTail, Member, MemberTrade
from edge.clock import SystemClock
from edge.store import member_rows
from edge.store.member_file import ImportedMember
from edge.store.till_store import TillStore, open_store
from edge.wire.member_codes import CodeReader

MEMBERS = 100_000
LOOKUPS = 3_000
TILLS = 10
AT = Instant(1_700_000_000_000, "boot", 1, ClockQuality.SYNCED)
BARE = "SELECT * FROM member WHERE number = ?"


def measure(directory: Path) -> list[Figure]:
    return asyncio.run(_measure(directory / "members.db"))


async def _measure(path: Path) -> list[Figure]:
    members = [_member(number) for number in range(MEMBERS)]
    picked = Random(SEED).sample([each.member for each in members], LOOKUPS)
    async with open_store(path, clock=SystemClock(0), device="bench", currency="CNY") as store:
        desk = store.members(CodeReader([]), 1)
        begun = time.perf_counter()
        await desk.load_members(members, "bench", AT)
        loaded_s = time.perf_counter() - begun
        figures = await _inside(store, picked)
        asked = []
        for member in picked:
            began = time.perf_counter_ns()
            await desk.find_member(ByPhone(member.phone), AT)
            asked.append(time.perf_counter_ns() - began)
    return [
        *figures,
        Figure("  as the till asks, by phone", us(p50(asked))),
        Figure(f"  loading {MEMBERS:,} members", f"{loaded_s:.2f} s"),
    ]


async def _inside(store: TillStore, picked: Sequence[Member]) -> list[Figure]:
    """The same on the store's own thread, without the way there and back."""

    def work(conn: sqlite3.Connection) -> list[float]:
        ways: tuple[Callable[[Member], object], ...] = (
            lambda member: conn.execute(BARE, (member.number,)).fetchone(),
            lambda member: member_rows.load(conn, member.number),
            lambda member: member_rows.find(conn, ByNumber(member.number)),
            lambda member: member_rows.find(conn, ByPhone(member.phone)),
            lambda member: member_rows.find(conn, ByTail(member.phone[-4:])),
        )
        return [_median(way, picked) for way in ways]

    bare, load, number, phone, tail = await store._writer.submit(work)  # noqa: SLF001 - its thread
    floor = f"bare read {us(bare)}"
    return [
        Figure(f"one of {MEMBERS:,} members by number", us(load), floor, load / bare),
        Figure("  with trade and accounts", us(number), floor, number / bare),
        Figure("  by phone, with trade and accounts", us(phone), floor, phone / bare),
        Figure("  by the last four digits, ten hits", us(tail), floor, tail / bare),
    ]


def _median(way: Callable[[Member], object], picked: Sequence[Member]) -> float:
    taken = []
    for member in picked:
        began = time.perf_counter_ns()
        way(member)
        taken.append(time.perf_counter_ns() - began)
    return p50(taken)


def _member(place: int) -> ImportedMember:
    number = card_number(place % TILLS, 1 + place // TILLS)
    member = Member(number, number, phone=f"+86139{place:08d}", name="王小明", tier="gold")
    return ImportedMember(member, MemberTrade(3, 10_000))


def us(nanoseconds: float) -> str:
    return f"{nanoseconds / 1000:.1f} us"
