"""A scan in a member's basket with all of it on: 500 promotions, tiers, offers, points, coupons."""

import asyncio
import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from shop import SEED, tables
from table import Figure, p50, p50_p99, p99

from edge.appliance import StopRequest
from edge.checkout.inputs import Key
from edge.checkout.screens import CashierScreen
from edge.compose import House, build_house
from edge.drivers.simulated import SimulatedCashierDisplay, SimulatedKeypad, SimulatedScanner
from edge.settings import Settings

PROMOTIONS = 500
# Half of what is scanned has promotions of its own: more than any shop has on its shelves.
PROMOTED_PRODUCTS = 1_000
BASKETS = 40
LINES = 50
AIM_S = 0.005
MEMBER = "9007000020"


def measure(store: Path, codes: Sequence[tuple[str, str]]) -> list[Figure]:
    """`store` has the catalogue, and stays as it is; `codes` in the order of its PLUs."""
    copy = store.with_name("full.db")
    shutil.copy(store, copy)
    full_settings = settings_with_all_on(copy)
    scans = asyncio.run(_measure(full_settings, [code for code, _ in codes]))
    late = [each for basket in scans for each in basket[-10:]]
    every = [each for basket in scans for each in basket]
    return [
        Figure(
            f"scan, member's basket of 1 to {LINES} lines, {PROMOTIONS} promotions",
            p50_p99(every),
            f"its last ten lines {p50_p99(late)}",
            p50(late) / p50(every),
            aim="p99 < 5 ms",
            met=p99(every) < AIM_S,
        )
    ]


def settings_with_all_on(store: Path) -> Settings:
    """The benchmark's shop with members and promotions, their files beside the store."""
    folder = store.parent
    offers = folder / "promotions.json"
    offers.write_text(json.dumps([promotion(number) for number in range(PROMOTIONS)]))
    members = folder / "members.csv"
    members.write_text(
        "number,card,revision,phone,name,birthday,consent,tier,segments,blocked,purchases,"
        f"spent_minor\n{MEMBER},{MEMBER},1,,Ana,,1,gold,,0,57,512300\n"
    )
    found: dict[str, Any] = tables(store)
    found["shop"]["promotions"] = str(offers)
    gold = {"id": "gold", "name_en": "Gold", "name_zh": "金卡", "from_minor": 100_000}
    found["loyalty"] = {
        "till": 1,
        "members": str(members),
        "points": {"minor_per_point": 100},
        "tiers": [{**gold, "points_rate_bp": 15_000, "discount_bp": 500}],
        "offers": [{"id": "birthday", "segment": "birthday-week", "rate_bp": 1_000}],
    }
    return Settings.model_validate(found)


def promotion(number: int) -> dict[str, Any]:
    """One of the mixed offers of a supermarket, by its number."""
    random = Random(SEED + number)
    plus = sorted({f"P{random.randrange(PROMOTED_PRODUCTS):06d}" for _ in range(6)})
    benefits: list[dict[str, Any]] = [
        {"kind": "percent", "rate_bp": random.randrange(500, 3_000)},
        {"kind": "amount", "off_minor": random.randrange(10, 40)},
        {"kind": "cheapest_free", "buy": 2, "free": 1},
        {"kind": "nth_item", "nth": 2, "cut": {"kind": "percent", "rate_bp": 5_000}},
        {"kind": "spend_once", "spend_minor": 5_000, "off_minor": 500},
    ]
    where = {"kind": "products", "plus": plus}
    return {
        "id": f"offer-{number:03}",
        "name": f"Offer {number}",
        "benefit": benefits[number % len(benefits)],
        "where": where,
    }


async def _measure(full_settings: Settings, codes: Sequence[str]) -> list[list[float]]:
    stop = StopRequest()
    async with build_house(full_settings, stop=stop) as house, asyncio.TaskGroup() as tasks:
        tasks.create_task(house.appliance.run())
        await house.appliance.ready.wait()
        assert len(house.store.promotions().offers().promotions.promotions) >= PROMOTIONS
        found = await _sell(house, codes)
        stop.stop()
    return found


async def _sell(house: House, codes: Sequence[str]) -> list[list[float]]:
    scanner, keypad = house.devices.scanners[0], house.devices.keypads[0]
    display = house.devices.cashier_displays[0]
    assert isinstance(scanner, SimulatedScanner)
    assert isinstance(keypad, SimulatedKeypad)
    assert isinstance(display, SimulatedCashierDisplay)
    shown = asyncio.Event()
    screens: list[tuple[float, CashierScreen]] = []

    def on_show(screen: CashierScreen) -> None:
        screens.append((time.perf_counter(), screen))
        shown.set()

    display.on_show = on_show
    random = Random(SEED)
    scans: list[list[float]] = []
    for _ in range(BASKETS):
        promoted = random.sample(codes[:PROMOTED_PRODUCTS], LINES // 2)
        basket_codes = [*promoted, *random.sample(codes, LINES - len(promoted))]
        random.shuffle(basket_codes)
        scanner.scan(MEMBER)
        while house.till.session.basket is None or house.till.session.basket.buyer is None:
            shown.clear()
            await shown.wait()
        times = []
        for code in basket_codes:
            screens.clear()
            shown.clear()
            begun = time.perf_counter()
            assert scanner.scan(code)
            await shown.wait()
            times.append(screens[0][0] - begun)
        scans.append(times)
        lines = house.till.session.basket
        assert lines is not None
        assert len(lines.lines) == LINES
        assert lines.deal.offs
        keypad.press(Key.CASH)
        while house.till.session.basket is not None or house.till.session.printing:
            shown.clear()
            await shown.wait()
    return scans
