"""What a refund is paid out in: as it came, to the last coin, or another way."""

from edge.checkout.records import Tender, TenderKind
from edge.checkout.session import State
from edge.checkout.shop import Shop
from tests.support.playbook import FIVES_SHOP, SHOP, Till

CASH, CARD, POINTS = TenderKind.CASH, TenderKind.CARD, TenderKind.POINTS


def tender(kind: TenderKind, minor: int, reference: str = "", account: str = "") -> Tender:
    return Tender(kind, minor, minor, 0, reference, account)


def picking_of_split_sale(shop: Shop = SHOP) -> Till:
    """Receipt 1: three soaps of 10.00, 20.00 of it by card 4711, the rest in cash."""
    till = Till(shop).press("3 X 1003 ENTER 2000 CARD 4711 ENTER CASH").stored()
    return till.press("MENU 11 1 ENTER").found()


def test_subtotal_shows_what_goes_back_where_and_enter_pays_it() -> None:
    till = picking_of_split_sale().press("ENTER SUBTOTAL")
    assert (till.state, till.screen.title) == (State.ASKING, "Pay back 10.00")
    assert till.rows == [("Card 4711", "", "6.67"), ("Cash", "", "3.33")]
    assert till.notice == "ENTER: as shown - or CASH, CARD, MEMBER"

    till.press("ENTER").stored()
    assert till.done == ["OpenDrawer", "PrintReceipt", "WakeUplink"]
    assert till.sale.tenders == (tender(CARD, 667, "4711"), tender(CASH, 333))
    assert till.total == ("GIVEN BACK", "10.00")


def test_the_question_leads_back_to_the_picks() -> None:
    till = picking_of_split_sale().press("ENTER SUBTOTAL CLEAR")
    assert till.state is State.PICKING
    assert till.total == ("TO GIVE BACK", "10.00")
    assert till.press("ENTER SUBTOTAL").screen.title == "Pay back 20.00"


def test_digits_are_no_answer() -> None:
    till = picking_of_split_sale().press("ENTER 5 SUBTOTAL")
    assert (till.state, till.notice) == (State.PICKING, "No such amount - CLEAR")
    till = picking_of_split_sale().press("ENTER SUBTOTAL 5 ENTER")
    assert (till.state, till.notice) == (State.ASKING, "No such amount - CLEAR")


def test_the_money_goes_out_another_way_by_its_key() -> None:
    till = picking_of_split_sale().press("ENTER SUBTOTAL CASH").stored()
    assert till.sale.tenders == (tender(CASH, 1000),)
    till.press("MENU 11 1 ENTER").found().press("SUBTOTAL SUBTOTAL")
    assert till.rows == [("Card 4711", "", "20.00")]
    till.press("ENTER").stored()
    assert till.sale.tenders == (tender(CARD, 2000, "4711"),)


def test_parts_go_back_until_each_payment_has_back_exactly_what_it_paid() -> None:
    till = picking_of_split_sale()
    back = {CARD: 0, CASH: 0}
    for _ in range(3):
        till.press("ENTER SUBTOTAL ENTER").stored()
        for each in till.sale.tenders:
            back[each.kind] += each.amount_minor
        till.press("MENU 11 1 ENTER").found()
    assert back == {CARD: 2000, CASH: 1000}


def test_the_coins_of_all_parts_are_the_coins_that_came_in() -> None:
    """12 pieces of 0.99 are 11.88, and 11.90 in coins of 5: rounded one by one they would be 12."""
    till = Till(FIVES_SHOP).press("12 X 1004 ENTER CASH").stored()
    assert till.sale.tenders == (Tender(CASH, 1188, 1190, 0),)
    coins = []
    for _ in range(12):
        till.press("MENU 11 1 ENTER").found().press("ENTER SUBTOTAL ENTER").stored()
        coins.append(till.sale.tenders[0].tendered_minor)
        assert till.sale.total_minor == 99
    assert sum(coins) == 1190
    assert set(coins) <= {95, 100}


def test_parts_by_card_among_those_in_coins_bring_nothing() -> None:
    """Ten pieces of 0.99 are 9.90 in coins of 5: eight of them are 7.90 in cash, two 1.98."""
    till = Till(FIVES_SHOP).press("10 X 1004 ENTER CASH").stored()
    back = []
    for key in 2 * ("CASH", "CASH", "CARD", "CASH", "CASH"):
        till.press("1 MENU 11").settled().press(f"ENTER {key}").settled()
        back += till.sale.tenders
    out = [each.tendered_minor for each in back]
    assert sum(out) == 988
    assert {minor for each, minor in zip(back, out, strict=True) if each.kind is CARD} == {99}
    assert {minor for each, minor in zip(back, out, strict=True) if each.kind is CASH} == {95, 100}
