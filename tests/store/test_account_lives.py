"""Whatever happens to a till's accounts, they stay balanced and are never overdrawn."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.balances.account_records import movement_entry
from edge.checkout.balances.accounts import (
    NEVER,
    Account,
    AccountRef,
    Cause,
    Movement,
    grant,
    reverse,
    take_back,
)
from edge.checkout.balances.ledger import Ledger, open_ledger
from edge.checkout.records import sale_entry
from edge.store import tools
from edge.store.till_store import TillStore
from tests.support.accounts import desk_of, grants, held, ledger_of
from tests.support.loyalty import GIFT_CARD, POINTS, TODAY, lease_of
from tests.support.store import SteppedClock, record, sale, till

MAY = date(2024, 5, 31)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@dataclass
class World:
    """A till with two accounts, and what there is to undo. `receipt_no` is the last one."""

    clock: SteppedClock = field(default_factory=SteppedClock)
    receipt_no: int = 0
    leases: int = 0
    today: date = TODAY
    epoch: int = 1
    takings: list[Movement] = field(default_factory=list)
    earned: list[Movement] = field(default_factory=list)


Step: TypeAlias = Callable[[TillStore, World, AccountRef, int], Awaitable[None]]


async def account_of(store: TillStore, ref: AccountRef) -> Account:
    return await desk_of(store).account(ref.id) or Account(ref)


async def commits(store: TillStore, world: World, movement: Movement) -> None:
    world.receipt_no += 1
    await record(
        store, world.clock, sale_entry(sale(world.receipt_no, lines=1)), movement_entry(movement)
    )


async def is_granted(store: TillStore, world: World, ref: AccountRef, amount: int) -> None:
    world.leases += 1
    lease = lease_of(ref, amount, f"L-{world.leases}", epoch=world.epoch, expires_on=MAY)
    await desk_of(store).take_leases(Path("leases"), [(1, lease)], "till-07", world.clock.now())


async def is_credited(store: TillStore, world: World, ref: AccountRef, amount: int) -> None:
    ledger = open_ledger([await account_of(store, ref)], world.today)
    last = (MAY, NEVER, world.today)[amount % 3]
    cause = Cause("sale", world.receipt_no + 1)
    world.earned.append(ledger.credit(ref, amount, last, cause).movements[0])
    await commits(store, world, world.earned[-1])


async def is_redeemed(store: TillStore, world: World, ref: AccountRef, amount: int) -> None:
    ledger = open_ledger([await account_of(store, ref)], world.today)
    after = ledger.redeem(ref, amount, Cause("money", world.receipt_no + 1), amount)
    if isinstance(after, Ledger):
        world.receipt_no += 1
        entries = (sale_entry(sale(world.receipt_no, lines=1)), *after.entries)
        await record(store, world.clock, *entries)
        world.takings.append(after.movements[-1])


async def overdraws(store: TillStore, world: World, ref: AccountRef, amount: int) -> None:
    account = await account_of(store, ref)
    greedy = grant(Account(ref), "L", account.held + amount)
    cause = Cause("money", world.receipt_no + 1)
    taking = open_ledger([Account(ref, greedy.lots)], None).redeem(ref, greedy.amount, cause)
    assert isinstance(taking, Ledger)
    with pytest.raises(AssertionError, match="more than the till holds"):
        await record(
            store, world.clock, sale_entry(sale(world.receipt_no + 1, lines=1)), *taking.entries
        )


async def is_reversed(store: TillStore, world: World, _ref: AccountRef, amount: int) -> None:
    if world.takings:
        taken = world.takings.pop()
        cause = Cause("refund:money", world.receipt_no + 1, taken.cause.receipt_no)
        account = await account_of(store, taken.ref)
        await commits(store, world, reverse(account, taken, 0, min(amount, taken.amount), cause))


async def is_taken_back(store: TillStore, world: World, _ref: AccountRef, _amount: int) -> None:
    if world.earned:
        earned = world.earned.pop()
        cause = Cause("refund:sale", world.receipt_no + 1, earned.cause.receipt_no)
        account = await account_of(store, earned.ref)
        back = take_back(account, earned, earned.amount, world.today, cause)
        await commits(store, world, back)


async def days_pass(store: TillStore, world: World, _ref: AccountRef, amount: int) -> None:
    world.today += timedelta(days=amount)
    await desk_of(store).expire(world.today, world.clock.now())


async def is_restored(store: TillStore, world: World, _ref: AccountRef, _amount: int) -> None:
    await store.open_new_epoch(world.clock.now(), world.receipt_no + 1)
    world.epoch += 1


STEPS: tuple[Step, ...] = (
    is_granted,
    is_credited,
    is_redeemed,
    is_redeemed,
    overdraws,
    is_reversed,
    is_taken_back,
    days_pass,
    is_restored,
)
BALANCED = (
    "SELECT account, granted + credited + reversed - redeemed - taken_back - expired - released"
    " - lapsed + debt, (SELECT coalesce(sum(amount), 0) FROM account_lot"
    " WHERE account_lot.account = account.account), debt,"
    " granted + credited - redeemed + reversed FROM account"
)


def crashed(path: Path, number: int) -> Path:
    """What a power cut leaves of the files: as they are, in the middle of it all."""
    left = path.with_name(f"left-{number}.db")
    for end in ("", "-wal"):
        shutil.copy(f"{path}{end}", f"{left}{end}")
    return left


async def live(folder: Path, lives: list[list[tuple[Step, AccountRef, int]]]) -> Path:
    """One life after another; each ends with the power."""
    world, path = World(), folder / "till.db"
    for number, steps in enumerate(lives):
        async with till(path, clock=world.clock) as store:
            for step, ref, amount in steps:
                await step(store, world, ref, amount)
                rows = await store._writer.submit(lambda conn: conn.execute(BALANCED).fetchall())
                for _account, remaining, in_lots, debt, granted_beyond in rows:
                    assert remaining == in_lots >= 0
                    assert debt >= 0
                    assert granted_beyond >= 0
            left = crashed(path, number)
        path = left
    async with till(path, clock=world.clock):
        pass
    return path


@settings(max_examples=30)
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(STEPS), st.sampled_from((POINTS, GIFT_CARD)), st.integers(1, 60)
            ),
            max_size=12,
        ),
        min_size=1,
        max_size=3,
    )
)
def test_any_life_of_two_accounts(lives: list[list[tuple[Step, AccountRef, int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = asyncio.run(live(Path(folder), lives))
        assert tools.verify(path).problems == ()


@settings(max_examples=15)
@given(
    st.integers(0, 300),
    st.lists(st.tuples(st.sampled_from("ab"), st.booleans(), st.integers(1, 120)), max_size=12),
)
def test_two_tills_with_leases_of_one_account_never_overdraw_it(
    balance: int, steps: list[tuple[str, bool, int]]
) -> None:
    async def play(folder: Path) -> None:
        clock, free, redeemed_in_all = SteppedClock(), balance, 0
        async with (
            till(folder / "a.db", clock=clock) as a,
            till(folder / "b.db", clock=clock) as b,
        ):
            tills = {"a": a, "b": b}
            for number, (name, leases, amount) in enumerate(steps):
                desk = desk_of(tills[name])
                if leases:
                    # Headquarters hands out what is free, and nothing twice.
                    given_out = min(free, amount)
                    free -= given_out
                    if given_out:
                        await grants(desk, clock, given_out, f"L-{number}")
                    continue
                after = (await ledger_of(desk, POINTS)).redeem(POINTS, amount, Cause("money"))
                if isinstance(after, Ledger):
                    await record(tills[name], clock, *after.entries)
                    redeemed_in_all += amount
                assert redeemed_in_all <= balance
            left = await held(desk_of(a)) + await held(desk_of(b))
            assert free + left + redeemed_in_all == balance

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder)))
