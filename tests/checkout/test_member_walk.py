"""Wherever keys lead a till with members: the store agrees with every movement, and nobody else
sees who they are.
"""

from random import Random

import pytest

from edge.checkout.effects import Effect, PrintReceipt, ShowScreens
from edge.checkout.inputs import Input
from edge.checkout.loyalty.member_numbers import card_number
from edge.checkout.records import EntryKind
from tests.support.member_till import PHONE, TAIL, TILL, signed, with_price
from tests.support.member_walk import WatchedMemberTill
from tests.support.playbook import CATALOGUE
from tests.support.walk import ACTIONS, Walk

CARD, OTHER_CARD = card_number(TILL, 1), card_number(TILL, 2)
NAME, OTHER_PHONE = "王小明", "13900001111"
MEMBER_ACTIONS = (
    *(f"{PHONE} MEMBER", f"{TAIL} MEMBER", f"{OTHER_PHONE} MEMBER", f"MEMBER {PHONE} ENTER"),
    *("MEMBER", "MEMBER VOID", "ENTER", "1 ENTER", "CLEAR", "MENU 18", "MENU 19", "!restart"),
    *(f"scan {CARD}", f"scan {OTHER_CARD}", "scan EM1:9007000012.1", "scan code"),
    *("MENU 41", f"{OTHER_PHONE} MENU 41", "0228 ENTER", "MENU 42", "3 ENTER", f"{PHONE} MENU 43"),
    *(f"{OTHER_PHONE} MENU 43", "MENU 44", f"{PHONE} MENU 45", "MENU 49", "!answer", "!answer"),
)
EVERYTHING = [each for each in ACTIONS if each != "!disk_fails"] + [*MEMBER_ACTIONS] * 3
ANSWER_SHARE = 0.3
SECRETS = (NAME, "02-28", "1990")


class WatchedMembers(WatchedMemberTill):
    """A till whose customer and paper never hear who somebody is."""

    def feed(self, cause: Input) -> "WatchedMembers":
        super().feed(cause)
        found, basket = self.session.member, self.session.basket
        if found is not None:
            assert basket is not None
            assert basket.buyer is not None
            assert basket.buyer.member == found.member.number
        return self

    def _check_effect(self, effect: Effect) -> None:
        super()._check_effect(effect)
        public = ""
        if isinstance(effect, ShowScreens):
            public = repr(effect.customer)
        elif isinstance(effect, PrintReceipt):
            public = repr(effect.receipt)
        assert not any(secret in public for secret in (*SECRETS, PHONE, OTHER_PHONE))


def is_sound(till: WatchedMembers) -> bool:
    """Whether each account is the sum of its lots, and each balance what its movements come to."""
    return not till.store.execute(
        "SELECT 1 FROM account WHERE granted + credited + reversed - redeemed - taken_back"
        " - expired - released - lapsed + debt <> (SELECT coalesce(sum(amount), 0)"
        " FROM account_lot WHERE account_lot.account = account.account)"
    ).fetchall()


@pytest.mark.parametrize("seed", range(12))
def test_members_come_and_go_and_the_books_agree(seed: int) -> None:
    dice = Random(seed)
    till = WatchedMembers(catalogue=with_price(CATALOGUE, "1003", "gold", 800))
    member = till.with_member(1, name=NAME, birthday="1990-02-28")
    till.spent(member, 60_000 if seed % 2 else 0)
    walk = Walk(till=till)
    for step in range(400):
        action = "!answer" if dice.random() < ANSWER_SHARE else dice.choice(EVERYTHING)
        if action == "scan code":
            action = f"scan {signed(member, nonce=f'nonce{step:03d}')}"
        walk.act(action)
    assert isinstance(walk.till, WatchedMembers)
    assert is_sound(walk.till)
    sold = [entry.body for entry in walk.till.journal if entry.kind is EntryKind.SALE]
    bought = [entry.body for entry in walk.till.journal if entry.kind is EntryKind.MEMBER_BOUGHT]
    assert [body["receipt_no"] for body in sold if "member" in body] == [
        body["receipt_no"] for body in bought
    ]
