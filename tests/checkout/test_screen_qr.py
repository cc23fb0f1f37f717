"""The code on the cashier's screen that a customer photographs, where the shop shows one."""

from dataclasses import replace

import pytest

from edge.checkout.effects import PrintReceipt
from edge.checkout.paper.receipt import Qr
from edge.checkout.screens import ScreenQr
from edge.checkout.session import State
from edge.checkout.shop import Language
from tests.support.member_till import PHONE, MemberTill
from tests.support.playbook import SHOP, Till
from tests.support.till_states import IN_STATE

WITH_CODES = replace(SHOP, screen_qr=True)


def till_with_codes() -> Till:
    return Till(WITH_CODES)


def test_after_a_sale_the_screen_shows_the_code_of_its_paper() -> None:
    till = till_with_codes().sell("1001")
    (printed,) = (effect for effect in till.all_effects if isinstance(effect, PrintReceipt))
    assert till.screen.qr == ScreenQr("ET1:till-1:1", "Receipt till-1-1")
    assert Qr(till.screen.qr.data) in printed.receipt.elements


def test_the_code_is_told_in_the_customer_s_language() -> None:
    shop = replace(WITH_CODES, language=Language.CHINESE)
    assert Till(shop).sell("1001").screen.qr == ScreenQr("ET1:till-1:1", "小票号 till-1-1")


@pytest.mark.parametrize("next_thing", ["MENU", "MENU 11", "1001 ENTER"])
def test_whatever_is_begun_next_takes_the_code_away(next_thing: str) -> None:
    till = till_with_codes().sell("1001").press(next_thing)
    assert till.state is not State.IDLE
    assert till.screen.qr is None


def test_a_refund_has_no_code_as_its_paper_has_none() -> None:
    till = till_with_codes().press("MENU 12").scan("1001").press("CASH").stored()
    assert till.state is State.IDLE
    assert till.session.last_sale is not None
    assert till.screen.qr is None


@pytest.mark.parametrize("state", sorted(set(State) - {State.ASKING}))
def test_no_state_before_a_sale_has_a_code(state: State) -> None:
    till = IN_STATE[state]()
    till.facts = replace(till.facts, shop=WITH_CODES)
    till.session = replace(till.session, last_sale=None)
    assert till.press("UP").screen.qr is None


def test_a_member_who_asks_for_his_balances_is_shown_his_card() -> None:
    till = MemberTill(WITH_CODES)
    member = till.with_member(1)
    till.press(f"{PHONE} MENU 49").settled()
    assert till.screen.qr == ScreenQr(member.card, member.card)
    assert till.press("ENTER").screen.qr is None


def test_other_questions_have_no_code() -> None:
    till = IN_STATE[State.ASKING]()
    till.facts = replace(till.facts, shop=WITH_CODES)
    till.press("UP")
    assert till.state is State.ASKING
    assert till.screen.qr is None


def test_a_shop_that_does_not_want_them_shows_none() -> None:
    assert Till().sell("1001").screen.qr is None
    till = MemberTill()
    till.with_member(1)
    assert till.press(f"{PHONE} MENU 49").settled().screen.qr is None
