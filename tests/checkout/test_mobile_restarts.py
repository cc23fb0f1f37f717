"""Payments by phone and what stood on disk: members' baskets after a power cut, refunds before they
are on record, terminals that are gone.
"""

from edge.checkout.basket import Basket
from edge.checkout.inputs import UplinkChanged
from edge.checkout.payment import AskMove, PaymentOutcome
from edge.checkout.records import EntryKind, TenderKind
from edge.checkout.session import State
from tests.support.payment_books import books_of
from tests.support.playbook import COLA_EAN13, SOAP_UPC_A, Till
from tests.support.wallets import WalletTill, served

APPROVED, REVERSED = PaymentOutcome.APPROVED, PaymentOutcome.REVERSED
UNKNOWN = PaymentOutcome.UNKNOWN
CODE = "284712345678901234"
INTENT = "till-1-0-1-boot"
REFUND = "till-1-0-2-boot"


def moves(till: Till) -> list[tuple[AskMove, str]]:
    return [(each.move, each.payment.id) for each in till.asks]


# --- a member's basket


def members(keys: str = "MOBILE") -> Till:
    """A till whose customer is a member, and pays by phone."""
    till, _ = served()
    return till.scan(COLA_EAN13, SOAP_UPC_A).press(keys).stored().scan(CODE)


def cut(till: Till, draft: Basket | None) -> Till:
    """As it comes up again; the member has not been looked up yet."""
    assert isinstance(till, WalletTill)
    again = WalletTill(store=till.store, draft=draft, payments=books_of(till.journal))
    again.journal = till.journal
    return again


def with_void_only_half_on_disk() -> Till:
    """The power went after `payment.reversing` and before the lighter draft."""
    till = members("500 MOBILE").terminal(APPROVED).stored()
    older = till.draft
    return cut(till.press("VOID"), older)


def test_a_members_draft_older_than_the_void_of_its_payment_loses_the_payment() -> None:
    till = with_void_only_half_on_disk()
    assert (till.notice, moves(till)) == (
        "Payment 5.00 is taken back",
        [(AskMove.REVERSE, INTENT)],
    )
    till.settled()
    assert (till.state, till.total) == (State.SELLING, ("TOTAL", "13.50"))
    till.terminal(REVERSED).press("CASH").settled()
    assert [tender.kind for tender in till.sale.tenders] == [TenderKind.CASH]
    assert EntryKind.PAYMENT_VOIDED in till.kinds


def test_what_a_members_basket_lost_can_not_be_voided_again() -> None:
    till = with_void_only_half_on_disk().settled().terminal(REVERSED)
    assert till.press("SUBTOTAL VOID").notice == "Nothing paid yet - CLEAR: back"


def test_a_members_payment_is_waited_for_after_a_power_cut() -> None:
    till = members()
    till = cut(till, till.draft)
    assert (till.state, till.asks) == (State.FINDING, [])
    till.settled()
    assert till.screen.title == "UNKNOWN: payment 13.50"
    assert moves(till) == [(AskMove.QUERY, INTENT)]
    till.terminal(APPROVED).settled()
    assert till.sale.tenders[0].reference == INTENT


def test_an_approval_on_record_is_a_payment_of_a_members_basket() -> None:
    till = members("500 MOBILE").terminal(APPROVED)
    older = till.draft
    till.stored()
    till = cut(till, older).settled()
    assert (till.state, till.total, till.asks) == (State.TENDERING, ("TO PAY", "8.50"), [])


def test_a_payment_in_a_members_draft_stays_there() -> None:
    till = members("500 MOBILE").terminal(APPROVED).stored()
    till = cut(till, till.draft).settled()
    assert (till.total, till.asks) == (("TO PAY", "8.50"), [])


def test_a_payment_of_no_basket_is_taken_back_though_a_member_has_another_one() -> None:
    till = members()
    cola, _ = served()
    till = cut(till, cola.scan(COLA_EAN13).draft).settled()
    assert (till.state, moves(till)) == (State.SELLING, [(AskMove.REVERSE, INTENT)])


def test_keys_that_came_before_the_member_was_back_follow_the_payment() -> None:
    till = members()
    till = cut(till, till.draft).press("CLEAR")
    assert till.settled().screen.title == "Taking back 13.50"


# --- on disk first


def giving_back() -> Till:
    """A refund to a phone that is on its way to the disk."""
    till = Till().scan(COLA_EAN13).press("MOBILE").stored().scan(CODE)
    till.terminal(APPROVED).settled()
    return till.press("1 MENU 11").found().press("ENTER SUBTOTAL ENTER")


def online(till: Till) -> Till:
    return till.feed(UplinkChanged(till.now(), online=True))


def test_a_network_that_is_back_asks_for_no_refund_that_is_not_on_disk() -> None:
    till = online(giving_back())
    assert (till.state, till.asks) == (State.STORING, [])
    till.stored()
    assert moves(till) == [(AskMove.REFUND, REFUND)]


def test_a_refund_that_the_disk_did_not_take_is_asked_of_nobody() -> None:
    till = online(giving_back()).disk_fails()
    assert till.asks == []
    assert EntryKind.PAYMENT_REFUND_SENT not in till.kinds


def test_a_refund_that_is_on_disk_is_asked_for_when_the_network_is_back() -> None:
    till = giving_back().stored()
    while till.asks:
        till.terminal(UNKNOWN, "no_answer")
    assert moves(online(till)) == [(AskMove.REFUND, REFUND)]
