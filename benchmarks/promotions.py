"""The promotions engine beside its peers, in one run: `python benchmarks/promotions.py`.

The peers are installed by name into a folder that is gone afterwards; where they can't be had, the
run says so and shows the house's own figures. Nothing of theirs is kept.
"""

import gc
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

sys.path.insert(0, str(Path(__file__).parents[1]))

from edge.checkout.promotions.conditions import HasCoupon, Hours, IsMember, SpendAtLeast, Weekdays
from edge.checkout.promotions.engine import apply_promotions
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

HERE = Path(__file__).parent
MEDUSA = ("@medusajs/promotion@2.21.2", "@medusajs/utils@2.21.2")
OSCAR = "django-oscar==4.2.1"
INSTALL_SECONDS = 300
RUN_SECONDS = 300
NOW = CivilTime(date(2026, 3, 2), 11 * 60)
SEED = 20260302
PRODUCTS, CATEGORIES = 1_000, 40

Offer: TypeAlias = dict[str, Any]
# (plu, price in minor units, units)
Line: TypeAlias = tuple[str, int, int]

DIFFERENCES = (
    "Medusa stacks everything on a line and takes percent and amounts by the size of their number.",
    "django-oscar takes offers in turn and asks its database (SQLite in memory) what each is for.",
    "Neither says what did not apply and why; the figures of the house include that.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: times in microseconds, and what is to be said about it."""

    what: str
    who: str
    p50_us: float
    p99_us: float
    note: str = ""

    def text(self) -> str:
        return (
            f"{self.what:28} {self.who:24} p50 {self.p50_us:10.1f} us"
            f"   p99 {self.p99_us:10.1f} us   {self.note}"
        )


@dataclass(frozen=True, slots=True)
class Scenario:
    """Offers that all sides can express, and baskets."""

    name: str
    offers: Sequence[Offer]
    baskets: Sequence[Sequence[Line]]
    prices: Mapping[str, int]
    # How many of the baskets the peers get; they are slow.
    for_medusa: int
    for_oscar: int


# --- the common offers


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


def scenario(lines: int, offers: int, baskets: int, medusa: int, oscar: int) -> Scenario:
    dice, known = random.Random(SEED + offers), prices()
    common = common_offers(offers, dice, known)
    return Scenario(
        name=f"{lines} lines x {offers} promotions",
        offers=common,
        baskets=baskets_of(lines, baskets, dice, common, known),
        prices=known,
        for_medusa=medusa,
        for_oscar=oscar,
    )


# --- ours


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


def timed(
    promotions: PromotionSet, requests: Sequence[PromotionRequest]
) -> tuple[list[int], float]:
    """Nanoseconds for each basket, and the mean discount."""
    for request in requests[:20]:
        apply_promotions(promotions, request)
    spent, off = [], 0
    gc.collect()
    for request in requests:
        begun = time.perf_counter_ns()
        outcome = apply_promotions(promotions, request)
        spent.append(time.perf_counter_ns() - begun)
        off += outcome.off_minor
    return spent, off / len(requests)


def row(what: str, who: str, spent: Sequence[int], note: str) -> Row:
    ordered = sorted(spent)
    p99 = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return Row(what, who, statistics.median(ordered) / 1_000, p99 / 1_000, note)


def ours(of: Scenario) -> Row:
    promotions = compile_promotions(
        our_promotion(number, offer) for number, offer in enumerate(of.offers)
    )
    spent, off = timed(promotions, [our_request(lines) for lines in of.baskets])
    return row(of.name, "edge", spent, f"{off:.0f} off a basket of {len(of.baskets)}")


# --- ours alone: every kind, on a member's basket


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
    slot = lambda: BundleSlot(any_goods(dice), 1)  # noqa: E731 - it is a maker like the others
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


def everything_on_row() -> Row:
    dice, known = random.Random(SEED + 1), prices()
    tags = {plu: frozenset({f"t{dice.randrange(20)}"}) for plu in known}
    requests = []
    for _ in range(300):
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
    spent, off = timed(everything_on(500), requests)
    return row("50 x 500, every kind", "edge", spent, f"{off:.0f} off a basket of 300")


# --- the peers


def medusa_input(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    return {
        each.name: {
            "promotions": sorted(
                (medusa_promotion(number, offer) for number, offer in enumerate(each.offers)),
                key=lambda promotion: -promotion["application_method"]["value"],
            ),
            "baskets": [medusa_context(lines) for lines in each.baskets[: each.for_medusa]],
            "warm": 50,
        }
        for each in scenarios
    }


def medusa_context(lines: Sequence[Line]) -> dict[str, Any]:
    items = [
        {
            "id": f"i{number}",
            "quantity": units,
            "subtotal": price_minor * units,
            "original_total": price_minor * units,
            "is_discountable": True,
            "product": {"id": plu, "category": category_of(plu)},
        }
        for number, (plu, price_minor, units) in enumerate(lines)
    ]
    return {"items": items, "item_total": sum(item["subtotal"] for item in items)}


def medusa_rule(attribute: str, operator: str, values: Sequence[str]) -> dict[str, Any]:
    return {
        "attribute": attribute,
        "operator": operator,
        "values": [{"value": value} for value in values],
    }


def medusa_promotion(number: int, offer: Offer) -> dict[str, Any]:
    """One offer of the common list as Medusa has it."""
    kind = offer["kind"]
    goods = [medusa_rule("items.product.id", "in", offer["plus"] or ())]
    other = [medusa_rule("items.product.id", "in", offer.get("other", ()))]
    category = [medusa_rule("items.product.category", "eq", [offer.get("category", "")])]
    off_all = {"target_type": "order", "allocation": "across", "target_rules": []}
    off_each = {"target_type": "items", "allocation": "each"}
    rate = {"type": "percentage", "value": offer["rate_bp"] / 100}
    amount = {"type": "fixed", "value": offer["off_minor"]}
    get = {"type": "percentage", "value": 100, "apply_to_quantity": 1, "buy_rules": goods}
    method: dict[str, Any] = {
        "percent": {**rate, **off_each, "target_rules": category},
        "amount": {**amount, **off_each, "target_rules": goods},
        "order_percent": {**rate, **off_all},
        "spend": {**amount, **off_all},
        "three_for_two": {**get, **off_each, "target_rules": goods, "buy_rules_min_quantity": 2},
        "second_half": {
            **get,
            **off_each,
            "target_rules": goods,
            "buy_rules_min_quantity": 1,
            "value": 50,
        },
        "get_other": {**get, **off_each, "target_rules": other, "buy_rules_min_quantity": 1},
    }[kind]
    reached = medusa_rule("item_total", "gte", [str(offer.get("spend_minor"))])
    return {
        "id": f"o{number}",
        "code": f"o{number}",
        "type": "buyget" if "buy_rules" in method else "standard",
        "is_tax_inclusive": False,
        "rules": [reached] if kind == "spend" else [],
        "application_method": {"max_quantity": 100, **method},
    }


def oscar_input(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    return {
        each.name: {
            "offers": each.offers,
            "prices": each.prices,
            "baskets": each.baskets[: each.for_oscar],
        }
        for each in scenarios
    }


def medusa_rows(scenarios: Sequence[Scenario], folder: Path) -> list[Row]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise FileNotFoundError("no node")
    (folder / "package.json").write_text("{}", encoding="utf-8")
    flags = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps")
    command(npm, "install", *flags, *MEDUSA, cwd=folder, seconds=INSTALL_SECONDS)
    data = folder / "input.json"
    data.write_text(json.dumps(medusa_input(scenarios)), encoding="utf-8")
    script = str(HERE / "promotions_medusa.js")
    printed = command(node, script, str(data), cwd=folder, seconds=RUN_SECONDS)
    return peer_rows("@medusajs/promotion", printed)


def oscar_rows(scenarios: Sequence[Scenario], folder: Path) -> list[Row]:
    python = folder / "bin/python"
    command(sys.executable, "-m", "venv", str(folder), cwd=folder, seconds=INSTALL_SECONDS)
    install = [str(python), "-m", "pip", "install", "--quiet", OSCAR]
    command(*install, cwd=folder, seconds=INSTALL_SECONDS)
    data = folder / "input.json"
    data.write_text(json.dumps(oscar_input(scenarios)), encoding="utf-8")
    script = str(HERE / "promotions_oscar.py")
    printed = command(str(python), script, str(data), cwd=folder, seconds=RUN_SECONDS)
    return peer_rows("django-oscar", printed)


def command(*words: str, cwd: Path, seconds: int) -> str:
    done = subprocess.run(
        words, cwd=cwd, capture_output=True, text=True, check=False, timeout=seconds
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise subprocess.SubprocessError(said[-1] if said else f"exit {done.returncode}")
    return done.stdout


def peer_rows(who: str, printed: str) -> list[Row]:
    found = json.loads(printed.strip().splitlines()[-1])
    return [
        row(what, who, each["ns"], f"{each['off']:.0f} off a basket of {len(each['ns'])}")
        for what, each in found.items()
    ]


def measure(say: Callable[[str], None] = print) -> list[Row]:
    """All figures, ours first; `say` is told what can't be had, and what differs."""
    scenarios = [
        scenario(10, 10, baskets=2_000, medusa=1_000, oscar=30),
        scenario(50, 500, baskets=300, medusa=50, oscar=2),
    ]
    rows = [*(ours(each) for each in scenarios), everything_on_row()]
    for peer in (medusa_rows, oscar_rows):
        with tempfile.TemporaryDirectory(prefix="edge-bench-") as folder:
            try:
                rows += peer(scenarios, Path(folder))
            except (OSError, ValueError, subprocess.SubprocessError) as error:
                say(f"promotions: without {peer.__name__.removesuffix('_rows')}: {error}")
    for difference in DIFFERENCES:
        say(f"promotions: {difference}")
    return rows


def ratios(rows: Sequence[Row]) -> list[str]:
    """For each scenario how many times as fast as the faster peer we are, by the median."""
    lines = []
    for mine in (each for each in rows if each.who == "edge"):
        peers = [each for each in rows if each.what == mine.what and each.who != "edge"]
        if peers:
            best = min(peers, key=lambda each: each.p50_us)
            lines.append(
                f"{mine.what}: {best.p50_us / mine.p50_us:.1f} times as fast as {best.who}"
            )
    return lines


if __name__ == "__main__":
    measured = measure()
    for line in (*(each.text() for each in measured), *ratios(measured)):
        print(line)
