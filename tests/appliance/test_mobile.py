"""Payments by phone through the whole appliance: keys, scanner, store, and a gateway over HTTPS
that checks signatures and answers late, twice, wrongly or not at all.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from edge.checkout.inputs import DeviceState, Key
from edge.drivers.payments.payment_gateway import GatewayTimeoutSettings, PaymentGatewaySettings
from edge.payment_settings import PaymentSettings
from edge.settings import Settings
from tests.support.house import Counter, counter, simulated_settings
from tests.support.left_behind import LeftBehind, left_behind
from tests.support.payment_books import compare, open_states
from tests.support.payment_ledger import GatewayPlan
from tests.support.payment_rigs import CODE, gateway_settings
from tests.support.payment_server import SLOW, Fault, PaymentServer, payment_server
from tests.support.pki import Authority, make_authority

# Every end is near: a few questions, a few reversals.
IMPATIENT = PaymentSettings(
    confirm_every_ms=10,
    confirm_within_ms=400,
    ask_first_ms=10,
    ask_cap_ms=20,
    ask_within_ms=300,
    reverse_first_ms=10,
    reverse_cap_ms=20,
    reverse_within_ms=200,
)
QUICK_FAULTS = sorted(set(Fault) - SLOW)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("pki"))


@pytest.fixture
async def server(authority: Authority) -> AsyncIterator[PaymentServer]:
    async with payment_server(authority) as server:
        yield server


@pytest.fixture
def settings(server: PaymentServer, authority: Authority, tmp_path: Path) -> Settings:
    return with_gateway(server, authority, tmp_path)


def with_gateway(
    server: PaymentServer, authority: Authority, folder: Path, **more: object
) -> Settings:
    gateway = PaymentGatewaySettings(**gateway_settings(server.url, folder, authority.ca, **more))
    shop = simulated_settings(folder)
    return shop.model_copy(update={"devices": (*shop.devices, gateway), "payments": IMPATIENT})


@asynccontextmanager
async def open_till(settings: Settings) -> AsyncIterator[Counter]:
    async with counter(settings) as till:
        (terminal,) = till.house.devices.payment_terminals
        await till.until(lambda: terminal.state is DeviceState.READY)
        yield till


async def scan_code(till: Counter) -> None:
    """A pencil of 1.20 is to be paid by phone, and the customer shows his code."""
    till.scan("Pencil")
    await ask_code(till)
    till.scanner.scan(CODE)


async def ask_code(till: Counter) -> None:
    await till.until(lambda: till.title in {"Sale", "Payment"})
    till.press(Key.MOBILE)
    # The title, for an alarm may stand where the hint does.
    await till.until(lambda: till.title.startswith("Mobile payment"))


def is_settled(till: Counter) -> bool:
    """Paid, or free to be paid in another way."""
    return till.title in {"Ready", "Payment", "Sale"}


async def pay_somehow(till: Counter) -> None:
    """In cash, unless the phone has paid it all."""
    await till.until(lambda: is_settled(till))
    if till.title != "Ready":
        till.press(Key.CASH)
        await till.until(lambda: till.title == "Ready")


async def quiet(till: Counter) -> None:
    """Nothing is open any more."""
    await till.until(lambda: not till.house.till.session.payments.watches)


def looked_at(settings: Settings, server: PaymentServer) -> LeftBehind:
    """What the till has put on record, which the gateway's books agree with."""
    left = left_behind(settings.store.path)
    compare(server.ledger, left)
    assert CODE not in json.dumps(left.bodies)
    return left


def tenders(left: LeftBehind) -> list[str]:
    return [
        tender["kind"] for kind, body in left.bodies if kind == "sale" for tender in body["tenders"]
    ]


async def test_a_phone_pays(settings: Settings, server: PaymentServer) -> None:
    server.ledger.plans.append(GatewayPlan(pending_queries=2))
    async with open_till(settings) as till:
        await scan_code(till)
        await till.until(lambda: till.title == "Ready")
    left = looked_at(settings, server)
    assert [kind for kind, _ in left.bodies if "." not in kind or "payment" in kind] == [
        "payment.sent",
        "payment.settled",
        "sale",
    ]
    assert tenders(left) == ["mobile"]


@pytest.mark.parametrize("fault", QUICK_FAULTS)
async def test_whatever_becomes_of_the_answer_the_books_agree(
    settings: Settings, server: PaymentServer, fault: Fault
) -> None:
    """The sale is paid by the phone if the gateway has it, else in another way; never twice."""
    server.faults.append(fault)
    async with open_till(settings) as till:
        await scan_code(till)
        await pay_somehow(till)
        server.release()
        await quiet(till)
    charged = sum(account.charges for account in server.ledger.accounts.values())
    left = looked_at(settings, server)
    assert tenders(left) == (["mobile"] if charged else ["cash"])
    assert open_states(settings.store.path) == []


async def test_an_unanswered_payment_is_taken_back_and_the_sale_is_paid_in_cash(
    settings: Settings, server: PaymentServer
) -> None:
    server.faults.extend([Fault.CLOSED_AFTER, Fault.CLOSED_AFTER, Fault.CLOSED_AFTER])
    async with open_till(settings) as till:
        await scan_code(till)
        await till.until(lambda: till.title == "UNKNOWN: payment 1.20")
        till.press(Key.CLEAR)
        await till.until(lambda: till.title == "Payment")
        till.press(Key.CASH)
        await till.until(lambda: till.title == "Ready")
    left = looked_at(settings, server)
    assert tenders(left) == ["cash"]
    (account,) = server.ledger.accounts.values()
    assert (account.charges, account.reversals) == (1, 1)


