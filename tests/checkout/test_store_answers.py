"""What the disk, the printer, the drawer and the network answer, early, late or never."""

import pytest

from edge.checkout.effects import Beep, Restart, SaveDraft, StoreEntries, Tone
from edge.checkout.inputs import StoreFailed, StoreFailure
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from tests.support.playbook import SHOP, Till
from tests.support.till_states import IN_STATE


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
