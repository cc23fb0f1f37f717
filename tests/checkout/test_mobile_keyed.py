"""Paying on a terminal that has no wire to the till: the cashier charges there and keys what it
says; what only a hand on the terminal can do is asked of people and settled by them.
"""

from dataclasses import replace

import pytest

from edge.checkout.effects import AskPayment, PayIntent, RecordEntries, StoreEntries
from edge.checkout.inputs import UplinkChanged, WaitReminded
from edge.checkout.payments.payment import PaymentOutcome
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from tests.support.payment_books import books_of
from tests.support.playbook import COLA_EAN13, SHOP, WATER_EAN8, Till

KEYED = replace(SHOP, payment_is_keyed=True)
APPROVED, UNKNOWN = PaymentOutcome.APPROVED, PaymentOutcome.UNKNOWN
ASKED = "Charge it, key its code, ENTER - CLEAR"
SENT, SETTLED, LEFT = (
    EntryKind.PAYMENT_SENT,
    EntryKind.PAYMENT_SETTLED,
    EntryKind.PAYMENT_UNKNOWN,
)


def charging() -> Till:
    """The cashier is about to charge a cola on the terminal."""
    return Till(KEYED).scan(COLA_EAN13).press("MOBILE").stored()


def by_hand(till: Till) -> Till:
    """The terminal has no wire, and nobody to ask."""
    return till.terminal(UNKNOWN, "by_hand", amount_minor=0, currency="", reference="")


def sold() -> Till:
    """A cola, paid on the terminal."""
    return charging().press("123456 ENTER").terminal(APPROVED, reference="123456").settled()


def test_what_the_terminal_says_is_keyed_and_on_record_with_its_code() -> None:
    till = charging()
    assert (till.screen.title, till.notice) == ("Mobile payment 3.50", ASKED)
    till.press("123456 ENTER")
    (effect,) = till.of(PayIntent)
    assert (effect.intent.amount_minor, effect.intent.payment_code) == (350, "123456")
    till.terminal(APPROVED, reference="123456").settled()
    assert till.kinds == [SENT, SETTLED, EntryKind.SALE]
    assert till.journal[1].body["reference"] == "123456"
    assert books_of(till.journal).open == ()


@pytest.mark.parametrize("keys", ["ENTER", "1.5 ENTER", "5 X ENTER", "5 X 123456 ENTER"])
def test_without_an_approval_code_nothing_is_approved(keys: str) -> None:
    till = charging().press(keys)
    assert till.notice == "No approval code - key it, ENTER"
    assert (till.of(PayIntent), till.screen.entry) == ([], "")


def test_a_card_number_is_not_taken_for_a_code() -> None:
    till = charging().press("4111111111111111 ENTER")
    assert till.notice == "Card number - use the terminal"
    assert (till.of(PayIntent), till.screen.entry) == ([], "")


def test_what_was_not_charged_is_on_record_as_the_cashier_s_word() -> None:
    till = charging().press("12 CLEAR")
    assert (till.state, till.screen.entry) == (State.ASKING, "")
    till.press("CLEAR")
    (effect,) = till.of(RecordEntries)
    assert effect.entries[0].body["outcome"] == "declined"
    assert effect.entries[0].body["detail"] == "by_hand"
    assert (till.state, books_of(till.journal).open) == (State.TENDERING, ())


def test_a_scan_is_no_approval() -> None:
    till = charging().scan("284712345678901234")
    assert (till.of(PayIntent), till.state) == ([], State.ASKING)


def test_after_a_restart_the_cashier_says_what_the_terminal_did() -> None:
    till = charging().restarted()
    assert till.screen.title == "UNKNOWN: payment 3.50"
    by_hand(till)
    assert (till.screen.title, till.notice) == ("Mobile payment 3.50", ASKED)
    assert till.kinds == [SENT]
    # A reminder from before the question says nothing.
    reminded = WaitReminded(till.now(), till.session.payments.watches[0].payment.id)
    assert till.feed(reminded).notice == ASKED
    assert till.done == []
    till.press("123456 ENTER").terminal(APPROVED, reference="123456").settled()
    assert till.kinds == [SENT, SETTLED, EntryKind.SALE]


def test_after_a_restart_it_may_not_have_been_charged() -> None:
    till = by_hand(charging().restarted()).press("CLEAR")
    assert (till.state, books_of(till.journal).open) == (State.TENDERING, ())
    assert till.press("CASH").stored().kinds[-1] is EntryKind.SALE


def test_a_payment_that_is_taken_back_is_voided_on_the_terminal_by_people() -> None:
    till = charging().press("CLEAR").scan(WATER_EAN8).press("350 MOBILE").stored()
    till.press("123456 ENTER").terminal(APPROVED, reference="123456").stored()
    till.press("VOID")
    assert [type(each) for each in till.asks] == [AskPayment]
    by_hand(till)
    assert till.notice == "Void 3.50 on the terminal - MENU 54"
    assert till.asks == []
    assert till.kinds[-2:] == [EntryKind.PAYMENT_REVERSING, LEFT]
    till.press("CLEAR MENU 54")
    assert till.rows == [("1. Receipt 1", "void there, then VOID", "3.50")]
    till.press("VOID").stored()
    assert till.notice == "3.50 settled by hand"
    assert books_of(till.journal).open == ()


def test_what_is_for_people_is_not_asked_of_the_terminal_whenever_the_network_is_back() -> None:
    till = charging().press("CLEAR").scan(WATER_EAN8).press("350 MOBILE").stored()
    till.press("123456 ENTER").terminal(APPROVED, reference="123456").stored()
    by_hand(till.press("VOID"))
    till.feed(UplinkChanged(till.now(), online=True))
    assert till.asks == []


def test_a_refund_is_given_on_the_terminal_by_people() -> None:
    till = sold().press("1 MENU 11").found().press("ENTER SUBTOTAL ENTER").stored()
    by_hand(till)
    assert till.notice == "Refund 3.50 at terminal - MENU 54"
    till.press("CLEAR MENU 54")
    assert till.rows == [("1. Receipt 2", "refund there, then VOID", "3.50")]
    till.press("VOID")
    (effect,) = till.of(StoreEntries)
    assert not effect.opens_drawer
    assert till.stored().notice == "3.50 settled by hand"
    assert books_of(till.journal).open == ()


def test_a_refund_may_be_given_in_cash_instead() -> None:
    till = sold().press("1 MENU 11").found().press("ENTER SUBTOTAL ENTER").stored()
    by_hand(till).press("CLEAR MENU 54 CASH")
    (effect,) = till.of(StoreEntries)
    assert effect.opens_drawer
    assert till.stored().notice == "3.50 given back in cash"
    assert books_of(till.journal).open == ()


def test_what_was_open_before_a_restore_is_only_put_on_record() -> None:
    till = sold()
    lapsed = charging()
    books = books_of(lapsed.journal)
    (payment,) = books.open
    till = Till(KEYED, payments=replace(books, open=(replace(payment, phase="lapsed"),)))
    by_hand(till)
    assert till.notice == "Payment 3.50 unknown - MENU 54"
