"""Payments that are open: in the background, in the list behind MENU 54, going back by refund."""

from dataclasses import replace

import pytest

from edge.checkout.effects import AskPayment, StoreEntries
from edge.checkout.inputs import UplinkChanged
from edge.checkout.instant import Instant
from edge.checkout.payments.payment import (
    AskMove,
    OpenPayment,
    PaymentBooks,
    PaymentPhase,
    next_id,
    payment_from,
)
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from edge.checkout.shop import Limits
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
from tests.support.playbook import COLA_EAN13, FIVES_SHOP, SHOP, Till
from tests.support.staff import on_duty

# --- in the background


def test_a_reversal_that_comes_too_late_gives_the_money_back_by_a_refund() -> None:
    till = left()
    till.press("CASH").stored()
    till.terminal(APPROVED)
    (effect,) = till.of(AskPayment)
    assert effect.move is AskMove.REFUND
    assert [entry.kind for entry in effect.first] == [
        EntryKind.PAYMENT_SETTLED,
        EntryKind.PAYMENT_REFUND_SENT,
    ]
    assert (effect.payment.intent_id, effect.payment.amount_minor) == (INTENT, 350)
    assert till.notice == "3.50 charged late - it goes back"
    till.press("CLEAR")
    till.terminal(REVERSED)
    assert till.kinds[-1] is EntryKind.PAYMENT_REFUND_SETTLED
    assert (till.session.payments.watches, books_of(till.journal).open) == ((), ())


def test_the_refund_of_what_came_too_late_goes_on_after_a_power_cut() -> None:
    till = left()
    till.press("CASH").stored()
    till = till.terminal(APPROVED).restarted()
    (effect,) = till.of(AskPayment)
    assert (effect.move, effect.payment.intent_id) == (AskMove.REFUND, INTENT)
    assert effect.first == ()
    till.terminal(REVERSED)
    assert books_of(till.journal).open == ()


def refused() -> Till:
    """A till that owes a customer what his bank did not take back."""
    till = left()
    till.press("CASH").stored()
    return till.terminal(APPROVED).terminal(DECLINED, "account_closed")


def test_a_refund_that_is_refused_is_given_in_cash_on_record() -> None:
    till = refused()
    assert till.notice == "3.50 not given back - MENU 54, CASH"
    till.press("MENU 54")
    assert till.rows == [("1. Receipt 1", "refused: give cash", "3.50")]
    assert till.press("ENTER").notice == "Refused - CASH: give it in cash"
    till.press("CASH")
    (effect,) = till.of(StoreEntries)
    assert effect.opens_drawer
    assert [entry.kind for entry in effect.entries] == [
        EntryKind.CASH_PAID_OUT,
        EntryKind.PAYMENT_REFUND_SETTLED,
    ]
    till.stored()
    assert (till.state, till.notice) == (State.IDLE, "3.50 given back in cash")
    assert "OpenDrawer" in till.done
    assert books_of(till.journal).open == ()


def test_cash_for_a_refund_is_rounded_as_cash_is() -> None:
    till = refused()
    till.facts = replace(till.facts, shop=replace(FIVES_SHOP, cash_step_minor=100))
    till.press("MENU 54 CASH")
    assert till.of(StoreEntries)[0].entries[0].body == {"amount_minor": 400, "currency": "CNY"}


def test_what_is_owed_is_still_owed_after_a_power_cut_and_asked_of_nobody() -> None:
    till = refused().restarted()
    assert till.asks == []
    assert "open payments: 1" in till.screen.status
    assert till.press("MENU 54").rows == [("1. Receipt 1", "refused: give cash", "3.50")]


def test_an_answer_to_nothing_changes_nothing() -> None:
    till = waiting()
    answered = till.terminal(PENDING).asks[0]
    before = till.session
    till.asks.append(replace(answered, attempt=1))
    till.asks.pop(0)
    till.terminal(APPROVED)
    assert till.done == []
    assert till.session.payments == before.payments
    till.asks.append(replace(answered, payment=replace(answered.payment, intent_id="other")))
    till.terminal(APPROVED)
    assert till.done == []


def test_a_till_whose_disk_has_failed_hears_nothing() -> None:
    till = waiting()
    till.disk_fails().terminal(APPROVED)
    assert (till.state, till.done) == (State.STOPPED, [])
    till.feed(UplinkChanged(till.now(), online=True))
    assert till.done == []


