"""A phone's payment is taken back: by CLEAR, by patience, by VOID."""

import pytest

from edge.checkout.effects import AskPayment
from edge.checkout.payments.payment import AskMove, PaymentOutcome, PaymentPhase
from edge.checkout.records import EntryKind, TenderKind
from edge.checkout.session import State
from tests.support.phone_payments import (
    APPROVED,
    DECLINED,
    PENDING,
    REVERSED,
    UNKNOWN,
    sold,
    waiting,
)
from tests.support.playbook import COLA_EAN13, Till

# --- taking it back


def test_clear_takes_it_back_on_record_first() -> None:
    till = waiting().press("CLEAR")
    (effect,) = till.of(AskPayment)
    assert effect.move is AskMove.REVERSE
    assert [entry.kind for entry in effect.first] == [EntryKind.PAYMENT_REVERSING]
    assert effect.payment.phase is PaymentPhase.REVERSING
    assert (till.screen.title, till.notice) == (
        "Taking back 3.50",
        "Wait - CLEAR: pay another way",
    )


@pytest.mark.parametrize("outcome", [REVERSED, DECLINED])
def test_what_is_taken_back_can_be_paid_in_another_way(outcome: PaymentOutcome) -> None:
    till = waiting().press("CLEAR")
    till.asks.pop(0)
    till.terminal(outcome)
    assert (till.state, till.notice) == (State.TENDERING, "Taken back, pay another way")
    assert till.kinds[-2:] == [EntryKind.PAYMENT_REVERSING, EntryKind.PAYMENT_SETTLED]


def test_once_it_is_taken_back_an_approval_from_before_is_not_heard() -> None:
    till = waiting().press("CLEAR").terminal(APPROVED)
    assert till.done == []
    assert till.screen.title == "Taking back 3.50"
    till.terminal(REVERSED)
    assert till.state is State.TENDERING
    assert till.session.basket.tenders == ()


def test_a_reversal_without_an_answer_is_asked_for_again_and_the_screen_says_for_how_long() -> None:
    till = waiting().press("CLEAR")
    till.asks.pop(0)
    till.terminal(UNKNOWN, "no_answer")
    (effect,) = till.of(AskPayment)
    assert (effect.move, effect.after_ms, effect.first) == (AskMove.REVERSE, 500, ())
    assert till.notice == "Back, 1 s - CLEAR: pay another way"


def test_who_waits_for_what_can_not_be_taken_back_any_more_has_a_paid_sale() -> None:
    till = waiting().press("CLEAR")
    till.asks.pop(0)
    sold(till.terminal(APPROVED))
    assert till.kinds[-2:] == [EntryKind.PAYMENT_SETTLED, EntryKind.SALE]
    assert [tender.kind for tender in till.sale.tenders] == [TenderKind.MOBILE]


def test_a_second_clear_leaves_the_reversal_to_itself_and_the_sale_is_paid_in_cash() -> None:
    till = waiting().press("CLEAR CLEAR")
    assert (till.state, till.notice) == (State.TENDERING, "Payment 3.50 is taken back")
    assert "open payments: 1" in till.screen.status
    sold(till.press("CASH"))
    assert [tender.kind for tender in till.sale.tenders] == [TenderKind.CASH]
    till.asks.pop(0)
    till.terminal(REVERSED)
    assert till.kinds[-1] is EntryKind.PAYMENT_SETTLED
    assert "open payments: 1" not in till.screen.status


def test_patience_at_its_end_takes_it_back_on_record() -> None:
    till = waiting()
    while till.of(AskPayment) == [] or till.of(AskPayment)[0].move is AskMove.QUERY:
        till.terminal(PENDING)
    (effect,) = till.of(AskPayment)
    assert effect.move is AskMove.REVERSE
    assert [entry.kind for entry in effect.first] == [EntryKind.PAYMENT_REVERSING]
    assert till.screen.title == "Taking back 3.50"
    assert till.notice == "Back, 60 s - CLEAR: pay another way"


def test_what_stays_unknown_is_left_as_such_on_record_and_the_cashier_is_told() -> None:
    till = waiting()
    while till.asks:
        till.terminal(UNKNOWN, "no_answer")
    assert till.kinds[-1] is EntryKind.PAYMENT_UNKNOWN
    assert till.journal[-1].body["detail"] == "no_answer"
    assert (till.state, till.notice) == (State.TENDERING, "Payment 3.50 unknown - MENU 54")
    assert till.screen.notice_tone == "alarm"


# --- VOID


def test_void_gives_a_phones_payment_back() -> None:
    till = waiting("100 MOBILE").terminal(APPROVED).stored().press("VOID")
    assert (till.total, till.notice) == (("TOTAL", "3.50"), "Taken back: Mobile 1.00")
    (effect,) = till.of(AskPayment)
    assert effect.move is AskMove.REVERSE
    assert [entry.kind for entry in effect.first] == [EntryKind.PAYMENT_REVERSING]
    till.terminal(REVERSED)
    sold(till.press("CASH"))
    assert EntryKind.PAYMENT_VOIDED in till.kinds
    assert [tender.kind for tender in till.sale.tenders] == [TenderKind.CASH]


def test_void_of_a_card_reminds_of_the_terminal() -> None:
    till = Till().scan(COLA_EAN13).press("100 CARD 12 ENTER VOID")
    assert till.notice == "Taken back - void it on the terminal too"
    assert till.done == []


def test_void_of_cash_and_of_nothing_is_as_it_was() -> None:
    till = Till().scan(COLA_EAN13).press("100 CASH VOID")
    assert till.notice == "Taken back: Cash 1.00"
    assert till.press("VOID").notice == "Nothing paid yet - CLEAR: back"
