"""The products of a shop, in memory, as one snapshot that is swapped whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from edge.checkout.records import Unit

UPC_A_DIGITS = 12
NO_NAMES: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Product:
    """An article. `price_minor` is for a thousand thousandths of `unit`; of an open-price article
    it is what is proposed, 0 nothing. `categories` hold those above them. What is not
    `discountable` is neither discounted nor counted by promotions. `deposit_plu` is charged with
    every piece (a deposit's own is itself), `prices` are those of price lists, at `low_stock_milli`
    and below the cashier is told; empty and 0: none.
    """

    plu: str
    name_en: str
    name_zh: str
    price_minor: int
    tax_code: str
    unit: Unit
    categories: frozenset[str] = NO_NAMES
    tags: frozenset[str] = NO_NAMES
    discountable: bool = True
    earns_points: bool = True
    open_price: bool = False
    min_age: int = 0
    is_service: bool = False
    deposit_plu: str = ""
    low_stock_milli: int = 0
    prices: tuple[tuple[str, int], ...] = ()

    def price_on(self, price_list: str) -> int:
        """What holds for whom that price list is for: its price, else everybody's."""
        for name, price_minor in self.prices:
            if name == price_list:
                return price_minor
        return self.price_minor


def with_ancestors(paths: Iterable[str]) -> frozenset[str]:
    """The categories and those above them: `drinks/soft` is also `drinks`."""
    found: set[str] = set()
    for path in paths:
        names = path.split("/")
        found.update("/".join(names[:depth]) for depth in range(1, len(names) + 1))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class SearchKeys:
    """What edge.checkout.goods.search looks through, a line a product in the order of their PLUs:
    the initials of its names, and the words of its English one.
    """

    initials: str = ""
    words: str = ""


NO_KEYS: Final = SearchKeys()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One version of the shop's products; `by_code` holds PLUs and canonical barcodes alike."""

    version: str
    by_code: Mapping[str, Product]
    keys: SearchKeys = NO_KEYS

    def find(self, candidates: Iterable[str]) -> Product | None:
        """The product of the first code that names one."""
        for code in candidates:
            product = self.by_code.get(code)
            if product is not None:
                return product
        return None

    def named(self, code: str) -> Product | None:
        """The product of a code as it was scanned. An UPC-A is kept as the EAN-13 that it is, and
        only with a good check digit: what is found was read right, without working it out again.
        """
        product = self.by_code.get(code)
        if product is None and len(code) == UPC_A_DIGITS:
            return self.by_code.get("0" + code)
        return product


EMPTY_CATALOGUE = Catalogue(version="", by_code={})
