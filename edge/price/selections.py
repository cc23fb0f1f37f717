"""Selections and conditions as JSON."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from edge.checkout.promotions import conditions as core
from edge.checkout.promotions import selection as goods
from edge.price.base import MOST_PARTS, Amount, Milli, Name, Names, Strict
from edge.price.civil_time import TimeText, read_time

MINUTES_A_DAY = 24 * 60


class Everything(Strict):
    kind: Literal["everything"]

    def core(self) -> goods.Selection:
        return goods.EVERYTHING


class Products(Strict):
    kind: Literal["products"]
    plus: Names

    def core(self) -> goods.Selection:
        return goods.Products(self.plus)


class Categories(Strict):
    kind: Literal["categories"]
    names: Names

    def core(self) -> goods.Selection:
        return goods.Categories(self.names)


class Tags(Strict):
    kind: Literal["tags"]
    names: Names

    def core(self) -> goods.Selection:
        return goods.Tags(self.names)


class EachOf(Strict):
    """Goods that all of the selections pick."""

    kind: Literal["each_of"]
    selections: Annotated[tuple["Selection", ...], Field(min_length=1, max_length=MOST_PARTS)]

    def core(self) -> goods.Selection:
        return goods.EachOf(tuple(each.core() for each in self.selections))


class AnyOf(Strict):
    """Goods that one of the selections picks."""

    kind: Literal["any_of"]
    selections: Annotated[tuple["Selection", ...], Field(min_length=1, max_length=MOST_PARTS)]

    def core(self) -> goods.Selection:
        return goods.AnyOf(tuple(each.core() for each in self.selections))


class Except(Strict):
    """Goods that the selection does not pick."""

    kind: Literal["except"]
    selection: "Selection"

    def core(self) -> goods.Selection:
        return goods.Except(self.selection.core())


Selection: TypeAlias = Annotated[
    Everything | Products | Categories | Tags | EachOf | AnyOf | Except,
    Field(discriminator="kind"),
]


class Window(Strict):
    """From `from` on, and before `until`; either may be left out."""

    kind: Literal["window"]
    start: TimeText | None = Field(default=None, alias="from")
    until: TimeText | None = None

    @model_validator(mode="after")
    def _opens(self) -> Self:
        # As they are written, times are in order.
        if self.start and self.until and self.start >= self.until:
            raise ValueError("from is not before until")
        return self

    def core(self) -> core.Condition:
        return core.Window(
            None if self.start is None else read_time(self.start),
            None if self.until is None else read_time(self.until),
        )


class Weekdays(Strict):
    """ISO weekdays: 1 is Monday, 7 is Sunday."""

    kind: Literal["weekdays"]
    days: Annotated[frozenset[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1)]

    def core(self) -> core.Condition:
        return core.Weekdays(self.days)


class MonthDays(Strict):
    """Days of the month: a member day on every 8th, 18th and 28th."""

    kind: Literal["month_days"]
    days: Annotated[frozenset[Annotated[int, Field(ge=1, le=31)]], Field(min_length=1)]

    def core(self) -> core.Condition:
        return core.MonthDays(self.days)


class Hours(Strict):
    """Minutes of the day; over midnight when `from_minute` is the later."""

    kind: Literal["hours"]
    from_minute: Annotated[int, Field(ge=0, lt=MINUTES_A_DAY)]
    before_minute: Annotated[int, Field(ge=0, le=MINUTES_A_DAY)]

    def core(self) -> core.Condition:
        return core.Hours(self.from_minute, self.before_minute)


class IsMember(Strict):
    kind: Literal["member"]

    def core(self) -> core.Condition:
        return core.IsMember()


class HasTier(Strict):
    kind: Literal["tiers"]
    tiers: Names

    def core(self) -> core.Condition:
        return core.HasTier(self.tiers)


class InSegment(Strict):
    kind: Literal["segments"]
    segments: Names

    def core(self) -> core.Condition:
        return core.InSegment(self.segments)


class HasCoupon(Strict):
    kind: Literal["coupon"]
    coupon: Name

    def core(self) -> core.Condition:
        return core.HasCoupon(self.coupon)


class SpendAtLeast(Strict):
    """The goods cost at least so much at the start of the lane."""

    kind: Literal["spend"]
    spend_minor: Amount
    where: Selection = Everything(kind="everything")

    def core(self) -> core.Condition:
        return core.SpendAtLeast(self.spend_minor, self.where.core())


class QuantityAtLeast(Strict):
    """Pieces count 1000, weighed lines their weight."""

    kind: Literal["quantity"]
    quantity_milli: Milli
    where: Selection = Everything(kind="everything")

    def core(self) -> core.Condition:
        return core.QuantityAtLeast(self.quantity_milli, self.where.core())


class All(Strict):
    kind: Literal["all"]
    conditions: Annotated[tuple["Condition", ...], Field(min_length=1, max_length=MOST_PARTS)]

    def core(self) -> core.Condition:
        return core.All(tuple(each.core() for each in self.conditions))


class Any(Strict):
    kind: Literal["any"]
    conditions: Annotated[tuple["Condition", ...], Field(min_length=1, max_length=MOST_PARTS)]

    def core(self) -> core.Condition:
        return core.Any_(tuple(each.core() for each in self.conditions))


class Not(Strict):
    kind: Literal["not"]
    condition: "Condition"

    def core(self) -> core.Condition:
        return core.Not(self.condition.core())


Condition: TypeAlias = Annotated[
    Window
    | Weekdays
    | MonthDays
    | Hours
    | IsMember
    | HasTier
    | InSegment
    | HasCoupon
    | SpendAtLeast
    | QuantityAtLeast
    | All
    | Any
    | Not,
    Field(discriminator="kind"),
]
