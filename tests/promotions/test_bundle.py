"""A price for several things together."""

import pytest

from edge.checkout.promotions.outcome import Discount, Lane, Missed, Part, Why
from edge.checkout.promotions.promotion import Bundle, BundleSlot
from tests.support.promotions import basket, category, missed, of, offs, promotion, run

# One of A, one of B and two of C for 10.00.
MEAL = promotion(
    Bundle((BundleSlot(of("a"), 1), BundleSlot(of("b"), 1), BundleSlot(of("c"), 2)), 1_000)
)


@pytest.mark.parametrize(
    ("lines", "off_minor"),
    [
        ([("a", 600), ("b", 400), ("c", 200)], 0),
        ([("a", 600), ("b", 400), ("c", 200, 2)], 400),
        ([("a", 600, 2), ("b", 400, 2), ("c", 200, 4)], 800),
        ([("a", 600), ("a", 900), ("b", 400), ("c", 200, 2)], 700),  # the dearer A
        ([("a", 200), ("b", 400), ("c", 100, 2)], 0),  # dearer than one by one
        ([("a", 600), ("a", 100), ("b", 400), ("b", 300), ("c", 200, 4)], 400),
    ],
)
def test_one_two_and_two_others(lines: list[tuple[str, int]], off_minor: int) -> None:
    outcome = run(MEAL, basket(*lines))
    assert outcome.off_minor == off_minor
    assert outcome.proven


def test_the_parts_sum_to_the_price() -> None:
    outcome = run(MEAL, basket(("a", 601), ("b", 403), ("c", 200), ("c", 200), ("d", 50)))
    assert sum(outcome.net_minor) == 1_050
    assert outcome.net_minor == (428, 287, 142, 143, 50)
    assert outcome.discounts == (
        Discount(
            "p", Lane.ITEM, 1, (Part(1, 1, 173), Part(2, 1, 116), Part(3, 1, 58), Part(4, 1, 57))
        ),
    )


def test_what_is_missing() -> None:
    outcome = run(MEAL, basket(("a", 600)))
    assert missed(outcome) == Missed("p", Why.UNITS, short=3)


def test_no_saving() -> None:
    outcome = run(MEAL, basket(("a", 100), ("b", 100), ("c", 100, 2)))
    assert missed(outcome) == Missed("p", Why.NO_SAVING)


def test_slots_may_overlap() -> None:
    """A cola, and a cola or a tea."""
    offer = promotion(Bundle((BundleSlot(of("cola", "tea"), 1), BundleSlot(of("cola"), 1)), 300))
    assert offs(run(offer, basket(("cola", 250), ("tea", 200)))) == {"p": 150}
    assert offs(run(offer, basket(("cola", 250, 2), ("tea", 300, 2)))) == {"p": 500}
    assert offs(run(offer, basket(("tea", 300, 2)))) == {}


def test_slots_that_overlap_make_room_for_each_other() -> None:
    """Both dear ones fit the first slot, but then the second could not be filled."""
    offer = promotion(Bundle((BundleSlot(of("a", "b"), 2), BundleSlot(of("a", "c"), 2)), 0))
    assert offs(run(offer, basket(("a", 50), ("a", 49), ("b", 1), ("c", 1)))) == {"p": 101}
    assert offs(run(offer, basket(("a", 50), ("a", 49), ("b", 1)))) == {}


def test_slots_by_category() -> None:
    offer = promotion(Bundle((BundleSlot(category("none"), 1), BundleSlot(of("a"), 1)), 100))
    assert missed(run(offer, basket(("a", 500)))) == Missed("p", Why.UNITS, short=1)
