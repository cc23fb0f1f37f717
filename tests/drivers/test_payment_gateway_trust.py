"""Whom a payment gateway's driver trusts, what it says of itself, and how often."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from edge.checkout.inputs import DeviceState
from edge.checkout.payments.payment import PaymentOutcome
from edge.drivers.payments.payment_answers import AnswerRefusedError
from edge.drivers.payments.payment_gateway import GatewayTerminal, PaymentGatewaySettings
from edge.drivers.payments.payment_troubles import MAX_KINDS, OTHER, PaymentTroubles
from tests.support.devices import RecordingInbox, running, surroundings
from tests.support.payment_rigs import gateway_settings, gateway_terminal, intent, write_key
from tests.support.payment_server import Fault, PaymentServer, payment_server
from tests.support.pki import Authority, make_authority

ID = intent().intent_id
APPROVED, DECLINED, UNKNOWN = (
    PaymentOutcome.APPROVED,
    PaymentOutcome.DECLINED,
    PaymentOutcome.UNKNOWN,
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("pki"))


@pytest.fixture
async def server(authority: Authority) -> AsyncIterator[PaymentServer]:
    async with payment_server(authority) as server:
        yield server


@pytest.fixture
def settings(server: PaymentServer, authority: Authority, tmp_path: Path) -> dict[str, Any]:
    return gateway_settings(server.url, tmp_path, authority.ca)


# --- who is asked, and how


async def test_each_request_is_signed_anew_and_names_shop_till_and_intent(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    async with gateway_terminal(**settings) as terminal:
        await terminal.pay(intent())
        await terminal.query(ID)
        await terminal.reverse(ID)
    assert [(asked.method, asked.path) for asked in server.asked] == [
        ("POST", "/v1/payments"),
        ("GET", f"/v1/payments/{ID}"),
        ("POST", f"/v1/payments/{ID}/reverse"),
    ]
    assert server.wrongly_signed == 0
    assert len({asked.headers["edge-nonce"] for asked in server.asked}) == 3
    assert b'"merchant":"shop-1","device":"till-001","amount_minor":1250' in server.asked[0].body
    assert {asked.headers["connection"] for asked in server.asked} == {"close"}


async def test_the_wrong_key_pays_nothing(
    server: PaymentServer, settings: dict[str, Any], tmp_path: Path
) -> None:
    write_key(tmp_path / "payment.key", b"\x01" * 32)
    async with gateway_terminal(**settings) as terminal:
        answer = await terminal.pay(intent())
    assert (answer.outcome, answer.detail) == (UNKNOWN, "http_401")
    assert (server.wrongly_signed, server.ledger.accounts) == (1, {})


async def test_a_gateway_without_the_right_certificate_is_sent_nothing(
    server: PaymentServer, settings: dict[str, Any], tmp_path: Path
) -> None:
    stranger = make_authority(tmp_path, "stranger")
    for wrong in (
        {"ca_file": stranger.ca},
        {"ca_file": None},
        {"url": f"https://localhost:{server.port}"},
    ):
        with capture_logs() as logs:
            async with gateway_terminal(**settings | wrong) as terminal:
                answer = await terminal.pay(intent())
        assert (answer.outcome, answer.detail) == (DECLINED, "not_sent")
        (logged,) = [log for log in logs if log["event"] == "payment_unanswered"]
        assert "CERTIFICATE_VERIFY_FAILED" in logged["cause"]
    assert server.asked == []


async def test_the_environment_names_no_proxy(
    server: PaymentServer, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with gateway_terminal(**settings) as terminal:
        assert (await terminal.pay(intent())).outcome is APPROVED
    assert server.connections == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://pay.example"},
        {"url": "https://pay.example/v1?x=1"},
        {"url": "https://user:secret@pay.example"},
        {"merchant": "a shop"},
        {"device": "till\n001"},
        {"key_id": ""},
        {"timeouts": {"total_ms": 0}},
        {"verify": False},
    ],
)
def test_settings_that_would_weaken_it_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    settings = gateway_settings("https://pay.example", tmp_path, None)
    PaymentGatewaySettings.model_validate(settings)
    with pytest.raises(ValidationError):
        PaymentGatewaySettings.model_validate(settings | wrong)


# --- its life


async def test_a_key_that_comes_later_is_found_without_a_restart(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    key = tmp_path / "payment.key"
    key.rename(tmp_path / "elsewhere")
    inbox = RecordingInbox()
    terminal = GatewayTerminal(PaymentGatewaySettings(**settings), surroundings(inbox))
    async with running(terminal):
        await inbox.until_state("mobile", DeviceState.FAULTED)
        answer = await terminal.pay(intent("early"))
        assert (answer.outcome, answer.detail) == (DECLINED, "not_ready")
        (tmp_path / "elsewhere").rename(key)
        await inbox.until_state("mobile", DeviceState.READY)
        assert (await terminal.pay(intent())).outcome is APPROVED


async def test_authorities_that_are_none_are_said_so(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for ca in (tmp_path / "ca.pem", tmp_path / "missing.pem"):
        inbox = RecordingInbox()
        with capture_logs() as logs:
            terminal = GatewayTerminal(
                PaymentGatewaySettings(**settings | {"ca_file": ca}), surroundings(inbox)
            )
            async with running(terminal):
                await inbox.until_state("mobile", DeviceState.FAULTED)
        assert f"CA file {ca}: can't be used" in logs[0]["reason"]


# --- what it says


async def test_trouble_is_counted_always_and_logged_once_until_it_is_over(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    server.faults.extend([Fault.UNSIGNED] * 3 + [Fault.REPLAYED, None, Fault.UNSIGNED])
    with capture_logs() as logs:
        async with gateway_terminal(**settings) as terminal:
            await terminal.pay(intent())
            for _ in range(5):
                await terminal.query(ID)
    told = [(log["event"], log.get("kind", "")) for log in logs if "payment" in log["event"]]
    assert told == [
        ("payment_unanswered", "unsigned"),
        ("payment_unanswered", "wrong_signature"),
        ("payment_answered_again", ""),
        ("payment_unanswered", "unsigned"),
    ]
    assert terminal.troubles.counts == {"unsigned": 4, "wrong_signature": 1}


def test_kinds_of_trouble_are_bounded() -> None:
    troubles = PaymentTroubles("mobile")
    for number in range(MAX_KINDS + 10):
        troubles.met(AnswerRefusedError(f"http_{number}"))
    assert len(troubles.counts) == MAX_KINDS + 1
    assert troubles.counts[OTHER] == 10