# --- the network, and by hand


def test_what_was_left_is_asked_for_again_when_the_network_is_back() -> None:
    till = left()
    while till.asks:
        till.terminal(UNKNOWN, "no_answer")
    till.feed(UplinkChanged(till.now(), online=False))
    assert till.asks == []
    till.feed(UplinkChanged(till.now(), online=True))
    assert moves(till) == [(AskMove.REVERSE, INTENT)]
    till.feed(UplinkChanged(till.now(), online=True))
    assert len(till.asks) == 1, "it is asked for already"
    till.terminal(REVERSED)
    assert till.session.payments.watches == ()


def test_the_list_shows_what_is_open_and_asks_again_at_once() -> None:
    till = left()
    late = till.asks.pop(0)
    till.press("MENU 54")
    assert till.screen.title == "Payments still open"
    assert till.notice == "ENTER: ask again - CASH: give cash"
    assert till.rows == [("1. Receipt 1", "being taken back", "3.50")]
    till.press("1 ENTER")
    assert (till.notice, moves(till)) == ("Asked again", [(AskMove.REVERSE, INTENT)])
    till.asks.insert(0, late)
    till.terminal(REVERSED)
    assert till.rows != [], "an answer to what was asked before is not heard"
    till.terminal(REVERSED)
    assert till.rows == [("1. Receipt 1", "settled", "3.50")]
    for keys in ("ENTER", "CASH", "VOID"):
        assert till.press(keys).notice == "Settled already - CLEAR"
    assert till.press("CLEAR").state is State.TENDERING


def test_what_is_settled_keeps_its_row_so_that_cash_is_given_for_the_marked_one() -> None:
    till = refused()
    till.scan(COLA_EAN13).press("MOBILE").stored().scan(CODE).press("CLEAR CLEAR")
    till.asks.pop(0)
    till.press("CASH").stored().press("MENU 54")
    owed, taken_back = till.rows
    assert owed == ("1. Receipt 1", "refused: give cash", "3.50")
    assert taken_back == ("2. Receipt 2", "being taken back", "3.50")
    till.terminal(REVERSED)
    assert till.rows == [owed, ("2. Receipt 2", "settled", "3.50")]
    assert till.press("2 CASH").notice == "Settled already - CLEAR"
    till.press("1 CASH")
    (effect,) = till.of(StoreEntries)
    assert effect.entries[0].kind is EntryKind.CASH_PAID_OUT


@pytest.mark.parametrize("keys", ["2 ENTER", "0 ENTER", "2 CASH"])
def test_a_number_that_is_not_in_the_list_is_refused(keys: str) -> None:
    assert left().press(f"MENU 54 {keys}").notice == "No such item - CLEAR"


def test_cash_is_given_for_nothing_that_is_not_known() -> None:
    till = left().press("MENU 54 CASH")
    assert (till.notice, till.done) == ("Not known yet - ENTER: ask again", [])


def test_without_an_open_payment_there_is_no_list() -> None:
    till = Till().press("MENU 54")
    assert (till.state, till.notice) == (State.IDLE, "None is open - CLEAR")


# --- refunds of a sale


def given_back(picks: str = "ENTER") -> Till:
    """A sale of two colas by phone, of which one comes back."""
    till = Till().scan(COLA_EAN13, COLA_EAN13).press("MOBILE").stored().scan(CODE)
    till.terminal(APPROVED).settled()
    return till.press("1 MENU 11").found().press(f"{picks} SUBTOTAL ENTER")


def test_a_refund_goes_back_to_the_phone_on_record_first() -> None:
    till = given_back()
    (effect,) = till.of(StoreEntries)
    assert [entry.kind for entry in effect.entries] == [
        EntryKind.REFUND,
        EntryKind.PAYMENT_REFUND_SENT,
    ]
    assert till.asks == []
    till.stored()
    (ask,) = till.of(AskPayment)
    assert ask.move is AskMove.REFUND
    refund = ask.payment.refund
    assert (refund.intent_id, refund.amount_minor) == (INTENT, 350)
    assert refund.refund_id == "till-1-0-2-boot"
    till.terminal(REVERSED)
    assert till.kinds[-1] is EntryKind.PAYMENT_REFUND_SETTLED
    assert (till.session.payments.watches, books_of(till.journal).open) == ((), ())


