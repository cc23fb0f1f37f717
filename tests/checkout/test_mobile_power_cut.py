"""A power cut at each hop of a phone's payment: nothing is paid twice, and nothing is lost."""

from dataclasses import replace

import pytest

from edge.checkout.effects import AskPayment, PayIntent, RecordEntries, RemindWait, StoreEntries
from edge.checkout.payments.payment import (
    AskMove,
    PaymentBooks,
    PaymentOutcome,
    PaymentPhase,
    payment_from,
)
from edge.checkout.records import EntryKind, TenderKind
from edge.checkout.session import State
from tests.support.payment_books import books_of
from tests.support.phone_payments import (
    APPROVED,
    CODE,
    DECLINED,
    INTENT,
    PENDING,
    REVERSED,
    UNKNOWN,
    left,
    moves,
    waiting,
)
from tests.support.playbook import COLA_EAN13, SOAP_UPC_A, Till


def nothing_is_paid(till: Till) -> bool:
    return not any(isinstance(each, PayIntent) for each in till.all_effects)


def test_after_a_power_cut_before_the_code_the_payment_turns_out_to_be_none() -> None:
    till = Till().scan(COLA_EAN13).press("MOBILE").stored().restarted()
    assert till.screen.title == "UNKNOWN: payment 3.50"
    assert moves(till) == [(AskMove.QUERY, INTENT)]
    till.terminal(DECLINED, "not_known")
    assert (till.state, till.notice) == (State.TENDERING, "Declined - pay another way")


def test_after_a_power_cut_while_the_customer_confirms_it_is_asked_for_and_not_paid_again() -> None:
    till = waiting().terminal(PENDING).restarted()
    assert till.screen.title == "UNKNOWN: payment 3.50"
    assert moves(till) == [(AskMove.QUERY, INTENT)]
    assert [effect.payment_id for effect in till.of(RemindWait)] == [INTENT]
    till.terminal(APPROVED).settled()
    assert till.kinds[-1] is EntryKind.SALE
    assert till.sale.tenders[0].reference == INTENT
    assert nothing_is_paid(till)


def test_after_a_power_cut_the_cashier_may_still_take_it_back() -> None:
    till = waiting().restarted().press("CLEAR")
    assert [each.move for each in till.of(AskPayment)] == [AskMove.REVERSE]
    till.asks.pop(0)
    till.terminal(REVERSED)
    assert till.state is State.TENDERING


def test_an_approval_that_is_on_record_is_a_payment_after_the_power_cut() -> None:
    till = waiting("100 MOBILE").terminal(APPROVED)
    till.journal += till.of(StoreEntries)[0].entries
    till = till.restarted()
    assert (till.state, till.total, till.asks) == (State.TENDERING, ("TO PAY", "2.50"), [])
    till.press("CASH").stored()
    assert [tender.kind for tender in till.sale.tenders] == [TenderKind.MOBILE, TenderKind.CASH]


def test_an_approval_that_pays_all_ends_the_sale_at_the_start() -> None:
    till = waiting().terminal(APPROVED)
    till.journal += till.of(StoreEntries)[0].entries
    till = till.restarted()
    assert till.done == ["StoreEntries"]
    assert till.stored().kinds[-1] is EntryKind.SALE
    assert till.session.payments.watches == ()


def test_a_payment_in_the_draft_stays_there() -> None:
    till = waiting("100 MOBILE").terminal(APPROVED).stored().restarted()
    assert (till.total, till.asks) == (("TO PAY", "2.50"), [])
    till.press("VOID")
    assert [each.move for each in till.of(AskPayment)] == [AskMove.REVERSE]


def test_a_draft_older_than_the_void_of_its_payment_loses_the_payment() -> None:
    till = waiting("100 MOBILE").terminal(APPROVED).stored()
    older = till.draft
    till.press("VOID")
    till.draft = older
    till = till.restarted()
    assert till.total == ("TOTAL", "3.50")
    assert till.notice == "Payment 1.00 is taken back"
    assert moves(till) == [(AskMove.REVERSE, INTENT)]
    till.press("CASH").stored()
    assert EntryKind.PAYMENT_VOIDED in till.kinds


