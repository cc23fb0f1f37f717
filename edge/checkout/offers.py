"""A shop's promotions with their names, as one snapshot that is swapped whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from edge.checkout.promotions.promotion import Promotion
from edge.checkout.promotions.promotion_set import PromotionSet, compile_promotions
from edge.checkout.promotions.selection import (
    AnyOf,
    Categories,
    EachOf,
    Except,
    Products,
    Selection,
    Tags,
)
from edge.checkout.shop import Language

COUPON: Final = "coupon:"
TIER: Final = "tier:"
SEGMENT: Final = "segment:"
MANUAL: Final = "manual:"
# Ids of what the till makes of its settings and of what is keyed; no file's promotion has them.
OWN_PREFIXES: Final = (COUPON, TIER, SEGMENT, MANUAL)


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion and what it is called; a name that is empty is the other one, or the id."""

    promotion: Promotion
    name_en: str = ""
    name_zh: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """One version of the shop's promotions, and the names of each by its id."""

    version: str = ""
    promotions: PromotionSet = field(default_factory=lambda: compile_promotions(()))
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def names_in(self, language: Language) -> dict[str, str]:
        """What each is called, by its id."""
        return {each: _called(each, *both, language) for each, both in self.names.items()}


NO_OFFERS: Final = Offers()


def compile_offers(version: str, offers: Iterable[Offer]) -> Offers:
    """The snapshot. Raises ValueError when ids are not unique."""
    listed = tuple(offers)
    return Offers(
        version,
        compile_promotions(offer.promotion for offer in listed),
        {offer.promotion.id: (offer.name_en, offer.name_zh) for offer in listed},
    )


def _called(promotion: str, name_en: str, name_zh: str, language: Language) -> str:
    first, second = (name_zh, name_en) if language is Language.CHINESE else (name_en, name_zh)
    return first or second or promotion


@dataclass(frozen=True, slots=True)
class Named:
    """The products, categories and tags that promotions name."""

    plus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()


def named_goods(promotions: PromotionSet) -> Named:
    """What the promotions' own goods are named by; conditions are not looked at."""
    plus: set[str] = set()
    categories: set[str] = set()
    tags: set[str] = set()
    open_ones = [slot.where for slot in promotions.slots]
    while open_ones:
        where: Selection = open_ones.pop()
        if isinstance(where, Products):
            plus |= where.plus
        elif isinstance(where, Categories):
            categories |= where.names
        elif isinstance(where, Tags):
            tags |= where.names
        elif isinstance(where, EachOf | AnyOf):
            open_ones += where.selections
        elif isinstance(where, Except):
            open_ones.append(where.selection)
    return Named(frozenset(plus), frozenset(categories), frozenset(tags))
