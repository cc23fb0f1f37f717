"""Days at a till that sells goods and promises, and what they come to by articles and accounts."""

from collections.abc import Sequence
from random import Random
from typing import Any

from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.records import Entry
from tests.support.goods import DEPOSIT, LEMONADE
from tests.support.wallets import GIFT_CARD, SHELF, WalletTill

STOCKED = Catalogue("1", {**SHELF.by_code, DEPOSIT.plu: DEPOSIT, LEMONADE.plu: LEMONADE})
PREPAID_PLUS = {"TOP-UP", "CUTS10"}
SPENT_KINDS = {"stored_value", "count_card"}
SIGNS = {"sale": +1, "refund": -1}
BONUS_SIGNS = {"account.credited": +1, "account.taken_back": -1}
SPENT_SIGNS = {"account.redeemed": +1, "account.reversed": -1}


def day() -> WalletTill:
    """Two top-ups, one of which is given back, and a count card; a visit, goods for stored value,
    which come back; two bottles with their deposits, of which one bottle comes back.
    """
    till = WalletTill(catalogue=STOCKED)
    member = till.with_member()
    till.known(member).press("5000 MENU 48 ENTER").settled().press("CASH").settled()
    till.press("10000 MENU 48").scan(GIFT_CARD).settled().press("CASH").settled()
    till.press("2 MENU 11").settled().press("SUBTOTAL CASH").settled()
    till.known(member).scan("CUTS10").press("CARD ENTER").settled()
    till.known(member).scan("3001").press("SUBTOTAL MEMBER").settled().press("3 ENTER").settled()
    till.known(member).scan("1003").scan("1003").press("SUBTOTAL MEMBER").settled()
    till.press("2 ENTER").settled()
    till.press("6 MENU 11").settled().scan("1003").press("SUBTOTAL ENTER").settled()
    till.press("2 X").scan("3002").press("CASH").settled()
    till.press("MENU 72").scan("3002").press("CASH").settled()
    return till


def of_goods(turnover_minor: int) -> dict[str, int]:
    """Headquarters' figures beside the totals, where nothing but goods was sold."""
    return {
        "turnover_minor": turnover_minor,
        "prepaid_sold_minor": 0,
        "prepaid_bonus_minor": 0,
        "prepaid_spent_minor": 0,
        "deposits_taken_minor": 0,
        "deposits_returned_minor": 0,
    }


def any_day(seed: int, receipts: int = 30) -> WalletTill:
    """Whatever a shop sells and takes back, in an order that the seed says."""
    random = Random(seed)
    till = WalletTill(catalogue=STOCKED)
    member = till.with_member()
    goods: list[int] = []
    till.known(member).press("50000 MENU 48 ENTER").settled().press("CASH").settled()
    till.known(member).scan("CUTS10").press("CASH").settled()
    while (made := till.sale.receipt_no) < receipts:
        kind = random.choice(["cash", "value", "visit", "bottle", "empty", "card", "top", "back"])
        if kind == "top":
            amount = random.randrange(1_000, 8_000)
            till.press(f"{amount} MENU 48").scan(GIFT_CARD).settled().press("CASH").settled()
            till.press(f"{till.sale.receipt_no} MENU 11").settled().press("SUBTOTAL CASH").settled()
        elif kind == "card":
            till.known(member).scan("CUTS10").press("CARD ENTER").settled()
        elif kind == "visit":
            till.known(member).scan("3001").scan("1001").press("SUBTOTAL MEMBER").settled()
            till.press("3 ENTER").settled().press("CASH").settled()
        elif kind == "value":
            till.known(member).scan("1001").scan("1002").press("SUBTOTAL MEMBER").settled()
            till.press("2 ENTER").settled()
        elif kind == "empty":
            till.press("MENU 72").scan("90").press("CASH").settled()
        elif kind == "back" and goods:
            till.press(f"{goods.pop()} MENU 11").settled().press("SUBTOTAL SUBTOTAL ENTER")
            till.settled()
        else:
            till.press(f"{random.randrange(1, 9)} X").scan("3002").scan("1003")
            till.press("CASH").settled()
            goods.append(till.sale.receipt_no)
        assert till.sale.receipt_no > made, (kind, till.notice)
    return till


def figures_of(entries: Sequence[Entry]) -> dict[str, int]:
    """What headquarters is to say of them, worked out without what lines say of promises: by
    article numbers, and by what moved on accounts.
    """
    paid = dict.fromkeys(("goods", "prepaid", "taken", "returned"), 0)
    counts = dict.fromkeys(("sale", "refund"), 0)
    totals = dict.fromkeys(("sale", "refund"), 0)
    bonus = spent = 0
    for entry in entries:
        body: Any = entry.body
        if sign := SIGNS.get(entry.kind):
            counts[entry.kind] += 1
            totals[entry.kind] += body["total_minor"]
            for line in body["lines"]:
                minor = sum(units * each for units, each in line["paid"])
                if line["plu"] == DEPOSIT.plu:
                    paid["taken" if sign > 0 else "returned"] += minor
                else:
                    paid["prepaid" if line["plu"] in PREPAID_PLUS else "goods"] += sign * minor
        if body.get("reason", "").endswith("top_up_bonus"):
            bonus += BONUS_SIGNS[entry.kind] * body["amount"]
        elif body.get("account_kind") in SPENT_KINDS:
            spent += SPENT_SIGNS.get(entry.kind, 0) * body["worth_minor"]
    return {
        "sales": counts["sale"],
        "refunds": counts["refund"],
        "sales_minor": totals["sale"],
        "refunds_minor": totals["refund"],
        "turnover_minor": paid["goods"],
        "prepaid_sold_minor": paid["prepaid"],
        "prepaid_bonus_minor": bonus,
        "prepaid_spent_minor": spent,
        "deposits_taken_minor": paid["taken"],
        "deposits_returned_minor": paid["returned"],
    }
