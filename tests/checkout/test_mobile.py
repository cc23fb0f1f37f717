"""Paying with a phone: on record first, then the code, then the wait; and nothing charged twice."""

import json
from dataclasses import replace

import pytest

from edge.checkout.effects import AskPayment, PayIntent, RecordEntries, RemindWait, StoreEntries
from edge.checkout.inputs import WaitReminded
from edge.checkout.payments.payment import AskMove
from edge.checkout.payments.payment_watch import MAX_OPEN_PAYMENTS
from edge.checkout.records import EntryKind, TenderKind
from edge.checkout.session import State
from edge.checkout.shop import Language
from tests.support.phone_payments import (
    APPROVED,
    CODE,
    DECLINED,
    INTENT,
    PENDING,
    REVERSED,
    UNKNOWN,
    asked,
    sold,
    waiting,
)
from tests.support.playbook import COLA_EAN13, SHOP, Till
from tests.support.wallets import served

# --- journal first, then the code


def test_the_intent_is_on_record_before_the_code_is_asked_for() -> None:
    till = Till().scan(COLA_EAN13).press("MOBILE")
    assert till.done == ["StoreEntries"]
    (effect,) = till.of(StoreEntries)
    (entry,) = effect.entries
    assert entry.kind is EntryKind.PAYMENT_SENT
    assert entry.body == {
        "intent": INTENT,
        "amount_minor": 350,
        "currency": "CNY",
        "receipt_no": 1,
        "terminal": "mobile",
    }
    till.stored()
    assert till.done == ["WakeUplink"]
    assert (till.screen.title, till.notice) == (
        "Mobile payment 3.50",
        "Scan the phone - CLEAR: back",
    )


def test_the_code_goes_to_the_terminal_and_nowhere_else() -> None:
    till = waiting()
    (effect,) = till.of(PayIntent)
    assert (effect.terminal, effect.intent.payment_code) == ("mobile", CODE)
    assert (effect.intent.intent_id, effect.intent.amount_minor) == (INTENT, 350)
    sold(till.terminal(APPROVED))
    left = [till.session, till.draft, till.journal, till.screen, till.customer, till.receipt]
    assert CODE not in f"{left}{till.all_effects}"
    assert CODE not in json.dumps([entry.body for entry in till.journal])


def test_a_payment_that_is_approved_is_a_payment_of_the_sale() -> None:
    till = waiting().terminal(APPROVED)
    assert till.done == ["StoreEntries"], "that it is approved goes on record first"
    sold(till)
    assert till.kinds == [EntryKind.PAYMENT_SENT, EntryKind.PAYMENT_SETTLED, EntryKind.SALE]
    settled = till.journal[1].body
    assert (settled["outcome"], settled["reference"]) == ("approved", f"gw-{INTENT}")
    (tender,) = till.sale.tenders
    assert (tender.kind, tender.amount_minor, tender.reference) == (TenderKind.MOBILE, 350, INTENT)
    assert "Mobile till-1-0-1-boot      3.50" in till.receipt
    assert (till.state, till.session.payments.watches) == (State.IDLE, ())
    assert "OpenDrawer" not in {type(effect).__name__ for effect in till.all_effects}


def test_a_part_is_paid_by_phone_and_the_rest_in_cash() -> None:
    till = waiting("100 MOBILE").terminal(APPROVED).stored()
    assert (till.state, till.total) == (State.TENDERING, ("TO PAY", "2.50"))
    till.press("CASH").stored()
    assert [tender.kind for tender in till.sale.tenders] == [TenderKind.MOBILE, TenderKind.CASH]


def test_two_phones_pay_one_sale_with_an_id_each() -> None:
    till = waiting("100 MOBILE").terminal(APPROVED).stored()
    sold(till.press("MOBILE").stored().scan(CODE).terminal(APPROVED))
    references = [tender.reference for tender in till.sale.tenders]
    assert references == [INTENT, "till-1-0-2-boot"]


def test_the_next_sale_has_an_id_of_its_own() -> None:
    till = sold(waiting().terminal(APPROVED))
    till.scan(COLA_EAN13).press("MOBILE")
    (effect,) = till.of(StoreEntries)
    assert effect.entries[0].body["intent"] == "till-1-0-2-boot"


def test_a_scan_while_the_disk_answers_is_the_code_that_is_asked_for() -> None:
    till = Till().scan(COLA_EAN13).press("MOBILE").scan(CODE).stored()
    assert till.of(PayIntent)
    assert CODE not in f"{till.session}"


# --- what may be keyed


