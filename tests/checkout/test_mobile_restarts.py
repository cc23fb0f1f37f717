"""Payments by phone and what stood on disk: members' baskets after a power cut, refunds before they
are on record, terminals that are gone.
"""

from dataclasses import replace

import pytest

from edge.checkout.effects import AskPayment, StoreEntries
from edge.checkout.inputs import InboxOverflowed, UplinkChanged
from edge.checkout.payments.payment import AskMove, PaymentOutcome
from edge.checkout.people.staff import Permission, Role
from edge.checkout.records import EntryKind, TenderKind
from edge.checkout.sale.basket import Basket
from edge.checkout.session import State
from tests.support.payment_books import books_of
from tests.support.playbook import COLA_EAN13, SOAP_UPC_A, Till
from tests.support.staff import ANNA, STAFF, StaffTill, on_duty
from tests.support.wallets import WalletTill, served

APPROVED, DECLINED = PaymentOutcome.APPROVED, PaymentOutcome.DECLINED
REVERSED = PaymentOutcome.REVERSED
UNKNOWN = PaymentOutcome.UNKNOWN
CODE = "284712345678901234"
INTENT = "till-1-0-1-boot"
REFUND = "till-1-0-2-boot"
# Anna may do refunds here, and still pay no cash out.
REFUNDER = Role("refunder", ANNA.role.permissions | {Permission.REFUND})
GIVES_BACK = replace(STAFF, by_number={**STAFF.by_number, "12": replace(ANNA, role=REFUNDER)})


def moves(till: Till) -> list[tuple[AskMove, str]]:
    return [(each.move, each.payment.id) for each in till.asks]


# --- a member's basket


def members(keys: str = "MOBILE") -> Till:
    """A till whose customer is a member, and pays by phone."""
    till, _ = served()
    return till.scan(COLA_EAN13, SOAP_UPC_A).press(keys).stored().scan(CODE)


def cut(till: Till, draft: Basket | None) -> Till:
    """As it comes up again; the member has not been looked up yet."""
    assert isinstance(till, WalletTill)
    again = WalletTill(store=till.store, draft=draft, payments=books_of(till.journal))
    again.journal = till.journal
    return again


def with_void_only_half_on_disk() -> Till:
    """The power went after `payment.reversing` and before the lighter draft."""
    till = members("500 MOBILE").terminal(APPROVED).stored()
    older = till.draft
    return cut(till.press("VOID"), older)


def test_a_members_draft_older_than_the_void_of_its_payment_loses_the_payment() -> None:
    till = with_void_only_half_on_disk()
    assert (till.notice, moves(till)) == (
        "Payment 5.00 is taken back",
        [(AskMove.REVERSE, INTENT)],
    )
    till.settled()
    assert (till.state, till.total) == (State.SELLING, ("TOTAL", "13.50"))
    till.terminal(REVERSED).press("CASH").settled()
    assert [tender.kind for tender in till.sale.tenders] == [TenderKind.CASH]
    assert EntryKind.PAYMENT_VOIDED in till.kinds


def test_what_a_members_basket_lost_can_not_be_voided_again() -> None:
    till = with_void_only_half_on_disk().settled().terminal(REVERSED)
    assert till.press("SUBTOTAL VOID").notice == "Nothing paid yet - CLEAR: back"


def test_a_members_payment_is_waited_for_after_a_power_cut() -> None:
    till = members()
    till = cut(till, till.draft)
    assert (till.state, till.asks) == (State.FINDING, [])
    till.settled()
    assert till.screen.title == "UNKNOWN: payment 13.50"
    assert moves(till) == [(AskMove.QUERY, INTENT)]
    till.terminal(APPROVED).settled()
    assert till.sale.tenders[0].reference == INTENT


def test_an_approval_on_record_is_a_payment_of_a_members_basket() -> None:
    till = members("500 MOBILE").terminal(APPROVED)
    older = till.draft
    till.stored()
    till = cut(till, older).settled()
    assert (till.state, till.total, till.asks) == (State.TENDERING, ("TO PAY", "8.50"), [])


def test_a_payment_in_a_members_draft_stays_there() -> None:
    till = members("500 MOBILE").terminal(APPROVED).stored()
    till = cut(till, till.draft).settled()
    assert (till.total, till.asks) == (("TO PAY", "8.50"), [])


def test_a_payment_of_no_basket_is_taken_back_though_a_member_has_another_one() -> None:
    till = members()
    cola, _ = served()
    till = cut(till, cola.scan(COLA_EAN13).draft).settled()
    assert (till.state, moves(till)) == (State.SELLING, [(AskMove.REVERSE, INTENT)])


