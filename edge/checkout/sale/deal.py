"""What promotions make of a basket, worked out anew whenever it changes.

What is paid already never changes: payments are taken for a sum that was on the screen, so that
once the first one is in, prices stay those of the moment before it. Only a visit or a reward is
worth what its service or article costs by now.
"""

from dataclasses import replace
from typing import Final

from edge.checkout.balances.accounts import civil_day
from edge.checkout.instant import Instant
from edge.checkout.promotions.engine import apply_promotions
from edge.checkout.promotions.outcome import Discount, Lane, Outcome
from edge.checkout.promotions.sale import NOBODY, CivilTime, Goods, PromotionRequest, Shopper
from edge.checkout.promotions.uses import NOBODYS
from edge.checkout.quantity import ONE_MILLI, whole_units
from edge.checkout.records import Unit
from edge.checkout.sale.basket import NO_DEAL, Basket, BasketKind, Deal, Line
from edge.checkout.sale.offs import Off
from edge.checkout.sale.pricing import worth_what_it_covers
from edge.checkout.session import Facts
from edge.checkout.shop import Shop
from edge.checkout.words.texts import text
from edge.checkout.words.texts_promotions import PromotionWord

_MINUTE_MS: Final = 60_000
_DAY_MINUTES: Final = 24 * 60


def reprice(basket: Basket, facts: Facts, at: Instant) -> Basket:
    """The basket with what the promotions in force at that moment take off, and people."""
    return worth_what_it_covers(_with_deal(basket, facts, at), facts.shop)


def _with_deal(basket: Basket, facts: Facts, at: Instant) -> Basket:
    given = facts.promotions.promotions or basket.manual
    if basket.kind is BasketKind.RETURN or not (basket.lines and given):
        return basket if basket.deal is NO_DEAL else replace(basket, deal=NO_DEAL)
    if basket.tenders and basket.priced_at is not None:
        at = basket.priced_at
    now = civil_time(at, facts.shop)
    own = basket.buyer.used if basket.buyer else NOBODYS
    request = PromotionRequest(
        goods=tuple(map(_goods, basket.lines)),
        now=now,
        shopper=_shopper(basket),
        coupons=frozenset(basket.coupons),
        used=facts.promotion_uses.used(now.day if now else None, own),
        manual=basket.manual,
        minor_per_point=facts.loyalty.earn.minor_per_point if facts.loyalty else 0,
    )
    outcome = apply_promotions(facts.promotions, request)
    priced_at = Instant(at.utc_ms, "", 0, at.quality)
    return replace(basket, deal=_deal(outcome, facts), priced_at=priced_at)


def civil_time(at: Instant, shop: Shop) -> CivilTime | None:
    """The shop's day and minute, None while the clock can't be trusted."""
    day = civil_day(at, shop.utc_offset_minutes)
    if day is None:
        return None
    return CivilTime(day, (at.utc_ms // _MINUTE_MS + shop.utc_offset_minutes) % _DAY_MINUTES)


def _shopper(basket: Basket) -> Shopper:
    buyer = basket.buyer
    if buyer is None:
        return NOBODY
    return Shopper(buyer.member, buyer.tier, frozenset(buyer.segments))


def _goods(line: Line) -> Goods:
    by_weight = line.product.unit is Unit.KG
    return Goods(
        line=line.number,
        plu=line.product.plu,
        price_minor=line.price_minor,
        units=whole_units(line.quantity_milli, line.product.unit),
        unit_milli=line.quantity_milli if by_weight else ONE_MILLI,
        categories=line.product.categories,
        tags=line.product.tags,
        discountable=line.product.discountable,
        earns_points=line.product.earns_points,
    )


def _name(discount: Discount, facts: Facts) -> str:
    if discount.lane is Lane.MANUAL:
        return text(PromotionWord.DISCOUNT, facts.shop.language)
    return facts.promotion_names.get(discount.promotion, discount.promotion)


def _deal(outcome: Outcome, facts: Facts) -> Deal:
    offs = [
        Off(
            promotion=discount.promotion,
            name=_name(discount, facts),
            lane=discount.lane.value,
            uses=discount.uses,
            parts=discount.taken,
        )
        for discount in outcome.discounts
    ]
    # Points on top take nothing off, but they are a use, which a limit counts.
    offs += [
        Off(
            promotion=bonus.promotion,
            name=facts.promotion_names.get(bonus.promotion, bonus.promotion),
            lane=Lane.POINTS.value,
            uses=outcome.uses[bonus.promotion],
            parts=(),
        )
        for bonus in outcome.bonus_points
    ]
    off_by_line: dict[int, int] = {}
    for off in offs:
        for line, _, off_minor in off.parts:
            off_by_line[line] = off_by_line.get(line, 0) + off_minor
    return Deal(
        offs=tuple(offs),
        off_by_line=off_by_line,
        uses=outcome.uses,
        bonus=outcome.bonus_points,
        gifts=outcome.gifts,
        missed=outcome.missed,
    )
