"""What a promotion calls by its name: goods, and what it asks of who buys."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from edge.checkout.promotions.conditions import (
    All,
    Any_,
    HasCoupon,
    HasTier,
    InSegment,
    Not,
    QuantityAtLeast,
    SpendAtLeast,
)
from edge.checkout.promotions.promotion import Bundle, BuyGet, Promotion
from edge.checkout.promotions.selection import AnyOf, Categories, EachOf, Except, Products, Tags


class Named(StrEnum):
    """What a name is the name of."""

    PRODUCT = "product"
    CATEGORY = "category"
    TAG = "tag"
    TIER = "tier"
    SEGMENT = "segment"
    COUPON = "coupon"


_NAMES: Final[Mapping[type, Callable[[Any], Iterable[tuple[Named, str]]]]] = {
    Products: lambda part: ((Named.PRODUCT, each) for each in part.plus),
    Categories: lambda part: ((Named.CATEGORY, each) for each in part.names),
    Tags: lambda part: ((Named.TAG, each) for each in part.names),
    HasTier: lambda part: ((Named.TIER, each) for each in part.tiers),
    InSegment: lambda part: ((Named.SEGMENT, each) for each in part.segments),
    HasCoupon: lambda part: ((Named.COUPON, part.coupon),),
}

_PARTS: Final[Mapping[type, Callable[[Any], Iterable[object]]]] = {
    EachOf: lambda part: part.selections,
    AnyOf: lambda part: part.selections,
    Except: lambda part: (part.selection,),
    SpendAtLeast: lambda part: (part.where,),
    QuantityAtLeast: lambda part: (part.where,),
    All: lambda part: part.conditions,
    Any_: lambda part: part.conditions,
    Not: lambda part: (part.condition,),
    BuyGet: lambda part: (part.get_where,),
    Bundle: lambda part: (slot.where for slot in part.slots),
}


def _none(_: object) -> tuple[()]:
    return ()


def names_in(promotion: Promotion) -> frozenset[tuple[Named, str]]:
    """All that its benefit, its goods and its conditions name, wherever in them."""
    found: set[tuple[Named, str]] = set()
    parts: list[object] = [promotion.benefit, promotion.where, *promotion.conditions]
    while parts:
        part = parts.pop()
        found.update(_NAMES.get(type(part), _none)(part))
        parts.extend(_PARTS.get(type(part), _none)(part))
    return frozenset(found)
