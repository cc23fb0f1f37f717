"""The products of a shop, in memory, as one snapshot that is swapped whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from edge.checkout.records import Unit

UPC_A_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Product:
    """An article. `price_minor` is for a thousand thousandths of `unit`."""

    plu: str
    name_en: str
    name_zh: str
    price_minor: int
    tax_code: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One version of the shop's products; `by_code` holds PLUs and canonical barcodes alike."""

    version: str
    by_code: Mapping[str, Product]

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
