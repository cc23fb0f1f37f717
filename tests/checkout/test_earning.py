"""What a member's sale earns, and what he is told of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from edge.checkout.balances.accounts import Cause, Lot
from edge.checkout.balances.ledger import open_ledger
from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.loyalty.members import Member
from edge.checkout.loyalty.told import ToldPoints
from edge.checkout.promotions.offers import Offer, compile_offers
from edge.checkout.promotions.promotion import PointsTimes, Promotion
from edge.checkout.promotions.selection import Products
from edge.checkout.records import EntryKind, Sale, sale_entry, sale_from
from tests.support.member_till import PHONE, SETTINGS, MemberTill
from tests.support.playbook import CATALOGUE, COLA_EAN13, SOAP_UPC_A, Till

DAY = date(2026, 1, 1)
CREDITED = EntryKind.ACCOUNT_CREDITED


def member_till(**options: Any) -> tuple[MemberTill, Member]:
    till = MemberTill(**options)
    member = till.with_member(1, name="王小明")
    till.spent(member, 1)
    return till, member


def bought(till: MemberTill, *codes: str, pay: str = "CASH") -> MemberTill:
    """A whole sale of the member's."""
    till.press(f"{PHONE} MEMBER").settled().scan(*codes).press(pay).settled()
    return till


def with_points(till: MemberTill, member: Member, points: int, last: date = date.max) -> None:
    ledger = open_ledger((till.account(member.points),), DAY)
    till.put(*ledger.credit(member.points, points, last, Cause("gift")).entries)


def test_a_sale_earns_and_says_so_on_screen_display_and_receipt() -> None:
    till, member = member_till()
    bought(till, COLA_EAN13, SOAP_UPC_A)
    assert till.points(member) == 13
    assert till.sale.told == ToldPoints(13, here=13, next_tier="Silver", short_minor=8_649)
    assert till.rows == [
        ("Points earned", "", "13"),
        ("Points to use here", "", "13"),
        ("To spend for Silver", "", "86.49"),
    ]
    assert till.customer == ("TOTAL         ¥13.50", "Points +13        13")
    assert till.receipt[-7:-4] == [
        "Points earned                 13",
        "Points to use here            13",
        "To spend for Silver        86.49",
    ]
    assert till.kinds[-3:] == [EntryKind.SALE, CREDITED, EntryKind.MEMBER_BOUGHT]
    assert till.journal[-1].body == {
        "member": member.number,
        "receipt_no": 1,
        "amount_minor": 1350,
    }


def test_the_next_scan_takes_the_figures_off_the_screen() -> None:
    till, _ = member_till()
    bought(till, COLA_EAN13)
    assert till.scan(COLA_EAN13).rows == [("Cola", "1 × 3.50", "3.50")]
    assert till.session.member is None


def test_a_copy_says_what_the_receipt_said() -> None:
    till, _ = member_till()
    bought(till, COLA_EAN13)
    receipt = till.receipt
    till.press("MENU 13").settled()
    assert [line for line in till.receipt if line != "COPY"] == receipt


def test_nobodys_sale_earns_nothing_and_says_nothing() -> None:
    till, _ = member_till()
    till.sell(COLA_EAN13)
    assert till.kinds[-1] is EntryKind.SALE
    assert till.sale.told is None
    assert till.rows == []
    assert "told" not in till.journal[-1].body


def test_a_sale_that_is_too_small_for_a_point_is_still_the_members() -> None:
    till, member = member_till()
    bought(till, "1004")
    assert till.points(member) == 0
    assert till.kinds[-2:] == [EntryKind.SALE, EntryKind.MEMBER_BOUGHT]
    assert till.sale.told == ToldPoints(next_tier="Silver", short_minor=9_900)


def test_a_shop_that_tells_nothing_leaves_it_out() -> None:
    settings = SETTINGS.model_copy(update={"tiers": (), "points": None})
    till, member = member_till(settings=settings)
    bought(till, COLA_EAN13)
    assert till.sale.told is None
    assert (till.sale.member, till.points(member)) == (member.number, 0)


def test_a_tier_earns_more_each_addition_for_itself() -> None:
    till, member = member_till()
    till.spent(member, 60_000)
    bought(till, SOAP_UPC_A)
    credits_ = [entry.body for entry in till.journal if entry.kind is CREDITED]
    assert [(body["reason"], body["amount"]) for body in credits_] == [("sale", 9), ("tier", 9)]
    assert till.sale.told == ToldPoints(18, here=18)


