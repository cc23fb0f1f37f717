"""From a request to its answer: promotions, then tax, then what each unit was paid."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from edge.checkout.money import CURRENCIES, Currency, runs
from edge.checkout.promotions.conditions import coupon_of
from edge.checkout.promotions.engine import apply_promotions
from edge.checkout.promotions.outcome import (
    BonusPoints,
    Discount,
    GiftOffer,
    Lane,
    Missed,
    Outcome,
    Why,
)
from edge.checkout.promotions.promotion import Promotion
from edge.checkout.promotions.promotion_set import PromotionSet, compile_promotions
from edge.checkout.promotions.sale import NOBODY, Goods, PromotionRequest
from edge.checkout.quantity import ONE_MILLI
from edge.checkout.records import TaxTotal, Unit
from edge.checkout.sale.tax import line_taxes, tax_totals
from edge.checkout.shop import TaxMode, TaxRate
from edge.price import response
from edge.price.civil_time import read_time
from edge.price.request import BasketLine, PriceRequest, Product
from edge.price.words import say_discount, say_gift, say_missed


def price(request: PriceRequest) -> response.PriceResponse:
    """What everything costs, and why."""
    products = {product.plu: product for product in request.products}
    promotions = compile_promotions(promotion.core() for promotion in request.promotions)
    goods = tuple(
        _goods(number, line, products[line.plu])
        for number, line in enumerate(request.basket, start=1)
    )
    outcome = apply_promotions(
        promotions,
        PromotionRequest(
            goods=goods,
            now=read_time(request.now),
            shopper=request.member.core() if request.member else NOBODY,
            coupons=request.coupons,
            used={name: used.core() for name, used in request.used.items()},
            minor_per_point=request.minor_per_point or 0,
        ),
    )
    rates = {rate.code: TaxRate(rate.code, rate.rate_bp) for rate in request.tax_rates}
    amounts = [
        (products[each.plu].tax_code, net_minor)
        for each, net_minor in zip(goods, outcome.net_minor, strict=True)
    ]
    taxes = tax_totals(amounts, rates, request.tax_mode)
    lines = _lines(request, products, goods, outcome, line_taxes(amounts, taxes))
    return _answer(request, promotions, outcome, lines, taxes)


def _goods(number: int, line: BasketLine, product: Product) -> Goods:
    by_weight = product.unit is Unit.KG
    return Goods(
        line=number,
        plu=line.plu,
        price_minor=product.price_minor if line.price_minor is None else line.price_minor,
        units=1 if by_weight else line.quantity_milli // ONE_MILLI,
        unit_milli=line.quantity_milli if by_weight else ONE_MILLI,
        categories=product.categories,
        tags=product.tags,
        discountable=product.discountable,
        earns_points=product.earns_points,
    )


def _lines(
    request: PriceRequest,
    products: Mapping[str, Product],
    goods: tuple[Goods, ...],
    outcome: Outcome,
    taxes: tuple[int, ...],
) -> tuple[response.PricedLine, ...]:
    offs: dict[int, list[response.LineOff]] = {}
    for discount in outcome.discounts:
        for part in discount.parts:
            off = response.LineOff(
                promotion=discount.promotion, units=part.units, off_minor=part.off_minor
            )
            offs.setdefault(part.line, []).append(off)
    added = request.tax_mode is TaxMode.EXCLUDED
    return tuple(
        response.PricedLine(
            line=each.line,
            plu=each.plu,
            name=products[each.plu].name,
            quantity_milli=each.units * each.unit_milli,
            price_minor=each.price_minor,
            gross_minor=each.units * each.unit_minor,
            off_minor=each.units * each.unit_minor - net_minor,
            net_minor=net_minor,
            tax_code=products[each.plu].tax_code,
            tax_minor=tax_minor,
            paid=runs(net_minor + (tax_minor if added else 0), each.units),
            discounts=tuple(offs.get(each.line, ())),
        )
        for each, net_minor, tax_minor in zip(goods, outcome.net_minor, taxes, strict=True)
    )


def _answer(
    request: PriceRequest,
    promotions: PromotionSet,
    outcome: Outcome,
    lines: tuple[response.PricedLine, ...],
    taxes: tuple[TaxTotal, ...],
) -> response.PriceResponse:
    said = _Said(CURRENCIES[request.currency], {each.id: each.name for each in request.promotions})
    return response.PriceResponse(
        currency=request.currency,
        lines=lines,
        discounts=tuple(map(said.discount, outcome.discounts)),
        missed=tuple(map(said.missed, (*outcome.missed, *_silent(request, promotions, outcome)))),
        gifts=tuple(map(said.gift, outcome.gifts)),
        taxes=tuple(response.Tax(**asdict(tax)) for tax in taxes),
        totals=response.Totals(
            gross_minor=sum(line.gross_minor for line in lines),
            off_minor=outcome.off_minor,
            net_minor=sum(outcome.net_minor),
            tax_minor=sum(tax.tax_minor for tax in taxes),
            total_minor=sum(tax.gross_minor for tax in taxes),
        ),
        points=response.Points(
            base=outcome.base_points,
            bonus=tuple(map(said.bonus, outcome.bonus_points)),
            total=outcome.points,
        ),
        proven=outcome.proven,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """Outcomes as parts of the answer, with the promotions' names and in words."""

    currency: Currency
    names: Mapping[str, str]

    def discount(self, discount: Discount) -> response.AppliedDiscount:
        return response.AppliedDiscount(
            promotion=discount.promotion,
            name=self.names[discount.promotion],
            lane=discount.lane,
            uses=discount.uses,
            off_minor=discount.off_minor,
            parts=tuple(response.Part(**part._asdict()) for part in discount.parts),
            text=say_discount(discount, self.currency),
        )

    def missed(self, missed: Missed) -> response.MissedPromotion:
        return response.MissedPromotion(
            promotion=missed.promotion,
            name=self.names[missed.promotion],
            why=missed.why,
            by=missed.by,
            short=missed.short,
            text=say_missed(missed, self.currency),
        )

    def gift(self, gift: GiftOffer) -> response.Gift:
        return response.Gift(
            promotion=gift.promotion,
            name=self.names[gift.promotion],
            units=gift.units,
            text=say_gift(gift),
        )

    def bonus(self, bonus: BonusPoints) -> response.Bonus:
        return response.Bonus(
            promotion=bonus.promotion,
            name=self.names[bonus.promotion],
            points=bonus.points,
            lines=bonus.lines,
        )


def _silent(
    request: PriceRequest, promotions: PromotionSet, outcome: Outcome
) -> tuple[Missed, ...]:
    """The promotions that the engine passes over in silence: here they are asked about."""
    mentioned = (
        {each.promotion for each in outcome.discounts}
        | {each.promotion for each in outcome.missed}
        | {each.promotion for each in outcome.gifts}
        | {each.promotion for each in outcome.bonus_points}
    )
    return tuple(
        Missed(promotion.id, _why_silent(request, promotion))
        for promotion in promotions.promotions
        if promotion.id not in mentioned
    )


def _why_silent(request: PriceRequest, promotion: Promotion) -> Why:
    coupon = coupon_of(promotion.conditions)
    if coupon is not None and coupon not in request.coupons:
        return Why.COUPON
    if promotion.lane is Lane.POINTS and not request.member:
        return Why.MEMBER
    if promotion.lane is Lane.POINTS and not request.minor_per_point:
        return Why.NO_SAVING
    return Why.GOODS
