"""The gateway over HTTPS: whatever it answers, the till believes only what is signed and asked."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from edge.checkout.payments.payment import PaymentOutcome
from edge.drivers.payments.payment_gateway import GatewayTimeoutSettings
from tests.support.payment_ledger import GatewayPlan
from tests.support.payment_rigs import (
    CODE,
    HASTY,
    PATIENT,
    gateway_settings,
    gateway_terminal,
    intent,
    part_of,
)
from tests.support.payment_server import (
    NOT_CARRIED_OUT,
    SECRET,
    SLOW,
    Fault,
    PaymentServer,
    payment_server,
    serving,
)
from tests.support.payment_way import HeldUp, lead_on
from tests.support.pki import Authority, make_authority

ID = intent().intent_id
APPROVED, DECLINED, UNKNOWN = (
    PaymentOutcome.APPROVED,
    PaymentOutcome.DECLINED,
    PaymentOutcome.UNKNOWN,
)
# What the till says of each fault.
DETAILS = {
    Fault.CLOSED_UNREAD: "connection_lost",
    Fault.CLOSED_BEFORE: "connection_lost",
    Fault.SILENT_BEFORE: "no_answer",
    Fault.BAD_GATEWAY: "http_502",
    Fault.REDIRECTED: "http_307",
    Fault.SIGNED_ERROR: "gateway_too_busy",
    Fault.HELD: "connection_lost",
    Fault.CLOSED_AFTER: "connection_lost",
    Fault.SILENT_AFTER: "no_answer",
    Fault.LATE: "no_answer",
    Fault.DRIPPING: "no_answer",
    Fault.CUT_SHORT: "connection_lost",
    Fault.NOT_HTTP: "connection_lost",
    Fault.NOT_TLS: "connection_lost",
    Fault.NOT_JSON: "unreadable",
    Fault.EXTRA_FIELD: "unreadable",
    Fault.FLOAT_AMOUNT: "unreadable",
    Fault.HUGE_BODY: "too_large",
    Fault.HUGE_HEAD: "connection_lost",
    Fault.UNSIGNED: "unsigned",
    Fault.WRONG_KEY: "wrong_signature",
    Fault.ODD_SIGNATURE: "wrong_signature",
    Fault.REPLAYED: "wrong_signature",
    Fault.OTHER_INTENT: "other_intent",
    Fault.OTHER_AMOUNT: "other_amount",
    Fault.OTHER_CURRENCY: "other_currency",
    Fault.NO_AMOUNT: "names_no_amount",
}


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


def test_every_fault_has_its_detail() -> None:
    assert set(DETAILS) == set(Fault) - {Fault.TWICE}


@pytest.mark.parametrize("fault", DETAILS)
async def test_an_answer_that_is_none_leaves_the_payment_unknown_until_it_is_asked_for(
    server: PaymentServer, settings: dict[str, Any], fault: Fault
) -> None:
    """And what is asked by a till that has restarted gives the one right answer."""
    async with gateway_terminal(**settings) as terminal:
        await terminal.pay(intent("before"))
    server.faults.append(fault)
    hasty = {"timeouts": HASTY} if fault in SLOW else {}
    async with gateway_terminal(**settings | hasty) as terminal:
        answer = await terminal.pay(intent())
    await server.until_idle()
    assert (answer.outcome, answer.detail) == (UNKNOWN, DETAILS[fault])
    assert (answer.amount_minor, answer.currency, answer.reference) == (0, "", "")
    assert terminal.troubles.counts == {DETAILS[fault]: 1}
    charged = fault not in NOT_CARRIED_OUT and fault is not Fault.HELD
    assert server.ledger.charges(ID) == charged

    async with gateway_terminal(**settings) as terminal:
        assert (await terminal.query(ID)).outcome is (APPROVED if charged else DECLINED)
        server.release()
        assert (await terminal.query(ID)).outcome is (APPROVED if charged else DECLINED)
    assert server.ledger.charges(ID) == server.ledger.net(ID) == charged


@pytest.mark.parametrize("fault", set(DETAILS) - SLOW - {Fault.EXTRA_FIELD, Fault.NO_AMOUNT})
async def test_a_refund_whose_answer_is_none_is_unknown_and_goes_back_once(
    server: PaymentServer, settings: dict[str, Any], fault: Fault
) -> None:
    async with gateway_terminal(**settings) as terminal:
        await terminal.pay(intent())
        server.faults.append(fault)
        lost = await terminal.refund(part_of("r1"))
        assert (lost.outcome, lost.detail, lost.refund_id) == (UNKNOWN, DETAILS[fault], "r1")
        for _ in range(2):
            again = await terminal.refund(part_of("r1"))
            assert (again.outcome, again.refund_id) == (PaymentOutcome.REVERSED, "r1")
        server.release()
    assert server.ledger.kept_minor(ID) == 750


async def test_a_doubled_answer_counts_once_and_disturbs_nothing_behind_it(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    server.faults.extend([Fault.TWICE, Fault.TWICE])
    server.ledger.plans.extend([GatewayPlan(), GatewayPlan("declined")])
    async with gateway_terminal(**settings) as terminal:
        answers = [await terminal.pay(intent(intent_id)) for intent_id in ("a", "b")]
        answers.append(await terminal.query("a"))
    assert [answer.outcome for answer in answers] == [APPROVED, DECLINED, APPROVED]
    assert server.connections == 3


@pytest.mark.parametrize("fault", [Fault.OTHER_AMOUNT, Fault.OTHER_CURRENCY])
async def test_after_a_restart_the_answer_says_what_it_is_about_for_the_journal_to_compare(
    server: PaymentServer, settings: dict[str, Any], fault: Fault
) -> None:
    async with gateway_terminal(**settings) as terminal:
        await terminal.pay(intent())
    server.faults.append(fault)
    async with gateway_terminal(**settings) as terminal:
        answer = await terminal.query(ID)
    assert (answer.amount_minor, answer.currency) != (1250, "CNY")


async def test_the_close_of_an_intent_that_gets_lost_leaves_it_unknown(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    async with gateway_terminal(**settings) as terminal:
        server.faults.extend([None, Fault.CLOSED_BEFORE])
        assert (await terminal.query(ID)).outcome is UNKNOWN
        assert (await terminal.query(ID)).outcome is DECLINED


async def test_a_close_that_comes_late_takes_nothing_back(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    """Held on the way: the request to pay, then the close. What came first counts."""
    async with gateway_terminal(**settings) as terminal:
        server.faults.extend([Fault.HELD, None, Fault.HELD])
        assert (await terminal.pay(intent())).outcome is UNKNOWN
        assert (await terminal.query(ID)).outcome is UNKNOWN
        server.release()
        assert (await terminal.query(ID)).outcome is APPROVED
    assert server.ledger.net(ID) == 1


async def test_a_payment_is_not_asked_for_while_it_is_being_sent(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    server.faults.append(Fault.SILENT_BEFORE)
    async with gateway_terminal(**settings) as terminal:
        paying = asyncio.ensure_future(terminal.pay(intent()))
        await server.changes.until(lambda: server.asked)
        answer = await terminal.query(ID)
        assert (answer.outcome, answer.detail) == (UNKNOWN, "being_sent")
        paying.cancel()
    assert len(server.asked) == 1


async def test_a_payment_can_be_taken_back_while_it_is_being_sent(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    server.faults.append(Fault.SILENT_BEFORE)
    async with gateway_terminal(**settings) as terminal:
        paying = asyncio.ensure_future(terminal.pay(intent()))
        await server.changes.until(lambda: server.asked)
        assert (await terminal.reverse(ID)).outcome is DECLINED
    assert (await paying).outcome is UNKNOWN
    assert server.ledger.charges(ID) == 0


async def test_a_till_that_stops_in_the_middle_of_a_payment_leaves_it_unknown(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    server.faults.append(Fault.SILENT_AFTER)
    async with gateway_terminal(**settings) as terminal:
        paying = asyncio.ensure_future(terminal.pay(intent()))
        await server.changes.until(lambda: server.asked)
    async with asyncio.timeout(5):
        assert (await paying).outcome is UNKNOWN
    assert (await terminal.query(ID)).detail == "not_ready"


async def test_a_till_that_stops_while_a_payment_connects_declines_it_for_nothing_was_sent(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    way = HeldUp(server.port)
    async with serving(way.serve) as port:
        more = {"url": f"https://127.0.0.1:{port}", "timeouts": PATIENT}
        async with gateway_terminal(**settings | more) as terminal:
            paying = asyncio.ensure_future(terminal.pay(intent()))
            await way.until_held(1)
        way.let_go()
        answer = await paying
    assert (answer.outcome, answer.detail) == (DECLINED, "not_sent")
    assert server.connections == 0


async def test_a_payment_that_is_given_up_can_be_asked_for(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    server.faults.append(Fault.SILENT_AFTER)
    async with gateway_terminal(**settings) as terminal:
        paying = asyncio.ensure_future(terminal.pay(intent()))
        await server.changes.until(lambda: server.asked)
        paying.cancel()
        await asyncio.wait([paying])
        assert paying.cancelled()
        assert (await terminal.query(ID)).outcome is APPROVED


async def test_more_payments_at_once_than_connections_are_declined_unsent(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    server.faults.extend([Fault.SILENT_BEFORE] * 4)
    settings["timeouts"] = GatewayTimeoutSettings(pool_ms=50)
    async with gateway_terminal(**settings) as terminal:
        slow = [asyncio.ensure_future(terminal.pay(intent(f"slow-{n}"))) for n in range(4)]
        await server.changes.until(lambda: len(server.asked) == 4)
        answer = await terminal.pay(intent())
    assert (answer.outcome, answer.detail) == (DECLINED, "busy")
    assert {(await task).outcome for task in slow} == {UNKNOWN}


async def test_a_connection_that_fails_is_tried_once_more_and_nothing_is_sent_twice(
    server: PaymentServer, settings: dict[str, Any]
) -> None:
    connections = 0

    async def flaky(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Gone in the middle of the first handshake, a cable to the gateway after that."""
        nonlocal connections
        connections += 1
        if connections > 1:
            await lead_on(reader, writer, server.port)

    async with serving(flaky) as port:
        url = {"url": f"https://127.0.0.1:{port}"}
        async with gateway_terminal(**settings | url) as terminal:
            answers = [await terminal.pay(intent())]
            connections = -1
            answers.append(await terminal.pay(intent("till-001-2")))
    assert [(answer.outcome, answer.detail) for answer in answers] == [
        (APPROVED, ""),
        (DECLINED, "not_sent"),
    ]
    assert len(server.asked) == 1


# --- what it says


async def test_neither_code_nor_key_is_ever_logged(
    server: PaymentServer, settings: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Even where every library says all that it can say."""
    caplog.set_level(logging.DEBUG)
    server.faults.extend([None, *(fault for fault in DETAILS if fault not in SLOW)])
    with capture_logs() as logs:
        async with gateway_terminal(**settings) as terminal:
            answers = [
                await terminal.pay(intent(f"till-001-{number}"))
                for number in range(len(server.faults))
            ]
    said = f"{logs}{caplog.text}{answers}"
    assert "httpcore" in caplog.text
    assert "payment_unanswered" in said
    assert server.asked[0].body.count(CODE.encode()) == 1
    assert CODE not in said
    assert SECRET.hex() not in said
