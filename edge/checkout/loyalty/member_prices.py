"""What an article costs a member: the price list of his tier, where it has one."""

from edge.checkout.goods.catalogue import Product
from edge.checkout.sale.basket import Buyer
from edge.checkout.session import Facts


def price_for(product: Product, buyer: Buyer | None, facts: Facts) -> int:
    """The price before promotions; everybody's for nobody's sale."""
    if buyer is None or facts.loyalty is None:
        return product.price_minor
    return product.price_on(facts.loyalty.tier(buyer.tier).price_list)
