"""The shop of the benchmarks: a hundred thousand real barcodes with seeded prices."""

import gzip
from pathlib import Path
from random import Random
from typing import Any

from edge.checkout.goods.barcode import canonical, check_digit
from edge.checkout.goods.catalogue import Product
from edge.checkout.records import Unit
from edge.settings import Settings
from edge.store.catalogue_cache import Article

REAL_BARCODES = Path(__file__).parents[2] / "shared/data/barcodes/catalogue-100k.tsv.gz"
PRODUCTS = 100_000
SEED = 20_101_201
LONGEST_NAME = 120


def barcodes() -> tuple[list[tuple[str, str]], str]:
    """Codes as a scanner reads them, with names; and what they are."""
    if REAL_BARCODES.exists():
        with gzip.open(REAL_BARCODES, "rt", encoding="utf-8", newline="") as file:
            rows = [line.rstrip("\r\n").split("\t") for line in file][1:]
        # An article may stand there by its UPC-A and by the EAN-13 that this is.
        once = {canonical(row[0]): (row[0], row[1]) for row in rows[:PRODUCTS]}
        return list(once.values()), "real barcodes"
    random = Random(SEED)
    stems = random.sample(range(10**11, 10**12), PRODUCTS)
    return [
        (f"{stem}{check_digit(str(stem))}", f"Product number {stem}") for stem in stems
    ], "generated EAN-13 codes, for the real ones are not beside the repository"


def articles_of(codes: list[tuple[str, str]]) -> list[Article]:
    """A product a code, each with a PLU of its own as shops have them."""
    random = Random(SEED)
    return [
        Article(
            Product(
                f"P{number:06d}",
                " ".join(name.split())[:LONGEST_NAME],
                "",
                random.randrange(49, 9_999),
                "A",
                Unit.EACH,
            ),
            (canonical(code),),
        )
        for number, (code, name) in enumerate(codes)
    ]


def settings(store: Path, broker_port: int | None = None) -> Settings:
    """A till with one simulated device of each kind."""
    return Settings.model_validate(tables(store, broker_port))


def tables(store: Path, broker_port: int | None = None) -> dict[str, Any]:
    """The same as the tables of edge.toml."""
    kinds = (
        "scanner",
        "keypad",
        "printer",
        "drawer",
        "cashier_display",
        "customer_display",
    )
    found: dict[str, object] = {
        "device": {"id": "till-001"},
        "shop": {
            "name": "Corner Shop",
            "currency": "GBP",
            "taxes": [{"code": "A", "rate_bp": 2000}],
        },
        "store": {"path": str(store)},
        "devices": [{"driver": f"{kind}_simulated", "name": kind} for kind in kinds],
    }
    if broker_port is not None:
        found["uplink"] = {"host": "127.0.0.1", "port": broker_port}
    return found