def test_keys_that_came_before_the_member_was_back_follow_the_payment() -> None:
    till = members()
    till = cut(till, till.draft).press("ENTER")
    assert till.settled().notice == "Wait for it - CLEAR: take back"


# --- on disk first


def giving_back() -> Till:
    """A refund to a phone that is on its way to the disk."""
    till = Till().scan(COLA_EAN13).press("MOBILE").stored().scan(CODE)
    till.terminal(APPROVED).settled()
    return till.press("1 MENU 11").found().press("ENTER SUBTOTAL ENTER")


def online(till: Till) -> Till:
    return till.feed(UplinkChanged(till.now(), online=True))


def test_a_network_that_is_back_asks_for_no_refund_that_is_not_on_disk() -> None:
    till = online(giving_back())
    assert (till.state, till.asks) == (State.STORING, [])
    till.stored()
    assert moves(till) == [(AskMove.REFUND, REFUND)]


def test_a_refund_that_the_disk_did_not_take_is_asked_of_nobody() -> None:
    till = online(giving_back()).disk_fails()
    assert till.asks == []
    assert EntryKind.PAYMENT_REFUND_SENT not in till.kinds


def test_a_refund_that_is_on_disk_is_asked_for_when_the_network_is_back() -> None:
    till = giving_back().stored()
    while till.asks:
        till.terminal(UNKNOWN, "no_answer")
    assert moves(online(till)) == [(AskMove.REFUND, REFUND)]


# --- the list behind MENU 54


def owing() -> StaffTill:
    """A cashier's till that owes two customers what their banks did not take back."""
    till = on_duty()
    for code in (SOAP_UPC_A, COLA_EAN13):
        till.scan(code).press("MOBILE").stored().scan(CODE).press("CLEAR CLEAR")
        till.asks.pop(0)
        till.press("CASH").stored()
        till.terminal(APPROVED).terminal(DECLINED, "account_closed").press("CLEAR")
    return till


def test_cash_that_a_supervisor_allows_is_of_the_row_that_was_keyed() -> None:
    till = owing().press("MENU 54")
    assert [right for _, _, right in till.rows] == ["10.00", "3.50"]
    till.press("2 CASH").lifted().stored()
    paid_out, settled = (entry.body for entry in till.journal[-2:])
    assert (paid_out["amount_minor"], settled["amount_minor"]) == (350, 350)
    assert till.press("MENU 54").rows == [("1. Receipt 1", "refused: give cash", "10.00")]


def test_cash_that_a_supervisor_allows_is_of_the_row_that_was_marked() -> None:
    till = owing().press("MENU 54 DOWN CASH").lifted().stored()
    assert till.notice == "3.50 given back in cash"


def test_cash_that_nobody_allows_is_not_given() -> None:
    till = owing().press("MENU 54 2 CASH CLEAR")
    assert EntryKind.CASH_PAID_OUT not in till.kinds
    assert till.press("CLEAR MENU 54 ENTER").notice == "Refused - CASH: give it in cash"


# --- a terminal that is gone


def with_terminal(till: Till, name: str) -> Till:
    """The settings name another terminal by now, or none."""
    till.facts = replace(till.facts, shop=replace(till.facts.shop, payment_terminal=name))
    return till


@pytest.mark.parametrize("today", ["", "mobile2"])
def test_a_refund_is_asked_of_the_terminal_that_took_the_payment(today: str) -> None:
    till = Till().scan(COLA_EAN13).press("MOBILE").stored().scan(CODE)
    till.terminal(APPROVED).settled()
    with_terminal(till, today).press("1 MENU 11").found().press("ENTER SUBTOTAL ENTER").stored()
    (ask,) = till.of(AskPayment)
    assert ask.payment.terminal == "mobile"
    assert till.journal[-1].body["terminal"] == "mobile"


def gone(till: Till) -> Till:
    """Nobody answers any more: the device is not in the settings."""
    while till.asks:
        till.terminal(UNKNOWN, "no_terminal")
    return till.press("CLEAR MENU 54")


def test_a_refund_whose_terminal_is_gone_is_given_in_cash() -> None:
    till = gone(giving_back().stored())
    assert till.rows == [("1. Receipt 2", "terminal gone: CASH", "3.50")]
    till.press("CASH").stored()
    assert (till.notice, till.kinds[-2:]) == (
        "3.50 given back in cash",
        [EntryKind.CASH_PAID_OUT, EntryKind.PAYMENT_REFUND_SETTLED],
    )
    assert (till.session.payments.watches, books_of(till.journal).open) == ((), ())