@pytest.mark.parametrize(
    ("keys", "notice"),
    [
        ("400 MOBILE", "Above the sum due - CLEAR"),
        ("0 MOBILE", "No such amount - CLEAR"),
        ("2 X MOBILE", "No such amount - CLEAR"),
        ("VOID MOBILE", "Nothing in basket - scan"),
    ],
)
def test_amounts_that_can_not_be_paid_are_refused(keys: str, notice: str) -> None:
    till = Till().scan(COLA_EAN13).press(keys)
    assert (till.notice, till.kinds) == (notice, [])


def test_a_sale_that_costs_nothing_is_not_paid_by_phone() -> None:
    till = Till().scan(COLA_EAN13).press("0 MENU 15 MOBILE")
    assert till.notice == "No such amount - CLEAR"


def test_a_shop_without_a_terminal_says_so() -> None:
    till = Till(replace(SHOP, payment_terminal="")).scan(COLA_EAN13).press("MOBILE")
    assert till.notice == "No mobile payment - CASH or CARD"


def test_before_the_first_article_there_is_nothing_to_pay() -> None:
    assert Till().press("MOBILE").notice == "Nothing in basket - scan"


@pytest.mark.parametrize(
    "code", ["284712345678901", "2847123456789012345678901", "28471234567890123A", "", COLA_EAN13]
)
def test_what_is_no_payment_code_is_refused_and_may_be_scanned_again(code: str) -> None:
    till = asked().scan(code)
    assert (till.notice, till.done) == ("Not a payment code - scan again", [])
    assert till.scan(CODE).of(PayIntent)


@pytest.mark.parametrize("digits", [16, 18, 19, 24])
def test_codes_of_sixteen_to_twenty_four_digits_are_taken(digits: int) -> None:
    code = "2847123456789012345678901"[:digits]
    (effect,) = asked().scan(code).of(PayIntent)
    assert effect.intent.payment_code == code


@pytest.mark.parametrize("before", ["", "CASH", "MENU 11"])
def test_a_code_that_nobody_asked_for_pays_nothing(before: str) -> None:
    till = Till().press(before).scan(CODE)
    assert till.of(PayIntent) == []
    assert CODE not in f"{till.session}{till.screen}"


@pytest.mark.parametrize("keys", ["ENTER", "1 2 ENTER", "CASH", "CARD", "MOBILE", "MENU", "VOID"])
def test_while_the_code_is_asked_for_keys_say_so(keys: str) -> None:
    till = asked().press(keys)
    assert till.state is State.ASKING
    assert till.notice in {"Scan the phone - CLEAR: back", "Not here - see the title"}
    assert till.scan(CODE).press("CLEAR").kinds[:1] == [EntryKind.PAYMENT_SENT]


def test_clear_before_the_code_leads_back_and_nobody_is_asked_for_anything() -> None:
    till = asked().press("5 CLEAR")
    assert till.state is State.ASKING
    till.press("CLEAR")
    assert till.state is State.TENDERING
    (record,) = till.of(RecordEntries)
    assert record.entries[0].body["outcome"] == "declined"
    assert record.entries[0].body["detail"] == "not_sent"
    assert till.asks == []
    sold(till.press("CASH"))
    assert till.kinds[-1] is EntryKind.SALE


def test_there_is_a_limit_to_what_may_be_open() -> None:
    till = Till().scan(COLA_EAN13)
    for _ in range(MAX_OPEN_PAYMENTS):
        till.press("MOBILE").stored().scan(CODE).press("CLEAR CLEAR")
    assert till.press("MOBILE").notice == "Too many open - see MENU 54"
    assert till.press("CASH").stored().kinds[-1] is EntryKind.SALE


# --- the wait


def test_while_the_customer_confirms_the_till_asks_and_says_for_how_long() -> None:
    till = waiting()
    assert till.screen.title == "Mobile payment 3.50"
    assert till.notice == "Customer confirms - CLEAR: take back"
    assert till.customer == ("Items: 1", "TOTAL          ¥3.50")
    for waited_s in (1, 2, 3):
        till.terminal(PENDING)
        (effect,) = till.of(AskPayment)
        assert (effect.move, effect.after_ms) == (AskMove.QUERY, 1500)
        assert till.notice == f"Customer confirms, {waited_s} s - CLEAR: back"
    sold(till.terminal(APPROVED))
    assert till.kinds[-1] is EntryKind.SALE


def reminded(till: Till, payment_id: str = INTENT) -> list[int]:
    """Time passes; in how many milliseconds the next word comes."""
    till.feed(WaitReminded(till.now(), payment_id))
    return [effect.after_ms for effect in till.of(RemindWait)]


