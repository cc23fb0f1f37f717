"""X and Z reports on paper, in both languages and on both widths."""

from dataclasses import replace

import pytest

from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.paper.receipt import Qr
from edge.checkout.paper.receipt_layout import lay_out
from edge.checkout.paper.receipt_writer import TENDER_WORDS
from edge.checkout.paper.width import display_width
from edge.checkout.records import Entry, EntryKind, TenderKind
from edge.checkout.shifts.shift import (
    CashCount,
    ClosedShift,
    DenominationCount,
    ShiftReport,
    closed_entry,
    closed_from,
    report_from,
    reported_entry,
)
from edge.checkout.shifts.shift_report import report_rows, write_x, write_z, z_code
from edge.checkout.shifts.shift_totals import Figure, ShiftTotals, Tally, counts_of, first_totals
from edge.checkout.shop import Language, Shop
from edge.checkout.words.texts import text
from tests.support.playbook import NOON_MS, SHOP
from tests.support.shifts import ShiftBooks, opening

AT = Instant(NOON_MS, "boot", 1, ClockQuality.SYNCED)


def trade(
    kind: EntryKind, number: int, total: int, *tenders: tuple[str, int], **more: object
) -> Entry:
    net = total * 100 // 113
    return Entry(
        kind,
        {
            "receipt_no": number,
            "total_minor": total,
            "rounding_minor": 0,
            "lines": [],
            "taxes": [
                {
                    "code": "A",
                    "rate_bp": 1300,
                    "net_minor": net,
                    "tax_minor": total - net,
                    "gross_minor": total,
                }
            ],
            "tenders": [
                {
                    "kind": each,
                    "amount_minor": minor,
                    "tendered_minor": minor + 100,
                    "change_minor": 100,
                    "reference": "",
                }
                for each, minor in tenders
            ],
            **more,
        },
    )


DAY = (
    trade(EntryKind.SALE, 1, 11_300, ("cash", 11_300), staff="12"),
    trade(
        EntryKind.SALE,
        2,
        5_650,
        ("card", 5_000),
        ("mobile", 650),
        staff="12",
        promotions=[{"lane": "order", "uses": 2, "off_minor": 340}],
    ),
    trade(EntryKind.REFUND, 3, 1_130, ("cash", 1_130), rounding_minor=2),
    trade(EntryKind.SALE, 4, 1_000, ("cash", 1_000), rounding_minor=-1),
    Entry(EntryKind.LINE_VOIDED, {"price_minor": 350, "quantity_milli": 2_000}),
    Entry(EntryKind.PAYMENT_VOIDED, {"tender": "card", "amount_minor": 500}),
    Entry(EntryKind.PRICE_OVERRIDDEN, {}),
    Entry(EntryKind.SALE_CANCELLED, {"lines": [{"price_minor": 100, "quantity_milli": 1_500}]}),
    Entry(EntryKind.DRAWER_NO_SALE, {"reason": "keypad"}),
    Entry(EntryKind.DRAWER_NO_SALE, {"reason": "count"}),
    Entry(EntryKind.RECEIPT_COPIED, {"receipt_no": 1}),
    Entry(EntryKind.CASH_PAID_IN, {"amount_minor": 2_000}),
    Entry(EntryKind.CASH_PAID_OUT, {"amount_minor": 3_000}),
)


def day(*, shift: bool = True) -> ShiftReport:
    books = ShiftBooks()
    if shift:
        books.take([opening(books.state(), 20_000, "12")], NOON_MS - 3_600_000)
    books.take(DAY)
    return ShiftReport(books.state(), "CNY", "7", held=(2, 5), unknown=("till-1-1-9",))


def closed() -> ClosedShift:
    count = CashCount(29_870, (DenominationCount(10_000, 2), DenominationCount(10, 987)))
    return ClosedShift(day(), count, 20_000)


def paper(shop: Shop = SHOP, columns: int = 32) -> list[str]:
    return lay_out(write_z(closed(), AT, shop, copy=False), columns)


Z = """\
Z REPORT 1
Till till-1     2026-01-01 12:00
by 7
Opened by 12    2026-01-01 11:00
--------------------------------
Receipts                   1 - 4
Sales 3                   179.50
Refunds 1                 -11.30
IN ALL                   ¥168.20
--------------------------------
Goods and services        179.50
Goods given back          -11.30
TURNOVER                 ¥168.20
--------------------------------
Card 1                     50.00
Cash 2                    123.00
Mobile 1                    6.50
Cash given back 1         -11.30
Cash rounding              -0.03
--------------------------------
Net A 13%                 148.84
Tax A 13%                  19.36
--------------------------------
Discounts given 2          -3.40
Lines voided 1              7.00
Payments taken back 1       5.00
Sales cancelled 1           1.50
Prices changed                 1
Drawer opened, no sale         1
Copies printed                 1
Sold by 12: 2             169.50
Held sales: 2, 5
Unresolved payments: till-1-1-9
CASH IN THE DRAWER
Float                     200.00
Cash sales                123.00
Cash refunds              -11.30
Paid in 1                  20.00
Paid out 1                -30.00
Should be there           301.70
  100.00 × 2              200.00
  0.10 × 987               98.70
Counted                   298.70
Short                       3.00
Left in the drawer        200.00
Taken out                  98.70
--------------------------------
Journal                     1/15
0000000000000000"""


