"""A paper that did not come out is offered as a copy, in an order that helps, and dropped once."""

import pytest

from edge.checkout.effects import Beep, DropReceipt, PrintReceipt, Tone
from edge.checkout.inputs import PendingReceipt, ReceiptFailed
from edge.checkout.records import EntryKind
from edge.checkout.session import MAX_PENDING_RECEIPTS, State
from edge.checkout.shifts.drawer_inputs import DrawerPulsed, Pulse
from tests.support.playbook import SHOP, Till


def failed_receipt(shop: object = SHOP) -> Till:
    """A sale is over and its receipt is not on paper."""
    return Till(shop).sell("1001").not_printed()


def test_a_receipt_that_failed_is_offered_when_the_till_is_idle() -> None:
    till = failed_receipt()
    assert till.of(Beep) == [Beep(Tone.REFUSED)]
    assert till.notice == "Reprint 1? ENTER: yes, CLEAR: no"

    till.press("ENTER")
    assert till.state is State.STORING
    till.stored()

    assert till.kinds == [EntryKind.SALE, EntryKind.RECEIPT_COPIED]
    assert "COPY" in till.receipt
    assert till.done == ["DropReceipt", "PrintReceipt", "WakeUplink"]
    assert till.notice == "Copy of receipt 1"
    till.printed()
    assert (till.session.printing, till.session.unprinted) == ((), ())
    assert till.press("CLEAR").notice == ""


def test_clear_drops_a_receipt_that_the_screen_offers() -> None:
    till = failed_receipt()
    failed = till.session.unprinted[0].effect_id
    till.press("CLEAR")
    assert till.of(DropReceipt) == [DropReceipt(failed)]
    assert till.notice == ""
    assert till.press("CLEAR").done == []


def test_clear_drops_nothing_that_the_screen_does_not_offer() -> None:
    till = failed_receipt().scan("nope")
    assert till.notice == "Unknown code - rescan, or key PLU"
    assert till.press("ENTER").notice == "Nothing keyed - scan, or key PLU"

    assert till.press("CLEAR").done == []

    assert till.notice == "Reprint 1? ENTER: yes, CLEAR: no"


def test_what_is_keyed_hides_the_offer() -> None:
    till = failed_receipt().press("1001")
    assert till.notice == ""
    assert till.press("CLEAR").done == []
    assert till.notice == "Reprint 1? ENTER: yes, CLEAR: no"
    assert till.press("1002 ENTER").state is State.SELLING


def test_a_receipt_that_fails_during_a_sale_is_an_alarm_first() -> None:
    till = Till().sell("1001").scan("1002").not_printed()
    assert till.notice == "Receipt 1 failed - check paper"
    assert till.screen.notice_tone == "alarm"
    till.press("CASH").stored().printed()
    assert till.notice == "Reprint 1? ENTER: yes, CLEAR: no"


def test_the_receipt_of_the_customer_who_stands_there_is_offered_before_older_ones() -> None:
    till = failed_receipt().sell("1002").not_printed()
    assert till.notice == "Reprint 2? ENTER: yes, CLEAR: no"
    till.press("ENTER").stored().not_printed()
    assert till.notice == "Reprint 2? ENTER: yes, CLEAR: no"
    newest = till.session.unprinted[-1].effect_id
    till.press("CLEAR")
    assert till.of(DropReceipt) == [DropReceipt(newest)]
    assert till.notice == "Reprint 1? ENTER: yes, CLEAR: no"
    assert "COPY" in till.press("ENTER").stored().receipt
    assert till.notice == "Copy of receipt 1"


def test_the_next_receipt_is_offered_as_soon_as_a_copy_is_on_paper() -> None:
    till = failed_receipt().sell("1002").not_printed()
    till.press("ENTER").stored()
    assert till.notice == "Copy of receipt 2"
    assert till.printed().notice == "Reprint 1? ENTER: yes, CLEAR: no"
    till.press("ENTER").stored().printed()
    assert till.notice == "Copy of receipt 1"


