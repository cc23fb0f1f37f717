"""What a catalogue is after a start is what it was when it came into force."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from edge.checkout.goods.catalogue import NO_KEYS, Product
from edge.checkout.goods.search import search
from edge.checkout.records import Unit
from edge.store.catalogue_cache import Article, catalogue_of, load, write
from edge.store.migrate import migrate, migrations
from tests.support.store import articles

FULL = Article(
    Product(
        "90",
        "Beer",
        "啤酒",
        500,
        "B",
        Unit.KG,
        categories=frozenset({"drinks", "drinks/beer"}),
        tags=frozenset({"new"}),
        discountable=False,
        earns_points=False,
        open_price=True,
        min_age=18,
        is_service=True,
        deposit_plu="90",
        low_stock_milli=5000,
        prices=(("gold", 450), ("staff", 0)),
    ),
    ("95200026",),
    "pj",
)


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        migrate(opened, migrations(), 0)
        yield opened


def test_every_field_of_a_product_is_there_again(conn: sqlite3.Connection) -> None:
    shelf = [*reversed(articles(3)), FULL]
    write(conn, "v1", shelf)
    assert load(conn) == catalogue_of("v1", shelf)
    assert load(conn).by_code["95200026"] == FULL.product
    plain = load(conn).by_code["000001"]
    assert plain == articles(3)[1].product


def test_what_can_be_searched_is_there_again(conn: sqlite3.Connection) -> None:
    write(conn, "v1", [FULL])
    assert [product.plu for product in search(load(conn), "75")] == ["90"]
    assert [product.plu for product in search(load(conn), "2337")] == ["90"]


def test_values_that_many_products_share_are_kept_once(conn: sqlite3.Connection) -> None:
    write(conn, "v1", articles(3))
    loaded = load(conn).by_code
    assert len({id(product.categories) for product in loaded.values()}) == 1
    assert len({id(product.tax_code) for product in loaded.values()}) == 1


def test_a_catalogue_of_an_older_schema_sells_and_has_nothing_to_search(
    conn: sqlite3.Connection,
) -> None:
    conn.execute("INSERT INTO catalogue VALUES (1, 'v0')")
    conn.execute(
        "INSERT INTO product (plu, name_en, name_zh, price_minor, tax_code, unit)"
        " VALUES ('1', 'Tea', '', 100, 'A', 'each')"
    )
    assert load(conn).by_code["1"] == Product("1", "Tea", "", 100, "A", Unit.EACH)
    assert load(conn).keys == NO_KEYS
    assert len(search(load(conn), "1")) == 1
