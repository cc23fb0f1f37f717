"""Training: a till to learn on, with a store of its own; nothing of it counts."""

from dataclasses import replace

import pytest

from edge.checkout.effects import SwitchSide
from edge.checkout.inputs import (
    DeviceChanged,
    DeviceState,
    Input,
    SideRefused,
    SideSwitched,
    Started,
    UplinkChanged,
)
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from edge.checkout.troubles import UplinkTrouble
from tests.support.playbook import COLA_EAN13, SHOP, Till
from tests.support.staff import DORA, STAFF, StaffTill
from tests.support.wrong_pins import wrong

LESSON = replace(SHOP, training=True, device="training")


class Trainee(Till):
    """A till whose world has a side for training: another shop, another journal, from receipt 1."""

    def __init__(self) -> None:
        super().__init__(next_receipt_no=17)
        self.world[SwitchSide] = self.switched

    def switched(self, effect: SwitchSide) -> Input:
        self.facts = replace(self.facts, shop=LESSON if effect.training else SHOP)
        if not effect.training:
            return SideSwitched(self.now(), None)
        return SideSwitched(self.now(), Started(self.now(), 1, None, ()))

    def learn(self) -> "Trainee":
        self.press("MENU 92").answered()
        return self


class StaffedTrainee(Trainee, StaffTill):
    """The same till, at which people sign on."""


def test_a_lesson_begins_on_a_store_of_its_own_and_says_so() -> None:
    till = Trainee().learn()
    assert till.notice == "Training - nothing counts"
    assert till.screen.title == "TRAINING: Ready"
    assert till.customer[1] == "TRAINING"
    till.sell("1001")
    assert till.sale.receipt_no == 1


def test_a_receipt_of_training_is_marked_first_and_last_and_found_by_no_other_till() -> None:
    till = Trainee().learn().sell("1001")
    assert till.receipt[0] == till.receipt[-1] == "TRAINING - NOT A RECEIPT"
    assert "[QR ET1:training:1]" in till.receipt
    assert (
        Till().press("MENU 11").scan("ET1:training:1").notice == "Sold at till training - go there"
    )


def test_afterwards_everything_is_as_it_was() -> None:
    till = Trainee()
    till.scan("1001").press("MENU 18").stored()
    before = till.session
    till.learn().sell("1002").printed()
    assert till.session.held == ()
    till.press("MENU 92").answered()
    assert till.notice == "Training is over - this counts"
    assert till.screen.title == "Ready"
    assert (till.session.held, till.session.next_receipt_no) == (before.held, 17)
    till.press("MENU 19").stored().press("CASH").stored()
    assert till.sale.receipt_no == 17
    assert till.receipt[0] != "TRAINING - NOT A RECEIPT"


def test_what_happened_to_devices_meanwhile_is_known_afterwards() -> None:
    till = Trainee().learn()
    till.feed(DeviceChanged(till.now(), "scanner", DeviceState.ABSENT))
    till.feed(UplinkChanged(till.now(), online=True)).press("MENU 91")
    till.press("MENU 92").answered()
    assert till.screen.status == ("无 scanner",)


def test_a_lesson_hides_no_quarantine_and_ends_none() -> None:
    till = Trainee()
    till.feed(UplinkChanged(till.now(), online=True, troubles=(UplinkTrouble.QUARANTINED,)))
    assert till.learn().screen.status == ("HQ takes no records",)
    till.press("MENU 92").answered()
    assert till.screen.status == ("HQ takes no records",)


def test_nobody_changes_sides_while_a_paper_may_still_fail() -> None:
    till = Trainee().sell("1001").press("MENU 92")
    assert till.notice == "Still printing - wait a moment"
    till.printed().press("MENU 92").answered()
    assert till.facts.shop.training
    assert till.sell("1001").press("MENU 92").notice == "Still printing - wait a moment"


def test_without_room_for_it_the_till_goes_on_as_it_was() -> None:
    till = Trainee()
    till.world[SwitchSide] = lambda _: SideRefused(till.now())
    till.learn()
    assert (till.state, till.notice) == (State.IDLE, "No training here - call for help")
    assert till.sell("1001").sale.receipt_no == 17


@pytest.mark.parametrize("keys", ["1001 ENTER", "MENU 12", "MENU 31"])
def test_a_lesson_begins_between_customers(keys: str) -> None:
    till = Trainee().press(keys).press("MENU 92")
    assert not till.facts.shop.training
    assert EntryKind.SALE not in till.kinds


def test_what_is_keyed_while_the_side_changes_is_meant_for_the_one_that_comes() -> None:
    till = Trainee().press("MENU 92").scan("1001").press("CASH").answered()
    assert till.facts.shop.training
    assert (till.state, till.total) == (State.STORING, ("TOTAL", "3.50"))
    assert till.session.live is not None
    assert till.session.live.deferred == ()
    till.stored().printed().press("MENU 92").scan("1002").answered()
    assert not till.facts.shop.training
    assert (till.state, till.total) == (State.SELLING, ("TOTAL", "2.00"))


def test_nobody_begins_a_lesson_while_a_payment_is_open() -> None:
    till = Trainee().scan(COLA_EAN13).press("MOBILE").stored().scan("284712345678901234")
    till.press("CLEAR CLEAR")
    till.press("CASH").stored().printed()
    assert till.press("MENU 92").notice == "Payments are open - MENU 54 first"
    assert not till.facts.shop.training


def test_pins_that_were_tried_in_a_lesson_were_tried() -> None:
    """Who began it is no longer on the list of people: others sign on within it."""
    till = StaffedTrainee().sign_on(DORA.number, "9999").learn()
    people = {each.number: each for each in STAFF.by_number.values() if each is not DORA}
    till.facts = replace(till.facts, staff=replace(STAFF, by_number=people))
    wrong(till.press("CLEAR")).sign_on("7", "70707").press("MENU 92").answered()
    assert not till.facts.shop.training
    assert till.press("12 ENTER").notice == "12 is locked - MENU 66, or wait"