def test_a_z_on_58_mm_paper() -> None:
    lines = [line.rstrip() for line in paper()]
    shown = [line if line.startswith("  ") and "×" in line else line.strip() for line in lines]
    start, end = shown.index("Z REPORT 1"), shown.index("0000000000000000")
    assert "\n".join(shown[start : end + 1]) == Z


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("language", Language)
def test_every_line_is_as_wide_as_the_paper(columns: int, language: Language) -> None:
    lines = paper(replace(SHOP, language=language), columns)
    codes = [line for line in lines if "[QR" in line]
    assert {display_width(line) for line in lines if line and line not in codes} == {columns}


def test_a_z_in_chinese() -> None:
    lines = [line.strip() for line in paper(replace(SHOP, language=Language.CHINESE))]
    assert "Z 报表 1" in lines
    assert "钱箱现金" in lines
    assert any(line.startswith("短款") and line.endswith("3.00") for line in lines)


def test_a_zs_code_says_which_record_it_ends_with() -> None:
    receipt = write_z(closed(), AT, SHOP, copy=False)
    (code,) = [element.data for element in receipt.elements if isinstance(element, Qr)]
    assert code == f"ETZ1:till-1:1:1/15:{15:064x}" == z_code(closed(), "till-1")


def test_a_copy_says_so() -> None:
    lines = lay_out(write_z(closed(), AT, SHOP, copy=True), 32)
    assert "COPY" in [line.strip() for line in lines]


def test_an_x_has_the_same_sums_and_no_count() -> None:
    receipt = write_x(day(), AT, SHOP, copy=False)
    lines = [line.strip() for line in lay_out(receipt, 32)]
    assert "X REPORT 1-1" in lines
    assert "TURNOVER                 ¥168.20" in lines
    assert not [line for line in lines if line.startswith(("Counted", "Journal", "[QR"))]
    assert receipt.receipt_no == 1001


def test_a_day_without_sales_and_without_a_shift() -> None:
    report = ShiftReport(ShiftBooks().state(), "CNY")
    lines = [line.strip() for line in lay_out(write_x(report, AT, SHOP, copy=False), 32)]
    assert "Sales 0                     0.00" in lines
    assert not [line for line in lines if line.startswith(("Receipts", "Opened", "by", "Net"))]


def test_an_opening_without_a_name() -> None:
    books = ShiftBooks()
    books.take([opening(books.state(), 0)], NOON_MS)
    receipt = write_x(ShiftReport(books.state(), "CNY"), AT, SHOP, copy=False)
    assert "Opened          2026-01-01 12:00" in lay_out(receipt, 32)


@pytest.mark.parametrize(
    ("kind", "before", "row"),
    [
        (EntryKind.SALE, "-41.37", ("Cash sales", "41.37")),
        (EntryKind.REFUND, "41.37", ("Cash refunds", "-41.37")),
    ],
)
def test_a_float_is_what_was_keyed_though_cash_moved_before_the_opening(
    kind: EntryKind, before: str, row: tuple[str, str]
) -> None:
    """The rows below it have that cash in them as well, and the sum is what was keyed."""
    books = ShiftBooks()
    books.take([trade(kind, 1, 4_137, ("cash", 4_137))], NOON_MS - 1)
    books.take([opening(books.state(), 20_000)], NOON_MS)
    drawer = report_rows(ShiftReport(books.state(), "CNY"), SHOP)[-4:]
    assert [(line.left, line.right) for line in drawer] == [
        ("Float", "200.00"),
        ("Of it counted below", before),
        row,
        ("Should be there", "200.00"),
    ]


def test_a_drawer_with_too_much() -> None:
    over = replace(closed(), count=CashCount(40_000))
    lines = [line.strip() for line in lay_out(write_z(over, AT, SHOP, copy=False), 32)]
    assert any(line.startswith("Over") and line.endswith("98.30") for line in lines)


@pytest.mark.parametrize("shift", [True, False])
def test_an_x_is_read_back_from_its_record(shift: bool) -> None:
    report = day(shift=shift)
    entry = reported_entry(report)
    assert report_from(entry.body) == report
    assert ("opened" in entry.body) is shift


def test_a_z_is_read_back_from_its_record() -> None:
    assert closed_from(closed_entry(closed()).body) == closed()


def test_what_is_empty_is_not_in_a_record() -> None:
    report = ShiftReport(ShiftBooks().state(), "CNY")
    assert not {"opened", "staff", "held", "unknown_payments"} & reported_entry(report).body.keys()


def test_a_float_of_nothing_leaves_no_row() -> None:
    assert first_totals(0) == ShiftTotals({})
    assert first_totals(5).of(Figure.DRAWER, "left") == Tally(0, 5)


def test_what_no_report_counts_adds_nothing() -> None:
    assert counts_of("catalogue.loaded", {}) == []


def test_a_refund_by_card_takes_no_cash_out() -> None:
    totals = ShiftTotals({}).plus(
        counts_of("refund", trade(EntryKind.REFUND, 1, 500, ("card", 500)).body)
    )
    assert totals.of(Figure.GIVEN, "card") == Tally(1, 500)
    assert (totals.drawer_minor, totals.sum_minor(Figure.REFUND_ROUNDING)) == (0, 0)


@pytest.mark.parametrize("kind", TenderKind)
def test_every_kind_of_payment_has_a_line(kind: TenderKind) -> None:
    books = ShiftBooks()
    books.take([trade(EntryKind.SALE, 1, 500, (kind.value, 500))])
    lines = lay_out(write_x(ShiftReport(books.state(), "CNY"), AT, SHOP, copy=False), 32)
    name = text(TENDER_WORDS[kind], SHOP.language)
    assert [line.split() for line in lines if line.startswith(f"{name} 1")] == [
        [*name.split(), "1", "5.00"]
    ]
