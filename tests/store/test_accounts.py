"""Accounts in the store: never overdrawn, once and no more; and the journal says it again."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from edge.checkout.balances.account_records import movement_entry
from edge.checkout.balances.accounts import (
    MOST_HELD,
    MOST_MOVED,
    NEVER,
    Account,
    AccountKind,
    AccountRef,
    Cause,
    Lot,
    Movement,
    release,
    reverse,
)
from edge.checkout.balances.coupons import CouponTerms, MoneyCoupon, issue
from edge.checkout.balances.ledger import Ledger
from edge.checkout.loyalty.member_numbers import coupon_number
from edge.checkout.records import sale_entry
from edge.ports import ReceiptLoyalty
from edge.store import accounts, tools
from edge.store.accounts import LISTED_ACCOUNTS
from edge.store.lease_file import LeasesRefused, read_leases
from edge.store.members import MemberDesk
from edge.store.till_store import TillStore
from tests.support.accounts import desk_of, grants, held, ledger_of
from tests.support.loyalty import GIFT_CARD, POINTS, TILL, enrolled_member, lease_of
from tests.support.store import SteppedClock, record, sale, till

MAY = date(2024, 5, 31)


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


@pytest.fixture
def desk(store: TillStore) -> MemberDesk:
    return desk_of(store)


async def sells(store: TillStore, clock: SteppedClock, receipt_no: int, ledger: Ledger) -> None:
    await record(store, clock, sale_entry(sale(receipt_no)), *ledger.entries)


def redeemed(ledger: Ledger, amount: int, receipt_no: int) -> Ledger:
    after = ledger.redeem(POINTS, amount, Cause("money", receipt_no), amount)
    assert isinstance(after, Ledger)
    return after


# --- what the till knows


async def test_an_account_that_was_never_here_is_none(desk: MemberDesk) -> None:
    assert await desk.account(POINTS.id) is None


async def test_a_redeemed_balance_shows_at_once(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    await grants(desk, clock, 100)
    await sells(store, clock, 1, redeemed(await ledger_of(desk, POINTS), 30, 1))
    assert await held(desk) == 70


async def test_what_a_till_credits_it_may_redeem_at_once(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    earned = (await ledger_of(desk)).credit(POINTS, 12, MAY, Cause("sale", 1))
    await sells(store, clock, 1, earned)
    await sells(store, clock, 2, redeemed(await ledger_of(desk, POINTS), 12, 2))
    assert await held(desk) == 0


async def test_a_basket_that_is_held_or_cancelled_moves_no_points(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    await grants(desk, clock, 100)
    head = await store.journal_head()
    redeemed(await ledger_of(desk, POINTS), 100, 1)
    assert await held(desk) == 100
    assert await store.journal_head() == head


async def test_a_member_s_accounts_come_with_the_member_points_first_and_empty_ones_not(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    member = enrolled_member(1).member
    coupons = [
        AccountRef(AccountKind.COUPON, f"8007{n:013d}", member.number, "spring")
        for n in range(LISTED_ACCOUNTS + 9)
    ]
    ledger = await ledger_of(desk)
    for ref in (*coupons, member.stored_value, member.points, GIFT_CARD):
        ledger = ledger.credit(ref, 1, NEVER, Cause("gift"))
    gone = ledger.redeem(coupons[0], 1, Cause("coupon"))
    assert isinstance(gone, Ledger)
    await record(store, clock, *gone.entries)
    found = await desk._writer.submit(lambda conn: members_accounts(conn, member.number))
    assert found[:3] == (member.points, member.stored_value, coupons[1])
    assert len(found) == LISTED_ACCOUNTS


def members_accounts(conn: sqlite3.Connection, number: str) -> tuple[AccountRef, ...]:
    return tuple(account.ref for account in accounts.of_owner(conn, number))


async def test_a_receipt_says_what_it_and_its_refunds_moved(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    await grants(desk, clock, 100)
    spent = redeemed(await ledger_of(desk, POINTS), 30, 1)
    await sells(store, clock, 1, spent)
    taken = spent.movements[0]
    back = reverse(spent.account(POINTS), taken, 0, 10, Cause("refund:money", 2, 1), worth_minor=10)
    await sells(store, clock, 2, spent_after(back, spent))
    assert await desk.receipt_loyalty(1) == ReceiptLoyalty(
        member="",
        movements=(taken, back),
        accounts=(Account(POINTS, (Lot(NEVER, 80),)),),
    )
    assert await desk.receipt_loyalty(2) == ReceiptLoyalty("", (), ())


def spent_after(movement: Movement, before: Ledger) -> Ledger:
    return replace(before, movements=()).with_movement(movement)


async def test_coupons_are_numbered_on(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    first = await desk.next_coupon()
    assert first.counter == 1
    terms = CouponTerms("spring", MoneyCoupon(100))
    number = coupon_number(TILL, first.counter, first.salt)
    await record(store, clock, *issue(await ledger_of(desk), terms, number, Cause("gift")).entries)
    assert (await desk.next_coupon()).counter == 2
    salts = {(await desk.next_coupon()).salt for _ in range(20)}
    assert len(salts) > 1


# --- once, and never too much


async def test_a_retried_points_commit_counts_once(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    earned = (await ledger_of(desk)).credit(POINTS, 12, MAY, Cause("sale", 1))
    await sells(store, clock, 1, earned)
    with pytest.raises(AssertionError, match="comes next"):
        await sells(store, clock, 1, earned)
    with pytest.raises(sqlite3.IntegrityError):
        await record(store, clock, *earned.entries)
    assert await held(desk) == 12


async def test_an_overdraft_is_refused_whole_with_the_sale_that_it_came_with(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    """Two baskets that saw the same balance, as after a hold: the second one finds it gone."""
    await grants(desk, clock, 100)
    ledger = await ledger_of(desk, POINTS)
    await sells(store, clock, 1, redeemed(ledger, 100, 1))
    with pytest.raises(AssertionError, match="more than the till holds"):
        await sells(store, clock, 2, redeemed(ledger, 100, 2))
    assert await held(desk) == 0
    await sells(store, clock, 2, await ledger_of(desk))


async def test_a_movement_of_a_receipt_that_is_not_there_is_a_bug(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    earned = (await ledger_of(desk)).credit(POINTS, 12, MAY, Cause("sale", 1))
    with pytest.raises(AssertionError, match="not there"):
        await record(store, clock, *earned.entries)


async def test_no_receipt_gives_back_more_than_it_took(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    await grants(desk, clock, 100)
    spent = redeemed(await ledger_of(desk, POINTS), 30, 1)
    await sells(store, clock, 1, spent)
    for receipt_no, ok in ((2, True), (3, False)):
        account = await desk.account(POINTS.id)
        assert account is not None
        back = reverse(account, spent.movements[0], 0, 20, Cause("refund:money", receipt_no, 1))
        committing = record(store, clock, sale_entry(sale(receipt_no)), movement_entry(back))
        if ok:
            await committing
        else:
            with pytest.raises(AssertionError, match="more undone than was done"):
                await committing
    assert await held(desk) == 90


# --- leases


async def test_a_lease_is_taken_once(tmp_path: Path, desk: MemberDesk, clock: SteppedClock) -> None:
    file = tmp_path / "leases.jsonl"
    file.write_text(lease_of(POINTS, 100).model_dump_json(), encoding="utf-8")
    for taken in (1, 0, 0):
        leases = read_leases(file)
        assert await desk.take_leases(file, leases, "till-07", clock.now()) == taken
    assert await held(desk) == 100


async def test_leases_are_refused_whole_with_row_and_reason(
    desk: MemberDesk, clock: SteppedClock
) -> None:
    await grants(desk, clock, 1)
    rows = [
        (1, lease_of(POINTS, 5, "L-2")),
        (2, lease_of(POINTS, 5, "L-3", device="till-08")),
        (3, lease_of(POINTS, 5, "L-4", epoch=2)),
        (4, lease_of(POINTS, 5, "L-5")),
        (5, lease_of(GIFT_CARD, 5, "L-5")),
        (6, lease_of(replace(POINTS, owner="9007000020"), 5, "L-6")),
    ]
    with pytest.raises(LeasesRefused) as refused:
        await desk.take_leases(Path("leases"), rows, "till-07", clock.now())
    assert str(refused.value).splitlines() == [
        "leases: row 2: device: a lease of till-08, not of till-07",
        "leases: row 3: epoch: for epoch 2, the journal is in 1",
        "leases: row 4: lease: stands in the file twice",
        "leases: row 5: lease: stands in the file twice",
        "leases: row 6: owner or terms: are not those of the account",
    ]
    assert await held(desk) == 1


async def test_leases_that_overflow_an_account_are_refused(
    desk: MemberDesk, clock: SteppedClock
) -> None:
    many = MOST_HELD // MOST_MOVED + 1
    rows = [(n, lease_of(POINTS, MOST_MOVED, f"L-{n}")) for n in range(1, many + 1)]
    with pytest.raises(LeasesRefused, match=f"row {many}: amount: more than an account can hold"):
        await desk.take_leases(Path("leases"), rows, "till-07", clock.now())
    assert await held(desk) == 0


async def test_a_lease_goes_back_by_a_release_and_no_more_than_it_was(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    await grants(desk, clock, 100)
    await grants(desk, clock, 50, "L-2")

    async def releases(lease: str, amount: int) -> None:
        account = await desk.account(POINTS.id)
        assert account is not None
        movement = release(account, lease, amount)
        assert isinstance(movement, Movement)
        await record(store, clock, movement_entry(movement))

    await releases("L-1", 100)
    with pytest.raises(sqlite3.IntegrityError):
        await releases("L-1", 1)
    with pytest.raises(AssertionError, match="a release of no lease"):
        await releases("L-9", 1)
    assert await held(desk) == 50


async def test_a_restored_store_has_nothing_to_redeem_until_it_is_granted_anew(
    path: Path, clock: SteppedClock
) -> None:
    """What was redeemed after the copy was made is not in it: it must not be redeemed again."""
    copy = path.with_name("copy.db")
    async with till(path, clock=clock) as store:
        await grants(desk_of(store), clock, 100)
        await store.copy_to(copy)
        await sells(store, clock, 1, redeemed(await ledger_of(desk_of(store), POINTS), 100, 1))
    async with till(copy, clock=clock) as store:
        desk = desk_of(store)
        await store.open_new_epoch(clock.now(), 5)
        assert await held(desk) == 0
        with pytest.raises(LeasesRefused, match="for epoch 1, the journal is in 2"):
            await grants(desk, clock, 100, "L-2")
        row = (1, lease_of(POINTS, 40, "L-3", epoch=2))
        await desk.take_leases(Path("leases"), [row], "till-07", clock.now())
        assert await held(desk) == 40
    assert tools.verify(copy).problems == ()


# --- expiry


async def test_what_has_expired_is_written_off_once_in_every_account(
    store: TillStore, desk: MemberDesk, clock: SteppedClock
) -> None:
    ledger = (await ledger_of(desk)).credit(POINTS, 5, MAY, Cause("gift"))
    ledger = ledger.credit(POINTS, 7, NEVER, Cause("gift"))
    await record(store, clock, *ledger.credit(GIFT_CARD, 9, MAY, Cause("gift")).entries)
    assert await desk.expire(MAY, clock.now()) == 0
    assert await desk.expire(MAY + timedelta(days=1), clock.now()) == 2
    assert await desk.expire(MAY + timedelta(days=1), clock.now()) == 0
    assert (await held(desk), await held(desk, GIFT_CARD)) == (7, 0)


# --- the journal says it again


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE account SET granted = 101", "table account: holds ("),
        ("UPDATE account_lot SET amount = 71", "table account_lot: holds ("),
        ("DELETE FROM lease", "table lease: lacks ('L-1', 'points:9007000012', 100, 0)"),
        ("UPDATE account_movement SET amount = 1", "table account_movement: holds ("),
    ],
)
async def test_a_balance_that_was_changed_by_hand_is_found(
    path: Path, clock: SteppedClock, statement: str, problem: str
) -> None:
    async with till(path, clock=clock) as store:
        desk = desk_of(store)
        await grants(desk, clock, 100)
        await sells(store, clock, 1, redeemed(await ledger_of(desk, POINTS), 30, 1))
    assert tools.verify(path).problems == ()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(statement)
        conn.commit()
    assert tools.verify(path).problems[0].startswith(problem)
