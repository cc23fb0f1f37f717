"""SIGKILL right before and right after every hop of a payment by phone: the customer pays for what
he is sold, once, and for nothing else.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.daemon import CASH, CLEAR, CODES, ENTER, Box, DaemonEndedError, box
from tests.support.left_behind import LeftBehind, left_behind
from tests.support.payment_books import compare, open_states
from tests.support.payment_ledger import GatewayPlan
from tests.support.payment_rigs import CODE, write_key
from tests.support.payment_server import KEY_ID, Asked, Fault, PaymentServer, payment_server
from tests.support.pki import Authority, make_authority

TRAP = ("-m", "tests.support.hop_daemon")
MOBILE = "P"
SETTINGS = """
[[devices]]
driver = "payment_gateway"
name = "mobile"
url = "{url}"
merchant = "shop-1"
device = "till-07"
key_id = "{key}"
key_file = "payment.key"
ca_file = "{ca}"
[payments]
confirm_every_ms = 20
ask_first_ms = 20
reverse_first_ms = 20
"""


AT_ONCE = GatewayPlan()


@dataclass(frozen=True, slots=True)
class Hop:
    """Which call of which method; what the gateway does before that; whether the cashier gives up;
    and whether, on either side, the phone pays the sale in the end. None: it is paid in cash, for
    the basket is paid anew, and nothing stays charged.
    """

    place: str
    nth: int
    before: bool
    after: bool
    plan: GatewayPlan = AT_ONCE
    faults: tuple[Fault | None, ...] = ()
    gives_up: bool = False


LOST = (Fault.CLOSED_AFTER,) * 3
CONFIRMS = GatewayPlan(pending_queries=2)
HOPS = [
    # The intent goes on record; the code is sent; the answer goes on record; the sale does.
    Hop("store.commit", 1, before=False, after=False),
    Hop("payments.pay", 1, before=False, after=True),
    Hop("store.commit", 2, before=True, after=True),
    Hop("store.commit", 3, before=True, after=True),
    # The customer is slow to confirm.
    Hop("payments.query", 1, before=True, after=True, plan=CONFIRMS),
    Hop("payments.query", 2, before=True, after=True, plan=CONFIRMS),
    # The answer is lost, and then it is not.
    Hop("payments.query", 1, before=True, after=True, faults=LOST[:1]),
    # It stays lost, and the cashier takes it back: on record, asked, answered, on record. Once it
    # is on record that it is taken back, it is, whatever the box died on.
    Hop("store.commit", 2, before=True, after=False, faults=LOST * 40, gives_up=True),
    Hop("payments.reverse", 1, before=False, after=False, faults=LOST * 40, gives_up=True),
]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("pki"))


async def pay_into_the_trap(till: Box, server: PaymentServer, hop: Hop) -> None:
    """Scan, MOBILE, the code, and CLEAR if the cashier gives up, until the daemon is gone."""
    try:
        await till.until_up()
        await till.until(lambda: "mobile" in till.daemon.ready_devices)
        await till.put_in_basket("Pencil")
        till.press(MOBILE)
        # From here on a scan is the code, or waits until it is.
        await till.until_shown("Items: 1")
        till.scan(CODE)
        if hop.gives_up:
            await till.until(lambda: len(server.asked) >= 2)
            till.press(CLEAR)
        await till.until(lambda: False)
    except DaemonEndedError:
        await till.kill()


async def finish(till: Box, left: LeftBehind) -> None:
    """What a cashier does after the start: wait for the phone, or take cash for the same goods."""
    if left.totals:
        # The receipt is offered as a copy.
        till.press(ENTER)
        await till.until_printed(1)
        return
    if left.draft is None:
        await till.until_shown("Kiosk", "Welcome")
        await till.put_in_basket("Pencil")
    # CASH means nothing while the till waits for the gateway, and nothing once the sale is paid.
    printed = asyncio.ensure_future(till.until_printed(1))
    while not printed.done():
        # A sale that was paid is stored at the start, maybe before the printer is there; its
        # receipt is offered then.
        is_offered = any(line["event"] == "receipt_failed" for line in till.daemon.log)
        till.press(ENTER if is_offered else CASH)
        await asyncio.wait([printed], timeout=0.1)
    await printed


def is_known(server: PaymentServer, *, paid: bool) -> bool:
    """Whether the gateway has each payment as it will stay."""
    final = {"closed", "declined", "reversed", *(["approved"] if paid else [])}
    return {account.state for account in server.ledger.accounts.values()} <= final


def reverses(asked: Asked) -> bool:
    return asked.path.endswith("/reverse")


async def killed(folder: Path, authority: Authority, hop: Hop, side: str) -> None:
    """Die there, look, start again, and sell on; then compare the books."""
    async with payment_server(authority) as server, box(folder) as till:
        await live_twice(till, authority, server, hop, side)


async def live_twice(
    till: Box, authority: Authority, server: PaymentServer, hop: Hop, side: str
) -> None:
    paid = hop.after if side == "after" else hop.before
    server.ledger.plans.append(hop.plan)
    server.faults.extend(hop.faults)
    write_key(till.directory / "payment.key")
    till.write_settings(more=SETTINGS.format(url=server.url, key=KEY_ID, ca=authority.ca))
    await till.start((*TRAP, hop.place, side, str(hop.nth), "kill"))
    await pay_into_the_trap(till, server, hop)
    left = left_behind(till.store)
    assert left.problems == ()
    assert CODE not in str(left.bodies)
    server.faults.clear()
    asked = len(server.asked)
    await till.up()
    await finish(till, left)
    if left.bodies[-1][0] == "payment.reversing":
        # In its own time, beside the sale; a stop lets out what is under way.
        await server.changes.until(lambda: any(map(reverses, server.asked[asked:])))
    await server.changes.until(lambda: is_known(server, paid=paid))
    assert await till.stop() == 0
    left = left_behind(till.store)
    compare(server.ledger, left)
    assert open_states(till.store) == []
    (sale,) = [body for kind, body in left.bodies if kind == "sale"]
    assert [tender["kind"] for tender in sale["tenders"]] == ["mobile" if paid else "cash"]
    assert [line["code"] for line in sale["lines"]] == [CODES["Pencil"]]
    assert sum(asked.path == "/v1/payments" for asked in server.asked) <= 1


@pytest.mark.parametrize("hop", HOPS, ids=lambda hop: f"{hop.place}-{hop.nth}")
async def test_killed_in_a_payment(tmp_path: Path, authority: Authority, hop: Hop) -> None:
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
    async with asyncio.TaskGroup() as both:
        for side in ("before", "after"):
            both.create_task(killed(tmp_path / side, authority, hop, side))
