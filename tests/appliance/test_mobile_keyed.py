"""Payments on a terminal without a wire, through the whole appliance: keys, journal, a restart, and
a lesson in which it charges nobody either.
"""

from pathlib import Path

import pytest

from edge.checkout.inputs import Key
from edge.drivers.payments.payment_manual import PaymentManualSettings
from edge.settings import Settings
from tests.support.house import Counter, counter, simulated_settings
from tests.support.left_behind import LeftBehind, left_behind

ASKED = "Charge it, key its code, ENTER - CLEAR"
CODE = (Key.DIGIT_4, Key.DIGIT_7, Key.DIGIT_1, Key.DIGIT_1, Key.ENTER)
TRAINING = (Key.MENU, Key.DIGIT_9, Key.DIGIT_2)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shop = simulated_settings(tmp_path)
    terminal = PaymentManualSettings(driver="payment_manual", name="mobile")
    return shop.model_copy(update={"devices": (*shop.devices, terminal)})


def payments(left: LeftBehind) -> list[tuple[str, object]]:
    assert left.problems == ()
    kinds = {"payment.sent", "payment.settled", "payment.unknown", "sale"}
    return [(kind, body.get("reference")) for kind, body in left.bodies if kind in kinds]


async def ask_for_a_code(till: Counter) -> None:
    till.scan("Pencil")
    till.press(Key.MOBILE)
    await till.until(lambda: till.notice == ASKED)


async def key_the_code(till: Counter) -> None:
    papers = till.printer.printed
    for key in CODE:
        till.press(key)
    await till.until(lambda: till.printer.printed == papers + 1)
    await till.until(lambda: till.house.till.session.printing == ())


async def test_a_payment_is_on_record_with_the_code_that_was_keyed(settings: Settings) -> None:
    async with counter(settings) as till:
        await ask_for_a_code(till)
        await key_the_code(till)
    sold = [("payment.sent", None), ("payment.settled", "4711"), ("sale", None)]
    assert payments(left_behind(settings.store.path)) == sold


async def test_after_a_stop_the_cashier_is_asked_what_the_terminal_did(settings: Settings) -> None:
    async with counter(settings) as till:
        await ask_for_a_code(till)
    async with counter(settings) as till:
        await till.until(lambda: till.notice == ASKED)
        await key_the_code(till)
    sold = [("payment.sent", None), ("payment.settled", "4711"), ("sale", None)]
    assert payments(left_behind(settings.store.path)) == sold


async def test_in_a_lesson_it_is_keyed_as_well_and_nothing_is_on_record(settings: Settings) -> None:
    async with counter(settings) as till:
        for key in TRAINING:
            till.press(key)
        await till.until(lambda: till.title == "TRAINING: Ready")
        await ask_for_a_code(till)
        await key_the_code(till)
    assert payments(left_behind(settings.store.path)) == []
