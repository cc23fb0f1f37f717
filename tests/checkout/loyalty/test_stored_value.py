from datetime import date

import pytest

from edge.checkout.balances.accounts import (
    NEVER,
    Account,
    AccountKind,
    AccountRef,
    Cause,
    Lot,
    NotEnough,
)
from edge.checkout.balances.ledger import Ledger, open_ledger
from edge.checkout.balances.stored_value import (
    BonusStep,
    CountPlan,
    TopUpRefusal,
    TopUpRule,
    payable_minor,
    refund_to,
    sell_visits,
    top_up,
)
from tests.support.loyalty import GIFT_CARD, TODAY

RULE = TopUpRule(
    least_minor=1_000,
    most_minor=100_000,
    most_held_minor=120_000,
    steps=(BonusStep(20_000, 1_000), BonusStep(50_000, 5_000)),
)
HAIRCUTS = CountPlan("haircut", 10, ("5001", "5002"))
VISITS = AccountRef(AccountKind.COUNT_CARD, "9007000012", "9007000012", "haircut")


def topped_up(amount_minor: int) -> Ledger | TopUpRefusal:
    return top_up(open_ledger((), TODAY), GIFT_CARD, RULE, amount_minor, line=1, receipt_no=5)


@pytest.mark.parametrize(
    ("amount_minor", "bonus_minor"),
    [(1_000, 0), (19_999, 0), (20_000, 1_000), (49_999, 1_000), (50_000, 5_000), (100_000, 5_000)],
)
def test_the_highest_step_that_is_reached_comes_on_top_once(
    amount_minor: int, bonus_minor: int
) -> None:
    ledger = topped_up(amount_minor)
    assert isinstance(ledger, Ledger)
    assert ledger.account(GIFT_CARD).available(TODAY) == amount_minor + bonus_minor
    assert [each.cause.reason for each in ledger.movements] == (
        ["top_up", "top_up_bonus"] if bonus_minor else ["top_up"]
    )


def test_a_top_up_has_its_limits() -> None:
    assert topped_up(999) is TopUpRefusal.TOO_LITTLE
    assert topped_up(100_001) is TopUpRefusal.TOO_MUCH
    full = Account(GIFT_CARD, (Lot(NEVER, 110_000),))
    again = top_up(open_ledger([full], TODAY), GIFT_CARD, RULE, 10_001, line=1, receipt_no=5)
    assert again is TopUpRefusal.HOLDS_TOO_MUCH


def test_a_bonus_may_expire_and_is_spent_before_the_money_that_does_not() -> None:
    ledger = top_up(
        open_ledger((), TODAY), GIFT_CARD, RULE, 20_000, 1, 5, bonus_until=date(2024, 1, 31)
    )
    assert isinstance(ledger, Ledger)
    paid = ledger.redeem(GIFT_CARD, 1_500, Cause("payment", 6), 1_500)
    assert isinstance(paid, Ledger)
    assert paid.account(GIFT_CARD).lots == (Lot(NEVER, 19_500),)


def test_a_gift_card_never_exceeds_its_balance() -> None:
    card = Account(GIFT_CARD, (Lot(NEVER, 3_000),))
    assert payable_minor(card, 5_000, TODAY) == 3_000
    assert payable_minor(card, 1_000, TODAY) == 1_000
    assert payable_minor(card, -5, TODAY) == 0
    ledger = open_ledger([card], TODAY)
    assert ledger.redeem(GIFT_CARD, 3_001, Cause("payment", 6), 3_001) == NotEnough(3_000)


def test_a_refund_may_go_onto_a_card() -> None:
    ledger = refund_to(open_ledger((), TODAY), GIFT_CARD, 990, 7, 5)
    assert ledger.account(GIFT_CARD).held == 990
    assert (ledger.movements[0].cause.receipt_no, ledger.movements[0].cause.of_receipt_no) == (7, 5)


def test_each_card_that_is_sold_has_its_visits_and_they_are_used_one_by_one() -> None:
    ledger: Ledger | NotEnough = sell_visits(
        open_ledger((), TODAY), VISITS, HAIRCUTS, 1, 5, date(2024, 12, 31), cards=2
    )
    assert isinstance(ledger, Ledger)
    assert ledger.movements[0].lines == ((1, 20),)
    for receipt_no in range(6, 26):
        assert isinstance(ledger, Ledger)
        ledger = ledger.redeem(VISITS, 1, Cause("visit", receipt_no), 3_000)
    assert isinstance(ledger, Ledger)
    assert ledger.redeem(VISITS, 1, Cause("visit", 26), 3_000) == NotEnough(0)


def test_an_account_of_another_kind_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        top_up(open_ledger((), TODAY), VISITS, RULE, 1_000, 1, 5)
    with pytest.raises(AssertionError):
        sell_visits(open_ledger((), TODAY), GIFT_CARD, HAIRCUTS, 1, 5, NEVER)
