"""A flash sale: a price in a window, for a limited number."""

from datetime import date

import pytest

from edge.checkout.promotions.conditions import Window
from edge.checkout.promotions.outcome import Missed, Why
from edge.checkout.promotions.promotion import FixedPrice, Limits, PercentOff, Promotion
from edge.checkout.promotions.sale import CivilTime, Used
from tests.support.promotions import basket, missed, of, offs, promotion, run

DAY = date(2026, 3, 2)
NOON, TWO = CivilTime(DAY, 12 * 60), CivilTime(DAY, 14 * 60)


def flash(number: int, price_minor: int = 500, name: str = "flash", group: str = "") -> Promotion:
    return promotion(
        FixedPrice(price_minor),
        of("a"),
        Window(NOON, TWO),
        id=name,
        limits=Limits(in_all=number),
        group=group,
    )


@pytest.mark.parametrize(
    ("minute", "applies"),
    [(12 * 60 - 1, False), (12 * 60, True), (14 * 60 - 1, True), (14 * 60, False)],
)
def test_the_window(minute: int, applies: bool) -> None:
    outcome = run(flash(10), basket(("a", 1_000)), now=CivilTime(DAY, minute))
    assert outcome.net_minor == (500 if applies else 1_000,)
    assert missed(outcome, "flash") == (None if applies else Missed("flash", Why.TIME))


@pytest.mark.parametrize(("used", "units_at_the_price"), [(0, 5), (7, 3), (9, 1), (10, 0), (11, 0)])
def test_the_number_in_all(used: int, units_at_the_price: int) -> None:
    outcome = run(flash(10), basket(("a", 1_000, 5)), now=NOON, used={"flash": Used(in_all=used)})
    assert outcome.net_minor == (5_000 - 500 * units_at_the_price,)
    assert outcome.uses.get("flash", 0) == units_at_the_price
    limited = missed(outcome, "flash") == Missed("flash", Why.LIMIT)
    assert limited == (units_at_the_price < 5)


def test_the_last_ones_go_where_they_save_most() -> None:
    outcome = run(flash(2), basket(("a", 600), ("a", 1_000), ("a", 800)), now=NOON)
    assert outcome.net_minor == (600, 500, 500)


def test_the_last_ones_go_where_nothing_else_helps() -> None:
    """The shelf's 30 % is worth more on the dear one, so the last one goes to the other."""
    chosen = [
        flash(1, name="flash", group="shelf"),
        promotion(PercentOff(4_000), of("dear"), id="dear", group="shelf"),
        promotion(FixedPrice(500), of("dear"), id="flash2", group="shelf", limits=Limits(1)),
    ]
    outcome = run(chosen, basket(("a", 900), ("dear", 1_000)), now=NOON)
    assert offs(outcome) == {"flash": 400, "flash2": 500}
    assert missed(outcome, "dear") == Missed("dear", Why.BEATEN, by="flash2")


def test_limits_push_units_along_to_the_next_best_promotion() -> None:
    """Two units want `one`, which has room for one: the second goes to `two`, and pushes the unit
    that wanted `two` out to `three`.
    """
    chosen = [
        promotion(FixedPrice(100), of("x", "y"), id="one", group="g", limits=Limits(per_sale=1)),
        promotion(FixedPrice(150), of("y", "z"), id="two", group="g", limits=Limits(per_sale=1)),
        promotion(FixedPrice(220), of("z"), id="three", group="g"),
    ]
    outcome = run(chosen, basket(("x", 1_000), ("y", 1_000), ("z", 1_000)))
    assert offs(outcome) == {"one": 900, "two": 850, "three": 780}


def test_a_unit_no_limit_has_room_for_keeps_its_price() -> None:
    chosen = [
        promotion(FixedPrice(100), id=name, group="g", limits=Limits(per_sale=2))
        for name in ("one", "two")
    ]
    outcome = run(chosen, basket(("a", 1_000, 3), ("b", 1_000, 3)))
    assert sum(outcome.net_minor) == 6_000 - 4 * 900
    assert outcome.uses == {"one": 2, "two": 2}
    assert {each.why for each in outcome.missed} == {Why.LIMIT}
