"""The open basket as JSON, for a power cut, and back."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, Final

from edge.checkout.goods.catalogue import Product
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.promotions.outcome import BonusPoints
from edge.checkout.promotions.sale import ManualDiscount
from edge.checkout.promotions.uses import MemberUses
from edge.checkout.records import (
    Entry,
    EntryKind,
    Json,
    JsonObject,
    Pack,
    Unit,
    pack_body,
    tender_bodies,
    tenders_from,
)
from edge.checkout.sale.basket import NO_DEAL, Basket, BasketKind, Buyer, Deal, Line
from edge.checkout.sale.offs import off_bodies, offs_from

# How the fields of a product that are no plain JSON are written, and read.
_WRITERS: Final[Mapping[type, Callable[[Any], Json]]] = {
    Unit: lambda unit: str(unit.value),
    frozenset: sorted,
    tuple: list,
}
_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "unit": Unit,
    "prices": lambda prices: tuple((name, price_minor) for name, price_minor in prices),
}


def basket_body(basket: Basket) -> JsonObject:
    """The basket as JSON. What is worked out anew for a basket without payments is left out: gifts
    to offer, and what was missed.
    """
    body: JsonObject = {
        "kind": basket.kind.value,
        "receipt_no": basket.receipt_no,
        "next_number": basket.next_number,
        "lines": [_line_body(line) for line in basket.lines],
        "tenders": tender_bodies(basket.tenders),
        "evidence": [{"kind": entry.kind.value, "body": entry.body} for entry in basket.evidence],
        "coupons": list(basket.coupons),
    }
    if basket.counted_coupons:
        body["counted_coupons"] = [list(each) for each in basket.counted_coupons]
    if basket.bottles:
        body["bottles"] = True
    if basket.deal.offs or basket.deal.bonus:
        body["deal"] = _deal_body(basket.deal)
    if basket.buyer is not None:
        buyer = basket.buyer
        used: JsonObject = {name: [its.in_all, its.today] for name, its in buyer.used.items()}
        body["buyer"] = [buyer.member, buyer.tier, list(buyer.segments), buyer.masked_name, used]
    if basket.manual:
        body["manual"] = [
            [each.id, each.line, each.rate_bp, each.off_minor] for each in basket.manual
        ]
        body["allowed_bp"] = basket.allowed_bp
    if basket.priced_at is not None:
        body["priced_at"] = [basket.priced_at.utc_ms, basket.priced_at.quality.value]
    return body


def _line_body(line: Line) -> JsonObject:
    return {
        "number": line.number,
        "code": line.code,
        "quantity_milli": line.quantity_milli,
        "price_minor": line.price_minor,
        "staff": line.staff,
        "of_line": line.of_line,
        "product": product_body(line.product),
        **({"holder": line.holder, "owner": line.owner} if line.holder else {}),
        **pack_body(line.pack),
    }


def product_body(product: Product) -> JsonObject:
    """A product as JSON: what differs from what a field is when nobody says anything."""
    body: JsonObject = {}
    for each in fields(product):
        value = getattr(product, each.name)
        if each.default is MISSING or value != each.default:
            write = _WRITERS.get(type(value))
            body[each.name] = write(value) if write else value
    return body


def product_from(body: Mapping[str, Any]) -> Product:
    """The inverse of `product_body`."""
    defaults = {each.name: each.default for each in fields(Product)}
    return Product(
        **{
            name: _READERS.get(
                name, type(defaults[name]) if isinstance(value, list) else _as_it_is
            )(value)
            for name, value in body.items()
        }
    )


def _as_it_is(value: Any) -> Any:
    return value


def _deal_body(deal: Deal) -> JsonObject:
    return {
        "offs": off_bodies(deal.offs),
        "uses": dict(deal.uses),
        "bonus": [[each.promotion, each.points, list(each.lines)] for each in deal.bonus],
    }


def basket_from(body: Any) -> Basket:
    """The inverse of `basket_body`. Raises KeyError, TypeError or ValueError on anything else."""
    return Basket(
        kind=BasketKind(body["kind"]),
        receipt_no=body["receipt_no"],
        next_number=body["next_number"],
        lines=tuple(_line_from(line) for line in body["lines"]),
        tenders=tenders_from(body["tenders"]),
        evidence=tuple(
            Entry(EntryKind(entry["kind"]), entry["body"]) for entry in body["evidence"]
        ),
        deal=_deal_from(body["deal"]) if "deal" in body else NO_DEAL,
        buyer=_buyer_from(*body["buyer"]) if "buyer" in body else None,
        coupons=tuple(body.get("coupons", ())),
        counted_coupons=tuple(
            (campaign, account) for campaign, account in body.get("counted_coupons", ())
        ),
        bottles=body.get("bottles", False),
        manual=tuple(ManualDiscount(*each) for each in body.get("manual", ())),
        allowed_bp=body.get("allowed_bp", 0),
        priced_at=_instant(*body["priced_at"]) if "priced_at" in body else None,
    )


def _line_from(line: Mapping[str, Any]) -> Line:
    product, pack = product_from(line["product"]), Pack(**line.get("pack", {}))
    return Line(**{**line, "product": product, "pack": pack})


def _instant(utc_ms: int, quality: str) -> Instant:
    return Instant(utc_ms, "", 0, ClockQuality(quality))


def _buyer_from(
    member: str,
    tier: str,
    segments: list[str],
    masked_name: str,
    used: Mapping[str, tuple[int, int]],
) -> Buyer:
    uses = {name: MemberUses(in_all, today) for name, (in_all, today) in used.items()}
    return Buyer(member, tier, tuple(segments), masked_name, uses)


def _deal_from(body: Mapping[str, Any]) -> Deal:
    offs = offs_from(body["offs"])
    off_by_line: dict[int, int] = {}
    for off in offs:
        for line, _, off_minor in off.parts:
            off_by_line[line] = off_by_line.get(line, 0) + off_minor
    bonus = tuple(
        BonusPoints(promotion, points, tuple(lines)) for promotion, points, lines in body["bonus"]
    )
    return Deal(offs, off_by_line, body["uses"], bonus)
