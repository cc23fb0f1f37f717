"""Questions that come up by themselves: CLEAR is an answer only once they can have been read."""

from dataclasses import replace

from edge.checkout.effects import Beep, DropReceipt, Tone
from edge.checkout.inputs import InboxOverflowed, Key, KeyPressed, ReceiptFailed
from edge.checkout.payments.payment import BY_HAND, PaymentOutcome
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from edge.checkout.shop import Shop
from edge.checkout.unbidden import READABLE_MS
from tests.support.playbook import COLA_EAN13, SHOP, Till

TOO_SOON_MS = READABLE_MS - 1
KEYED = replace(SHOP, payment_is_keyed=True)
CODE = "284712345678901234"
OFFER_1 = "Reprint 1? ENTER: yes, CLEAR: no"
OFFER_2 = "Reprint 2? ENTER: yes, CLEAR: no"


def press_within(till: Till, ms: int, key: Key = Key.CLEAR) -> Till:
    return till.feed(KeyPressed(key, till.within(ms)))


def failed(papers: int = 1) -> Till:
    till = Till()
    for _ in range(papers):
        till.sell("1001").not_printed()
    return till


def test_clear_leaves_an_offer_that_nobody_can_have_read_and_beeps() -> None:
    till = press_within(failed(), TOO_SOON_MS)
    assert till.notice == OFFER_1
    assert till.done == []
    assert till.of(Beep) == [Beep(Tone.REFUSED)]


def test_clear_declines_an_offer_that_has_stood_long_enough() -> None:
    till = press_within(failed(), READABLE_MS)
    assert till.done == ["DropReceipt"]
    assert till.notice == ""


def test_a_clear_that_came_too_soon_does_not_begin_the_time_anew() -> None:
    till = press_within(press_within(failed(), TOO_SOON_MS), 1)
    assert till.done == ["DropReceipt"]


def test_enter_takes_an_offer_at_once_for_that_loses_nothing() -> None:
    till = press_within(failed(), 0, Key.ENTER).stored()
    assert till.kinds == [EntryKind.SALE, EntryKind.RECEIPT_COPIED]


def test_clear_takes_away_what_was_keyed_and_a_second_tap_of_it_leaves_the_offer() -> None:
    till = failed().press("7")
    assert press_within(till, 10).notice == OFFER_1
    assert press_within(till, TOO_SOON_MS).notice == OFFER_1
    assert press_within(till, 1).of(DropReceipt)


def test_the_next_offer_has_its_own_time() -> None:
    till = press_within(failed(2), READABLE_MS)
    assert till.notice == OFFER_1
    assert press_within(till, TOO_SOON_MS).notice == OFFER_1
    assert press_within(till, 1).notice == ""


def test_a_receipt_that_fails_in_the_moment_of_a_clear_is_not_the_one_that_it_declines() -> None:
    till = failed().sell("1002")
    assert till.notice == OFFER_1
    till.feed(ReceiptFailed(till.now(), till.printing.pop(0)))
    assert press_within(till, TOO_SOON_MS).notice == OFFER_2


def test_all_the_rest_is_not_dropped_by_the_second_tap_of_one_clear() -> None:
    till = press_within(failed(20), READABLE_MS)
    assert till.notice == "19 more - ENTER: ask, CLEAR: none"
    assert press_within(till, TOO_SOON_MS).done == []
    assert till.notice == "19 more - ENTER: ask, CLEAR: none"
    assert len(press_within(till, 1).of(DropReceipt)) == 19


def test_an_offer_that_an_alarm_hid_has_its_time_once_the_alarm_is_read() -> None:
    till = failed()
    till.feed(InboxOverflowed(till.now(), 3)).press("CLEAR")
    assert till.notice == OFFER_1
    assert press_within(till, TOO_SOON_MS).notice == OFFER_1
    assert press_within(till, 1).notice == ""


def test_an_offer_on_a_slow_disk_stands_since_the_disk_has_answered() -> None:
    till = failed().scan("1002").press("CASH").stored(within_ms=10 * READABLE_MS)
    assert till.notice == OFFER_1
    assert press_within(till, TOO_SOON_MS).notice == OFFER_1


