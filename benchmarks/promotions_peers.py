"""The promotions engines of @medusajs/promotion and django-oscar, over the benchmark's baskets.

They are installed by npm and pip, as this machine has them set up, into a folder that is kept: the
next run finds them there.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from promotions_offers import Line, Offer, Scenario, category_of

HERE = Path(__file__).parent
MEDUSA = ("@medusajs/promotion@2.21.2", "@medusajs/utils@2.21.2")
OSCAR = "django-oscar==4.2.1"
# Seconds. Either is some hundred files a package; a run over the baskets takes a few seconds, with
# hundreds of promotions a minute.
INSTALL_S, RUN_S = 300, 300
# Baskets before the first that is timed; V8 has compiled by then what it will compile.
MEDUSA_WARM = {10: 2_000, 50: 12}


class PeerMissingError(Exception):
    """A peer that can't be had; says why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Nanoseconds for each basket, and what came off one in the mean, in minor units."""

    ns: Sequence[int]
    off_minor: float


def _command(*words: str, cwd: Path, seconds: int, what: str) -> str:
    """What it printed. Raises PeerMissingError when it fails or takes too long."""
    try:
        done = subprocess.run(
            words, cwd=cwd, capture_output=True, text=True, check=False, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        raise PeerMissingError(f"{what} took more than {seconds} s") from None
    if done.returncode:
        raise PeerMissingError(f"{what} failed ({done.returncode})")
    return done.stdout


def _installed(cache: Path, name: str, install: Callable[[Path], None]) -> Path:
    """The folder with the peer in it, filled when it is not there yet."""
    folder = cache / name
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        install(folder)
        (folder / "done").touch()
    return folder


def _run(words: Sequence[str], given: Mapping[str, Any], folder: Path) -> dict[str, Taken]:
    with TemporaryDirectory(dir=folder) as name:
        data = Path(name) / "input.json"
        data.write_text(json.dumps(given), encoding="utf-8")
        printed = _command(*words, str(data), cwd=folder, seconds=RUN_S, what="the run")
    found = json.loads(printed.strip().splitlines()[-1])
    return {what: Taken(each["ns"], each["off"]) for what, each in found.items()}


# --- Medusa


def medusa(cache: Path, baskets: Mapping[Scenario, int]) -> dict[str, Taken]:
    """The first so many baskets of each scenario, by Medusa's compute functions."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise PeerMissingError("there is no node and npm")

    def install(folder: Path) -> None:
        (folder / "package.json").write_text("{}", encoding="utf-8")
        flags = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps")
        _command(npm, "install", *flags, *MEDUSA, cwd=folder, seconds=INSTALL_S, what="npm install")

    folder = _installed(cache, "medusa", install)
    given = {each.name: medusa_input(each, count) for each, count in baskets.items()}
    return _run((node, str(HERE / "promotions_medusa.js")), given, folder)


def medusa_input(scenario: Scenario, baskets: int) -> dict[str, Any]:
    promotions = [medusa_promotion(number, offer) for number, offer in enumerate(scenario.offers)]
    return {
        "promotions": sorted(promotions, key=lambda each: -each["application_method"]["value"]),
        "baskets": [medusa_context(lines) for lines in scenario.baskets[:baskets]],
        "warm": MEDUSA_WARM[len(scenario.baskets[0])],
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


# --- django-oscar


def oscar(cache: Path, baskets: Mapping[Scenario, int]) -> dict[str, Taken]:
    """The first so many baskets of each scenario, by django-oscar's applicator."""

    def install(folder: Path) -> None:
        _command(sys.executable, "-m", "venv", ".", cwd=folder, seconds=INSTALL_S, what="venv")
        pip = (str(folder / "bin/python"), "-m", "pip", "install", "--quiet", OSCAR)
        _command(*pip, cwd=folder, seconds=INSTALL_S, what="pip install")

    folder = _installed(cache, "oscar", install)
    given = {
        each.name: {
            "offers": each.offers,
            "prices": each.prices,
            "baskets": each.baskets[:count],
        }
        for each, count in baskets.items()
    }
    return _run((str(folder / "bin/python"), str(HERE / "promotions_oscar.py")), given, folder)
