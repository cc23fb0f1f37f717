"""GS1 codes for tests, as a scanner sends them and as the till reads them."""

from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.goods.gs1 import Gs1
from edge.checkout.inputs import BarcodeScanned
from edge.checkout.records import Pack
from edge.checkout.shop import Shop
from edge.drivers.keys import gs1
from tests.support.playbook import CATALOGUE, CHEESE, COLA, COLA_EAN13, NOON_MS, SHOP, SOAP, Till
from tests.support.playbook import with_check_digit as _with_check_digit

GS = "\x1d"
COLA_01 = f"010{COLA_EAN13}"
CHEESE_GTIN = _with_check_digit("9952000009001")
CHEESE_01 = f"01{CHEESE_GTIN}"
SOAP_01 = "0100952000003003"
WATER_01 = "0100000095200026"
# The playbook's noon is on 2026-01-01.
YESTERDAY, TODAY = "251231", "260101"
GOODS = {**CATALOGUE.by_code, CHEESE_GTIN: CHEESE, COLA_EAN13: COLA, "0952000003003": SOAP}
SHELF = Catalogue("1", GOODS)
# All that a code can say of a pack, and what of it goes on record.
FULL = f"{COLA_01}17{TODAY}15{YESTERDAY}10B7/x{GS}21S-1"
PACK = Pack("B7/x", "S-1", "2026-01-01", "2025-12-31")


def said(text: str) -> Gs1:
    """What a code says that is one."""
    read = gs1.read(text, NOON_MS)
    assert read is not None, text
    return read


def scan(till: Till, text: str) -> Till:
    """The code under the till's scanner."""
    till.feed(BarcodeScanned(text, till.now(), gs1.read(text, NOON_MS)))
    return till


def sold_pack(till: Till) -> list[Pack]:
    """What is on record of the packs of the sale that was stored last."""
    return [line.pack for line in till.sale.lines]


def till(shop: Shop = SHOP, shelf: Catalogue = SHELF) -> Till:
    return Till(shop, shelf)
