"""Vouchers: for the amount keyed, each number once in a sale, and never any change."""

from dataclasses import replace

import pytest

from edge.checkout.records import EntryKind, TenderKind
from edge.checkout.session import State
from edge.checkout.shop import Language
from tests.support.playbook import COLA_EAN13, SHOP, Till


def asked(keys: str = "200 MENU 53") -> Till:
    """A till that asks for the number of a voucher towards a cola of 3.50."""
    return Till().scan(COLA_EAN13).press(keys)


def test_an_amount_then_the_number_is_a_payment() -> None:
    till = asked()
    assert (till.screen.title, till.notice) == ("Voucher 2.00", "Its number, ENTER - or scan it")
    till.press("123456 ENTER").answered()
    assert (till.state, till.total) == (State.TENDERING, ("TO PAY", "1.50"))
    till.press("CASH").stored()
    voucher, cash = till.sale.tenders
    assert (voucher.kind, voucher.amount_minor, voucher.reference) == (
        TenderKind.VOUCHER,
        200,
        "123456",
    )
    assert cash.amount_minor == 150
    assert "Voucher 123456              2.00" in till.receipt


def test_without_an_amount_it_pays_all_that_is_due() -> None:
    till = asked("MENU 53").scan("V-2026-0001").settled()
    assert till.kinds == [EntryKind.SALE]
    (voucher,) = till.sale.tenders
    assert (voucher.amount_minor, voucher.change_minor) == (350, 0)
    assert voucher.reference == "V-2026-0001"


def test_a_voucher_that_is_worth_more_gives_no_change() -> None:
    assert asked("1000 MENU 53").notice == "Above the sum due - CLEAR"


@pytest.mark.parametrize("keys", ["0 MENU 53", "2 X MENU 53"])
def test_no_amount_is_refused(keys: str) -> None:
    assert asked(keys).notice == "No such amount - CLEAR"


def test_what_costs_nothing_needs_no_voucher() -> None:
    assert asked("0 MENU 15 MENU 53").notice == "No such amount - CLEAR"


def test_a_number_pays_once_in_a_sale_however_it_is_written() -> None:
    till = asked("100 MENU 53").scan("abc-1").answered()
    till.press("100 MENU 53").scan("ABC-1")
    assert till.notice == "Voucher used already - CLEAR"
    till.scan("ABC-2").answered()
    assert till.total == ("TO PAY", "1.50")


@pytest.mark.parametrize(
    "code", ["", "-", "4111111111111111", "4111-1111-1111-1111", "a b", "é", "x" * 33]
)
def test_what_is_no_voucher_is_refused_and_kept_nowhere(code: str) -> None:
    till = asked().scan(code)
    assert (till.state, till.notice) == (State.ASKING, "No such number - key it again")
    assert till.session.basket.tenders == ()
    assert not code or f"'{code}'" not in f"{till.session}"


def test_enter_alone_is_no_number() -> None:
    assert asked().press("ENTER").notice == "No such number - key it again"


def test_clear_leads_back_to_the_payment() -> None:
    till = asked("MENU 53").press("12 CLEAR CLEAR")
    assert (till.state, till.session.basket.tenders) == (State.TENDERING, ())


def test_void_takes_a_voucher_back() -> None:
    till = asked().press("12 ENTER").answered().press("VOID")
    assert (till.total, till.notice) == (("TOTAL", "3.50"), "Taken back: Voucher 2.00")


def test_there_is_a_voucher_for_a_sale_alone() -> None:
    assert Till().press("MENU 53").notice == "Not now - finish, or CLEAR"


# --- once, at this till


def sold(number: str = "777", keys: str = "MENU 53") -> Till:
    """A till that sold a cola for that voucher."""
    return asked(keys).scan(number).settled()


def test_a_voucher_that_paid_before_is_refused_in_later_sales_too() -> None:
    till = sold("abc-7").scan(COLA_EAN13).press("MENU 53").scan("ABC-7").answered()
    assert (till.state, till.notice) == (State.ASKING, "Voucher used already - CLEAR")
    assert till.session.basket.tenders == ()
    assert till.restarted().press("MENU 53").scan("ABC-7").answered().session.basket.tenders == ()
    assert till.press("8 ENTER").settled().sale.tenders[0].reference == "8"


def test_one_that_was_taken_back_before_the_sale_was_stored_is_good() -> None:
    till = asked("100 MENU 53").scan("A1").answered().press("VOID 100 MENU 53").scan("A1")
    assert till.answered().total == ("TO PAY", "2.50")


def test_keys_wait_while_the_voucher_is_looked_up() -> None:
    till = asked("100 MENU 53").scan("A1").press("CASH")
    assert till.state is State.FINDING
    assert [each.kind for each in till.settled().sale.tenders] == [
        TenderKind.VOUCHER,
        TenderKind.CASH,
    ]


# --- given back


def test_a_refund_has_a_voucher_handed_out() -> None:
    till = sold().press("1 MENU 11").found().press("SUBTOTAL SUBTOTAL ENTER").stored()
    assert till.notice == "Hand out a voucher of 3.50"
    at = till.receipt.index("Voucher 777                 3.50")
    assert till.receipt[at + 1] == "handed out as a voucher"
    assert "handed out as a voucher" not in sold().receipt


def test_a_refund_to_a_card_and_a_voucher_says_both() -> None:
    till = asked("100 MENU 53").scan("777").answered().press("CARD 42 ENTER").stored()
    till.press("1 MENU 11").found().press("SUBTOTAL SUBTOTAL ENTER").stored()
    assert till.notice == "Give back: Card 2.50, Voucher 1.00"
    shop = replace(SHOP, language=Language.CHINESE)
    till = Till(shop).scan(COLA_EAN13).press("MENU 53").scan("777").settled()
    till.press("1 MENU 11").found().press("SUBTOTAL SUBTOTAL ENTER").stored()
    assert till.notice == "请发给顾客 3.50 的代金券"
    assert "以代金券退还" in till.receipt


@pytest.mark.parametrize(
    ("keys", "notice"), [("SUBTOTAL ENTER", "Hand out a voucher of 3.50"), ("CASH", "")]
)
def test_a_number_that_was_given_back_stays_used(keys: str, notice: str) -> None:
    """What it paid went out as another voucher, or as cash."""
    till = sold().press("1 MENU 11").found().press(f"SUBTOTAL {keys}").stored()
    assert till.notice == notice
    till.scan(COLA_EAN13).press("MENU 53").scan("777").answered()
    assert till.notice == "Voucher used already - CLEAR"
