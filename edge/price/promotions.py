"""Promotions as JSON."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import ConfigDict, Field, RootModel, model_validator

from edge.checkout.promotions import promotion as core
from edge.checkout.promotions.offers import Offer
from edge.checkout.promotions.promotion import FULL_BP
from edge.price.base import (
    LARGEST_RATE_BP,
    MOST_PARTS,
    MOST_PROMOTIONS,
    MOST_SLOTS,
    Amount,
    Count,
    Name,
    Price,
    Rate,
    Strict,
    Text,
    Units,
)
from edge.price.selections import Condition, Everything, Selection, Window


class PercentCut(Strict):
    kind: Literal["percent"]
    rate_bp: Rate

    def core(self) -> core.Cut:
        return core.FREE if self.rate_bp == FULL_BP else core.PercentCut(self.rate_bp)


class PriceCut(Strict):
    kind: Literal["price"]
    price_minor: Price

    def core(self) -> core.Cut:
        return core.PriceCut(self.price_minor)


Cut: TypeAlias = Annotated[PercentCut | PriceCut, Field(discriminator="kind")]


class Percent(Strict):
    kind: Literal["percent"]
    rate_bp: Rate

    def core(self) -> core.Benefit:
        return core.PercentOff(self.rate_bp)


class AmountOff(Strict):
    kind: Literal["amount"]
    off_minor: Amount

    def core(self) -> core.Benefit:
        return core.AmountOff(self.off_minor)


class FixedPrice(Strict):
    kind: Literal["fixed_price"]
    price_minor: Price

    def core(self) -> core.Benefit:
        return core.FixedPrice(self.price_minor)


class FlashSale(Strict):
    """A fixed price that demands a window with an end, and a number in all."""

    kind: Literal["flash_sale"]
    price_minor: Price

    def core(self) -> core.Benefit:
        return core.FixedPrice(self.price_minor)


class NthItem(Strict):
    kind: Literal["nth_item"]
    nth: Annotated[Units, Field(ge=2)]
    cut: Cut

    def core(self) -> core.Benefit:
        return core.NthItem(self.nth, self.cut.core())


class CheapestFree(Strict):
    kind: Literal["cheapest_free"]
    buy: Units
    free: Units

    def core(self) -> core.Benefit:
        return core.CheapestFree(self.buy, self.free)


class BuyGet(Strict):
    kind: Literal["buy_get"]
    buy: Units
    get: Units
    get_where: Selection
    cut: Cut = PercentCut(kind="percent", rate_bp=FULL_BP)

    def core(self) -> core.Benefit:
        return core.BuyGet(self.buy, self.get, self.get_where.core(), self.cut.core())


class BundleSlot(Strict):
    where: Selection
    units: Units = 1

    def core(self) -> core.BundleSlot:
        return core.BundleSlot(self.where.core(), self.units)


class Bundle(Strict):
    """The promotion's own `where` is not for it: its slots say what it takes."""

    kind: Literal["bundle"]
    slots: Annotated[tuple[BundleSlot, ...], Field(min_length=1, max_length=MOST_SLOTS)]
    price_minor: Price

    def core(self) -> core.Benefit:
        return core.Bundle(tuple(slot.core() for slot in self.slots), self.price_minor)


class Gift(Strict):
    kind: Literal["gift"]
    units: Units = 1

    def core(self) -> core.Benefit:
        return core.Gift(self.units)


class OrderPercent(Strict):
    kind: Literal["order_percent"]
    rate_bp: Rate
    most_minor: Amount | None = None

    def core(self) -> core.Benefit:
        return core.OrderPercent(self.rate_bp, self.most_minor)


class OrderAmount(Strict):
    kind: Literal["order_amount"]
    off_minor: Amount

    def core(self) -> core.Benefit:
        return core.OrderAmount(self.off_minor)


class SpendOnce(Strict):
    kind: Literal["spend_once"]
    spend_minor: Amount
    off_minor: Amount

    def core(self) -> core.Benefit:
        return core.SpendOnce(self.spend_minor, self.off_minor)


class SpendEvery(Strict):
    kind: Literal["spend_every"]
    spend_minor: Amount
    off_minor: Amount

    def core(self) -> core.Benefit:
        return core.SpendEvery(self.spend_minor, self.off_minor)


class PointsTimes(Strict):
    kind: Literal["points_times"]
    rate_bp: Annotated[int, Field(gt=FULL_BP, le=LARGEST_RATE_BP, description="20000 doubles")]

    def core(self) -> core.Benefit:
        return core.PointsTimes(self.rate_bp)


Benefit: TypeAlias = Annotated[
    Percent
    | AmountOff
    | FixedPrice
    | FlashSale
    | NthItem
    | CheapestFree
    | BuyGet
    | Bundle
    | Gift
    | OrderPercent
    | OrderAmount
    | SpendOnce
    | SpendEvery
    | PointsTimes,
    Field(discriminator="kind"),
]


class Limits(Strict):
    """How many uses there may be; null is any number."""

    per_sale: Count | None = None
    per_member: Count | None = None
    per_member_day: Count | None = None
    per_day: Count | None = None
    in_all: Count | None = None

    def core(self) -> core.Limits:
        limits = core.Limits(**self.model_dump())
        return core.NO_LIMITS if limits == core.NO_LIMITS else limits


class Promotion(Strict):
    """One promotion: docs/promotions.md says what it means. `name_zh` is for screens and receipts
    in Chinese, where it is another.
    """

    id: Name
    name: Text = ""
    name_zh: Text = ""
    benefit: Benefit
    where: Selection = Everything(kind="everything")
    conditions: Annotated[tuple[Condition, ...], Field(max_length=MOST_PARTS)] = ()
    limits: Limits = Limits()
    group: Annotated[str, Field(max_length=64)] = ""
    priority: Annotated[int, Field(ge=-1_000_000, le=1_000_000)] = 0

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if isinstance(self.benefit, Bundle) and not isinstance(self.where, Everything):
            # Whatever was given, a value is at fault here: pydantic takes a TypeError for a bug.
            raise ValueError(  # noqa: TRY004
                "a bundle's goods are those of its slots: where is not for it"
            )
        if isinstance(self.benefit, FlashSale):
            ends = [each.until for each in self.conditions if isinstance(each, Window)]
            if not any(ends) or self.limits.in_all is None:
                raise ValueError("a flash sale needs a window with an end, and limits.in_all")
        return self

    def core(self) -> core.Promotion:
        return core.Promotion(
            id=self.id,
            benefit=self.benefit.core(),
            where=self.where.core(),
            conditions=tuple(each.core() for each in self.conditions),
            limits=self.limits.core(),
            group=self.group,
            priority=self.priority,
        )

    def offer(self) -> Offer:
        """The promotion with its names."""
        return Offer(self.core(), self.name, self.name_zh)


class PromotionList(RootModel[Annotated[tuple[Promotion, ...], Field(max_length=MOST_PROMOTIONS)]]):
    """What a shop's file of promotions holds."""

    model_config = ConfigDict(frozen=True, strict=True)
