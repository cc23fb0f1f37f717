"""Where a shop's files and settings, each of them good, do not go together: names of nothing, codes
that no scanner reads, tax that is asked twice. None of it keeps a till from selling, and all of it
is a mistake.
"""

import asyncio
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

import structlog

from edge.checkout.goods.barcode import LabelLayout, is_miskeyed
from edge.checkout.goods.catalogue import Catalogue, Product
from edge.checkout.loyalty.birthdays import DAY_SEGMENTS
from edge.checkout.promotions.naming import Named, names_in
from edge.checkout.promotions.offers import OWN_PREFIXES
from edge.checkout.promotions.promotion import Promotion
from edge.checkout.shop import Shop
from edge.settings import Settings
from edge.store.loyalty_settings import LoyaltySettings
from edge.store.member_labels import MemberLabels
from edge.store.till_store import TillStore
from edge.wire.member_codes import CodeReader

# Of each kind: whoever renamed a category finds all of it by a few.
LISTED: Final = 20
# Basis points: what is owed until it is spent is taxed then.
UNTAXED_BP: Final = 0


class Also(StrEnum):
    """What files and settings name besides what promotions do."""

    PRICE_LIST = "price list"
    TIERS_PRICE_LIST = "price list of a tier"
    MEMBERS_TIER = "member's tier"
    BARCODE = "barcode"
    COUNT_CARDS_TAX = "tax of a count card"
    TOP_UPS_RATE = "rate of top-ups"


class Mention(NamedTuple):
    """A name, what it is to be the name of, and where it stands."""

    place: str
    thing: Named | Also
    name: str


class Mismatch(NamedTuple):
    place: str
    reason: str


# A product and its barcodes, and where they stand.
Shelved: TypeAlias = tuple[str, Product, Sequence[str]]
# What there is of a kind, and what to say of a name that is not among it.
Known: TypeAlias = Mapping[Named | Also, tuple[Container[str], str]]


@dataclass(frozen=True, slots=True)
class ShopLists:
    """What the shop's lists hold, each with its place; None: it is not known here. `settings` and
    `catalogue` are the places of what stands in no row, `member_list` begins those of members.
    """

    goods: Iterable[Shelved] | None
    promotions: Sequence[tuple[str, Promotion]]
    members: MemberLabels | None
    settings: str = ""
    catalogue: str = "products"
    member_list: str = ""


@dataclass(slots=True)
class _Shelf:
    """What goods can be named by, the tax codes by PLU of those that are, and which of their codes
    are miskeyed.
    """

    tax_codes: dict[str, str] = field(default_factory=dict)
    categories: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    price_lists: set[str] = field(default_factory=set)
    miskeyed: list[Mention] = field(default_factory=list)


def mismatches(lists: ShopLists, settings: Settings) -> list[Mismatch]:
    """All of them, at most LISTED of a kind and then how many more."""
    shop = settings.shop_facts()
    shelf = _shelf(lists.goods or (), shop.labels, _named_products(lists, settings.loyalty))
    known = _known(lists, settings.loyalty, shelf, shop)
    found: list[Mismatch] = []
    times: Counter[Named | Also] = Counter()
    for place, thing, name in _mentions(lists, settings.loyalty, shelf):
        names, reason = known.get(thing, ((name,), ""))
        if name not in names:
            times[thing] += 1
            if times[thing] <= LISTED:
                found.append(Mismatch(place, reason.format(name)))
    more = {thing.value: number - LISTED for thing, number in times.items() if number > LISTED}
    return found + [Mismatch(f"{number} more", f"like these: {of}") for of, number in more.items()]


def _named_products(lists: ShopLists, loyalty: LoyaltySettings | None) -> frozenset[str]:
    """A few of a hundred thousand: more of them need not be kept in mind."""
    named = _mentions(lists, loyalty, _Shelf())
    return frozenset(each.name for each in named if each.thing is Named.PRODUCT)


def _shelf(
    goods: Iterable[Shelved], labels: Sequence[LabelLayout], named: Container[str]
) -> _Shelf:
    shelf = _Shelf()
    for place, product, codes in goods:
        if product.plu in named:
            shelf.tax_codes[product.plu] = product.tax_code
        shelf.categories |= product.categories
        shelf.tags |= product.tags
        shelf.price_lists.update(name for name, _ in product.prices)
        shelf.miskeyed += [
            Mention(place, Also.BARCODE, code)
            for code in codes
            if code != product.plu and is_miskeyed(code, labels)
        ]
    return shelf


def _known(lists: ShopLists, loyalty: LoyaltySettings | None, shelf: _Shelf, shop: Shop) -> Known:
    """A shop without members takes a chain's lists as they are: what they say of members is for
    other shops.
    """
    known: dict[Named | Also, tuple[Container[str], str]] = {
        Also.BARCODE: (
            (),
            "barcode {!r} has a wrong GS1 check digit: only labels of your own can have it",
        ),
    }
    if loyalty is not None:
        known |= _known_of_members(loyalty, shop)
    if lists.goods is not None:
        known |= {
            Named.PRODUCT: (shelf.tax_codes, "no product has the PLU {!r}"),
            Named.CATEGORY: (shelf.categories, "no product is in the category {!r}"),
            Named.TAG: (shelf.tags, "no product has the tag {!r}"),
            Also.PRICE_LIST: (shelf.price_lists, "no product has a price on the list {!r}"),
        }
    if lists.members is not None:
        segments = lists.members.segments | DAY_SEGMENTS
        known[Named.SEGMENT] = (segments, "no member is in the segment {!r}")
    return known