def test_a_clear_from_before_the_offer_does_not_decline_it() -> None:
    till = failed().scan("1002").press("CASH CLEAR CLEAR").stored()
    assert till.notice == OFFER_1
    assert till.of(DropReceipt) == []


# --- payments by phone


def pays(shop: Shop = SHOP) -> Till:
    """A cola is paid by phone; nothing has been answered yet."""
    return Till(shop).scan(COLA_EAN13).press("MOBILE").stored().scan(CODE)


def unknown_until(till: Till, title: str) -> Till:
    """The terminal does not know, and the till goes on asking."""
    while till.screen.title != title:
        till.terminal(PaymentOutcome.UNKNOWN)
    return till


def test_a_payment_that_the_till_itself_takes_back_is_waited_for_by_who_has_not_read_that() -> None:
    till = unknown_until(pays(), "Taking back 3.50")
    assert press_within(till, TOO_SOON_MS).screen.title == "Taking back 3.50"
    assert till.of(Beep) == [Beep(Tone.REFUSED)]
    assert press_within(till, 1).state is State.TENDERING


def test_a_second_tap_of_the_clear_that_takes_a_payment_back_is_no_second_clear() -> None:
    till = pays().press("CLEAR")
    assert press_within(till, TOO_SOON_MS).screen.title == "Taking back 3.50"
    assert press_within(till, 1).state is State.TENDERING


def test_who_has_scanned_the_code_gives_up_at_once_also_when_nobody_knows_how_it_stands() -> None:
    assert press_within(pays(), 0).screen.title == "Taking back 3.50"
    till = unknown_until(pays(), "UNKNOWN: payment 3.50")
    assert press_within(till, 0).screen.title == "Taking back 3.50"


def test_a_payment_that_a_start_finds_open_is_not_taken_back_by_who_has_not_read_that() -> None:
    till = pays().restarted()
    assert till.screen.title == "UNKNOWN: payment 3.50"
    assert press_within(till, TOO_SOON_MS).screen.title == "UNKNOWN: payment 3.50"
    assert press_within(till, 1).screen.title == "Taking back 3.50"


def test_what_was_keyed_into_such_a_question_is_taken_away_at_once() -> None:
    till = unknown_until(pays(), "Taking back 3.50")
    for key in (Key.DIGIT_7, Key.CLEAR):
        press_within(till, 10, key)
    assert (till.screen.title, till.screen.entry) == ("Taking back 3.50", "")


def test_that_a_terminal_without_a_wire_has_charged_nothing_is_said_by_who_was_asked() -> None:
    waits = pays(KEYED).press("123456 ENTER")
    till = waits.terminal(PaymentOutcome.UNKNOWN, BY_HAND, amount_minor=0, currency="")
    assert till.notice == "Charge it, key its code, ENTER - CLEAR"
    assert press_within(till, TOO_SOON_MS).kinds == [EntryKind.PAYMENT_SENT]
    assert press_within(till, 1).kinds == [EntryKind.PAYMENT_SENT, EntryKind.PAYMENT_SETTLED]


def test_what_is_pressed_while_the_disk_answers_drops_no_payment_that_begins_then() -> None:
    till = Till().scan(COLA_EAN13).press("MOBILE").scan(CODE).press("CLEAR CLEAR")
    assert till.stored(within_ms=1).screen.title == "Mobile payment 3.50"
    assert till.kinds == [EntryKind.PAYMENT_SENT]


def test_what_is_pressed_while_the_disk_answers_does_not_say_that_nothing_was_charged() -> None:
    till = Till(KEYED).scan(COLA_EAN13).press("MOBILE CLEAR").stored(within_ms=1)
    assert till.screen.title == "Mobile payment 3.50"
    assert till.kinds == [EntryKind.PAYMENT_SENT]


def test_a_payment_that_an_alarm_hid_has_its_time_once_the_alarm_is_read() -> None:
    till = pays().press("CLEAR")
    till.feed(InboxOverflowed(till.now(), 3)).press("CLEAR")
    assert press_within(till, TOO_SOON_MS).screen.title == "Taking back 3.50"
    assert press_within(till, 1).state is State.TENDERING
