"""What headquarters reads of a sale's record, whatever else stands in it."""

from edge.checkout.canonical import canonical_json
from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.records import sale_entry
from edge.hq.trade import trade_row
from tests.support.gs1 import COLA_01, GOODS, TODAY, scan
from tests.support.playbook import SHOP, Till
from tests.support.records import record_with


def test_a_line_that_knows_its_pack_counts_like_any_other() -> None:
    till = scan(Till(SHOP, Catalogue("1", GOODS)), f"{COLA_01}17{TODAY}10B7").scan("1001")
    sale = till.press("CASH").stored().sale
    assert sale.lines[0].pack.batch == "B7"
    body = sale_entry(sale).body
    row = trade_row("till-1", record_with(body), canonical_json(body))
    assert row is not None
    assert (row["total_minor"], row["units"]) == (700, 2)