def unprinted(papers: int) -> Till:
    till = Till()
    for _ in range(papers):
        till.sell("1001").not_printed()
    return till


def test_many_papers_are_not_asked_for_one_by_one() -> None:
    till = unprinted(20)
    assert till.notice == "Reprint 20? ENTER: yes, CLEAR: no"
    assert till.press("CLEAR").notice == "19 more - ENTER: ask, CLEAR: none"
    assert till.screen.notice_tone == "alarm"
    till.press("CLEAR")
    assert len(till.of(DropReceipt)) == 19
    assert (till.notice, till.session.unprinted) == ("", ())
    assert "COPY" in till.press("7 MENU 13").found().stored().receipt


def test_the_rest_is_asked_for_one_by_one_by_who_wants_that() -> None:
    till = unprinted(4).press("CLEAR")
    assert till.press("ENTER").notice == "Reprint 3? ENTER: yes, CLEAR: no"
    assert till.press("CLEAR").notice == "2 more - ENTER: ask, CLEAR: none"
    till.press("ENTER ENTER").stored()
    assert "COPY" in till.receipt
    assert till.printed().notice == "Reprint 1? ENTER: yes, CLEAR: no"


def test_one_more_is_asked_for_by_its_number_at_once() -> None:
    assert unprinted(2).press("CLEAR").notice == "Reprint 1? ENTER: yes, CLEAR: no"


def test_what_fails_meanwhile_is_offered_before_the_rest() -> None:
    till = unprinted(3).press("CLEAR").sell("1002").not_printed()
    assert till.notice == "Reprint 4? ENTER: yes, CLEAR: no"


def test_an_offer_that_an_alarm_hid_is_of_the_receipt_that_failed_meanwhile() -> None:
    till = failed_receipt().sell("1002")
    drawer_failed(till).not_printed()
    assert till.press("CLEAR").notice == "Reprint 2? ENTER: yes, CLEAR: no"


def test_the_status_line_counts_the_papers_that_are_not_printed() -> None:
    till = failed_receipt()
    assert till.screen.status == ("offline", "not printed: 1")
    till.sell("1002").not_printed().press("MENU 91")
    assert till.screen.status == ("离线", "未打印：2")
    till.press("CLEAR CLEAR CLEAR")
    assert till.screen.status == ("离线",)


def test_unprinted_receipts_that_are_offered_are_limited() -> None:
    till = Till()
    for _ in range(MAX_PENDING_RECEIPTS + 2):
        till.sell("1001").not_printed()
    numbers = [pending.number for pending in till.session.unprinted]
    assert numbers == list(range(3, 23))


def test_a_receipt_that_was_pending_when_the_power_went_is_offered_as_a_copy() -> None:
    before = Till().sell("1001")
    pending = tuple(
        PendingReceipt(effect.effect_id, before.sale, before.now())
        for effect in before.of(PrintReceipt)
    )
    till = Till(next_receipt_no=2, pending=pending)
    assert till.notice == "Reprint 1? ENTER: yes, CLEAR: no"
    till.press("ENTER").stored()
    assert till.of(DropReceipt) == [DropReceipt(pending[0].effect_id)]
    assert "COPY" in till.receipt


def test_the_receipt_of_a_sale_that_is_printed_twice_is_dropped_once() -> None:
    till = failed_receipt().press("1 MENU 13").found().stored()
    assert till.done == ["DropReceipt", "PrintReceipt", "WakeUplink"]
    assert till.session.unprinted == ()


def test_an_answer_about_a_receipt_that_was_never_printed_is_a_bug() -> None:
    till = Till().sell("1001")
    (printed,) = till.of(PrintReceipt)
    till.printed()
    with pytest.raises(AssertionError):
        till.feed(ReceiptFailed(till.now(), printed.effect_id))


def drawer_failed(till: Till) -> Till:
    return till.feed(DrawerPulsed(till.now(), 7, Pulse.UNOPENED))