async def test_the_screen_counts_the_seconds_of_a_gateway_that_says_nothing(
    authority: Authority, server: PaymentServer, tmp_path: Path
) -> None:
    patient = GatewayTimeoutSettings(read_ms=1_500, total_ms=2_000)
    settings = with_gateway(server, authority, tmp_path, timeouts=patient)
    server.faults.append(Fault.SILENT_BEFORE)
    async with open_till(settings) as till:
        await scan_code(till)
        await till.until(lambda: till.notice == "Customer confirms, 1 s - CLEAR: back")
        till.press(Key.CLEAR)
        await pay_somehow(till)
    assert tenders(looked_at(settings, server)) == ["cash"]


async def test_answers_about_another_payment_are_refused_until_it_is_taken_back(
    settings: Settings, server: PaymentServer
) -> None:
    """A gateway that mixes its answers up, all of them signed, sells nothing."""
    server.faults.extend([Fault.OTHER_INTENT] * 1_000)
    async with open_till(settings) as till:
        await scan_code(till)
        await till.until(lambda: till.title == "Taking back 1.20")
        till.press_once_read(Key.CLEAR)
        await pay_somehow(till)
        await till.until(lambda: "MENU 54" in till.notice)
        server.faults.clear()
        for key in (Key.MENU, Key.DIGIT_5, Key.DIGIT_4, Key.ENTER):
            till.press(key)
        await quiet(till)
    assert tenders(looked_at(settings, server)) == ["cash"]
    assert open_states(settings.store.path) == []


async def test_what_can_not_be_taken_back_any_more_is_given_back(
    settings: Settings, server: PaymentServer
) -> None:
    server.ledger.plans.append(GatewayPlan(reversible=False))
    server.faults.extend([Fault.CLOSED_AFTER] * 1_000)
    async with open_till(settings) as till:
        await scan_code(till)
        await till.until(lambda: till.title == "Taking back 1.20")
        till.press_once_read(Key.CLEAR)
        await pay_somehow(till)
        server.faults.clear()
        await till.until(lambda: till.notice == "1.20 charged late - it goes back")
        await quiet(till)
    left = looked_at(settings, server)
    assert tenders(left) == ["cash"]
    assert "payment.refund_settled" in [kind for kind, _ in left.bodies]


async def test_a_till_that_is_stopped_in_the_middle_asks_when_it_is_back(
    settings: Settings, server: PaymentServer
) -> None:
    server.ledger.plans.append(GatewayPlan(pending_queries=3))
    async with open_till(settings) as till:
        await scan_code(till)
        await till.until(lambda: "Customer confirms" in till.notice)
    async with open_till(settings) as till:
        await pay_somehow(till)
    left = looked_at(settings, server)
    assert tenders(left) == ["mobile"]
    paid = [asked for asked in server.asked if asked.path == "/v1/payments"]
    assert len(paid) == 1, "a payment is sent once"


async def test_a_refund_goes_back_to_the_phone_part_by_part(
    settings: Settings, server: PaymentServer
) -> None:
    async with open_till(settings) as till:
        till.scan("Pencil")
        await till.until(lambda: till.title == "Sale")
        await scan_code(till)
        await till.until(lambda: till.title == "Ready")
        for receipts in (2, 3):
            server.faults.append(Fault.CLOSED_AFTER)
            for key in (Key.DIGIT_1, Key.MENU, Key.DIGIT_1, Key.DIGIT_1):
                till.press(key)
            await till.until(lambda: till.title == "Refund of receipt 1")
            downs = [Key.DOWN] * (receipts - 2)
            for key in (*downs, Key.ENTER, Key.SUBTOTAL, Key.ENTER):
                till.press(key)
            await till.until(lambda count=receipts: till.printer.printed == count)
            await quiet(till)
    looked_at(settings, server)
    (account,) = server.ledger.accounts.values()
    assert [refund.amount_minor for refund in account.refunds.values()] == [120, 120]


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_goes_wrong_over_stops_and_starts_the_books_agree(
    authority: Authority, tmp_path: Path, seed: int
) -> None:
    """Requests and answers lost, held and mixed up; cashiers who give up; a till that stops."""
    dice = Random(seed)
    async with payment_server(authority) as server:
        settings = with_gateway(server, authority, tmp_path)
        for _ in range(3):
            server.ledger.plans.append(
                GatewayPlan(
                    dice.choice(["approved", "approved", "declined"]),
                    pending_queries=dice.choice([0, 0, 2]),
                    reversible=dice.random() < 0.8,
                )
            )
            server.faults.extend(dice.choices([None, *QUICK_FAULTS], k=dice.randrange(12)))
            async with open_till(settings) as till:
                await till.until(lambda: till.title != "Starting")
                await pay_somehow(till)
                await scan_code(till)
                if dice.random() < 0.5:
                    till.press(Key.CLEAR)
                if dice.random() < 0.5:
                    await pay_somehow(till)
            server.release()
        server.faults.clear()
        async with open_till(settings) as till:
            await pay_somehow(till)
            await quiet(till)
        looked_at(settings, server)
        assert open_states(settings.store.path) == []
