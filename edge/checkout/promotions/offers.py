"""A shop's promotions with their names, as one snapshot that is swapped whole."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from edge.checkout.promotions.promotion import Promotion
from edge.checkout.promotions.promotion_set import PromotionSet, compile_promotions
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

    def names_in(self, language: Language) -> Mapping[str, str]:
        """What each is called, by its id; worked out when it is asked for."""
        return _Names(self.names, language)


NO_OFFERS: Final = Offers()


def compile_offers(version: str, offers: Iterable[Offer]) -> Offers:
    """The snapshot. Raises ValueError when ids are not unique."""
    listed = tuple(offers)
    return Offers(
        version,
        compile_promotions(offer.promotion for offer in listed),
        {offer.promotion.id: (offer.name_en, offer.name_zh) for offer in listed},
    )


@dataclass(frozen=True, slots=True)
class _Names(Mapping[str, str]):
    both: Mapping[str, tuple[str, str]]
    language: Language

    def __getitem__(self, promotion: str) -> str:
        name_en, name_zh = self.both[promotion]
        if self.language is Language.CHINESE:
            return name_zh or name_en or promotion
        return name_en or name_zh or promotion

    def __iter__(self) -> Iterator[str]:
        return iter(self.both)

    def __len__(self) -> int:
        return len(self.both)
