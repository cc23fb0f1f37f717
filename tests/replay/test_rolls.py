"""What a row of a till roll means, and which rows nobody can use."""

from collections.abc import Iterable

import pytest

from edge.replay.amounts import read_price, read_units
from edge.replay.refused import ReplayRefused
from edge.replay.rolls import (
    COLUMNS,
    Reason,
    Rejection,
    RollLine,
    RollReader,
    Rolls,
    read_name,
    read_time,
)
from edge.replay.run import check_sizes

MOMENT = "2010-12-01 08:26:00"
MOMENT_MS = 1_291_191_960_000


def cells(
    invoice: str = "536365",
    code: str = "85123A",
    units: str = "6",
    price: str = "2.55",
    *,
    customer: str = "",
    name: str = "HEART T-LIGHT HOLDER",
    when: str = MOMENT,
) -> dict[str, str]:
    values = (invoice, code, name, units, when, price, customer)
    return dict(zip(COLUMNS, values, strict=True))


def read(*rows: dict[str, str]) -> Rolls:
    reader = RollReader()
    for row in rows:
        reader.take(row)
    return reader.rolls()


def rejection(row: dict[str, str]) -> Rejection | None:
    return RollReader().take(row)


def reason(row: dict[str, str]) -> Reason | None:
    found = rejection(row)
    return found and found.reason


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (cells(), None),
        (cells("C536379", units="-1"), None),
        (cells(units="-9", price="0"), None),
        (cells(units="9", price="0.0"), None),
        (cells("C536379", units="9", price="0"), None),
        (cells("C536379", units="-9", price="0"), None),
        (cells("X1", units="9", price="0"), None),
        (cells("A563185", units="1", price="11062.06"), Reason.INVOICE_A),
        (cells("A563185", units="1", price="0"), Reason.INVOICE_A),
        (cells("A563186", units="1", price="-11062.06"), Reason.INVOICE_A),
        (cells(price="-0.01"), Reason.PRICE),
        (cells(price="0.001"), Reason.PRICE),
        (cells(price="2.555"), Reason.PRICE),
        (cells("C536379", units="4", price="0.001"), Reason.PRICE),
        (cells(units="-1"), Reason.BACK_IN_SALE),
        (cells("X1", units="-1"), Reason.BACK_IN_SALE),
        (cells("C536379", units="1"), Reason.SOLD_IN_REFUND),
        (cells("X1"), Reason.UNREADABLE),
        (cells("c536379", units="1"), Reason.UNREADABLE),
        (cells("53636٥"), Reason.UNREADABLE),
        (cells(""), Reason.UNREADABLE),
        (cells(code=" "), Reason.UNREADABLE),
        (cells(code="851\x0023"), Reason.UNREADABLE),
        (cells(units="0"), Reason.UNREADABLE),
        (cells(units="0", price="0"), Reason.UNREADABLE),
        (cells(units="1.5"), Reason.UNREADABLE),
        (cells(units="six"), Reason.UNREADABLE),
        (cells(units="1000000"), Reason.UNREADABLE),
        (cells(price=""), Reason.UNREADABLE),
        (cells(price="1,50"), Reason.UNREADABLE),
        (cells(price="nan"), Reason.UNREADABLE),
        (cells(price="10000000.00"), Reason.UNREADABLE),
        (cells(when="2010-02-30 08:26:00"), Reason.UNREADABLE),
        (cells(when="12/1/2010 8:26"), Reason.UNREADABLE),
        (cells("A563185", price="?"), Reason.UNREADABLE),
    ],
)
def test_a_row_is_used_or_rejected_for_one_reason(
    row: dict[str, str], expected: Reason | None
) -> None:
    reader = RollReader()
    found = reader.take(row)
    assert (found and found.reason) == expected
    assert reader.rolls().rejected_rows == (expected is not None)
    assert bool(reader.rolls().invoices) == (expected is None)


@pytest.mark.parametrize(
    ("row", "detail"),
    [
        (cells(code=""), "StockCode"),
        (cells(units="-"), "Quantity"),
        (cells(price="£2"), "UnitPrice"),
        (cells(when="soon"), "InvoiceDate"),
        (cells("B1"), "InvoiceNo"),
    ],
)
def test_an_unreadable_row_is_named_by_its_cell(row: dict[str, str], detail: str) -> None:
    found = rejection(row)
    assert found is not None
    assert found.reason is Reason.UNREADABLE
    assert found.detail.startswith(detail)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("2.55", 255),
        ("2", 200),
        (".5", 50),
        ("2.", 200),
        (" 2.5 ", 250),
        ("+2.550000", 255),
        ("-11062.06", -1_106_206),
        ("16888.02", 1_688_802),
        ("-0.00", 0),
        ("0.001", None),
        ("0.295", None),
    ],
)
def test_a_price_is_pence_digit_by_digit(text: str, minor: int | None) -> None:
    price = read_price(text)
    assert not isinstance(price, str)
    assert price.minor == minor