def test_the_draft_keeps_cash_when_it_loses_a_phones_payment() -> None:
    till = waiting("100 MOBILE").terminal(APPROVED).stored()
    till.press("50 CASH")
    older = till.draft
    till.press("VOID VOID")
    till.draft = older
    till = till.restarted()
    assert till.total == ("TO PAY", "3.00")


def test_a_reversal_goes_on_after_a_power_cut_and_the_basket_is_free() -> None:
    till = left().restarted()
    assert (till.state, moves(till)) == (State.SELLING, [(AskMove.REVERSE, INTENT)])
    assert till.of(AskPayment)[0].first == (), "it is on record already"
    till.terminal(REVERSED)
    assert books_of(till.journal).open == ()


def test_a_payment_of_no_basket_is_taken_back_on_record_first() -> None:
    till = waiting()
    till.draft = None
    till = till.restarted()
    (effect,) = till.of(AskPayment)
    assert (till.state, effect.move) == (State.IDLE, AskMove.REVERSE)
    assert [entry.kind for entry in effect.first] == [EntryKind.PAYMENT_REVERSING]


def test_an_approval_of_no_basket_is_taken_back() -> None:
    till = waiting().terminal(APPROVED)
    till.journal += till.of(StoreEntries)[0].entries
    till.draft = None
    till = till.restarted()
    assert moves(till) == [(AskMove.REVERSE, INTENT)]


def test_a_payment_for_more_than_the_basket_costs_by_now_is_taken_back() -> None:
    till = Till().scan(SOAP_UPC_A).press("MOBILE").stored().scan(CODE)
    till.draft = Till().scan(COLA_EAN13).draft
    till = till.restarted()
    assert (till.state, moves(till)) == (State.SELLING, [(AskMove.REVERSE, INTENT)])


def test_two_payments_of_one_basket_are_not_both_waited_for() -> None:
    till = Till().scan(COLA_EAN13)
    till.journal += waiting("100 MOBILE").journal
    second = replace(payment_from(EntryKind.PAYMENT_SENT, till.journal[0].body), intent_id="x")
    entry = replace(till.journal[0], body={**till.journal[0].body, "intent": second.id})
    till.journal.append(entry)
    till = till.restarted()
    assert moves(till) == [(AskMove.QUERY, INTENT), (AskMove.REVERSE, "x")]


def test_a_basket_of_goods_that_come_back_takes_no_payment() -> None:
    till = waiting()
    till.draft = Till().press("MENU 12").scan(COLA_EAN13).draft
    till = till.restarted()
    assert (till.state, moves(till)) == (State.RETURNING, [(AskMove.REVERSE, INTENT)])


def lapsed() -> Till:
    books = books_of(waiting().journal)
    open_ = tuple(replace(each, phase=PaymentPhase.LAPSED) for each in books.open)
    return Till(payments=PaymentBooks(2, 1, open_))


@pytest.mark.parametrize("outcome", [APPROVED, DECLINED, REVERSED])
def test_what_a_restored_store_has_open_is_asked_for_and_closed(outcome: PaymentOutcome) -> None:
    till = lapsed()
    assert moves(till) == [(AskMove.QUERY, INTENT)]
    till.terminal(outcome)
    assert till.of(RecordEntries)[0].entries[0].body["outcome"] == outcome.value
    assert (till.asks, till.session.payments.watches) == ([], ())


def test_what_a_restored_store_has_open_is_never_taken_back() -> None:
    till = lapsed()
    while till.asks:
        assert till.asks[0].move is AskMove.QUERY
        till.terminal(UNKNOWN, "no_answer")
    assert till.notice == "Payment 3.50 unknown - MENU 54"
    assert till.press("MENU 54").rows == [("1. Receipt 1", "before restore", "3.50")]
    till.press("ENTER")
    assert moves(till) == [(AskMove.QUERY, INTENT)]