def test_a_refund_whose_terminal_is_gone_is_settled_by_hand_without_cash() -> None:
    till = gone(giving_back().stored()).press("VOID")
    (effect,) = till.of(StoreEntries)
    assert not effect.opens_drawer
    till.stored()
    assert till.notice == "3.50 settled by hand"
    assert till.journal[-1].body == {
        "intent": INTENT,
        "refund": REFUND,
        "amount_minor": 350,
        "outcome": "reversed",
        "reference": "",
        "detail": "by_hand",
    }
    assert (till.session.payments.watches, books_of(till.journal).open) == ((), ())


def left() -> Till:
    """A till whose cashier has left a payment to be taken back; the reversal is under way."""
    till = Till().scan(COLA_EAN13).press("MOBILE").stored().scan(CODE).press("CLEAR CLEAR")
    till.asks.pop(0)
    return till


def test_a_payment_whose_terminal_is_gone_is_settled_by_hand_and_never_paid_out() -> None:
    till = gone(left())
    assert till.rows == [("1. Receipt 1", "terminal gone: VOID", "3.50")]
    assert till.press("CASH").notice == "Not known yet - ENTER: ask again"
    till.press("VOID").stored()
    assert (till.notice, till.kinds[-1]) == ("3.50 settled by hand", EntryKind.PAYMENT_SETTLED)
    assert books_of(till.journal).open == ()


def test_what_is_settled_by_hand_is_in_nobodys_way() -> None:
    till = gone(giving_back().stored()).press("VOID").stored()
    assert till.restarted().session.payments.watches == ()


def test_nothing_is_settled_by_hand_while_its_terminal_is_there() -> None:
    till = left().press("MENU 54 VOID")
    assert (till.notice, till.done) == ("Terminal is there - ENTER: ask again", [])
    assert till.press("2 VOID").notice == "No such item - CLEAR"
    assert owing().press("MENU 54 VOID").notice == "Refused - CASH: give it in cash"


def test_a_terminal_that_is_back_is_asked_and_nothing_is_settled_by_hand() -> None:
    till = gone(left()).press("ENTER")
    assert till.rows == [("1. Receipt 1", "terminal gone: VOID", "3.50")]
    till.terminal(UNKNOWN, "no_answer")
    assert till.rows == [("1. Receipt 1", "being taken back", "3.50")]
    assert till.press("VOID").notice == "Terminal is there - ENTER: ask again"


def test_what_went_back_while_a_supervisor_was_asked_is_not_paid_out() -> None:
    till = on_duty(staff=GIVES_BACK).scan(COLA_EAN13).press("MOBILE").stored().scan(CODE)
    till.terminal(APPROVED).settled()
    till.press("1 MENU 11").found().press("ENTER SUBTOTAL ENTER").stored()
    till.terminal(UNKNOWN, "no_terminal").press("MENU 54 CASH")
    assert till.screen.title == "Supervisor: cash in or out"
    till.terminal(REVERSED).lifted()
    assert till.notice == "Settled already - CLEAR"
    assert till.rows == [("1. Receipt 2", "settled", "3.50")]
    assert EntryKind.CASH_PAID_OUT not in till.kinds


# --- an alarm during the wait


def alarmed(till: Till) -> Till:
    """Some scans were lost meanwhile."""
    till.feed(InboxOverflowed(till.now(), 3))
    assert till.screen.notice_tone == "alarm"
    return till


@pytest.mark.parametrize("key", ["CLEAR", "VOID", "2"])
def test_a_key_that_takes_an_alarm_away_takes_no_payment_back(key: str) -> None:
    till = alarmed(Till().scan(COLA_EAN13).press("MOBILE").stored().scan(CODE)).press(key)
    assert (till.screen.title, till.screen.notice_tone) == ("Mobile payment 3.50", "info")
    assert (till.done, till.screen.entry) == ([], "")
    assert till.press("CLEAR").screen.title == "Taking back 3.50"


def test_the_key_that_takes_an_alarm_away_leaves_the_question_for_the_code() -> None:
    till = alarmed(Till().scan(COLA_EAN13).press("MOBILE").stored()).press("CLEAR")
    assert EntryKind.PAYMENT_SETTLED not in till.kinds
    till.press("CLEAR")
    assert (till.state, till.kinds[-1]) == (State.TENDERING, EntryKind.PAYMENT_SETTLED)


def test_the_key_that_takes_an_alarm_away_leaves_no_reversal_to_itself() -> None:
    till = Till().scan(COLA_EAN13).press("MOBILE").stored().scan(CODE).press("CLEAR")
    assert alarmed(till).press("CLEAR").state is State.ASKING
    assert till.press("CLEAR").notice == "Payment 3.50 is taken back"


def test_a_scanned_code_answers_below_an_alarm() -> None:
    till = alarmed(Till().scan(COLA_EAN13).press("MOBILE").stored()).scan(CODE)
    assert len(till.asks) == 1