def test_what_does_not_earn_does_not() -> None:
    def never(catalogue: Catalogue) -> Catalogue:
        by_code = {
            code: replace(product, earns_points=False) if product.plu == "1003" else product
            for code, product in catalogue.by_code.items()
        }
        return replace(catalogue, by_code=by_code)

    till, member = member_till(catalogue=never(CATALOGUE))
    bought(till, SOAP_UPC_A, COLA_EAN13)
    assert till.points(member) == 3
    (credited,) = [entry.body for entry in till.journal if entry.kind is CREDITED]
    assert credited["lines"] == [[2, 3]]


def test_points_expire_as_the_shop_says() -> None:
    points = SETTINGS.points
    assert points is not None
    ending = points.model_copy(update={"expire": "days", "last": 10})
    till, member = member_till(settings=SETTINGS.model_copy(update={"points": ending}))
    bought(till, COLA_EAN13)
    assert till.account(member.points).lots == (Lot(date(2026, 1, 11), 3),)
    assert till.sale.told is not None
    assert till.sale.told.expiring == (("2026-01-11", 3),)
    assert ("  until 2026-01-11", "", "3") in till.rows
    assert any(line.startswith("until 2026-01-11") for line in till.receipt)


def test_a_debt_is_paid_first() -> None:
    till, member = member_till()
    with_points(till, member, 5)
    account = till.account(member.points)
    ledger = open_ledger((account,), DAY)
    spent = ledger.redeem(member.points, 5, Cause("gift"))
    till.put(*spent.entries)
    till.store.execute("UPDATE account SET debt = 2, taken_back = 2")
    till.press(f"{PHONE} MEMBER").settled().press("MEMBER")
    assert ("Points owed", "", "2") in till.rows
    till.press("CLEAR").scan(COLA_EAN13).press("CASH").settled()
    assert (till.points(member), till.account(member.points).debt) == (1, 0)


def test_a_hold_or_a_cancelled_sale_moves_nothing() -> None:
    till, member = member_till()
    till.press(f"{PHONE} MEMBER").settled().scan(COLA_EAN13).press("MENU 18").settled()
    till.press("MENU 19").settled().press("MENU 14").settled()
    assert till.points(member) == 0
    assert CREDITED not in till.kinds


def test_what_was_told_comes_back_from_the_record() -> None:
    till, _ = member_till()
    bought(till, COLA_EAN13)
    told = ToldPoints(1, 2, 3, 4, 5, 6, 7, "Gold", 8, (("2026-01-31", 9),))
    sale: Sale = replace(till.sale, told=told)
    entry = sale_entry(sale)
    assert sale_from(entry.kind, entry.body) == sale


def test_everything_that_can_be_told_has_its_line() -> None:
    till, _ = member_till()
    bought(till, COLA_EAN13)
    told = ToldPoints(1, 2, 3, 4, 5, 6, 700, "Gold", 800, (("2026-01-31", 9),))
    assert till.session.last_sale is not None
    till.session = replace(till.session, last_sale=replace(till.session.last_sale, told=told))
    till.press("MENU").press("CLEAR")
    assert till.rows == [
        ("Points earned", "", "1"),
        ("Points used", "", "2"),
        ("Points given back", "", "3"),
        ("Points taken back", "", "4"),
        ("Points owed", "", "6"),
        ("Points to use here", "", "5"),
        ("  until 2026-01-31", "", "9"),
        ("Stored value here", "", "7.00"),
        ("To spend for Gold", "", "8.00"),
    ]


@pytest.mark.parametrize("times", [1, 3])
def test_each_sale_counts_once(times: int) -> None:
    till, member = member_till()
    for _ in range(times):
        bought(till, COLA_EAN13)
    assert till.points(member) == 3 * times


def test_without_members_a_sale_says_what_it_said_before() -> None:
    assert "told" not in Till().sell(COLA_EAN13).journal[-1].body


def test_a_promotion_multiplies_points_for_members_alone() -> None:
    double = Promotion("soap-day", PointsTimes(20_000), where=Products(frozenset({"1003"})))
    offers = compile_offers("", (*SETTINGS.promotions, Offer(double)))
    till, member = member_till(promotions=offers.promotions)
    bought(till, SOAP_UPC_A, COLA_EAN13)
    credited = [entry.body for entry in till.journal if entry.kind is CREDITED]
    assert [(body["reason"], body["amount"], body["lines"]) for body in credited] == [
        ("sale", 13, [[1, 10], [2, 3]]),
        ("promotion:soap-day", 10, [[1, 10]]),
    ]
    till.sell(SOAP_UPC_A)
    assert till.points(member) == 23