@pytest.mark.parametrize("text", ["", ".", "-", "1e2", "1_0", "٢", "1.2.3", "0x1", "1 2", "9" * 19])
def test_what_is_no_decimal_number_is_no_price(text: str) -> None:
    assert isinstance(read_price(text), str)


@pytest.mark.parametrize(
    ("text", "units"), [("74215", 74_215), ("-9360", -9_360), ("6.0", 6), ("6.5", None), ("", None)]
)
def test_units_are_whole_pieces(text: str, units: int | None) -> None:
    assert read_units(text) == units


@pytest.mark.parametrize(
    ("text", "utc_ms"),
    [
        (MOMENT, MOMENT_MS),
        ("2010-12-01T08:26", MOMENT_MS),
        ("1970-01-01 00:00:00", 0),
        ("1969-12-31 23:59:59", None),
        ("2010-12-01", None),
        ("2010-12-01 08:26:00+01:00", None),
    ],
)
def test_a_time_is_taken_as_utc(text: str, utc_ms: int | None) -> None:
    assert read_time(text) == utc_ms


def test_rows_of_one_invoice_belong_together_wherever_they_stand() -> None:
    rolls = read(
        cells("2", "B", units="1", when="2010-12-01 09:00:00"),
        cells("1", "A", units="2"),
        cells("2", "C", units="3", when="2010-12-01 09:01:00"),
    )
    assert [invoice.number for invoice in rolls.invoices] == ["2", "1"]
    assert rolls.invoices[0].lines == [RollLine("B", 1, 255), RollLine("C", 3, 255)]
    assert rolls.invoices[0].at_utc_ms == read_time("2010-12-01 09:00:00")
    assert rolls.invoices[0].total_minor == 4 * 255


def test_a_rejected_row_does_not_begin_an_invoice() -> None:
    rolls = read(cells("2", units="-1"), cells("1"), cells("2"))
    assert [invoice.number for invoice in rolls.invoices] == ["1", "2"]


def test_a_refund_has_pieces_above_zero() -> None:
    (invoice,) = read(cells("C9", "A", units="-3")).invoices
    assert invoice.is_refund
    assert invoice.lines == [RollLine("A", 3, 255)]


def test_rows_without_a_price_adjust_the_stock_in_their_order_and_with_their_sign() -> None:
    (invoice,) = read(
        cells("7", "A", units="-4", price="0"),
        cells("7", "B"),
        cells("7", "C", units="5", price="0.00"),
    ).invoices
    assert invoice.adjustments == [("A", -4), ("C", 5)]
    assert [line.code for line in invoice.lines] == ["B"]


def test_a_customer_on_any_sold_row_pays_by_card() -> None:
    rolls = read(
        cells("1"),
        cells("1", customer="17850.0"),
        cells("2"),
        cells("3", customer="17850.0", price="0"),
        cells("3"),
    )
    assert [invoice.by_card for invoice in rolls.invoices] == [True, False, False]


@pytest.mark.parametrize(
    ("prices", "listed"),
    [
        (("2.55", "2.95", "2.95"), 295),
        (("2.95", "2.55"), 255),
        (("0", "0", "2.95"), 295),
        (("0.001", "0.001", "2.95"), 295),
        (("-1", "-1", "2.95"), 295),
        (("0",), 0),
    ],
)
def test_the_list_price_is_the_most_common_whole_one_of_equals_the_lowest(
    prices: Iterable[str], listed: int
) -> None:
    rolls = read(*(cells(price=price) for price in prices))
    assert rolls.products["85123A"].list_price_minor == listed


def test_rejected_rows_have_a_say_in_the_list_price() -> None:
    rolls = read(cells(price="1.00"), *[cells(units="-1", price="2.00")] * 2)
    assert rolls.products["85123A"].list_price_minor == 200


def test_codes_stand_as_they_are() -> None:
    rolls = read(cells(code="84406b"), cells(code="84406B"), cells(code="BANK CHARGES"))
    assert list(rolls.products) == ["84406b", "84406B", "BANK CHARGES"]


def test_the_name_is_the_most_common_one_else_the_code() -> None:
    rolls = read(
        cells(code="A", name="?"),
        cells(code="A", name="LANTERN "),
        cells(code="A", name=" LANTERN"),
        cells(code="B", name=""),
    )
    assert (rolls.products["A"].name, rolls.products["B"].name) == ("LANTERN", "B")


def test_a_name_fits_a_receipt() -> None:
    assert read_name("WHITE\tMETAL  \x00LANTERN") == "WHITE METAL LANTERN"
    assert len(read_name("A" * 999)) == 120


def test_an_invoice_that_no_till_has_room_for_is_refused_before_anything_is_sold() -> None:
    check_sizes(read(*[cells("8")] * 900))
    with pytest.raises(ReplayRefused, match="invoice 8: 901 lines, a till takes 900"):
        check_sizes(read(*[cells("8")] * 901))
