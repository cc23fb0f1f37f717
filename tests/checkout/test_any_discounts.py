"""Whatever is scanned and keyed where promotions are in force and discounts are given by hand: the
till never breaks its rules, and what was sold comes back to the unit.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.promotions.offers import compile_offers
from edge.checkout.records import EntryKind, Sale, sale_from
from edge.checkout.shop import Shop
from tests.support.offers import SPEND_TEN, THREE_FOR_TWO
from tests.support.playbook import FIVES_SHOP, NET_SHOP, SHOP
from tests.support.promotion_files import flash, listed, percent
from tests.support.walk import ACTIONS, Walk, WatchedTill

GIFT = {
    "id": "gum",
    "benefit": {"kind": "gift"},
    "where": {"kind": "products", "plus": ["1004"]},
    "conditions": [{"kind": "quantity", "quantity_milli": 2_000}],
}
PROMOTIONS = listed(
    THREE_FOR_TWO,
    SPEND_TEN,
    GIFT,
    flash("flash", "1001", 100, 3),
    percent("happy", 3_333, where={"kind": "products", "plus": ["1002", "2001"]}),
)
BY_HAND = (
    *("10 MENU 16 ENTER", "33 MENU 17 ENTER", "50 MENU 16 CASH", "123 MENU 17 CASH"),
    *("100 MENU 16 ENTER", "0 MENU 17 ENTER", "MENU 16", "7 MENU 17", "MENU 20", "MENU 20 DOWN"),
)
SCANS = ("scan 1001", "scan 1003", "scan 1004", "scan 1005", "3 X 1003 ENTER", "7 X 1002 ENTER")


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from((*ACTIONS, *BY_HAND * 3, *SCANS * 3)), min_size=10, max_size=50),
    st.sampled_from([SHOP, NET_SHOP, FIVES_SHOP]),
)
def test_no_sequence_breaks_the_rules(actions: list[str], shop: Shop) -> None:
    offers = compile_offers("v1", (each.offer() for each in PROMOTIONS))
    names = offers.names_in(shop.language)
    walk = Walk(shop, WatchedTill(shop, promotions=offers.promotions, promotion_names=names))
    walk.act(*actions)
    for entry in walk.till.journal:
        if entry.kind is EntryKind.SALE:
            check_offs(sale_from(entry.kind, entry.body))


def check_offs(sale: Sale) -> None:
    """The discounts sum to what each line went down by."""
    taken: dict[int, int] = {}
    for off in sale.offs:
        for line, _, off_minor in off.parts:
            taken[line] = taken.get(line, 0) + off_minor
    for line in sale.lines:
        assert line.off_minor == taken.get(line.line, 0)
        assert line.amount_minor >= 0
