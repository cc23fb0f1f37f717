"""What the till asks of accounts on its way to a commit, and of signed coupons."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.checkout.balances.accounts import Account, Lot
from edge.checkout.effects import FindAccounts, ReadCoupon
from edge.checkout.inputs import AccountsAnswered, CouponRead
from edge.checkout.loyalty.members import MemberRefusal
from edge.lookups import account_lookups
from edge.store.members import MemberDesk
from edge.wire.member_codes import CodeReader, coupon_code
from tests.support.loyalty import (
    FORGERS_KEY,
    GIFT_CARD,
    HQ_KEY,
    POINTS,
    PUBLIC_KEY,
    SOON_S,
    TILL,
    lease_of,
)
from tests.support.store import DEVICE, SteppedClock, till


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
async def desk(tmp_path: Path, clock: SteppedClock) -> AsyncIterator[MemberDesk]:
    async with till(tmp_path / "till.db", clock=clock) as store:
        found = store.members(CodeReader([PUBLIC_KEY]), TILL)
        rows = [(1, lease_of(POINTS, 40)), (2, lease_of(GIFT_CARD, 500, "L-2"))]
        await found.take_leases(tmp_path / "leases.jsonl", rows, DEVICE, clock.now())
        yield found


async def test_several_accounts_are_read_at_once_and_unknown_ones_left_out(
    desk: MemberDesk, clock: SteppedClock
) -> None:
    find = account_lookups(desk, clock)[FindAccounts]
    answer = await find(FindAccounts((POINTS.id, "points:9007000099", GIFT_CARD.id)))
    assert isinstance(answer, AccountsAnswered)
    last = lease_of(POINTS, 1).expires_on
    assert answer.accounts == (
        Account(POINTS, (Lot(last, 40),)),
        Account(GIFT_CARD, (Lot(last, 500),)),
    )


async def test_a_signed_coupon_is_read_and_a_forged_one_is_not(
    desk: MemberDesk, clock: SteppedClock
) -> None:
    read = account_lookups(desk, clock)[ReadCoupon]
    good = await read(ReadCoupon(coupon_code(HQ_KEY, "spring", SOON_S)))
    assert isinstance(good, CouponRead)
    assert (good.name, good.refusal) == ("spring", None)
    forged = await read(ReadCoupon(coupon_code(FORGERS_KEY, "spring", SOON_S)))
    assert isinstance(forged, CouponRead)
    assert (forged.name, forged.refusal) == ("", MemberRefusal.FORGED)
