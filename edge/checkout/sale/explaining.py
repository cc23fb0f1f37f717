"""Which discounts a sale has, on which lines, and what is missed by how much."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from edge.checkout.asking import ask, end_question
from edge.checkout.inputs import Input, KeyPressed
from edge.checkout.money import write_amount
from edge.checkout.promotions.outcome import Missed, Why
from edge.checkout.quantity import write_quantity
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.offs import Off
from edge.checkout.screens import ScreenRow
from edge.checkout.session import Facts, Prompt, Session, Step, open_basket, say
from edge.checkout.shop import product_name
from edge.checkout.words.texts import Saying, Word, text
from edge.checkout.words.texts_promotions import PromotionWord

WHY: Final[Mapping[Why, PromotionWord]] = {
    Why.SPEND: PromotionWord.SPEND,
    Why.UNITS: PromotionWord.UNITS,
    Why.QUANTITY: PromotionWord.QUANTITY,
    Why.BEATEN: PromotionWord.BEATEN,
    Why.LIMIT: PromotionWord.LIMIT,
    Why.MEMBER: PromotionWord.MEMBER,
    Why.TIER: PromotionWord.TIER,
    Why.SEGMENT: PromotionWord.SEGMENT,
    Why.COUPON: PromotionWord.COUPON,
    Why.TIME: PromotionWord.TIME,
    Why.EXCLUDED: PromotionWord.EXCLUDED,
    Why.NO_SAVING: PromotionWord.NO_SAVING,
}
# What the customer can still do something about comes first.
_ORDER: Final = tuple(WHY)

_DETAIL: Final[Mapping[Why, Callable[[Missed, Facts], str]]] = {
    Why.SPEND: lambda missed, facts: write_amount(missed.short, facts.shop.currency),
    Why.UNITS: lambda missed, _: str(missed.short),
    Why.QUANTITY: lambda missed, _: write_quantity(missed.short),
    Why.BEATEN: lambda missed, facts: facts.promotion_names.get(missed.by, missed.by),
}


def show_discounts(session: Session, chosen: Input, facts: Facts) -> Step:
    """The list of discounts, if there is anything to say."""
    if not _rows_of(open_basket(session), session, facts):
        return say(session, PromotionWord.NO_DISCOUNTS), ()
    return ask(session, DISCOUNTS), ()


def _leave(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    return end_question(session), ()


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    rows = _rows_of(open_basket(session), session, facts)
    marked = session.asking.row if session.asking else 0
    return tuple(replace(row, selected=place == marked) for place, row in enumerate(rows))


def _rows_of(basket: Basket, session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    def say_in(word: Saying, detail: str = "") -> str:
        return text(word, session.language, detail)

    def name(promotion: str) -> str:
        return facts.promotion_names.get(promotion, promotion)

    deal = basket.deal
    rows = [row for off in deal.offs for row in _off_rows(off, basket, session, facts)]
    rows += [
        ScreenRow(name(bonus.promotion), say_in(Word.POINTS), f"+{bonus.points}")
        for bonus in deal.bonus
    ]
    rows += [
        ScreenRow(name(gift.promotion), say_in(PromotionWord.GIFT, str(gift.units)), "")
        for gift in deal.gifts
    ]
    for missed in sorted(deal.missed, key=lambda each: _ORDER.index(each.why)):
        detail = _DETAIL[missed.why](missed, facts) if missed.why in _DETAIL else ""
        rows.append(ScreenRow(name(missed.promotion), say_in(WHY[missed.why], detail), ""))
    return tuple(rows)


def _off_rows(off: Off, basket: Basket, session: Session, facts: Facts) -> Iterator[ScreenRow]:
    """The discount, and below it what it takes off each line."""
    if not off.off_minor:
        return
    currency = facts.shop.currency
    times = f"({off.uses})" if off.uses > 1 else ""
    yield ScreenRow(off.name, times, f"-{write_amount(off.off_minor, currency)}")
    products = {line.number: line.product for line in basket.lines}
    for number, units, off_minor in off.parts:
        if off_minor:
            name = product_name(products[number], session.language)
            yield ScreenRow(f"  {name}", f"({units})", f"-{write_amount(off_minor, currency)}")


DISCOUNTS: Final = Prompt(PromotionWord.DISCOUNTS, PromotionWord.READ_DISCOUNTS, _leave, rows=_rows)
