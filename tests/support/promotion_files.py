"""Promotions as a shop's file has them, and sales that used them."""

import json
from typing import Any

from edge.checkout.records import Entry, Sale, sale_entry
from edge.price.promotions import Promotion
from edge.price.reading import parse_promotions


def percent(promotion: str, rate_bp: int, **more: Any) -> dict[str, Any]:
    return {"id": promotion, "benefit": {"kind": "percent", "rate_bp": rate_bp}, **more}


def flash(promotion: str, plu: str, price_minor: int, number: int) -> dict[str, Any]:
    """The first `number` units of a product at a price, until the end of 2029."""
    return {
        "id": promotion,
        "name": "Flash sale",
        "name_zh": "限时抢购",
        "benefit": {"kind": "flash_sale", "price_minor": price_minor},
        "where": {"kind": "products", "plus": [plu]},
        "conditions": [{"kind": "window", "until": "2030-01-01T00:00"}],
        "limits": {"in_all": number},
    }


def text_of(*promotions: dict[str, Any]) -> str:
    """The file."""
    return json.dumps(promotions, ensure_ascii=False)


def listed(*promotions: dict[str, Any]) -> tuple[Promotion, ...]:
    return parse_promotions(text_of(*promotions).encode(), "promotions.json")


def used_in(sale: Sale, uses: dict[str, int], member: str = "") -> Entry:
    """The sale on record, with the promotions that it used."""
    entry = sale_entry(sale)
    body = {
        **entry.body,
        "promotions": [
            {
                "id": promotion,
                "name": promotion,
                "lane": "unit",
                "uses": times,
                "off_minor": 0,
                "parts": [],
            }
            for promotion, times in uses.items()
        ],
        "member": member,
    }
    return Entry(entry.kind, body)
