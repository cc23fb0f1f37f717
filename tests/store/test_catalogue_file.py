import gzip
from pathlib import Path

import pytest

from edge.checkout.barcode import canonical
from edge.checkout.catalogue import Product
from edge.checkout.records import Unit
from edge.ports import CatalogueRefused
from edge.store import catalogue_file
from edge.store.catalogue_cache import Article
from edge.store.catalogue_file import read_catalogue

HEADER = "plu,barcodes,name_en,name_zh,price_minor,tax_code,unit"
TEA = "1001,5000000000012,Jasmine tea,茉莉花茶,199,A,each"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "products.csv"


def read(path: Path, *lines: str) -> tuple[Article, ...]:
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return read_catalogue(path, canonicalise=canonical)


def refusal(path: Path, *lines: str) -> list[str]:
    """The lines of the refusal, without the file's name that each of them begins with."""
    with pytest.raises(CatalogueRefused) as refused:
        read(path, *lines)
    errors = str(refused.value).split("\n")
    assert all(error.startswith(f"{path}: ") for error in errors)
    return [error.removeprefix(f"{path}: ") for error in errors]


def test_a_row_is_a_product_with_its_canonical_barcodes(path: Path) -> None:
    found = read(
        path,
        '2002,036000291452 73513537 A-17,"Apples, red",红苹果,350,B,kg',
        "2003,,Bag,,0,A,each",
    )
    assert found == (
        Article(
            Product("2002", "Apples, red", "红苹果", 350, "B", Unit.KG),
            ("0036000291452", "73513537", "A-17"),
            "hpg",
        ),
        Article(Product("2003", "Bag", "", 0, "A", Unit.EACH), ()),
    )


def test_a_compressed_file_and_one_from_a_spreadsheet_are_read_as_well(path: Path) -> None:
    expected = read(path, TEA)
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n{TEA}\r\n\r\n".encode())
    assert read_catalogue(path, canonicalise=canonical) == expected
    zipped = path.with_name("products.csv.gz")
    zipped.write_bytes(gzip.compress(path.read_bytes()))
    assert read_catalogue(zipped, canonicalise=canonical) == expected


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("1001,,Tea,,1.99,A,each", "price_minor: '1.99' is no whole number of minor units"),
        ("1001,,Tea,,-5,A,each", "price_minor: '-5' is no whole number of minor units"),
        ("1001,,Tea,,,A,each", "price_minor: '' is no whole number of minor units"),
        ("1001,,Tea,,٣,A,each", "price_minor: '٣' is no whole number of minor units"),
        (
            "1001,,Tea,,100000000000,A,each",
            "price_minor: '100000000000' is no whole number of minor units",
        ),
        ("1001,,Tea,,1,A,litre", "unit: 'litre' is none of each, kg"),
        (",,Tea,,1,A,each", "plu: 0 characters, 1 to 48 are wanted"),
        ("10 01,,Tea,,1,A,each", "plu: '10 01' has a space in it"),
        ("1001,,,茶,1,A,each", "name_en: 0 characters, 1 to 120 are wanted"),
        (f"1001,,{'T' * 121},,1,A,each", "name_en: 121 characters, 1 to 120 are wanted"),
        (
            "1001,,Tea\x1b[2J,,1,A,each",
            r"name_en: 'Tea\x1b[2J' has blanks around it or can't be printed",
        ),
        ("1001,, Tea,,1,A,each", "name_en: ' Tea' has blanks around it or can't be printed"),
        ("1001,,Tea,,1,,each", "tax_code: 0 characters, 1 to 8 are wanted"),
        ("1001,,Tea,,1,A", "columns: 6 cells, 7 are wanted"),
        ("1001,,Tea,,1,A,each,more", "columns: 8 cells, 7 are wanted"),
        (TEA, "plu: '1001' stands in row 2 already"),
        (
            "1002,5000000000012,Tea,,1,A,each",
            "barcodes: '5000000000012' stands in row 2 already",
        ),
        ("1002,1001,Tea,,1,A,each", "barcodes: '1001' stands in row 2 already"),
    ],
)
def test_a_malformed_row_is_named_with_column_and_reason(path: Path, row: str, error: str) -> None:
    first = "1001,5000000000012,Tea,,1,A,each" if "row 2" in error else "1,,Bag,,1,A,each"
    assert f"row 3, {error}" in refusal(path, first, row)


def test_a_code_that_can_not_be_one_is_named(path: Path) -> None:
    def never(_: str) -> str:
        raise ValueError("not a code of ours")

    path.write_text(f"{HEADER}\n{TEA}\n", encoding="utf-8")
    with pytest.raises(CatalogueRefused, match="row 2, barcodes: '5000000000012': not a code of"):
        read_catalogue(path, canonicalise=never)


def test_one_product_may_have_its_barcode_in_two_spellings(path: Path) -> None:
    (found,) = read(path, "1001,036000291452 0036000291452,Tea,,1,A,each")
    assert found.codes == ("0036000291452",)


def test_all_errors_are_listed_up_to_twenty(path: Path) -> None:
    bad = [f"{plu},,Tea,,free,A,each" for plu in range(30)]
    errors = refusal(path, TEA, *bad)
    assert len(errors) == 20
    assert errors[0] == "row 3, price_minor: 'free' is no whole number of minor units"
    assert errors[-1].startswith("row 22, ")
    assert len(refusal(path, TEA, *bad[:3])) == 3


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "no products in it"),
        (HEADER.encode() + b"\n", "no products in it"),
        (b"plu,price\n1,2\n", f"row 1: the header is not {HEADER}"),
        (f"{HEADER}\n1,,Caf\xe9,,1,A,each\n".encode("latin-1"), "row 2: is not UTF-8"),
        (f'{HEADER}\n1,,"Tea,,1,A,each\n'.encode(), "is not CSV: unexpected end of data"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused(path: Path, data: bytes, error: str) -> None:
    path.write_bytes(data)
    with pytest.raises(CatalogueRefused) as refused:
        read_catalogue(path, canonicalise=canonical)
    assert str(refused.value) == f"{path}: {error}"


@pytest.mark.parametrize("spoil", [lambda data: data[:-9], lambda _: b"plain", lambda d: d[:10]])
def test_a_damaged_compressed_file_is_refused(path: Path, spoil: object) -> None:
    zipped = path.with_name("products.csv.gz")
    assert callable(spoil)
    zipped.write_bytes(spoil(gzip.compress(f"{HEADER}\n{TEA}\n".encode())))
    with pytest.raises(CatalogueRefused, match="is not a whole gzip file"):
        read_catalogue(zipped, canonicalise=canonical)


def test_a_compressed_file_can_not_fill_the_memory(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_file, "LARGEST_FILE_BYTES", 1000)
    zipped = path.with_name("products.csv.gz")
    zipped.write_bytes(gzip.compress(b"x" * 1001))
    with pytest.raises(CatalogueRefused, match="more than 1000 bytes"):
        read_catalogue(zipped, canonicalise=canonical)


def test_there_is_a_limit_to_a_shop(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_file, "LARGEST_CATALOGUE", 2)
    rows = [f"{plu},,Tea,,1,A,each" for plu in range(3)]
    assert len(read(path, *rows[:2])) == 2
    assert refusal(path, *rows) == ["row 4, rows: 2 products are the limit"]
