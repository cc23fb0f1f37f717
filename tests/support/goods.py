"""A till in a shop with goods of every sort, whose stock moves with what is on record."""

from typing import Any

from edge.checkout.effects import StoreEntries
from edge.checkout.goods.catalogue import Catalogue, Product
from edge.checkout.goods.search import join_keys, key_lines
from edge.checkout.records import Unit
from edge.checkout.shop import Shop
from edge.store.stock import StockLevels
from tests.support.playbook import CATALOGUE, COLA, SHOP, WATER, Till, with_check_digit

DEPOSIT = Product("90", "Bottle deposit", "押金", 25, "Z", Unit.EACH, deposit_plu="90")
BEER = Product("3001", "Beer", "啤酒", 500, "A", Unit.EACH, min_age=18, deposit_plu="90")
LEMONADE = Product("3002", "Lemonade", "柠檬水", 300, "A", Unit.EACH, deposit_plu="90")
SPIRIT = Product("3003", "Spirit", "白酒", 9900, "A", Unit.EACH, min_age=21)
FLOWERS = Product("4001", "Flowers", "鲜花", 0, "A", Unit.EACH, open_price=True)
FISH = Product("4002", "Fish", "鲜鱼", 2000, "B", Unit.KG, open_price=True)
HAIRCUT = Product("5001", "Haircut", "理发", 6000, "A", Unit.EACH, is_service=True)
MILK = Product("6001", "Milk", "牛奶", 600, "B", Unit.EACH, low_stock_milli=5000)
RICE = Product("6002", "Rice", "大米", 800, "B", Unit.KG, low_stock_milli=2000)

FLOWERS_AT_12_50 = with_check_digit("210040101250")
INITIALS = {
    COLA.plu: "kl",
    WATER.plu: "kqs",
    BEER.plu: "pj",
    LEMONADE.plu: "nms",
    MILK.plu: "nn",
    RICE.plu: "dm",
}


def searchable(*products: Product) -> Catalogue:
    """The playbook's catalogue with these as well, and with what a search looks through."""
    by_code = {
        **CATALOGUE.by_code,
        **{product.plu: product for product in (FLOWERS, *products)},
    }
    by_code["2100401"] = by_code[FLOWERS.plu]
    plus = sorted({product.plu for product in by_code.values()})
    lines = [key_lines(by_code[plu], INITIALS.get(plu, "")) for plu in plus]
    return Catalogue("1", by_code, join_keys(lines))


GOODS = searchable(DEPOSIT, BEER, LEMONADE, SPIRIT, FISH, HAIRCUT, MILK, RICE)


class GoodsTill(Till):
    """Its disk moves the stock in the facts as the store does."""

    def __init__(self, shop: Shop = SHOP, catalogue: Catalogue = GOODS, **given: Any) -> None:
        given["stock"] = StockLevels(given.get("stock", {}))
        super().__init__(shop, catalogue, **given)

    def stored(self) -> "GoodsTill":
        asked = self._asked[0]
        assert isinstance(asked, StoreEntries), asked
        levels = self.facts.stock
        assert isinstance(levels, StockLevels)
        levels.record(asked.entries)
        super().stored()
        return self
