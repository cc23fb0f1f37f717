"""Which article a code names, and how much of it: as keyed, or as the label on the pack says."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from edge.checkout import quantity as quantities
from edge.checkout.goods.barcode import CodeFault, EmbeddedCode, EmbeddedKind, ItemCode, parse
from edge.checkout.goods.catalogue import Product
from edge.checkout.goods.gs1 import Gs1, gtin_codes, minor_of
from edge.checkout.money import Rounding, divide
from edge.checkout.records import NO_PACK, Pack, Unit
from edge.checkout.session import Facts
from edge.checkout.words.texts import Saying, Word
from edge.checkout.words.texts_goods import GoodsWord

CODE_FAULTS = {
    CodeFault.EMPTY: Word.REFUSED_MISREAD,
    CodeFault.MISREAD: Word.REFUSED_MISREAD,
    CodeFault.CARD_NUMBER: Word.REFUSED_CARD_NUMBER,
}


@dataclass(frozen=True, slots=True)
class Article:
    """A product and so many thousandths of it, under the code that goes on record, and what is
    known of the pack.
    """

    product: Product
    quantity_milli: int
    code: str
    pack: Pack = NO_PACK


Sold: TypeAlias = tuple[Product, int]


def read_code(code: str, facts: Facts) -> Product | EmbeddedCode | CodeFault | None:
    """The product that a code names, or the label or fault that it is; None names nothing. A code
    that stands in the catalogue names its article, whatever it looks like.
    """
    product = facts.catalogue.named(code)
    if product is not None:
        return product
    barcode = parse(code, facts.shop.labels)
    return facts.catalogue.find(barcode.candidates) if isinstance(barcode, ItemCode) else barcode


def read_gs1(code: str, gs1: Gs1 | None, facts: Facts) -> Gs1 | None:
    """What a code says by the rules of GS1; None where it is no such code, or stands in the
    catalogue as it is.
    """
    return gs1 if facts.catalogue.named(code) is None else None


def find_article(
    code: str, gs1: Gs1 | None, quantity_milli: int | None, facts: Facts
) -> Article | Saying:
    """What a code names, and how much of it, or why there is none. The quantity is the one that was
    keyed before it, if one was.
    """
    gs1 = read_gs1(code, gs1, facts)
    named = _named(code, gs1, facts)
    if isinstance(named, Saying):
        return named
    product, label = named
    if product.tax_code not in facts.shop.tax_rates:
        return Word.REFUSED_TAX_CODE
    if label is not None:
        sold = _labelled(quantity_milli, product, label.kind, label.value, facts)
    elif gs1 is not None:
        sold = _said(quantity_milli, product, gs1, facts)
    else:
        sold = _keyed(quantity_milli, product)
    if isinstance(sold, Saying):
        return sold
    return Article(*sold, gtin_codes(gs1.gtin)[0], gs1.pack) if gs1 else Article(*sold, code)


def product_of(code: str, gs1: Gs1 | None, facts: Facts) -> Product | Saying:
    """What a code names, whatever is known of its quantity, or why it names nothing."""
    named = _named(code, read_gs1(code, gs1, facts), facts)
    return named if isinstance(named, Saying) else named[0]


def _named(
    code: str, gs1: Gs1 | None, facts: Facts
) -> tuple[Product, EmbeddedCode | None] | Saying:
    """The product, with the label that the code is."""
    if gs1 is not None:
        product = facts.catalogue.find(gtin_codes(gs1.gtin))
        return (product, None) if product else Word.REFUSED_UNKNOWN
    read = read_code(code, facts)
    if isinstance(read, CodeFault):
        return CODE_FAULTS[read]
    if isinstance(read, EmbeddedCode):
        product = facts.catalogue.find((read.item,))
        return (product, read) if product else Word.REFUSED_UNKNOWN
    return (read, None) if read else Word.REFUSED_UNKNOWN


def _keyed(quantity_milli: int | None, product: Product) -> Sold | Saying:
    """The quantity that was keyed, or one piece."""
    if quantity_milli is None:
        if product.unit is Unit.KG:
            return Word.REFUSED_WEIGHT
        quantity_milli = quantities.ONE_MILLI
    return unfit_for(product, quantity_milli) or (product, int(quantity_milli))


def unfit_for(product: Product, quantity_milli: int) -> Saying | None:
    """Why a keyed quantity is none of that product: part of a piece, or pieces of what is sold by
    weight.
    """
    if product.unit is Unit.EACH and quantity_milli % quantities.ONE_MILLI:
        return Word.REFUSED_FRACTION
    if product.unit is Unit.KG and isinstance(quantity_milli, quantities.Pieces):
        return GoodsWord.REFUSED_PIECES
    return None


def _labelled(
    keyed_milli: int | None, product: Product, kind: EmbeddedKind, value: int, facts: Facts
) -> Sold | Saying:
    """What a label sells: a weight label, so much of a weighed article; a price label, one piece
    at its price, or the weight of a weighed article that costs exactly that.
    """
    limits = facts.shop.limits
    if keyed_milli is not None:
        return Word.REFUSED_LABEL
    if value == 0:
        return Word.REFUSED_MISREAD
    quantity_milli: int | None = value
    if kind is EmbeddedKind.WEIGHT:
        if product.unit is not Unit.KG:
            return Word.REFUSED_LABEL_WEIGHT
    elif value > limits.max_price_minor:
        return Word.REFUSED_PRICE
    elif product.unit is Unit.EACH:
        priced = replace(product, price_minor=value, open_price=False, prices=())
        return priced, quantities.ONE_MILLI
    else:
        quantity_milli = quantities.quantity_for(product.price_minor, value)
    if quantity_milli is None:
        return Word.REFUSED_LABEL_PRICE
    if quantity_milli > limits.max_quantity_milli:
        return Word.REFUSED_QUANTITY
    return product, quantity_milli


def _said(keyed_milli: int | None, product: Product, gs1: Gs1, facts: Facts) -> Sold | Saying:
    """What a GS1 code sells. The price that the customer reads on it is what he pays. What was
    weighed or keyed stands for a weight on it that nobody sells.
    """
    if gs1.odd_weight and product.unit is Unit.KG:
        if keyed_milli is None:
            return GoodsWord.REFUSED_LABEL_GRAMS
        if unfit := unfit_for(product, keyed_milli):
            return unfit
        gs1, keyed_milli = replace(gs1, weight_milli=keyed_milli, odd_weight=False), None
    if gs1.price is not None:
        return _priced(keyed_milli, product, gs1, minor_of(gs1.price, facts.shop.currency), facts)
    if gs1.odd_weight:
        return Word.REFUSED_LABEL_WEIGHT
    if gs1.weight_milli is not None:
        return _labelled(keyed_milli, product, EmbeddedKind.WEIGHT, gs1.weight_milli, facts)
    if gs1.count is None or product.unit is not Unit.EACH:
        return _keyed(keyed_milli, product)
    return _counted(keyed_milli, product, gs1.count, facts)


def _priced(
    keyed_milli: int | None, product: Product, gs1: Gs1, price_minor: int | None, facts: Facts
) -> Sold | Saying:
    """What a GS1 code with a price sells: a piece, or so much of a weighed article as it says, at
    the price a kilogram that makes its price.
    """
    if price_minor is None:
        return GoodsWord.REFUSED_OTHER_MONEY
    if product.unit is Unit.EACH or gs1.weight_milli is None or price_minor == 0:
        return _labelled(keyed_milli, product, EmbeddedKind.PRICE, price_minor, facts)
    sold = _labelled(keyed_milli, product, EmbeddedKind.WEIGHT, gs1.weight_milli, facts)
    if isinstance(sold, Saying):
        return sold
    kilo_minor = _kilo_minor(product, gs1, gs1.weight_milli, price_minor, facts)
    if kilo_minor is None:
        return Word.REFUSED_LABEL_PRICE
    if kilo_minor > facts.shop.limits.max_price_minor:
        return Word.REFUSED_PRICE
    priced = replace(product, price_minor=kilo_minor, open_price=False, prices=())
    return priced, gs1.weight_milli


def _kilo_minor(
    product: Product, gs1: Gs1, weight_milli: int, price_minor: int, facts: Facts
) -> int | None:
    """The price a kilogram at which that weight costs just that: today's, the label's own (which
    may be for another measure), the nearest one. None when there is none, as there may be above a
    kilogram on a label that was rounded, or marked down, in steps of more than a minor unit.
    """
    own = gs1.unit_price and minor_of(gs1.unit_price, facts.shop.currency)
    nearest = divide(price_minor * quantities.ONE_MILLI, weight_milli, Rounding.HALF_UP)
    for kilo_minor in (product.price_minor, own, nearest):
        if kilo_minor and quantities.amount_of(kilo_minor, weight_milli) == price_minor:
            return kilo_minor
    return None


def _counted(keyed_milli: int | None, product: Product, count: int, facts: Facts) -> Sold | Saying:
    """So many pieces as the pack says it holds."""
    if keyed_milli is not None:
        return Word.REFUSED_LABEL
    if count == 0:
        return Word.REFUSED_MISREAD
    quantity_milli = count * quantities.ONE_MILLI
    if quantity_milli > facts.shop.limits.max_quantity_milli:
        return Word.REFUSED_QUANTITY
    return product, quantity_milli
