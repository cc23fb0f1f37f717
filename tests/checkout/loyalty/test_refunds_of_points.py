"""A refund, in whatever pieces, undoes to the unit what the sale did to accounts."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.balances.accounts import (
    NEVER,
    Account,
    AccountKind,
    AccountRef,
    Cause,
    Lot,
    Movement,
)
from edge.checkout.balances.coupons import CouponTerms, MoneyCoupon, coupon_ref, issue
from edge.checkout.balances.ledger import Ledger, open_ledger
from edge.checkout.balances.loyalty_refund import (
    RefundOf,
    RefundRefusal,
    RefundRefused,
    left_minor,
    refund_movements,
    split_back,
)
from edge.checkout.balances.points import EarnRule, PaidLine, earn
from edge.checkout.balances.stored_value import CountPlan, TopUpRule, sell_visits, top_up
from edge.checkout.money import runs
from edge.checkout.records import EntryKind, Sale, SoldLine, Unit
from edge.checkout.sale.returns import give_back
from tests.support.loyalty import GIFT_CARD, POINTS, TODAY

JULY = date(2024, 7, 31)
COUPON = coupon_ref("80070000001123450", "spring")


def sold_line(number: int, units: int, paid_minor: int, unit: Unit = Unit.EACH) -> SoldLine:
    return SoldLine(
        line=number,
        plu=str(number),
        code=str(number),
        name="x",
        unit=unit,
        quantity_milli=units * 1000 if unit is Unit.EACH else 350,
        price_minor=1,
        list_price_minor=1,
        amount_minor=paid_minor,
        tax_code="A",
        tax_rate_bp=0,
        tax_minor=0,
        paid=runs(paid_minor, units),
    )


def sale_of(*lines: SoldLine) -> Sale:
    total = sum(line.paid_minor for line in lines)
    return Sale(EntryKind.SALE, 1, "CNY", lines, (), total, 0, ())


class Shop:
    """One sale and its refunds, on accounts that live on between them."""

    def __init__(self, sale: Sale, ledger: Ledger) -> None:
        self.sale = sale
        self.accounts = ledger.accounts
        self.movements = ledger.movements
        self.refunded_milli: dict[int, int] = {}
        self.receipt_no = 1

    def give_back(
        self,
        picks: dict[int, int],
        cash_left_minor: int = 0,
        void: frozenset[str] = frozenset(),
    ) -> Ledger | RefundRefused:
        self.receipt_no += 1
        refund = give_back(self.sale, self.refunded_milli, picks, self.receipt_no)
        of = RefundOf(self.sale, refund, self.refunded_milli, self.movements, void=void)
        left = left_minor(of)
        parts = split_back(refund.total_minor, [*left.values(), cash_left_minor])
        back = dict(zip(left, parts[:-1], strict=True))
        ledger = refund_movements(Ledger(TODAY, self.accounts), of, back)
        if isinstance(ledger, Ledger):
            self.accounts = ledger.accounts
            self.movements = (*self.movements, *ledger.movements)
            for line in refund.lines:
                gone = self.refunded_milli.get(line.of_line, 0)
                self.refunded_milli[line.of_line] = gone + line.quantity_milli
        self.cash_back_minor = parts[-1]
        return ledger

    def account(self, ref: AccountRef) -> Account:
        return self.accounts.get(ref.id, Account(ref))


def sell(sale: Sale, held: int, redeemed: int, worth_minor: int, minor_per_point: int) -> Shop:
    """Points pay for `worth_minor` of the sale, the rest is cash; the whole earns."""
    ledger: object = open_ledger([Account(POINTS, (Lot(JULY, held),) if held else ())], TODAY)
    assert isinstance(ledger, Ledger)
    if redeemed:
        ledger = ledger.redeem(POINTS, redeemed, Cause("money", 1), worth_minor)
        assert isinstance(ledger, Ledger)
    lines = [PaidLine(line.line, line.paid_minor) for line in sale.lines]
    for earned in earn(lines, EarnRule(minor_per_point), tier_rate_bp=15_000):
        cause = Cause(earned.reason, 1)
        ledger = ledger.credit(POINTS, earned.points, JULY, cause, earned.by_line)
    return Shop(sale, ledger)


def test_a_3_for_2_refunded_piece_by_piece_takes_back_each_point_once() -> None:
    # Three at 10.00, one of them free, paid 6.67, 6.67 and 6.66; a point for each 1.00.
    shop = sell(sale_of(sold_line(1, 3, 2_000)), 0, 0, 0, 100)
    assert shop.account(POINTS).held == 30
    taken = []
    for _ in range(3):
        before = shop.account(POINTS).held
        shop.give_back({1: 1}, 9_999)
        taken.append(before - shop.account(POINTS).held)
    assert taken == [11, 10, 9]
    assert shop.account(POINTS) == Account(POINTS)


def test_buying_and_refunding_in_a_loop_earns_nothing() -> None:
    shop = sell(sale_of(sold_line(1, 3, 2_000)), 500, 0, 0, 100)
    for _ in range(5):
        shop.give_back({1: 3}, 2_000)
        assert shop.account(POINTS) == Account(POINTS, (Lot(JULY, 500),))
        again = sell(shop.sale, 500, 0, 0, 100)
        assert again.account(POINTS).held == 530
        shop = again


def test_points_earned_and_spent_before_the_refund_are_owed() -> None:
    shop = sell(sale_of(sold_line(1, 1, 3_000)), 0, 0, 0, 100)
    spent = Ledger(TODAY, shop.accounts).redeem(POINTS, 45, Cause("money", 2), 450)
    assert isinstance(spent, Ledger)
    shop.accounts = spent.accounts
    shop.give_back({1: 1}, 3_000)
    assert shop.account(POINTS) == Account(POINTS, debt=45)


def test_points_that_paid_come_back_in_proportion_and_in_the_end_exactly() -> None:
    # 10.00 over three, 100 points of it worth 1.00, the rest in cash.
    shop = sell(sale_of(sold_line(1, 3, 1_000)), 100, 100, 100, 0)
    cash_minor, back = 900, []
    for _ in range(3):
        before = shop.account(POINTS).held
        shop.give_back({1: 1}, cash_minor)
        cash_minor -= shop.cash_back_minor
        back.append((shop.account(POINTS).held - before, shop.cash_back_minor))
    assert [sum(parts) for parts in zip(*back, strict=True)] == [100, 900]
    assert shop.account(POINTS) == Account(POINTS, (Lot(JULY, 100),))


LINES = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 9_999)), min_size=1, max_size=4).map(
    lambda lines: [sold_line(n, units, paid) for n, (units, paid) in enumerate(lines, start=1)]
)


@given(LINES, st.integers(1, 400), st.integers(1, 999), st.integers(1, 250), st.randoms())
def test_any_pieces_in_any_order_undo_the_sale_to_the_unit(
    lines: list[SoldLine], redeemed: int, worth_minor: int, minor_per_point: int, random: object
) -> None:
    sale = sale_of(*lines)
    worth_minor = min(worth_minor, sale.total_minor)
    shop = sell(sale, 400, redeemed if worth_minor else 0, worth_minor, minor_per_point)
    pieces = [line.line for line in lines for _ in range(line.quantity_milli // 1000)]
    random.shuffle(pieces)  # type: ignore[attr-defined]
    cash_minor = sale.total_minor - worth_minor
    for piece in pieces:
        assert isinstance(shop.give_back({piece: 1}, cash_minor), Ledger)
        cash_minor -= shop.cash_back_minor
        assert cash_minor >= 0
    assert shop.account(POINTS) == Account(POINTS, (Lot(JULY, 400),))
    assert cash_minor == 0


@given(st.lists(st.integers(0, 999), min_size=1, max_size=5), st.data())
def test_no_tender_gets_back_more_than_it_paid(left: list[int], data: st.DataObject) -> None:
    while sum(left):
        now_minor = data.draw(st.integers(1, sum(left)))
        parts = split_back(now_minor, left)
        assert sum(parts) == now_minor
        left = [each - part for each, part in zip(left, parts, strict=True)]
        assert min(left) >= 0


def test_a_coupon_comes_back_with_the_last_piece_and_an_issued_one_goes_when_it_is_void() -> None:
    used = AccountRef(AccountKind.COUPON, "80070000001123451", terms="spring")
    ledger = open_ledger([Account(used, (Lot(NEVER, 1),))], TODAY).redeem(
        used, 1, Cause("coupon", 1)
    )
    assert isinstance(ledger, Ledger)
    terms = CouponTerms("spring", MoneyCoupon(100))
    ledger = issue(ledger, terms, COUPON.holder, Cause("coupon:spring", 1))
    shop = Shop(sale_of(sold_line(1, 2, 500)), ledger)
    shop.give_back({1: 1}, 500, frozenset({COUPON.id}))
    assert (shop.account(used).held, shop.account(COUPON).held) == (0, 0)
    shop.give_back({1: 1}, 250)
    assert (shop.account(used).held, shop.account(COUPON).held) == (1, 0)


def test_a_weighed_line_is_given_back_as_one_piece() -> None:
    shop = sell(sale_of(sold_line(1, 1, 1_000, Unit.KG)), 0, 0, 0, 100)
    assert shop.account(POINTS).held == 15
    shop.give_back({1: 1}, 1_000)
    assert shop.account(POINTS) == Account(POINTS)


def test_a_top_up_can_be_given_back_as_long_as_it_is_there_bonus_and_all() -> None:
    ledger = top_up(open_ledger((), TODAY), GIFT_CARD, TopUpRule(), 5_000, 1, 1)
    assert isinstance(ledger, Ledger)
    sale = sale_of(sold_line(1, 1, 5_000))
    shop = Shop(sale, ledger)
    spent = Ledger(TODAY, shop.accounts).redeem(GIFT_CARD, 1, Cause("payment", 2), 1)
    assert isinstance(spent, Ledger)
    short = Shop(sale, replace(ledger, accounts=spent.accounts))
    refused = short.give_back({1: 1}, 5_000)
    assert refused == RefundRefused(RefundRefusal.SPENT, GIFT_CARD.id, 4_999)
    assert isinstance(shop.give_back({1: 1}, 5_000), Ledger)
    assert shop.account(GIFT_CARD).held == 0


def test_visits_that_were_used_can_not_be_given_back() -> None:
    visits = AccountRef(AccountKind.COUNT_CARD, "9007000012", "9007000012", "haircut")
    plan = CountPlan("haircut", 10, ("5001",))
    ledger = sell_visits(open_ledger((), TODAY), visits, plan, 1, 1, NEVER)
    used = Ledger(TODAY, ledger.accounts).redeem(visits, 1, Cause("visit", 2), 3_000)
    assert isinstance(used, Ledger)
    shop = Shop(sale_of(sold_line(1, 1, 20_000)), replace(ledger, accounts=used.accounts))
    refused = shop.give_back({1: 1}, 20_000)
    assert refused == RefundRefused(RefundRefusal.SPENT, visits.id, 9)


def test_a_refund_onto_a_card_is_not_taken_back_by_the_next_refund() -> None:
    shop = sell(sale_of(sold_line(1, 2, 1_000)), 0, 0, 0, 0)
    onto: Movement = Ledger(TODAY).credit(GIFT_CARD, 500, NEVER, Cause("refund", 2, 1)).movements[0]
    shop.movements = (*shop.movements, onto)
    shop.give_back({1: 2}, 1_000)
    assert shop.account(GIFT_CARD) == Account(GIFT_CARD)


def test_a_credit_is_taken_back_only_for_the_lines_it_was_for() -> None:
    ledger = open_ledger((), TODAY).credit(POINTS, 7, JULY, Cause("promotion:tea", 1), ((2, 7),))
    shop = Shop(sale_of(sold_line(1, 1, 500), sold_line(2, 1, 500)), ledger)
    shop.give_back({1: 1}, 1_000)
    assert shop.account(POINTS).held == 7
    shop.give_back({2: 1}, 500)
    assert shop.account(POINTS).held == 0
