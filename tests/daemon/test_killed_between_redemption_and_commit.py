"""SIGKILL around the commit of a sale that a gift card paid a part of: its money is spent with the
sale or not at all, and never twice.
"""

import json
from pathlib import Path

import pytest

from edge.checkout.loyalty.member_numbers import card_number
from tests.support.daemon import CASH, ENTER, MENU, Box, DaemonEndedError, box
from tests.support.kiosk import DEVICE
from tests.support.left_behind import LeftBehind, left_behind

TRAP = ("-m", "tests.support.hop_daemon")
GIFT_CARD = card_number(900, 1)
ON_IT_MINOR, UMBRELLA_MINOR = 500, 1_990
RULES = """
[loyalty]
till = 7
leases = "leases.jsonl"
"""


def issue_card(till: Box) -> None:
    """Headquarters hands a gift card of 5.00 to this till."""
    lease = {
        "v": 1,
        "lease": "L-1",
        "device": DEVICE,
        "epoch": 1,
        "kind": "stored_value",
        "holder": GIFT_CARD,
        "owner": "",
        "terms": "",
        "amount": ON_IT_MINOR,
        "expires_on": "9999-12-31",
    }
    (till.directory / "leases.jsonl").write_text(json.dumps(lease), encoding="utf-8")
    till.write_settings(more=RULES)


async def pay_part_with_the_card(till: Box) -> None:
    till.press(f"{MENU}52")
    till.press(f"{GIFT_CARD}{ENTER}")
    await till.until_shown("14.90")


async def take_up(till: Box, left: LeftBehind) -> None:
    """The draft is at most a second old: it has the card's payment, or the umbrella alone, or
    nothing yet.
    """
    if left.draft is None:
        await till.put_in_basket("Umbrella")
    await till.until(lambda: any(price in shown(till) for price in ("19.90", "14.90")))
    if "14.90" not in shown(till):
        await pay_part_with_the_card(till)


def shown(till: Box) -> str:
    return "\n".join(till.pole.shown)


def redeemed(left: LeftBehind) -> list[int]:
    return [body["amount"] for kind, body in left.bodies if kind == "account.redeemed"]


def paid_with(left: LeftBehind) -> list[tuple[str, int]]:
    (sale,) = [body for kind, body in left.bodies if kind == "sale"]
    return [(tender["kind"], tender["amount_minor"]) for tender in sale["tenders"]]


PAID = [("stored_value", ON_IT_MINOR), ("cash", UMBRELLA_MINOR - ON_IT_MINOR)]


@pytest.mark.parametrize("side", ["before", "after"])
async def test_the_card_is_charged_with_the_sale_once(tmp_path: Path, side: str) -> None:
    async with box(tmp_path) as till:
        issue_card(till)
        await till.start((*TRAP, "store.commit", side, "1", "kill"))
        try:
            await till.until_up()
            await till.put_in_basket("Umbrella")
            await pay_part_with_the_card(till)
            till.press(CASH)
            await till.until(lambda: False)
        except DaemonEndedError:
            await till.kill()
        left = left_behind(till.store)
        is_stored = side == "after"
        assert (left.problems, redeemed(left)) == ((), [ON_IT_MINOR] if is_stored else [])

        await till.up()
        if not is_stored:
            await take_up(till, left)
            till.press(CASH)
        else:
            till.press(ENTER)
        await till.until_printed(1)
        assert await till.stop() == 0
        left = left_behind(till.store)
        assert (left.problems, redeemed(left)) == ((), [ON_IT_MINOR])
        assert paid_with(left) == PAID
