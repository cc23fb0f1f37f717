"""What the core asks of payment terminals, carried out in its order; settings that name them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from edge.checkout.inputs import Key, StoreFailure
from edge.checkout.payments.payment import OpenPayment, PaymentIntent, PaymentOutcome, PaymentPhase
from edge.checkout.payments.payment_policy import Patience
from edge.drivers.absent import TerminalsByName
from edge.drivers.payments.payment_gateway import PaymentGatewaySettings
from edge.drivers.payments.payment_simulated import (
    APPROVE,
    LOSE_EVERYTHING,
    LOSE_THE_ANSWER,
    NEVER_CONFIRM,
    PaymentSimulatedSettings,
    SimulatedPayment,
)
from edge.file_checks import check_payment_files
from edge.payment_settings import PaymentSettings
from edge.ports import StoreError
from edge.settings import Settings, SettingsRefused, settings_from
from tests.support.devices import RecordingInbox, surroundings
from tests.support.house import Counter, Watch, counter, simulated_settings
from tests.support.payment_rigs import CODE, gateway_settings, write_key
from tests.support.pki import make_authority

UNKNOWN = PaymentOutcome.UNKNOWN
PATIENT = PaymentSettings(ask_first_ms=60_000, ask_cap_ms=60_000, confirm_every_ms=60_000)


def with_terminal(folder: Path, payments: PaymentSettings | None = None) -> Settings:
    settings = simulated_settings(folder)
    terminal = PaymentSimulatedSettings(driver="payment_simulated", name="mobile")
    devices = (*settings.devices, terminal)
    return settings.model_copy(
        update={"devices": devices, "payments": payments or settings.payments}
    )


@asynccontextmanager
async def code_asked(settings: Settings, watch: Watch) -> AsyncIterator[Counter]:
    """A till that asks for the code of a payment of 1.20."""
    async with counter(settings, watch=watch) as till:
        till.scan("Pencil")
        await till.until(lambda: till.title == "Sale")
        till.press(Key.MOBILE)
        await till.until(lambda: till.title == "Mobile payment 1.20")
        yield till


def terminal_of(till: Counter) -> SimulatedPayment:
    (terminal,) = till.house.devices.payment_terminals
    assert isinstance(terminal, SimulatedPayment)
    return terminal


def in_order(watch: Watch, *events: str) -> bool:
    """Whether these happened, one behind the other."""
    happened = iter(watch.events)
    return all(event in happened for event in events)


async def test_the_intent_is_on_disk_before_the_terminal_is_asked(tmp_path: Path) -> None:
    watch = Watch()
    async with code_asked(with_terminal(tmp_path), watch) as till:
        assert in_order(watch, "store.commit begins", "store.commit ends")
        assert "payments.pay begins" not in watch.events
        till.scanner.scan(CODE)
        await till.until(lambda: till.title == "Ready")
    assert in_order(watch, "store.commit ends", "payments.pay begins", "payments.pay ends")


async def test_that_it_is_taken_back_is_on_disk_before_the_terminal_is_asked(
    tmp_path: Path,
) -> None:
    watch = Watch()
    async with code_asked(with_terminal(tmp_path), watch) as till:
        terminal_of(till).plans.append(NEVER_CONFIRM)
        till.scanner.scan(CODE)
        await till.until_event("payments.pay ends")
        disk = watch.hold("store.commit")
        till.press(Key.CLEAR)
        await till.until_event("store.commit begins", 2)
        assert "payments.reverse begins" not in watch.events
        disk.set()
        await till.until(lambda: till.title == "Payment")
    assert in_order(watch, "store.commit ends", "payments.reverse begins", "payments.reverse ends")


async def test_a_disk_that_fails_asks_no_terminal_and_stops_selling(tmp_path: Path) -> None:
    watch = Watch()
    async with code_asked(with_terminal(tmp_path), watch) as till:
        terminal_of(till).plans.append(LOSE_EVERYTHING)
        till.scanner.scan(CODE)
        await till.until_event("payments.pay ends")
        watch.fail("store.commit", StoreError(StoreFailure.IO_ERROR, "broken"))
        till.press(Key.CLEAR)
        await till.until(lambda: till.title == "Selling has stopped")
    assert "payments.reverse begins" not in watch.events


async def test_a_disk_that_fails_in_the_background_stops_selling(tmp_path: Path) -> None:
    watch = Watch()
    async with code_asked(with_terminal(tmp_path), watch) as till:
        watch.fail("store.commit", StoreError(StoreFailure.DISK_FULL, "full"))
        till.press(Key.CLEAR)
        await till.until(lambda: till.title == "Selling has stopped")


async def test_a_stop_does_not_wait_for_a_question_whose_time_has_not_come(
    tmp_path: Path,
) -> None:
    """The next one would be asked in a minute; the next start asks it at once."""
    settings, watch = with_terminal(tmp_path, PATIENT), Watch()
    async with code_asked(settings, watch) as till:
        terminal_of(till).plans.append(LOSE_THE_ANSWER)
        till.scanner.scan(CODE)
        await till.until(lambda: till.title == "UNKNOWN: payment 1.20")
        async with asyncio.timeout(5):
            till.stop.stop()
            await till.until(lambda: till.house.runner.under_way == 0)
    assert "payments.query begins" not in watch.events
    async with counter(settings, watch=watch) as till:
        await till.until_event("payments.query begins")


async def test_what_no_terminal_of_the_settings_knows_is_unknown() -> None:
    around = surroundings(RecordingInbox())
    mobile = SimulatedPayment(
        PaymentSimulatedSettings(driver="payment_simulated", name="mobile"), around
    )
    terminals = TerminalsByName({"mobile": mobile})
    phase = PaymentPhase.REFUNDING
    gone = OpenPayment("a", 100, "USD", 1, "gone", phase, refund_id="r")
    answers = [
        await terminals.query("gone", "a"),
        await terminals.reverse("gone", "a"),
        await terminals.refund("gone", gone.refund),
    ]
    assert [(answer.outcome, answer.detail) for answer in answers] == [(UNKNOWN, "no_terminal")] * 3
    assert [answer.refund_id for answer in answers] == ["", "", "r"]
    mobile.plans.append(APPROVE)
    paid = await terminals.pay("mobile", PaymentIntent("a", 100, "USD", CODE))
    assert paid.outcome is PaymentOutcome.APPROVED
    assert (await terminals.query("mobile", "a")).outcome is PaymentOutcome.APPROVED
    refund = replace(gone, amount_minor=40).refund
    assert (await terminals.refund("mobile", refund)).outcome is PaymentOutcome.REVERSED
    assert mobile.books["a"].left_minor == 60
    with pytest.raises(KeyError):
        await terminals.pay("gone", PaymentIntent("b", 100, "USD", CODE))


# --- settings


def test_the_first_terminal_is_the_one_that_takes_payments(tmp_path: Path) -> None:
    assert simulated_settings(tmp_path).shop_facts().payment_terminal == ""
    assert with_terminal(tmp_path).shop_facts().payment_terminal == "mobile"


def test_patience_is_a_setting_whose_defaults_are_the_cores(tmp_path: Path) -> None:
    assert PaymentSettings().patience == Patience()
    assert with_terminal(tmp_path, PATIENT).shop_facts().patience.ask_first_ms == 60_000


def read(folder: Path, **gateway: object) -> PaymentGatewaySettings:
    raw = {
        "device": {"id": "till-07"},
        "shop": {"name": "Kiosk", "currency": "USD", "taxes": [{"code": "A", "rate_bp": 0}]},
        "store": {"path": "till.db"},
        "devices": [{**gateway_settings("https://pay.example", folder, None), **gateway}],
    }
    del raw["devices"][0]["reopen"]
    (device,) = settings_from(raw, folder / "edge.toml").devices
    assert isinstance(device, PaymentGatewaySettings)
    return device


def test_its_files_lie_where_the_settings_do(tmp_path: Path) -> None:
    device = read(tmp_path, key_file="keys/payment.key", ca_file="ca.pem")
    assert (device.key_file, device.ca_file) == (tmp_path / "keys/payment.key", tmp_path / "ca.pem")
    device = read(tmp_path, key_file="/etc/edge/payment.key")
    assert (device.key_file, device.ca_file) == (Path("/etc/edge/payment.key"), None)


def test_files_that_can_not_be_used_are_explained(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    settings = with_terminal(tmp_path)
    check_payment_files(settings, tmp_path / "edge.toml")
    good = read(tmp_path, ca_file=str(authority.ca))
    assert good.problems() == ()
    write_key(tmp_path / "payment.key").write_text("short\n")
    bad = read(tmp_path, key_file="payment.key", ca_file="edge.toml")
    (tmp_path / "payment.key").write_text("short\n")
    (tmp_path / "edge.toml").write_text("no certificate\n")
    with pytest.raises(SettingsRefused) as refused:
        check_payment_files(settings.model_copy(update={"devices": (bad,)}), Path("edge.toml"))
    key, authorities = refused.value.lines
    assert (
        key == f"edge.toml: devices.mobile: key file {tmp_path}/payment.key: is not 64 hex digits"
    )
    assert authorities.startswith(f"edge.toml: devices.mobile: CA file {tmp_path}/edge.toml: can't")
