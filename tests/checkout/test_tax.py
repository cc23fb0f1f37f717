"""Tax by rate: in the price or on top of it, and shared over the lines without a remainder."""

from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.records import TaxTotal
from edge.checkout.sale.tax import line_taxes, tax_of, tax_totals
from edge.checkout.shop import TaxMode, TaxRate
from tests.support.playbook import NET_SHOP, SHOP, Till

RATES = {"A": TaxRate("A", 1300), "B": TaxRate("B", 900), "Z": TaxRate("Z", 0)}
AMOUNTS = st.lists(st.tuples(st.sampled_from("ABZ"), st.integers(0, 10**7)), max_size=30)


def test_a_shelf_price_holds_its_tax() -> None:
    assert tax_of(11300, 1300, TaxMode.INCLUDED) == 1300
    assert tax_of(350, 1300, TaxMode.INCLUDED) == 40
    assert tax_of(350, 0, TaxMode.INCLUDED) == 0


def test_tax_is_added_to_a_net_price() -> None:
    assert tax_of(10000, 1300, TaxMode.EXCLUDED) == 1300
    assert tax_of(350, 1300, TaxMode.EXCLUDED) == 46


def test_several_rates_are_summed_apart() -> None:
    till = Till(SHOP).sell("1001", "1003", "1002", "1004")
    assert till.sale.taxes == (
        TaxTotal("A", 1300, 1195, 155, 1350),
        TaxTotal("B", 900, 183, 17, 200),
        TaxTotal("Z", 0, 99, 0, 99),
    )
    assert till.sale.total_minor == 1649


def test_tax_on_top_makes_the_total() -> None:
    till = Till(NET_SHOP).scan("1001", "1003", "1002", "1004")
    assert till.total == ("TOTAL", f"{(1350 + 176 + 200 + 18 + 99) / 100:.2f}")

    till.press("CASH").stored()

    assert till.sale.taxes == (
        TaxTotal("A", 1300, 1350, 176, 1526),
        TaxTotal("B", 900, 200, 18, 218),
        TaxTotal("Z", 0, 99, 0, 99),
    )
    assert [line.amount_minor for line in till.sale.lines] == [350, 1000, 200, 99]
    assert [line.paid_minor for line in till.sale.lines] == [396, 1130, 218, 99]


def test_tax_is_rounded_on_the_sum_not_on_each_line() -> None:
    till = Till(NET_SHOP).scan(*["1001"] * 10).press("CASH").stored()
    assert till.sale.taxes[0].tax_minor == 455
    assert sorted(line.tax_minor for line in till.sale.lines) == [45] * 5 + [46] * 5


@given(AMOUNTS, st.sampled_from(TaxMode))
def test_the_lines_shares_sum_to_each_rate_s_tax(
    amounts: list[tuple[str, int]], mode: TaxMode
) -> None:
    totals = tax_totals(amounts, RATES, mode)
    shares = line_taxes(amounts, totals)
    for total in totals:
        of_rate = [
            (amount, share)
            for (code, amount), share in zip(amounts, shares, strict=True)
            if code == total.code
        ]
        assert sum(share for _, share in of_rate) == total.tax_minor
        assert total.net_minor + total.tax_minor == total.gross_minor
        base = total.gross_minor if mode is TaxMode.INCLUDED else total.net_minor
        assert sum(amount for amount, _ in of_rate) == base
        assert all(0 <= share <= amount for amount, share in of_rate)
