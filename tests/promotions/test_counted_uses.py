"""How often promotions were used, over sales, days and members, and what they are called."""

from datetime import date

import pytest

from edge.checkout.promotions.offers import NO_OFFERS, Offers
from edge.checkout.promotions.sale import Used
from edge.checkout.promotions.uses import KEPT_DAYS, NO_USES, MemberUses
from edge.checkout.shop import Language

MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)


def test_sales_of_a_day_and_of_the_day_before_add_up() -> None:
    uses = NO_USES.with_sale(MONDAY, {"tea": 2}).with_sale(TUESDAY, {"tea": 1, "cola": 3})
    assert dict(uses.used(TUESDAY)) == {
        "tea": Used(today=1, in_all=3),
        "cola": Used(today=3, in_all=3),
    }
    assert uses.used(MONDAY)["tea"] == Used(today=2, in_all=3)


def test_a_sale_without_a_promotion_counts_nothing() -> None:
    uses = NO_USES.with_sale(MONDAY, {"tea": 2})
    assert uses.with_sale(TUESDAY, {}) is uses


def test_a_clock_that_is_set_back_over_midnight_finds_the_day_before() -> None:
    uses = NO_USES
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        uses = uses.with_sale(day, {"tea": 1})
    assert len(uses.by_day) == KEPT_DAYS
    assert uses.used(TUESDAY)["tea"] == Used(today=1, in_all=3)
    assert uses.used(MONDAY)["tea"] == Used(today=0, in_all=3)


def test_without_a_day_it_is_the_newest_that_counts() -> None:
    uses = NO_USES.with_sale(TUESDAY, {"tea": 2}).with_sale(MONDAY, {"tea": 1})
    assert uses.used(None)["tea"] == Used(today=2, in_all=3)
    assert dict(NO_USES.used(None)) == {}


def test_a_member_s_own_uses_stand_beside_the_till_s() -> None:
    uses = NO_USES.with_sale(MONDAY, {"tea": 2})
    used = uses.used(MONDAY, {"cola": MemberUses(in_all=4, today=1)})
    assert len(used) == 2
    assert used["cola"] == Used(by_member=4, by_member_today=1)
    assert used["tea"] == Used(today=2, in_all=2)


def test_what_nobody_used_is_not_there() -> None:
    used = NO_USES.with_sale(MONDAY, {"tea": 2}).used(MONDAY)
    assert "cola" not in used
    with pytest.raises(KeyError, match="cola"):
        used["cola"]


def test_each_promotion_is_called_what_it_has_a_name_for() -> None:
    offers = Offers(names={"both": ("Tea week", "茶周"), "one": ("", "可乐"), "none": ("", "")})
    assert dict(offers.names_in(Language.ENGLISH)) == {
        "both": "Tea week",
        "one": "可乐",
        "none": "none",
    }
    assert dict(offers.names_in(Language.CHINESE)) == {
        "both": "茶周",
        "one": "可乐",
        "none": "none",
    }
    assert len(offers.names_in(Language.CHINESE)) == 3
    assert len(NO_OFFERS.names_in(Language.ENGLISH)) == 0
