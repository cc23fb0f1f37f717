"""Till rolls on disk, and the report of what could not be used."""

import csv
import gzip
from pathlib import Path

import pytest

from edge.replay.files import open_report, read_rolls
from edge.replay.refused import ReplayRefused
from edge.replay.rolls import Rolls
from tests.support.roll_files import GOOD_ROW, HEADER, write_rolls


def read(tmp_path: Path, *paths: Path) -> tuple[Rolls, list[list[str]]]:
    """The rolls, and the report's rows behind its header."""
    report = tmp_path / "report.csv"
    with open_report(report) as rows:
        rolls = read_rolls(paths, rows)
    with report.open(newline="", encoding="utf-8") as file:
        header, *named = csv.reader(file)
    assert header == ["file", "row", "reason", "text"]
    return rolls, named


def units_of(rolls: Rolls) -> list[int]:
    return [line.units for invoice in rolls.invoices for line in invoice.lines]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_are_those_of_any_system(
    tmp_path: Path, end: str, mark: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"{mark}{HEADER}{end}{GOOD_ROW}{end}{end}".encode())
    rolls, named = read(tmp_path, path)
    assert units_of(rolls) == [6]
    assert rolls.products["85123A"].name == "WHITE HANGING HEART T-LIGHT HOLDER"
    assert named == []


def test_a_compressed_file_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "rolls"
    path.write_bytes(gzip.compress(f"{HEADER}\n{GOOD_ROW}".encode()))
    assert units_of(read(tmp_path, path)[0]) == [6]


def test_columns_may_stand_in_any_order_and_others_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Till,UnitPrice,InvoiceNo,CustomerID,InvoiceDate,Quantity,Description,StockCode\n"
        "3,2.55,1,,2010-12-01 08:26:00,6,HOLDER,85123A\n"
    )
    rolls, named = read(tmp_path, path)
    assert (units_of(rolls), named) == ([6], [])


def test_an_invoice_goes_on_in_the_next_file(tmp_path: Path) -> None:
    first = write_rolls(tmp_path / "a.csv", "7,A,,1,2010-12-31 23:59:00,1.00,,UK")
    second = write_rolls(
        tmp_path / "b.csv",
        "8,A,,2,2011-01-01 00:00:00,1.00,,UK",
        "7,A,,3,2011-01-01 00:00:00,1.00,,UK",
    )
    rolls, _ = read(tmp_path, first, second)
    assert [(each.number, len(each.lines)) for each in rolls.invoices] == [("7", 2), ("8", 1)]


def test_each_rejected_row_is_named_with_file_line_reason_and_text(tmp_path: Path) -> None:
    first = write_rolls(tmp_path / "a.csv", GOOD_ROW, "1,A,,-1,2010-12-01 08:26:00,1.00,,UK")
    second = write_rolls(tmp_path / "b.csv", "", 'A1,B,"Adjust, debt",1,2010-12-01 08:26,9.00,,UK')
    rolls, named = read(tmp_path, first, second)
    assert rolls.rejected_rows == 2
    assert named == [
        [
            str(first),
            "3",
            "quantity below 0 at a price outside a C invoice",
            "1,A,,-1,2010-12-01 08:26:00,1.00,,UK",
        ],
        [
            str(second),
            "3",
            "invoice starts with A",
            'A1,B,"Adjust, debt",1,2010-12-01 08:26,9.00,,UK',
        ],
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('1,A,"HOLDER,6,2010-12-01 08:26:00,2.55,,UK', "unreadable: is not CSV"),
        ("1,A,HOLDER,6,2010-12-01 08:26:00,2.55", "unreadable: 6 cells, the header has 8"),
        ("1,A,B,C,6,2010-12-01 08:26:00,2.55,,UK", "unreadable: 9 cells, the header has 8"),
        ("1,A,,x,2010-12-01 08:26:00,2.55,,UK", "unreadable: Quantity is no whole number"),
    ],
)
def test_an_unreadable_row_costs_no_other_row(tmp_path: Path, row: str, reason: str) -> None:
    path = write_rolls(tmp_path / "a.csv", row, GOOD_ROW)
    rolls, named = read(tmp_path, path)
    assert units_of(rolls) == [6]
    assert [(each[1], each[3]) for each in named] == [("2", row)]
    assert named[0][2].startswith(reason)


def test_a_row_that_is_no_utf8_is_named_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    bad = b"1,A,caf\xe9,6,2010-12-01 08:26:00,2.55,,UK"
    path.write_bytes(HEADER.encode() + b"\n" + bad + b"\n" + GOOD_ROW.encode())
    rolls, named = read(tmp_path, path)
    assert units_of(rolls) == [6]
    assert [each[1:3] for each in named] == [["2", "unreadable: is not UTF-8"]]
    assert "caf\\udce9" in named[0][3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "row 1: the header has no column InvoiceNo"),
        (b"InvoiceNo,StockCode,Quantity\n", "no column Description, InvoiceDate, UnitPrice"),
        (gzip.compress(b"InvoiceNo" * 999)[:20], "is not a whole gzip file"),
        (HEADER.encode() + b"\n" + b"x" * 70_000, "row 2: longer than 65536 bytes"),
    ],
)
def test_what_is_no_till_roll_is_refused_in_one_line(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(ReplayRefused) as refused:
        read(tmp_path, path)
    assert str(refused.value).startswith(f"{path}: ")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReplayRefused, match=r"b\.csv: can't be read: No such file"):
        read(tmp_path, tmp_path / "b.csv")


def test_more_rows_than_memory_is_meant_for_are_refused(tmp_path: Path) -> None:
    paths = [write_rolls(tmp_path / name, GOOD_ROW, GOOD_ROW) for name in ("a.csv", "b.csv")]
    with open_report(tmp_path / "report.csv") as report:
        assert len(units_of(read_rolls(paths, report, most_rows=4))) == 4
        with pytest.raises(ReplayRefused, match=r"b\.csv: row 3: more than 3 rows in all"):
            read_rolls(paths, report, most_rows=3)


def test_a_report_that_can_not_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReplayRefused, match="the report can't be written there"):
        open_report(tmp_path / "no" / "report.csv").__enter__()
