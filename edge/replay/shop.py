"""The shop that the rolls are replayed in: its settings and its products."""

from collections.abc import Mapping
from pathlib import Path

from edge.checkout.goods.catalogue import Product
from edge.checkout.records import Unit
from edge.replay.amounts import HIGHEST_PRICE_MINOR, MOST_UNITS
from edge.replay.rolls import MOST_LINES, RollProduct
from edge.settings import Settings
from edge.store.catalogue_cache import Article

DEVICE = "replay-till"
CURRENCY = "GBP"
# The rolls do not say what tax was in their prices.
TAX_CODE = "A"
# Both ends are on one machine and nothing is billed by the byte, so neither is patient.
IMPATIENT = {"reconnect_base_ms": 50, "reconnect_cap_ms": 1_000, "ack_timeout_cap_ms": 20_000}


def shop_settings(store: Path, broker: tuple[str, int] | None) -> Settings:
    """A till with a scanner, a keypad, a drawer and a printer, and limits that hold a wholesaler's
    invoices; it reports to the broker at `(host, port)`, if there is one.
    """
    uplink = {"host": broker[0], "port": broker[1], **IMPATIENT} if broker else None
    return Settings.model_validate(
        {
            "device": {"id": DEVICE},
            "shop": {
                "name": "Replay",
                "currency": CURRENCY,
                "taxes": [{"code": TAX_CODE, "rate_bp": 0}],
            },
            "store": {"path": store},
            "uplink": uplink,
            "limits": {
                "max_lines": MOST_LINES,
                "max_changes": MOST_LINES,
                "max_quantity_milli": MOST_UNITS * 1_000,
                "max_price_minor": HIGHEST_PRICE_MINOR,
            },
            "devices": [
                {"driver": f"{kind}_simulated", "name": kind}
                for kind in ("scanner", "keypad", "drawer", "printer")
            ],
        }
    )


def articles(products: Mapping[str, RollProduct]) -> tuple[Article, ...]:
    """The StockCodes as PLUs, as they stand."""
    return tuple(
        Article(Product(each.code, each.name, "", each.list_price_minor, TAX_CODE, Unit.EACH), ())
        for each in products.values()
    )
