"""The promotions and baskets of the benchmark: offers that peers can express too, and all kinds."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from edge.checkout.promotions.conditions import HasCoupon, Hours, IsMember, SpendAtLeast, Weekdays
from edge.checkout.promotions.promotion import (
    AmountOff,
    Bundle,
    BundleSlot,
    BuyGet,
    CheapestFree,
    FixedPrice,
    Gift,
    Limits,
    NthItem,
    OrderPercent,
    PercentCut,
    PercentOff,
    PointsTimes,
    Promotion,
    SpendEvery,
    SpendOnce,
)
from edge.checkout.promotions.promotion_set import PromotionSet, compile_promotions
from edge.checkout.promotions.sale import CivilTime, Goods, PromotionRequest, Shopper
from edge.checkout.promotions.selection import EVERYTHING, Categories, Products, Tags

NOW = CivilTime(date(2026, 3, 2), 11 * 60)
SEED = 20260302
PRODUCTS, CATEGORIES = 1_000, 40
EVERYTHING_BASKETS = 300

Offer: TypeAlias = dict[str, Any]
# (plu, price in minor units, units)
Line: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """Offers that all sides can express, and baskets."""

    name: str
    offers: Sequence[Offer]
    baskets: Sequence[Sequence[Line]]
    prices: Mapping[str, int]


def prices() -> dict[str, int]:
    dice = random.Random(SEED)
    return {f"p{number}": dice.randrange(100, 5_000) for number in range(PRODUCTS)}


def category_of(plu: str) -> str:
    return f"c{int(plu[1:]) % CATEGORIES}"


def common_offers(count: int, dice: random.Random, known: Mapping[str, int]) -> list[Offer]:
    """In ten: three percentages off a category, two amounts off a few products, a 3-for-2, a
    second at half price, a product with another, something off from a sum on, a percentage off
    all. With hundreds there are still no more than two of each of the last two.
    """
    plus = sorted(known)
    kinds = [*["percent"] * 3, *["amount"] * 2, "three_for_two", "second_half", "get_other"]
    last = {"spend_minor": 5_000, "off_minor": 300, "rate_bp": 500}
    all_goods = ["spend", "order_percent"] * (1 if count < 100 else 2)
    offers: list[Offer] = [{"kind": kind, "plus": None, **last} for kind in all_goods]
    while len(offers) < count:
        chosen = dice.sample(plus, 4)
        offers.append(
            {
                "kind": kinds[len(offers) % len(kinds)],
                "plus": chosen,
                "other": dice.sample(plus, 2),
                "category": category_of(chosen[0]),
                "rate_bp": 100 * dice.randrange(5, 31),
                "off_minor": dice.randrange(5, 90),
            }
        )
    for offer in offers:
        if offer["kind"] == "percent":
            offer["plus"] = [plu for plu in plus if category_of(plu) == offer["category"]]
    return offers


def baskets_of(
    lines: int, count: int, dice: random.Random, offers: Sequence[Offer], known: Mapping[str, int]
) -> list[list[Line]]:
    """Different products that are in some offer, one to four units of each."""
    about = [[*(offer["plus"] or ()), *offer.get("other", ())] for offer in offers]
    about = [plus for plus in about if plus]
    found = []
    for _ in range(count):
        chosen: dict[str, None] = {}
        while len(chosen) < lines:
            chosen[dice.choice(dice.choice(about))] = None
        found.append([(plu, known[plu], dice.randrange(1, 5)) for plu in chosen])
    return found


def scenario(lines: int, offers: int, baskets: int) -> Scenario:
    dice, known = random.Random(SEED + offers), prices()
    common = common_offers(offers, dice, known)
    return Scenario(
        name=f"{lines} lines x {offers} promotions",
        offers=common,
        baskets=baskets_of(lines, baskets, dice, common, known),
        prices=known,
    )


# --- as the house has them


def our_promotion(number: int, offer: Offer) -> Promotion:
    where: Any = EVERYTHING if offer["plus"] is None else Products(frozenset(offer["plus"]))
    if offer["kind"] == "percent":
        where = Categories(frozenset({offer["category"]}))
    make: dict[str, Callable[[], Any]] = {
        "percent": lambda: PercentOff(offer["rate_bp"]),
        "amount": lambda: AmountOff(offer["off_minor"]),
        "three_for_two": lambda: CheapestFree(2, 1),
        "second_half": lambda: NthItem(2, PercentCut(5_000)),
        "get_other": lambda: BuyGet(1, 1, Products(frozenset(offer["other"]))),
        "order_percent": lambda: OrderPercent(offer["rate_bp"]),
        "spend": lambda: SpendOnce(offer["spend_minor"], offer["off_minor"]),
    }
    return Promotion(f"o{number:04}", make[offer["kind"]](), where)


def our_request(lines: Sequence[Line]) -> PromotionRequest:
    goods = tuple(
        Goods(number, plu, price_minor, units, categories=frozenset({category_of(plu)}))
        for number, (plu, price_minor, units) in enumerate(lines, start=1)
    )
    return PromotionRequest(goods, NOW, Shopper("m"), minor_per_point=100)


# --- every kind, on a member's basket


def any_goods(dice: random.Random) -> Any:
    """Mostly products, sometimes a category or a tag."""
    narrow = dice.random()
    if narrow < 0.7:
        return Products(frozenset(dice.sample(sorted(prices()), dice.randrange(1, 6))))
    if narrow < 0.9:
        return Categories(frozenset({f"c{dice.randrange(CATEGORIES)}"}))
    return Tags(frozenset({f"t{dice.randrange(20)}"}))


def every_kind(dice: random.Random) -> list[Callable[[], Any]]:
    """A maker for each kind of benefit; those of the item lane are from 3 to 7."""

    def slot() -> BundleSlot:
        return BundleSlot(any_goods(dice), 1)

    return [
        lambda: PercentOff(100 * dice.randrange(5, 31)),
        lambda: AmountOff(dice.randrange(5, 90)),
        lambda: FixedPrice(dice.randrange(90, 3_000)),
        lambda: NthItem(2, PercentCut(5_000)),
        lambda: CheapestFree(2, 1),
        lambda: BuyGet(1, 1, any_goods(dice)),
        lambda: Bundle((slot(), slot()), dice.randrange(900, 4_000)),
        Gift,
        lambda: OrderPercent(dice.randrange(100, 900)),
        lambda: SpendEvery(10_000, 500),
        lambda: PointsTimes(20_000),
    ]


def everything_on(count: int) -> PromotionSet:
    """All kinds, with conditions, groups, limits and coupons, on products, categories and tags."""
    dice = random.Random(SEED)
    makers = every_kind(dice)
    conditions: list[Callable[[], Any]] = [
        tuple,
        tuple,
        lambda: (IsMember(),),
        lambda: (Weekdays(frozenset({1, 2, 3})),),
        lambda: (Hours(8 * 60, 12 * 60), SpendAtLeast(2_000)),
        lambda: (HasCoupon(f"k{dice.randrange(50)}"),),
    ]
    return compile_promotions(
        Promotion(
            id=f"e{number:04}",
            benefit=makers[number % len(makers)](),
            where=any_goods(dice),
            conditions=dice.choice(conditions)(),
            limits=Limits(per_sale=dice.choice([None, None, 2])),
            # Most shelf offers exclude each other; some stack, as a member's price does.
            group="" if 3 <= number % len(makers) <= 7 or dice.random() < 0.2 else "shelf",
            priority=dice.randrange(3),
        )
        for number in range(count)
    )


def everything_requests() -> list[PromotionRequest]:
    """A member's baskets of 50 lines, with two coupons."""
    dice, known = random.Random(SEED + 1), prices()
    tags = {plu: frozenset({f"t{dice.randrange(20)}"}) for plu in known}
    requests = []
    for _ in range(EVERYTHING_BASKETS):
        goods = tuple(
            Goods(
                number,
                plu,
                known[plu],
                dice.randrange(1, 5),
                categories=frozenset({category_of(plu)}),
                tags=tags[plu],
            )
            for number, plu in enumerate(dice.sample(sorted(known), 50), start=1)
        )
        shopper = Shopper("m", "gold", frozenset({"s"}))
        requests.append(
            PromotionRequest(goods, NOW, shopper, frozenset({"k1", "k2"}), minor_per_point=100)
        )
    return requests
