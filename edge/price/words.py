"""Why a promotion applied or did not, in a sentence for headquarters."""

from collections.abc import Callable, Mapping
from typing import Final

from edge.checkout.money import Currency, write_amount
from edge.checkout.promotions.outcome import Discount, GiftOffer, Missed, Why
from edge.checkout.quantity import write_quantity

_WHY: Final[Mapping[Why, Callable[[Missed, Currency], str]]] = {
    Why.GOODS: lambda _, __: "none of its goods are in the basket",
    Why.BEATEN: lambda missed, _: f"{missed.by} saves more on the same, or came first",
    Why.LIMIT: lambda _, __: "the limit of its uses is reached",
    Why.SPEND: lambda missed, currency: f"spend {write_amount(missed.short, currency)} more",
    Why.QUANTITY: lambda missed, _: f"{write_quantity(missed.short)} more of its goods",
    Why.UNITS: lambda missed, _: f"{missed.short} more of its goods",
    Why.NO_SAVING: lambda _, __: "it would take nothing off",
    Why.TIME: lambda _, __: "not at this time",
    Why.MEMBER: lambda _, __: "for members",
    Why.TIER: lambda _, __: "not for this tier",
    Why.SEGMENT: lambda _, __: "not for this segment",
    Why.COUPON: lambda _, __: "its coupon was not presented",
    Why.EXCLUDED: lambda _, __: "a condition excludes it",
}


def say_discount(discount: Discount, currency: Currency) -> str:
    """`2 times: 3 units of line 1, 1 unit of line 2: 12.50 off`."""
    times = "once" if discount.uses == 1 else f"{discount.uses} times"
    units = ", ".join(
        f"{part.units} unit{'s' if part.units > 1 else ''} of line {part.line}"
        for part in discount.parts
    )
    return f"{times}: {units}: {write_amount(discount.off_minor, currency)} off"


def say_missed(missed: Missed, currency: Currency) -> str:
    return _WHY[missed.why](missed, currency)


def say_gift(gift: GiftOffer) -> str:
    return f"hand over {gift.units} and scan it: it costs nothing"
