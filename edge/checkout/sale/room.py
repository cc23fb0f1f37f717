"""Whether the record of a basket's sale fits a message of the uplink, however full the basket is.

What can't be sent would stop all that follows it in the journal, so a till sells nothing that is
larger. Names and ids decide: lines alone are no measure.
"""

import zlib
from dataclasses import replace
from typing import Final

from edge.checkout.canonical import canonical_json
from edge.checkout.records import Pack, sale_entry
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.pricing import finish, is_taxable
from edge.checkout.shop import Shop, product_name

# Of the 64 KiB of a message. The rest is for what comes with the end of a sale: 40 payments with
# references, the taxes, what a member is told, coupons, and the line numbers of a refund of it all.
ROOM_BYTES: Final = 56 * 1024
# A line without its texts takes at most so many when it is packed, and a part of a discount so
# many: measured with numbers that have nothing in common.
LINE_BYTES: Final = 100
PART_BYTES: Final = 14
# What is known of a pack, beside its texts.
PACK_BYTES: Final = 30
OFF_BYTES: Final = 30
# The level behind which nothing is gained; 500 lines take some milliseconds.
LEVEL: Final = 6


def fits_a_message(basket: Basket, shop: Shop) -> bool:
    """Whether its record can be sent. Only a basket of hundreds of lines is packed to know it."""
    if most_bytes(basket, shop) <= ROOM_BYTES or not is_taxable(basket, shop):
        return True
    # Payments have room of their own: a basket that is full can be paid for.
    body = sale_entry(finish(replace(basket, tenders=()), shop)).body
    return len(zlib.compress(canonical_json(body), LEVEL)) <= ROOM_BYTES


def most_bytes(basket: Basket, shop: Shop) -> int:
    """More than the record's lines and discounts take when they are packed: no text grows."""
    lines = sum(
        LINE_BYTES
        + len(product_name(line.product, shop.language).encode())
        + len(line.product.plu.encode())
        + len(line.code.encode())
        + _pack_bytes(line.pack)
        for line in basket.lines
    )
    offs = sum(
        OFF_BYTES + PART_BYTES * len(off.parts) + len(off.promotion.encode() + off.name.encode())
        for off in basket.deal.offs
    )
    return lines + offs


def _pack_bytes(pack: Pack) -> int:
    texts = len(pack.batch + pack.serial + pack.expires + pack.best_before)
    return PACK_BYTES + texts if texts else 0
