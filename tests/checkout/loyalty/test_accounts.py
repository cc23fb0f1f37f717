"""A balance at a till is a bounded counter: what goes out came in, by lots, with a debt beside."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.balances.account_records import movement_entry, movement_from
from edge.checkout.balances.accounts import (
    COMES_IN,
    MOST_HELD,
    MOST_MOVED,
    NEVER,
    Account,
    AccountKind,
    AccountRef,
    Cause,
    Lot,
    Movement,
    NotEnough,
    civil_day,
    credit,
    expire,
    grant,
    moved,
    redeem,
    release,
    reverse,
    take_back,
)
from edge.checkout.balances.ledger import Ledger, open_ledger
from edge.checkout.instant import ClockQuality
from edge.checkout.records import EntryKind
from tests.support.loyalty import POINTS, START_MS, TODAY, at

SALE = Cause("sale", 1)
REFUND = Cause("refund:sale", 2, 1)
MAY, JUNE, JULY = date(2024, 5, 31), date(2024, 6, 30), date(2024, 7, 31)


def holding(*lots: tuple[date, int], debt: int = 0) -> Account:
    return Account(POINTS, tuple(Lot(day, amount) for day, amount in lots), debt)


def redeemed(account: Account, amount: int, today: date | None = TODAY) -> Movement:
    movement = redeem(account, amount, today, SALE)
    assert isinstance(movement, Movement)
    return movement


def test_an_account_is_named_by_kind_and_holder_and_a_count_card_by_its_plan_too() -> None:
    assert POINTS.id == "points:9007000012"
    coupon = AccountRef(AccountKind.COUPON, "80070000001000001", terms="spring")
    assert coupon.id == "coupon:80070000001000001"
    visits = AccountRef(AccountKind.COUNT_CARD, "9007000012", "9007000012", "haircut")
    assert visits.id == "count_card:9007000012:haircut"


def test_what_a_till_may_redeem_is_what_was_leased_and_what_it_credited() -> None:
    account = moved(Account(POINTS), grant(Account(POINTS), "L-1", 100))
    account = moved(account, credit(account, 30, JUNE, SALE))
    assert account.available(TODAY) == 130
    assert redeem(account, 131, TODAY, SALE) == NotEnough(130)
    assert moved(account, redeemed(account, 130)) == Account(POINTS)


def test_what_expires_first_is_redeemed_first() -> None:
    account = holding((MAY, 10), (JUNE, 20), (NEVER, 30))
    movement = redeemed(account, 15)
    assert movement.lots == (Lot(MAY, 10), Lot(JUNE, 5))
    assert moved(account, movement) == holding((JUNE, 15), (NEVER, 30))


def test_what_has_expired_is_not_redeemed_though_nobody_has_written_it_off_yet() -> None:
    account = holding((MAY, 10), (JULY, 20))
    assert redeemed(account, 15, JUNE).lots == (Lot(JULY, 15),)
    assert redeem(account, 21, JUNE, SALE) == NotEnough(20)


def test_a_lot_is_good_on_its_last_day_and_not_after() -> None:
    account = holding((MAY, 10), (JUNE, 20))
    assert account.available(MAY) == 30
    assert account.available(MAY + timedelta(days=1)) == 20
    assert account.expiring(MAY, 30) == (Lot(MAY, 10), Lot(JUNE, 20))
    assert account.expiring(MAY, 29) == (Lot(MAY, 10),)


def test_without_a_trusted_clock_nothing_expires() -> None:
    account = holding((MAY, 10))
    assert account.available(None) == 10
    assert account.expiring(None, 999) == ()
    assert expire(account, None) is None


def test_a_clock_that_was_never_set_knows_no_day_and_one_at_its_floor_does() -> None:
    midnight_utc = START_MS // 86_400_000 * 86_400_000
    assert civil_day(at(midnight_utc), 0) == TODAY
    assert civil_day(at(midnight_utc - 1), 0) == TODAY - timedelta(days=1)
    assert civil_day(at(midnight_utc - 1), 480) == TODAY
    assert civil_day(at(midnight_utc, ClockQuality.FLOOR), 0) == TODAY
    assert civil_day(at(midnight_utc, ClockQuality.UNSET), 0) is None


def test_what_is_past_its_day_is_written_off_once() -> None:
    account = holding((MAY, 10), (JUNE, 20), (JULY, 5))
    movement = expire(account, JULY)
    assert movement is not None
    assert (movement.amount, movement.lots) == (30, (Lot(MAY, 10), Lot(JUNE, 20)))
    assert expire(moved(account, movement), JULY) is None


def test_a_lease_is_given_back_from_what_expires_last_and_never_more_than_is_there() -> None:
    account = holding((MAY, 10), (NEVER, 30))
    movement = release(account, "L-1", 35)
    assert isinstance(movement, Movement)
    assert movement.lots == (Lot(MAY, 5), Lot(NEVER, 30))
    assert release(account, "L-1", 41) == NotEnough(40)


def test_a_refund_gives_back_what_was_taken_last_first_piece_by_piece() -> None:
    account = holding((MAY, 10), (JUNE, 20))
    movement = redeemed(account, 25)
    empty = moved(account, movement)
    first = reverse(empty, movement, 0, 18, REFUND)
    assert first.lots == (Lot(MAY, 3), Lot(JUNE, 15))
    second = reverse(empty, movement, 18, 7, REFUND)
    assert second.lots == (Lot(MAY, 7),)
    assert moved(moved(empty, first), second) == account


def test_what_comes_back_is_good_for_a_while_at_least() -> None:
    account = holding((MAY, 10), (JUNE, 20))
    movement = redeemed(account, 30)
    back = reverse(moved(account, movement), movement, 0, 30, REFUND, not_before=JUNE)
    assert back.lots == (Lot(JUNE, 30),)


def test_a_part_of_a_points_worth_may_come_back_before_the_point_does() -> None:
    account = holding((MAY, 1))
    movement = redeemed(account, 1)
    back = reverse(moved(account, movement), movement, 0, 0, REFUND, worth_minor=3)
    assert moved(moved(account, movement), back) == Account(POINTS)
    with pytest.raises(AssertionError, match="nothing comes back"):
        reverse(account, movement, 0, 0, REFUND)


def test_more_than_was_redeemed_never_comes_back() -> None:
    movement = redeemed(holding((MAY, 10)), 10)
    with pytest.raises(AssertionError, match="more than was redeemed"):
        reverse(Account(POINTS), movement, 4, 7, REFUND)


def test_a_refund_takes_back_from_the_lot_it_went_to_and_then_from_what_expires_first() -> None:
    account = holding((MAY, 10), (JUNE, 20), (JULY, 30))
    earned = credit(Account(POINTS), 25, JUNE, SALE)
    movement = take_back(account, earned, 25, TODAY, REFUND)
    assert movement.lots == (Lot(MAY, 5), Lot(JUNE, 20))
    assert moved(account, movement) == holding((MAY, 5), (JULY, 30))


def test_what_was_spent_meanwhile_becomes_a_debt_that_whatever_comes_next_pays_first() -> None:
    earned = credit(Account(POINTS), 50, JUNE, SALE)
    owing = moved(holding((JUNE, 20)), take_back(holding((JUNE, 20)), earned, 50, TODAY, REFUND))
    assert owing == holding(debt=30)
    paying = credit(owing, 10, JULY, Cause("sale", 3))
    assert (paying.lots, paying.debt) == ((), 10)
    after = moved(owing, paying)
    assert moved(after, grant(after, "L-2", 100)) == holding((NEVER, 80))


def test_a_debt_is_paid_by_what_comes_back_too_from_what_expires_first() -> None:
    movement = redeemed(holding((MAY, 10), (JUNE, 20)), 30)
    back = reverse(holding(debt=15), movement, 0, 30, REFUND)
    assert (back.debt, back.lots) == (15, (Lot(JUNE, 15),))


def test_the_shares_of_a_credit_sum_to_it() -> None:
    with pytest.raises(AssertionError, match="shares"):
        credit(Account(POINTS), 5, NEVER, SALE, ((1, 4),))


GOOD = credit(Account(POINTS), 5, JUNE, SALE)


@pytest.mark.parametrize(
    ("account", "movement", "why"),
    [
        (Account(replace(POINTS, holder="x")), GOOD, "another account's"),
        (Account(POINTS), replace(GOOD, amount=0, lots=()), "^0"),
        (Account(POINTS), replace(GOOD, amount=MOST_MOVED + 1), str(MOST_MOVED + 1)),
        (Account(POINTS), replace(GOOD, debt=-1), "-1"),
        (Account(POINTS), replace(GOOD, lots=(Lot(MAY, 0), Lot(JUNE, 5))), "an empty lot"),
        (Account(POINTS), replace(GOOD, amount=6), "lots and debt are not the amount"),
        (holding(debt=2), GOOD, "a debt is paid first"),
        (Account(POINTS), replace(GOOD, kind=EntryKind.SALE), "sale"),
        (Account(POINTS), replace(GOOD, kind=EntryKind.ACCOUNT_REDEEMED), "more than the till"),
        (
            holding((JUNE, 4)),
            replace(GOOD, kind=EntryKind.ACCOUNT_REDEEMED, lots=(Lot(JUNE, 4),), debt=1),
            "only what is taken back can be owed",
        ),
        (holding((NEVER, MOST_HELD)), GOOD, "a balance beyond"),
    ],
)
def test_a_movement_that_would_break_the_counter_is_a_bug(
    account: Account, movement: Movement, why: str
) -> None:
    with pytest.raises(AssertionError, match=why):
        moved(account, movement)


def test_a_movement_is_read_back_from_its_record() -> None:
    for movement in (
        credit(Account(POINTS), 5, JUNE, SALE, ((1, 2), (3, 3))),
        grant(Account(POINTS), "L-1", 5),
        replace(redeemed(holding((MAY, 9)), 7), worth_minor=70),
    ):
        entry = movement_entry(movement)
        assert movement_from(entry.kind, entry.body) == movement


def test_a_body_that_is_no_movement_is_refused() -> None:
    entry = movement_entry(GOOD)
    with pytest.raises(ValueError, match="moves no account"):
        movement_from(EntryKind.SALE, entry.body)
    with pytest.raises(ValueError, match="not that of its holder"):
        movement_from(entry.kind, {**entry.body, "account": "points:1"})


def test_a_ledger_sees_what_it_has_moved_itself_and_writes_off_what_has_expired() -> None:
    account = holding((MAY, 10), (JULY, 20))
    ledger = open_ledger([account], JUNE).redeem(POINTS, 15, SALE, 150)
    assert isinstance(ledger, Ledger)
    ledger = ledger.credit(POINTS, 3, JULY, SALE)
    assert ledger.account(POINTS) == holding((JULY, 8))
    assert [entry.kind for entry in ledger.entries] == [
        EntryKind.ACCOUNT_EXPIRED,
        EntryKind.ACCOUNT_REDEEMED,
        EntryKind.ACCOUNT_CREDITED,
    ]
    assert ledger.redeem(POINTS, 9, SALE) == NotEnough(8)


def test_a_basket_that_is_held_or_cancelled_moves_nothing() -> None:
    """Its ledger is dropped: the account that the store gave out is as it was."""
    account = holding((JULY, 20))
    ledger = open_ledger([account], TODAY)
    assert isinstance(ledger.redeem(POINTS, 20, SALE), Ledger)
    assert ledger.account(POINTS) == account
    assert ledger.entries == ()


class Life:
    """An account, and what there is to undo."""

    def __init__(self) -> None:
        self.account = Account(POINTS)
        self.takings: list[tuple[Movement, int]] = []
        self.earned: list[Movement] = []
        self.came_in = self.went_out = 0

    def grants(self, amount: int, today: date | None) -> Movement:
        return grant(self.account, "L", amount, today or NEVER)

    def credits(self, amount: int, today: date | None) -> Movement:
        self.earned.append(credit(self.account, amount, today or NEVER, SALE))
        return self.earned[-1]

    def redeems(self, amount: int, today: date | None) -> Movement | NotEnough:
        movement = redeem(self.account, amount, today, SALE)
        if isinstance(movement, Movement):
            self.takings.append((movement, 0))
        return movement

    def reverses(self, amount: int, _today: date | None) -> Movement | None:
        taken, before = self.takings.pop() if self.takings else (None, 0)
        back = min(amount, taken.amount - before) if taken else 0
        if taken is None or not back:
            return None
        self.takings.append((taken, before + back))
        return reverse(self.account, taken, before, back, REFUND)

    def takes_back(self, _amount: int, today: date | None) -> Movement | None:
        if not self.earned:
            return None
        earned = self.earned.pop()
        return take_back(self.account, earned, earned.amount, today, REFUND)

    def expires(self, _amount: int, today: date | None) -> Movement | None:
        return expire(self.account, today)

    def move(self, movement: Movement) -> None:
        self.account = moved(self.account, movement)
        if movement.kind in COMES_IN:
            self.came_in += movement.amount
        else:
            self.went_out += movement.amount


STEPS = (Life.grants, Life.credits, Life.redeems, Life.reverses, Life.takes_back, Life.expires)
DAYS = st.sampled_from((None, MAY, JUNE, JULY, NEVER))


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 60), DAYS), max_size=30))
def test_whatever_happens_the_counter_stays_bounded(
    steps: list[tuple[Callable[..., object], int, date | None]],
) -> None:
    life = Life()
    for step, amount, today in steps:
        movement = step(life, amount, today)
        if not isinstance(movement, Movement):
            continue
        life.move(movement)
        account = life.account
        assert account.held == life.came_in - life.went_out + account.debt >= 0
        assert account.debt >= 0
        assert list(account.lots) == sorted(set(account.lots))
