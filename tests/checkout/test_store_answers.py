"""What the disk, the printer, the drawer and the network answer, early, late or never."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from edge.checkout.effects import (
    Beep,
    DropReceipt,
    PrintReceipt,
    Restart,
    SaveDraft,
    StoreEntries,
    Tone,
)
from edge.checkout.inputs import (
    DeviceChanged,
    DeviceState,
    InboxOverflowed,
    PendingReceipt,
    ReceiptFailed,
    Started,
    StoreFailed,
    StoreFailure,
    UplinkChanged,
)
from edge.checkout.instant import ClockQuality
from edge.checkout.records import EntryKind
from edge.checkout.session import MAX_PENDING_RECEIPTS, State, start
from edge.checkout.shifts.drawer_inputs import DrawerPulsed, Pulse
from edge.checkout.shop import Language
from edge.checkout.troubles import UplinkTrouble
from tests.support.playbook import CATALOGUE, SHOP, Till
from tests.support.till_states import IN_STATE

ONLY_B = replace(SHOP, tax_rates={"B": SHOP.tax_rates["B"]})


def test_scans_while_the_disk_answers_wait_in_order() -> None:
    till = Till().scan("1001").press("CASH").scan("1002", "1003").press("2 X").scan("1004")
    assert till.state is State.STORING
    assert till.rows == [("Cola", "1 × 3.50", "3.50")]

    till.stored()

    assert till.state is State.SELLING
    assert [row[:2] for row in till.rows] == [
        ("Water", "1 × 2.00"),
        ("Soap", "1 × 10.00"),
        ("Gum", "2 × 0.99"),
    ]
    assert till.done == ["OpenDrawer", "PrintReceipt", "WakeUplink"]
    assert till.draft == till.session.basket


def test_what_waited_is_drafted_though_the_disk_is_asked_again_at_once() -> None:
    till = Till().scan("1001").press("MENU 21").scan("1002", "1003").press("MENU 21")
    till.stored()
    assert till.state is State.STORING
    assert till.draft == till.session.basket
    assert len(till.restarted().rows) == 3


def test_a_basket_that_ends_with_what_is_being_stored_is_no_draft() -> None:
    for last_keys in ("CASH", "MENU 14"):
        till = Till().scan("1001").press("MENU 21").scan("1002").press(last_keys).stored()
        assert till.state is State.STORING
        assert till.of(SaveDraft) == []
        assert till.stored().draft is None


def test_a_whole_sale_may_wait_behind_another() -> None:
    till = Till().scan("1001").press("CASH").scan("1002").press("CASH").scan("1003")
    till.stored()
    assert till.state is State.STORING
    till.stored()
    assert till.state is State.SELLING
    assert [entry.body["receipt_no"] for entry in till.journal] == [1, 2]
    assert till.rows == [("Soap", "1 × 10.00", "10.00")]


def test_keys_wait_for_a_search_too() -> None:
    till = Till().sell("1001").press("MENU 11 1 ENTER").press("SUBTOTAL CASH").found()
    assert till.state is State.STORING
    assert till.stored().sale.kind is EntryKind.REFUND


@pytest.mark.parametrize("busy", [State.STORING, State.FINDING])
def test_the_33rd_input_that_would_wait_is_refused(busy: State) -> None:
    till = IN_STATE[busy]()
    till.scan(*["1001"] * SHOP.limits.max_deferred)
    assert till.notice == ""
    till.scan("1002")
    assert till.notice == "Too fast - wait a moment"
    assert till.of(Beep) == [Beep(Tone.REFUSED)]
    assert len(till.session.deferred) == 32


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    ("failure", "notice"),
    [
        (StoreFailure.DISK_FULL, "Disk is full - call; ENTER: restart"),
        (StoreFailure.IO_ERROR, "Disk failed - call; ENTER: restart"),
    ],
)
def test_a_failed_write_stops_the_till_in_every_state(
    state: State, failure: StoreFailure, notice: str
) -> None:
    till = IN_STATE[state]().disk_fails(failure)
    assert (till.state, till.notice) == (State.STOPPED, notice)
    assert till.screen.title == "Selling has stopped"
    assert till.customer == ("", "")
    assert till.done == []

    till.scan("1001").press("CASH 1 X CLEAR MENU VOID SUBTOTAL CARD UP DOWN MOBILE MEMBER")

    assert (till.state, till.notice) == (State.STOPPED, notice)
    assert till.done == []
    assert till.press("ENTER").of(Restart) == [Restart()]
    assert till.state is State.STOPPED


def test_what_waited_for_a_failed_disk_is_gone() -> None:
    till = Till().scan("1001").press("CASH").scan("1002").disk_fails()
    assert till.session.deferred == ()
    assert till.session.storing is None


def test_a_late_answer_does_not_start_a_stopped_till() -> None:
    till = Till().scan("1001").press("CASH")
    (asked,) = till.of(StoreEntries)
    till.feed(StoreFailed(till.now(), StoreFailure.DISK_FULL)).stored()
    assert asked.opens_drawer
    assert till.state is State.STOPPED
    assert till.done == []


def test_no_key_does_anything_before_the_store_is_open() -> None:
    till = IN_STATE[State.STARTING]()
    for keys in ("1", "ENTER", "CASH", "MENU", "CLEAR"):
        till.press(keys)
        assert (till.state, till.notice) == (State.STARTING, "Not here - see the title")
    assert till.scan("1001").state is State.STARTING


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


def test_a_drawer_that_did_not_open_is_said_and_not_tried_again() -> None:
    till = Till().sell("1001").pulsed(Pulse.UNOPENED)
    assert till.notice == "Drawer did not open - use its key"
    assert till.done == []
    assert till.press("CLEAR").done == []


def test_a_drawer_that_got_no_pulse_is_said_as_such_and_not_tried_again() -> None:
    till = Till().sell("1001").pulsed(Pulse.NOT_GIVEN)
    assert till.notice == "Drawer does not answer - use its key"
    assert till.done == []


def test_scans_that_were_lost_are_counted_on_the_screen() -> None:
    till = Till().scan("1001")
    till.feed(InboxOverflowed(till.now(), 3))
    assert till.notice == "3 scans were lost - scan again"
    assert till.of(Beep) == [Beep(Tone.REFUSED)]
    assert till.screen.notice_tone == "alarm"


def lost_scans(till: Till) -> Till:
    return till.feed(InboxOverflowed(till.now(), 3))


def drawer_failed(till: Till) -> Till:
    return till.feed(DrawerPulsed(till.now(), 7, Pulse.UNOPENED))


ALARMS = [
    (lost_scans, "3 scans were lost - scan again"),
    (drawer_failed, "Drawer did not open - use its key"),
    (lambda till: till.not_printed(), "Receipt 1 failed - check paper"),
]


@pytest.mark.parametrize(("sound", "alarm"), ALARMS)
def test_an_alarm_stays_until_a_key_is_pressed(sound: Callable[[Till], Till], alarm: str) -> None:
    till = sound(Till().sell("1001").scan("1002"))
    assert till.notice == alarm
    assert till.scan("1002").notice == alarm
    assert till.scan("nope").notice == alarm
    assert till.feed(UplinkChanged(till.now(), online=True)).notice == alarm
    assert till.press("UP").notice == ""


@pytest.mark.parametrize("key", ["ENTER", "CLEAR"])
def test_between_customers_a_key_takes_an_alarm_away_and_leaves_the_copy_that_it_hid(
    key: str,
) -> None:
    till = Till().sell("1001")
    till.pulsed(Pulse.UNOPENED).not_printed()
    assert till.notice == "Drawer did not open - use its key"
    assert till.press(key).notice == "Reprint 1? ENTER: yes, CLEAR: no"
    assert "PrintReceipt" in till.press("ENTER").stored().done


def test_a_key_that_takes_an_alarm_away_does_what_it_does() -> None:
    assert lost_scans(Till().scan("1001")).press("2").screen.entry == "2"
    till = lost_scans(Till().scan("1001")).press("MEMBER")
    assert till.notice == "No members in this shop - go on"


@pytest.mark.parametrize(("sound", "alarm"), ALARMS[:2])
def test_an_alarm_that_comes_while_the_disk_answers_outlives_what_waited(
    sound: Callable[[Till], Till], alarm: str
) -> None:
    till = sound(Till().scan("1001").press("CASH").scan("1002").press("2 X").scan("1003"))
    assert till.notice == alarm
    assert till.stored().notice == alarm
    assert till.state is State.SELLING
    assert till.press("CLEAR").notice == ""


def test_a_newer_alarm_takes_the_place_of_an_older_one() -> None:
    till = drawer_failed(lost_scans(Till().scan("1001")))
    assert till.notice == "Drawer did not open - use its key"
    assert till.press("CLEAR").notice == ""


def test_a_receipt_that_fails_while_the_disk_answers_is_offered_after_it() -> None:
    till = Till().sell("1001").press("MENU 21").not_printed()
    assert till.notice == "Receipt 1 failed - check paper"
    assert till.stored().notice == "Reprint 1? ENTER: yes, CLEAR: no"
    assert till.press("ENTER").state is State.STORING


def test_an_offer_that_an_alarm_hides_is_not_answered_by_the_key_that_takes_it_away() -> None:
    for till in (drawer_failed(failed_receipt()), drawer_failed(Till().sell("1001")).not_printed()):
        assert till.notice == "Drawer did not open - use its key"
        assert till.press("CLEAR").done == []
        assert till.notice == "Reprint 1? ENTER: yes, CLEAR: no"
    till = drawer_failed(failed_receipt()).press("ENTER")
    assert till.state is State.IDLE


def test_no_alarm_hides_why_selling_has_stopped() -> None:
    till = drawer_failed(Till().disk_fails())
    assert till.notice == "Disk failed - call; ENTER: restart"


def test_the_status_line_says_what_is_missing() -> None:
    till = Till()
    assert till.screen.status == ("offline",)
    till.feed(UplinkChanged(till.now(), online=True))
    assert till.screen.status == ()
    till.feed(DeviceChanged(till.now(), "scanner", DeviceState.ABSENT))
    till.feed(DeviceChanged(till.now(), "printer", DeviceState.FAULTED))
    till.feed(DeviceChanged(till.now(), "scanner", DeviceState.FAULTED))
    assert till.screen.status == ("no printer", "no scanner")
    till.feed(DeviceChanged(till.now(), "printer", DeviceState.OPENING))
    till.feed(DeviceChanged(till.now(), "scanner", DeviceState.READY))
    till.quality = ClockQuality.UNSET
    assert till.press("1").screen.status == ("clock not set",)
    till.quality = ClockQuality.FLOOR
    assert till.press("1").screen.status == ()


@pytest.mark.parametrize(
    ("trouble", "language", "said"),
    [
        (UplinkTrouble.QUARANTINED, Language.ENGLISH, "HQ takes no records"),
        (UplinkTrouble.QUARANTINED, Language.CHINESE, "总部拒收数据"),
        (UplinkTrouble.NOT_LET_IN, Language.ENGLISH, "HQ refuses this till"),
        (UplinkTrouble.NOT_LET_IN, Language.CHINESE, "总部拒绝本机连接"),
        (UplinkTrouble.FOREIGN_CERTIFICATE, Language.ENGLISH, "another till's certificate"),
        (UplinkTrouble.FOREIGN_CERTIFICATE, Language.CHINESE, "证书属于其他收银机"),
        (UplinkTrouble.SHARED_NAME, Language.ENGLISH, "two tills, one name"),
        (UplinkTrouble.SHARED_NAME, Language.CHINESE, "两台收银机同名"),
    ],
)
def test_the_status_line_says_why_headquarters_gets_nothing_and_the_till_sells_on(
    trouble: UplinkTrouble, language: Language, said: str
) -> None:
    till = Till(replace(SHOP, language=language))
    till.feed(UplinkChanged(till.now(), online=True, troubles=(trouble,)))
    assert till.screen.status == (said,)
    assert till.scan("1001").press("CASH").stored().kinds[-1] is EntryKind.SALE
    till.feed(UplinkChanged(till.now(), online=True))
    assert till.screen.status == ()


@pytest.mark.parametrize("state", [state for state in State if state is not State.STOPPED])
def test_news_of_devices_and_network_change_no_state(state: State) -> None:
    till = IN_STATE[state]()
    till.feed(UplinkChanged(till.now(), online=True))
    till.feed(DeviceChanged(till.now(), "scanner", DeviceState.ABSENT))
    till.feed(DrawerPulsed(till.now(), 7, Pulse.NOT_GIVEN))
    till.feed(InboxOverflowed(till.now(), 1))
    assert till.state is state


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
