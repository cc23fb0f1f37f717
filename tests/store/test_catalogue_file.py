import gzip
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.goods.barcode import canonical
from edge.checkout.goods.catalogue import Product
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
        '2002,036000291452 73513537 04006381333931 A-17,"Apples, red",红苹果,350,B,kg',
        "2003,,Bag,,0,A,each",
    )
    assert found == (
        Article(
            Product("2002", "Apples, red", "红苹果", 350, "B", Unit.KG),
            ("0036000291452", "73513537", "4006381333931", "A-17"),
            "hpg",
        ),
        Article(Product("2003", "Bag", "", 0, "A", Unit.EACH), ()),
    )


MORE = (
    "categories,tags,discountable,earns_points,open_price,min_age,is_service,deposit_plu,"
    "low_stock_milli,initials,price_minor:gold,price_minor:staff"
)
BOTTLE = "90,,Deposit,押金,25,A,each" + "," * 12


def read_more(path: Path, *lines: str, more: str = MORE) -> tuple[Article, ...]:
    path.write_text("\n".join([f"{HEADER},{more}", *lines, ""]), encoding="utf-8")
    return read_catalogue(path, canonicalise=canonical)


def refused_more(path: Path, *lines: str, more: str = MORE) -> list[str]:
    with pytest.raises(CatalogueRefused) as refused:
        read_more(path, *lines, more=more)
    return [error.removeprefix(f"{path}: ") for error in str(refused.value).split("\n")]


def test_further_columns_say_what_else_a_product_is(path: Path) -> None:
    beer, empty, _ = read_more(
        path,
        "3001,,Beer,啤酒,500,A,each,drinks/beer food,new fair,no,no,yes,18,yes,90,5000,pj1,450,400",
        "3002,,Juice,,300,A,each" + "," * 12,
        BOTTLE,
    )
    assert beer == Article(
        Product(
            "3001",
            "Beer",
            "啤酒",
            500,
            "A",
            Unit.EACH,
            categories=frozenset({"drinks", "drinks/beer", "food"}),
            tags=frozenset({"new", "fair"}),
            discountable=False,
            earns_points=False,
            open_price=True,
            min_age=18,
            is_service=True,
            deposit_plu="90",
            low_stock_milli=5000,
            prices=(("gold", 450), ("staff", 400)),
        ),
        (),
        "pj1",
    )
    assert empty == Article(Product("3002", "Juice", "", 300, "A", Unit.EACH), ())


def test_further_columns_stand_in_any_order_and_some_of_them_will_do(path: Path) -> None:
    (tea,) = read_more(path, "1,,Tea,,100,A,each,16,hot", more="min_age,tags")
    assert (tea.product.min_age, tea.product.tags) == (16, frozenset({"hot"}))


def test_what_is_the_same_for_many_is_kept_once(path: Path) -> None:
    rows = [f"{plu},,Tea,,100,A,each,drinks/tea" for plu in range(3)]
    teas = read_more(path, *rows, more="categories")
    assert len({id(tea.product.categories) for tea in teas}) == 1


def test_what_is_a_deposit_is_neither_discounted_nor_rewarded(path: Path) -> None:
    lemonade = "3002,,Lemonade,,300,A,each" + "," * 8 + "90" + "," * 4
    article, deposit = read_more(path, lemonade, BOTTLE)
    assert (article.product.deposit_plu, article.product.discountable) == ("90", True)
    taken = deposit.product
    assert (taken.discountable, taken.earns_points, taken.deposit_plu) == (False, False, "90")


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"discountable": "maybe"}, "discountable: 'maybe' is neither yes nor no"),
        ({"open_price": "1"}, "open_price: '1' is neither yes nor no"),
        ({"min_age": "old"}, "min_age: 'old' is no age up to 99"),
        ({"min_age": "100"}, "min_age: '100' is no age up to 99"),
        ({"low_stock_milli": "-1"}, "'-1' is no whole number of thousandths in range"),
        ({"low_stock_milli": "9999001"}, "'9999001' is no whole number of thousandths in range"),
        ({"price_minor:gold": "1.5"}, "price_minor:gold: '1.5' is no whole number of minor units"),
        ({"initials": "P J"}, "initials: 'P J' is not 1 to 12 small letters and digits"),
        ({"categories": "drinks//tea"}, "is no name before, after or between slashes"),
        ({"categories": "/"}, "categories: '/' is no name before, after or between slashes"),
        (
            {"categories": "/".join("abcdefghijklmnopq")},
            "is 17 with those above them, 16 are the limit",
        ),
        ({"tags": " ".join("abcdefghijklmnopq")}, "is 17 names, 16 are the limit"),
        ({"tags": "x" * 65}, "is a name of more than 64 characters, or one not printable"),
        ({"deposit_plu": "91"}, "deposit_plu: '91' is no plu of this file"),
        ({"deposit_plu": "3002"}, "deposit_plu: '3002' has a deposit itself"),
        ({"deposit_plu": "3003"}, "deposit_plu: '3003' is no article at a fixed price a piece"),
        ({"unit": "kg", "deposit_plu": "90"}, "'90' can't be charged with an article that is"),
    ],
)
def test_a_malformed_cell_is_named_with_column_and_reason(
    path: Path, cells: dict[str, str], error: str
) -> None:
    columns = f"{HEADER},{MORE}".split(",")
    given = {"plu": "3001", "name_en": "Tea", "price_minor": "1", "tax_code": "A", "unit": "each"}
    row = ",".join({**given, **cells}.get(column, "") for column in columns)
    bottled = "3002,,Juice,,300,A,each" + "," * 8 + "90" + "," * 4
    flowers = "3003,,Flowers,,0,A,each,,,,,yes" + "," * 7
    (found,) = refused_more(path, BOTTLE, bottled, flowers, row)
    assert found.startswith("row 5, ")
    assert error in found


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ("colour", "row 1: 'colour' is no column; behind unit may stand categories, tags, "),
        ("tags,tags", "row 1: tags stands there twice"),
        ("price_minor:", "row 1: 'price_minor:' is no column"),
        (",".join(f"price_minor:{each}" for each in range(9)), "row 1: more than 8 price lists"),
    ],
)
def test_an_unknown_column_is_refused(path: Path, more: str, error: str) -> None:
    (found,) = refused_more(path, TEA, more=more)
    assert found.startswith(error)


def test_names_are_never_without_initials_in_silence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere")
    with capture_logs() as logs:
        (tea,) = read_more(path, f"{TEA},", more="initials")
    assert (tea.product.name_zh, tea.initials) == ("茉莉花茶", "")
    assert [line["event"] for line in logs] == ["initials_missing"]
    assert read_more(path, f"{TEA},mlhc", more="initials")[0].initials == "mlhc"


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
