"""From a code to its product, against a bare dict."""

import time
from collections.abc import Callable, Sequence
from random import Random
from statistics import median

from shop import SEED
from table import Figure

from edge.checkout.goods.articles import read_code
from edge.checkout.goods.barcode import canonical, parse
from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.money import CURRENCIES
from edge.checkout.session import Facts
from edge.checkout.shop import Shop, TaxMode

ROUNDS = 15
LOOKUPS = 20_000


def measure(catalogue: Catalogue, codes: Sequence[tuple[str, str]]) -> list[Figure]:
    scanned = [code for code, _ in Random(SEED).sample(codes, min(LOOKUPS, len(codes)))]
    kept = [canonical(code) for code in scanned]
    shop = Shop("Corner Shop", "till-001", CURRENCIES["GBP"], TaxMode.INCLUDED, {})
    facts = Facts(shop, catalogue)
    get, find = catalogue.by_code.get, catalogue.find

    def floor() -> None:
        for code in kept:
            get(code)

    def find_only() -> None:
        for code in kept:
            find((code,))

    def parse_only() -> None:
        for code in scanned:
            parse(code, ())

    def as_a_till() -> None:
        for code in scanned:
            read_code(code, facts)

    base, found, parsed, till = interleaved((floor, find_only, parse_only, as_a_till))
    return [
        Figure(
            "product lookup, code text to product",
            ns(till),
            f"dict.get {ns(base)}",
            till / base,
            "<= 3x",
            till <= 3 * base,
        ),
        Figure("  Catalogue.find of a kept code", ns(found), f"dict.get {ns(base)}", found / base),
        Figure("  parse, for what is not kept", ns(parsed), f"dict.get {ns(base)}", parsed / base),
    ]


def interleaved(works: Sequence[Callable[[], None]]) -> list[float]:
    """Each one's median seconds a lookup, the rounds taking turns."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, times in zip(works, taken, strict=True):
            begun = time.perf_counter()
            work()
            times.append((time.perf_counter() - begun) / LOOKUPS)
    return [median(times) for times in taken]


def ns(seconds: float) -> str:
    return f"{seconds * 1e9:.0f} ns"
