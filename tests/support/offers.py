"""A till with promotions in force, for playbooks."""

from typing import Any

from edge.checkout.promotions.offers import Offer, compile_offers
from edge.checkout.promotions.uses import PromotionUses
from edge.checkout.shop import Shop
from tests.support.playbook import SHOP, Till
from tests.support.promotion_files import listed

THREE_FOR_TWO = {
    "id": "3for2",
    "name": "3 for 2",
    "name_zh": "买二赠一",
    "benefit": {"kind": "cheapest_free", "buy": 2, "free": 1},
    "where": {"kind": "products", "plus": ["1003", "1005"]},
}
SPEND_TEN = {
    "id": "ten",
    "name": "1 off 10",
    "benefit": {"kind": "spend_once", "spend_minor": 1_000, "off_minor": 100},
}


def till_with(
    *promotions: dict[str, Any],
    shop: Shop = SHOP,
    own: tuple[Offer, ...] = (),
    **facts: Any,
) -> Till:
    """A till at which these promotions are in force, and those that the settings give."""
    uses: PromotionUses = facts.pop("promotion_uses", PromotionUses())
    offers = compile_offers("v1", (*(each.offer() for each in listed(*promotions)), *own))
    return Till(
        shop,
        promotions=offers.promotions,
        promotion_names=offers.names_in(shop.language),
        promotion_uses=uses,
        **facts,
    )