def test_a_refund_without_an_answer_is_asked_for_until_it_has_one() -> None:
    till = given_back().stored()
    for _ in range(3):
        till.terminal(UNKNOWN, "no_answer")
        (ask,) = till.of(AskPayment)
        assert (ask.move, ask.payment.refund_id) == (AskMove.REFUND, "till-1-0-2-boot")
    assert till.press("MENU 54").rows == [("1. Receipt 2", "on its way back", "3.50")]
    till = till.restarted()
    assert moves(till) == [(AskMove.REFUND, "till-1-0-2-boot")]
    till.terminal(PENDING).terminal(REVERSED)
    assert books_of(till.journal).open == ()


def test_a_refund_that_stays_unknown_is_on_record_as_such() -> None:
    till = given_back().stored()
    while till.asks:
        till.terminal(UNKNOWN, "no_answer")
    assert till.journal[-1].body == {
        "intent": INTENT,
        "refund": "till-1-0-2-boot",
        "amount_minor": 350,
        "detail": "no_answer",
    }
    assert books_of(till.journal).open != ()


def test_a_refund_in_cash_asks_no_terminal() -> None:
    till = Till().scan(COLA_EAN13).press("MOBILE").stored().scan(CODE)
    till.terminal(APPROVED).settled()
    till.press("1 MENU 11").found().press("ENTER CASH").stored()
    assert till.asks == []


# --- ids and records


def test_an_id_is_of_the_box_the_epoch_the_count_and_the_boot() -> None:
    at = Instant(0, "9f86d081-884c-7d65", 0, Till().quality)
    assert next_id("till-001", PaymentBooks(1, 41), at) == "till-001-1-42-9f86d081"
    long = next_id("t" * 64, PaymentBooks(12_345, 99_999_999), at)
    assert len(long) <= 64


def test_only_what_begins_a_payment_is_read_as_one() -> None:
    with pytest.raises(ValueError, match="begins no payment"):
        payment_from(EntryKind.PAYMENT_SETTLED, {})


def test_a_payment_comes_back_from_its_record() -> None:
    till = given_back()
    sent, refund = till.journal[0], till.of(StoreEntries)[0].entries[1]
    assert payment_from(sent.kind, sent.body) == OpenPayment(
        INTENT, 700, "CNY", 1, "mobile", PaymentPhase.SENT
    )
    assert payment_from(refund.kind, refund.body) == OpenPayment(
        INTENT, 350, "CNY", 2, "mobile", PaymentPhase.REFUNDING, "till-1-0-2-boot"
    )


def test_a_payment_that_can_not_join_the_record_of_its_sale_is_not_begun() -> None:
    shop = replace(SHOP, limits=Limits(max_tenders=2))
    till = Till(shop).scan(COLA_EAN13).press("50 MOBILE").stored().scan(CODE)
    till.terminal(APPROVED).stored()
    assert till.press("50 MOBILE").notice == "Too many payments - pay the rest"


# --- people


def test_cash_for_a_refused_refund_needs_somebody_who_may_pay_cash_out() -> None:
    till = on_duty().scan(COLA_EAN13).press("MOBILE").stored().scan(CODE).press("CLEAR CLEAR")
    till.asks.pop(0)
    till.press("CASH").stored()
    till.terminal(APPROVED).terminal(DECLINED, "account_closed")
    till.press("MENU 54 CASH")
    assert till.screen.title == "Supervisor: cash in or out"
    till.lifted()
    kinds = [entry.kind for effect in till.of(StoreEntries) for entry in effect.entries]
    assert kinds == [EntryKind.CASH_PAID_OUT, EntryKind.PAYMENT_REFUND_SETTLED]


def test_a_till_that_nobody_has_waits_for_a_payment_after_a_power_cut_all_the_same() -> None:
    till = on_duty().scan(COLA_EAN13).press("MOBILE").stored().scan(CODE)
    till = Till.restarted(till)
    assert till.screen.title == "UNKNOWN: payment 3.50"
    till.terminal(APPROVED).settled()
    assert (till.kinds[-1], till.state) == (EntryKind.SALE, State.SIGNED_OFF)
