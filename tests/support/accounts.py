"""Accounts in a store: what they hold, and leases for them."""

from pathlib import Path

from edge.checkout.balances.accounts import AccountRef
from edge.checkout.balances.ledger import Ledger, open_ledger
from edge.store.members import MemberDesk
from edge.store.till_store import TillStore
from edge.wire.member_codes import CodeReader
from tests.support.loyalty import POINTS, TILL, TODAY, lease_of
from tests.support.store import SteppedClock


def desk_of(store: TillStore) -> MemberDesk:
    return store.members(CodeReader([]), TILL)


async def held(desk: MemberDesk, ref: AccountRef = POINTS) -> int:
    account = await desk.account(ref.id)
    return 0 if account is None else account.held


async def ledger_of(desk: MemberDesk, *refs: AccountRef) -> Ledger:
    found = [await desk.account(ref.id) for ref in refs]
    return open_ledger([account for account in found if account is not None], TODAY)


async def grants(desk: MemberDesk, clock: SteppedClock, amount: int, lease: str = "L-1") -> None:
    row = (1, lease_of(POINTS, amount, lease))
    await desk.take_leases(Path("leases"), [row], "till-07", clock.now())
