"""A shop without a drawer, a printer or a headquarters: what it never had does not fail."""

from dataclasses import replace

import pytest

from edge.checkout.devices import Kind
from edge.checkout.effects import Beep, OpenDrawer, PrintReceipt, StoreEntries
from edge.checkout.inputs import PendingReceipt, UplinkChanged
from edge.checkout.records import EntryKind
from edge.checkout.screens import NoticeTone
from edge.checkout.session import State
from edge.checkout.shop import Shop, has_device
from tests.support.playbook import SHOP, Till


def shop_with(*kinds: Kind) -> Shop:
    return replace(SHOP, devices=tuple(each for each in SHOP.devices if each.kind in kinds))


BARE_SHOP = shop_with()


def asked(till: Till) -> StoreEntries:
    (effect,) = till.of(StoreEntries)
    return effect


def test_a_shop_has_what_its_settings_name() -> None:
    assert has_device(SHOP, Kind.DRAWER)
    assert not has_device(shop_with(Kind.PRINTER), Kind.DRAWER)


def test_without_a_drawer_a_cash_sale_asks_for_no_pulse() -> None:
    till = Till(shop_with(Kind.PRINTER)).scan("1001").press("CASH")
    assert (asked(till).opens_drawer, asked(till).prints_receipt) == (False, True)
    till.stored()
    assert till.done == ["PrintReceipt", "WakeUplink"]
    assert till.of(Beep) == []
    assert (till.kinds, till.notice) == ([EntryKind.SALE], "")


def test_without_a_printer_a_sale_says_once_that_nothing_is_printed() -> None:
    till = Till(shop_with(Kind.DRAWER)).scan("1001").press("CASH")
    assert (asked(till).opens_drawer, asked(till).prints_receipt) == (True, False)
    till.stored()
    assert till.done == ["OpenDrawer", "WakeUplink"]
    assert till.notice == "No printer - nothing is printed"
    assert till.screen.notice_tone is NoticeTone.INFO
    assert till.of(Beep) == []
    assert till.press("CLEAR").notice == ""
    assert (till.session.printing, till.session.unprinted) == ((), ())


def test_what_else_there_is_to_say_of_a_sale_is_said_instead() -> None:
    till = Till(BARE_SHOP).press("MENU 12").scan("1001").press("CARD").stored()
    assert till.notice == "Give 3.50 back on the terminal"


@pytest.mark.parametrize(
    ("keys", "notice"),
    [
        ("MENU 13", "No printer in the settings - CLEAR"),
        ("1 MENU 13", "No printer in the settings - CLEAR"),
        ("MENU 45", "No printer in the settings - CLEAR"),
        ("MENU 21", "No drawer in the settings - use a key"),
    ],
)
def test_what_is_nothing_without_the_device_is_refused(keys: str, notice: str) -> None:
    till = Till(BARE_SHOP).sell("1001").press(keys)
    assert (till.state, till.notice, till.screen.entry) == (State.IDLE, notice, "")
    assert till.of(StoreEntries) == []


def test_cash_is_paid_in_and_out_without_a_drawer() -> None:
    till = Till(BARE_SHOP).press("500 MENU 22")
    assert not asked(till).opens_drawer
    assert till.stored().notice == "Paid in 5.00"
    assert till.kinds == [EntryKind.CASH_PAID_IN]


def test_receipts_from_before_the_printer_left_the_settings_are_not_offered() -> None:
    before = Till().sell("1001")
    (printing,) = before.of(PrintReceipt)
    pending = (PendingReceipt(printing.effect_id, before.sale, before.now()),)
    assert Till(next_receipt_no=2, pending=pending).notice.startswith("Reprint 1?")
    till = Till(BARE_SHOP, next_receipt_no=2, pending=pending)
    assert (till.notice, till.session.unprinted) == ("", ())
    assert till.press("CLEAR").done == []
    assert till.of(OpenDrawer) == []


def test_a_shop_without_a_headquarters_is_never_offline() -> None:
    till = Till(replace(SHOP, has_uplink=False))
    assert till.screen.status == ()
    assert Till().screen.status == ("offline",)
    assert Till().feed(UplinkChanged(till.now(), online=True)).screen.status == ()
