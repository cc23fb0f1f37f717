"""A basket that a power cut left comes back as it was, or the till says what is gone."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from edge.checkout.inputs import Started
from edge.checkout.records import EntryKind
from edge.checkout.session import State, start
from tests.support.playbook import CATALOGUE, SHOP, Till

ONLY_B = replace(SHOP, tax_rates={"B": SHOP.tax_rates["B"]})


def receipt_numbers(till: Till) -> list[int]:
    return [entry.body["receipt_no"] for entry in till.journal if entry.kind is EntryKind.SALE]


@pytest.mark.parametrize(
    "prepare",
    [
        lambda: Till().scan("1001", "1002"),
        lambda: Till().scan("1001", "1002").press("2 X ENTER VOID"),
        lambda: Till().scan("1003").press("400 CASH"),
        lambda: Till().scan("1003").press("400 CASH VOID"),
        lambda: Till().sell("1003").scan("1001").press("300 MENU 15"),
        lambda: Till().press("MENU 12").scan("1001"),
        lambda: Till().scan("1001").press("CARD"),
        lambda: Till().scan("1001").press("CASH"),
        lambda: Till().scan("1001").press("VOID"),
        lambda: Till().scan("2200101003506", "2100202012509"),
    ],
)
def test_a_basket_that_comes_back_after_a_power_cut_sells_on_to_the_same_sale(
    prepare: Callable[[], Till],
) -> None:
    straight, cut = prepare(), prepare()
    paid = "SUBTOTAL CASH"
    if straight.state in {State.STORING, State.CARD_APPROVAL}:
        straight = Till().scan("1001")

    back = cut.restarted()

    assert back.notice == "Basket is back after a restart"
    assert back.session.basket == straight.session.basket
    keys = "CASH" if back.state is State.RETURNING else paid
    straight.scan("1004").press(keys).stored()
    back.scan("1004").press(keys).stored()
    assert back.journal == straight.journal
    assert back.draft is None


def test_no_draft_is_left_of_a_sale_that_was_stored_or_cancelled() -> None:
    assert Till().sell("1001").restarted().state is State.IDLE
    assert Till().scan("1001").press("MENU 14").stored().restarted().state is State.IDLE
    assert Till().press("MENU 12").restarted().state is State.IDLE


def test_the_draft_of_a_sale_in_payment_lacks_only_the_payment_that_was_under_way() -> None:
    till = Till().scan("1003").press("400 CASH CASH").restarted()
    assert till.state is State.TENDERING
    assert till.total == ("TO PAY", "6.00")


def test_a_basket_that_comes_back_takes_the_number_that_is_next_now() -> None:
    draft = Till().scan("1001").draft
    till = Till(next_receipt_no=1000, draft=draft).press("CASH").stored()
    assert receipt_numbers(till) == [1000]


def test_a_basket_whose_tax_is_not_known_any_more_is_not_brought_back() -> None:
    till = Till(ONLY_B, CATALOGUE, draft=Till().scan("1001").draft)
    assert (till.state, till.session.basket) == (State.STORING, None)

    till.stored()

    assert (till.state, till.notice) == (State.IDLE, "Basket is lost - scan it again")
    assert till.screen.notice_tone == "alarm"
    assert till.draft is None
    assert till.kinds == [EntryKind.SALE_CANCELLED]
    assert "tenders" not in till.journal[0].body


def test_what_was_paid_and_done_in_a_basket_that_is_lost_is_on_record_and_said() -> None:
    before = Till().scan("1003", "1001").press("VOID 400 CASH 100 CARD 77 ENTER")
    assert before.state is State.TENDERING

    till = Till(ONLY_B, CATALOGUE, next_receipt_no=8, draft=before.draft).stored()

    assert till.notice == "Basket lost, 5.00 paid - rescan"
    assert till.kinds == [EntryKind.LINE_VOIDED, EntryKind.SALE_CANCELLED]
    taken = till.journal[1].body["tenders"]
    assert [(each["kind"], each["amount_minor"], each["reference"]) for each in taken] == [
        ("cash", 400, ""),
        ("card", 100, "77"),
    ]
    assert till.session.next_receipt_no == 8
    assert till.done == ["WakeUplink"]
    assert till.scan("1002").rows == [("Water", "1 × 2.00", "2.00")]
    assert till.notice == "Basket lost, 5.00 paid - rescan"
    assert till.press("SUBTOTAL").notice == ""


def test_the_store_opens_once() -> None:
    till = Till().scan("1001")
    till.feed(Started(till.now(), 7, None, ()))
    assert (till.state, till.session.next_receipt_no) == (State.SELLING, 1)
    assert start(SHOP).state is State.STARTING
