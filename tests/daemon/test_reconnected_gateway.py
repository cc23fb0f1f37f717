"""The payment gateway is reconnected from the keypad, under the running daemon, while requests to
it are being connected: the till sells on, and takes the payment back once it can.
"""

import asyncio
from pathlib import Path

from tests.daemon.test_mobile_killed import MOBILE, SETTINGS
from tests.support.daemon import CASH, CLEAR, ENTER, MENU, Box, box
from tests.support.left_behind import left_behind
from tests.support.payment_books import compare, open_states
from tests.support.payment_rigs import CODE, write_key
from tests.support.payment_server import KEY_ID, payment_server, serving
from tests.support.payment_way import HeldUp
from tests.support.pki import Authority, make_authority

# The gateway is the sixth of the box's devices.
RECONNECT_GATEWAY = f"{MENU}936{ENTER}"
KEY_FILE = 'key_file = "payment.key"'
PATIENT = "\ntimeouts = { connect_ms = 60000, total_ms = 120000 }"


async def start(till: Box, port: int, authority: Authority) -> None:
    url = f"https://127.0.0.1:{port}"
    settings = SETTINGS.format(url=url, key=KEY_ID, ca=authority.ca)
    assert KEY_FILE in settings
    write_key(till.directory / "payment.key")
    till.write_settings(more=settings.replace(KEY_FILE, KEY_FILE + PATIENT))
    await till.up()
    await till.until(lambda: readied(till) == 1)


def readied(till: Box) -> int:
    return sum(line["device"] == "mobile" for line in till.daemon.events("device_ready"))


async def pay_in_cash(till: Box) -> None:
    """Without waiting for what is taken back. The question must have stood for a while before CLEAR
    answers it, and once the sale is paid both keys mean nothing.
    """
    printed = asyncio.ensure_future(till.until_printed(1))
    while not printed.done():
        till.press(CLEAR + CASH)
        await asyncio.wait([printed], timeout=0.6)
    await printed


async def test_a_till_whose_gateway_is_reconnected_while_it_is_being_connected_sells_on(
    tmp_path: Path,
) -> None:
    authority = make_authority(tmp_path)
    async with payment_server(authority) as server, box(tmp_path) as till:
        server.changes = till.changes
        way = HeldUp(server.port)
        async with serving(way.serve) as port:
            await start(till, port, authority)
            await till.put_in_basket("Pencil")
            till.press(MOBILE)
            till.scan(CODE)
            await way.until_held(1)
            till.press(CLEAR)
            await way.until_held(2)
            await pay_in_cash(till)
            till.press(RECONNECT_GATEWAY)
            await till.until(lambda: readied(till) == 2)
            way.let_go()
            await till.until(lambda: server.asked)
            # The list of devices is closed.
            till.press(CLEAR)
            assert (await till.sell("Umbrella")).receipt_no == 2
            assert await till.stop() == 0
        left = left_behind(till.store)
        compare(server.ledger, left)
        assert open_states(till.store) == []
        assert [account.charges for account in server.ledger.accounts.values()] == [0]