def _known_of_members(loyalty: LoyaltySettings, shop: Shop) -> Known:
    tiers = [each.id for each in loyalty.tiers]
    rates = shop.tax_rates.values()
    return {
        Named.TIER: (tiers, "loyalty.tiers has no {!r}"),
        Named.COUPON: ([each.id for each in loyalty.campaigns], "loyalty.campaigns has no {!r}"),
        Also.TIERS_PRICE_LIST: (
            [each.price_list for each in loyalty.tiers],
            "no tier of loyalty.tiers has the price list {!r}",
        ),
        # A file of people is not quoted, whatever its columns hold.
        Also.MEMBERS_TIER: (
            tiers,
            f"the member's tier is unknown; loyalty.tiers has: {', '.join(tiers)}",
        ),
        Also.COUNT_CARDS_TAX: (
            [rate.code for rate in rates if rate.rate_bp == UNTAXED_BP],
            "the card has the tax code {!r}, which is no rate of 0: its visits are taxed again",
        ),
        Also.TOP_UPS_RATE: (
            [str(rate.rate_bp) for rate in rates],
            "shop.taxes has no rate_bp = {}: nothing can be topped up",
        ),
    }


def _mentions(
    lists: ShopLists, loyalty: LoyaltySettings | None, shelf: _Shelf
) -> Iterator[Mention]:
    yield from shelf.miskeyed
    for name in sorted(shelf.price_lists):
        yield Mention(f"{lists.catalogue}, price_minor:{name}", Also.TIERS_PRICE_LIST, name)
    for place, promotion in lists.promotions:
        yield from (Mention(place, *each) for each in sorted(names_in(promotion)))
    for tier, place in (lists.members.tiers if lists.members else {}).items():
        yield Mention(f"{lists.member_list}{place}", Also.MEMBERS_TIER, tier)
    for key, thing, names in _in_settings(loyalty, shelf) if loyalty else ():
        for name in names:
            yield Mention(f"{lists.settings}loyalty.{key}", thing, name)


def _in_settings(
    loyalty: LoyaltySettings, shelf: _Shelf
) -> Iterator[tuple[str, Named | Also, Sequence[str]]]:
    """Key, what it names, and the names; an empty text names nothing."""
    for tier in loyalty.tiers:
        yield f"tiers ({tier.id}), price_list", Also.PRICE_LIST, _given(tier.price_list)
    for reward in loyalty.rewards:
        yield f"rewards ({reward.id}), plu", Named.PRODUCT, _given(reward.plu)
    if "top_up" in loyalty.model_fields_set:
        yield "top_up", Also.TOP_UPS_RATE, (str(UNTAXED_BP),)
    for plan in loyalty.count_plans:
        # What is sold as the card.
        key = f"count_plans ({plan.id}), id"
        yield key, Named.PRODUCT, (plan.id,)
        yield key, Also.COUNT_CARDS_TAX, _given(shelf.tax_codes.get(plan.id, ""))
        yield f"count_plans ({plan.id}), services", Named.PRODUCT, plan.services
    for campaign in loyalty.campaigns:
        yield f"campaigns ({campaign.id}), products", Named.PRODUCT, campaign.products
        yield f"campaigns ({campaign.id}), categories", Named.CATEGORY, campaign.categories


def _given(name: str) -> tuple[str, ...]:
    return (name,) if name else ()


async def lists_in_force(store: TillStore, settings: Settings) -> ShopLists:
    """What the till holds now, with product or promotion as the place. Raises StoreError."""
    loyalty = settings.loyalty
    members = None
    if loyalty is not None:
        desk = store.members(CodeReader(loyalty.public_keys()), loyalty.till)
        members = await desk.labels()
    promotions = store.promotions().offers().promotions.promotions
    return ShopLists(
        goods=_on_the_shelf(store.catalogue()),
        promotions=[
            (f"promotion {each.id}", each)
            for each in promotions
            if not each.id.startswith(OWN_PREFIXES)
        ],
        members=members,
    )


async def tell_mismatches(lists: ShopLists, settings: Settings) -> None:
    """A line in the log for each. A hundred thousand products are looked at beside the selling:
    nobody waits for them at a start.
    """
    log = structlog.get_logger("edge.shop")
    for place, reason in await asyncio.to_thread(mismatches, lists, settings):
        log.warning("shop_lists_disagree", place=place, reason=reason)


def _on_the_shelf(catalogue: Catalogue) -> Iterator[Shelved]:
    for code, product in catalogue.by_code.items():
        yield f"product {product.plu}", product, (code,)