def test_the_seconds_are_counted_also_while_the_gateway_says_nothing() -> None:
    till = waiting()
    assert [effect.after_ms for effect in till.of(RemindWait)] == [1000]
    for waited_s in (1, 2, 3):
        assert reminded(till) == [1000]
        assert till.notice == f"Customer confirms, {waited_s} s - CLEAR: back"
    till.terminal(UNKNOWN, "no_answer")
    assert reminded(till) == [1000]
    assert till.notice == "No answer, 5 s - CLEAR: take back"
    till.press("CLEAR")
    assert reminded(till) == [1000]
    assert till.notice == "Back, 1 s - CLEAR: pay another way"
    till.press("CLEAR")
    notice = till.notice
    assert (reminded(till), till.notice) == ([], notice), "nobody waits any more"


def test_a_wait_for_another_payment_is_not_counted() -> None:
    till = waiting()
    assert reminded(till, "another") == []
    assert till.notice == "Customer confirms - CLEAR: take back"


def test_an_unknown_outcome_is_shown_as_such_and_asked_for() -> None:
    till = waiting().terminal(UNKNOWN, "no_answer")
    assert till.screen.title == "UNKNOWN: payment 3.50"
    assert till.notice == "No answer, 1 s - CLEAR: take back"
    (effect,) = till.of(AskPayment)
    assert (effect.move, effect.after_ms) == (AskMove.QUERY, 500)
    sold(till.terminal(APPROVED))
    assert till.kinds[-1] is EntryKind.SALE


@pytest.mark.parametrize("keys", ["ENTER", "CASH", "CARD", "MOBILE", "MENU", "VOID", "SUBTOTAL"])
def test_while_it_is_open_nothing_else_is_done(keys: str) -> None:
    till = waiting().press(keys)
    assert till.state is State.ASKING
    assert till.done == []
    assert till.scan(CODE).done == [], "one code, once"


@pytest.mark.parametrize(
    ("detail", "notice"),
    [
        ("", "Declined - pay another way"),
        ("anything_else", "Declined - pay another way"),
        ("code_expired", "Code too old - MOBILE, scan a new one"),
        ("insufficient_funds", "Not enough money - pay another way"),
        ("not_sent", "No connection - pay another way"),
    ],
)
def test_a_declined_payment_leads_back_with_the_reason(detail: str, notice: str) -> None:
    till = waiting().terminal(DECLINED, detail)
    assert (till.state, till.notice) == (State.TENDERING, notice)
    assert till.kinds == [EntryKind.PAYMENT_SENT, EntryKind.PAYMENT_SETTLED]
    assert till.session.payments.watches == ()
    sold(till.press("CASH"))
    assert [tender.kind for tender in till.sale.tenders] == [TenderKind.CASH]


def test_a_payment_that_somebody_else_took_back_is_not_charged() -> None:
    till = waiting().terminal(REVERSED)
    assert (till.state, till.notice) == (State.TENDERING, "Not charged - pay another way")


def test_what_was_keyed_before_an_answer_is_forgotten_with_it() -> None:
    till = waiting().press("12").terminal(DECLINED)
    assert till.session.entry == ""


# --- words


def test_all_of_it_is_said_in_chinese() -> None:
    till = Till(replace(SHOP, language=Language.CHINESE)).scan(COLA_EAN13).press("MOBILE").stored()
    assert (till.screen.title, till.notice) == ("手机支付 3.50", "请扫顾客付款码，CLEAR 返回")
    till.scan(CODE).terminal(UNKNOWN)
    assert (till.screen.title, till.notice) == ("结果未知：付款 3.50", "1 秒无结果，CLEAR 撤回")


# --- beside other payments


def test_a_members_sale_is_paid_by_points_and_phone_and_earns_points() -> None:
    till, member = served(points=300)
    till.scan("1003").press("SUBTOTAL MEMBER").settled()
    till.press("ENTER")
    assert till.total == ("TO PAY", "7.00")
    till.press("MOBILE").settled()
    till.scan(CODE).terminal(APPROVED).settled()
    kinds = [tender.kind for tender in till.sale.tenders]
    assert kinds == [TenderKind.POINTS, TenderKind.MOBILE]
    assert till.holds(member.points) == 10
    assert till.session.payments.watches == ()


def test_every_kind_of_payment_pays_a_part_of_one_sale() -> None:
    till = Till().scan("1003").press("100 MENU 53 4711 ENTER").answered()
    till.press("200 CARD 77 ENTER 300 CASH MOBILE").stored().scan(CODE).terminal(APPROVED).settled()
    assert [(tender.kind.value, tender.amount_minor) for tender in till.sale.tenders] == [
        ("voucher", 100),
        ("card", 200),
        ("cash", 300),
        ("mobile", 400),
    ]
