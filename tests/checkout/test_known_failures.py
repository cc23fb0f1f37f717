"""Known failures of other tills: each test names the behaviour that this one has instead."""

from dataclasses import replace
from itertools import permutations

import pytest

from edge.checkout.effects import PayIntent, StoreEntries
from edge.checkout.inputs import AccountsAnswered
from edge.checkout.paper.receipt_writer import receipt_code
from edge.checkout.payments.payment import PaymentOutcome
from edge.checkout.promotions.promotion import CheapestFree, Promotion
from edge.checkout.promotions.promotion_set import compile_promotions
from edge.checkout.promotions.selection import Products
from edge.checkout.records import EntryKind, Sale, TenderKind
from edge.checkout.shop import Shop
from tests.support.payment_books import books_of
from tests.support.playbook import NET_SHOP, SHOP, Till
from tests.support.shifts import ShiftTill
from tests.support.wallets import COUPON, GIFT, GIFT_CARD, WalletTill, coupon, served

COLAS = Products(frozenset({"1001", "1004"}))
THREE_FOR_TWO = compile_promotions([Promotion("three-for-two", CheapestFree(2, 1), COLAS)])


def given_back_in_parts(till: Till, *parts: str) -> list[Sale]:
    """The refunds of receipt 1, one for each part, which are keys that pick it."""
    refunds = []
    for part in parts:
        till.press("MENU 11 1 ENTER").found().press(part).press("SUBTOTAL ENTER").stored()
        refunds.append(till.sale)
    return refunds


def test_partial_refunds_sum_exactly_ten_over_three() -> None:
    till = Till(NET_SHOP).press("3 X 1005 ENTER CASH").stored()
    assert till.sale.total_minor == 1000
    refunds = given_back_in_parts(till, "ENTER", "ENTER", "ENTER")
    assert [refund.total_minor for refund in refunds] == [334, 333, 333]
    assert sum(each.tendered_minor for refund in refunds for each in refund.tenders) == 1000


@pytest.mark.parametrize("order", [*permutations(["", "DOWN ", "DOWN DOWN "])])
@pytest.mark.parametrize("shop", [SHOP, NET_SHOP])
def test_partial_refunds_sum_exactly_a_three_for_two_line_by_line(
    order: tuple[str, ...], shop: Shop
) -> None:
    """The discount was shared when it was sold, so that no piece is worth more or less later."""
    till = Till(shop, promotions=THREE_FOR_TWO).sell("1001", "1001", "1004")
    sale = till.sale
    assert sum(off.off_minor for off in sale.offs) == 99
    refunds = given_back_in_parts(till, *(f"{down}ENTER" for down in order))
    assert sum(refund.total_minor for refund in refunds) == sale.total_minor
    assert sum(line.tax_minor for each in refunds for line in each.lines) == sum(
        tax.tax_minor for tax in sale.taxes
    )
    assert all(refund.total_minor > 0 for refund in refunds)


def test_partial_refunds_sum_exactly_a_three_for_two_in_one_line() -> None:
    till = Till(promotions=THREE_FOR_TWO).press("3 X 1001 ENTER CASH").stored()
    assert (till.sale.total_minor, till.sale.lines[0].paid) == (700, ((1, 234), (2, 233)))
    refunds = given_back_in_parts(till, "ENTER", "2 X ENTER")
    assert [refund.total_minor for refund in refunds] == [234, 466]


@pytest.mark.parametrize("counted", ["0", "1", "9999", "10001", "99999999"])
@pytest.mark.parametrize("opened", [True, False])
def test_closing_with_a_difference_always_works(counted: str, opened: bool) -> None:
    """However far the drawer is from what it should be, the shift is closed, the difference is on
    record, and the next shift begins with what was counted.
    """
    till = ShiftTill()
    if opened:
        till.opened("10000")
    till.sell("1001").closed(counted)
    expected_minor = 350 + (10_000 if opened else 0)
    assert till.z.over_short_minor == int(counted) - expected_minor
    assert till.books.state().expected_minor == int(counted)
    till.opened("10000").sell("1001").closed("10350")
    assert (till.z.z_no, till.z.over_short_minor) == (2, 0)


def test_quantity_scan_quantity_again_has_a_defined_result() -> None:
    """A quantity is for what comes next, whatever that is; it is never added to the one before."""
    till = Till().press("3 X").scan("1001")
    assert till.rows == [("Cola", "3 × 3.50", "10.50")]

    # Keyed again it waits for the next article, and the line before stays as it is ...
    till.press("2 X")
    assert (till.rows[0][1], till.screen.entry) == ("3 × 3.50", "2 ×")
    till.scan("1001")
    assert [row[1] for row in till.rows] == ["3 × 3.50", "2 × 3.50"]

    # ... or, with ENTER, becomes the quantity of the marked line;
    till.press("5 X ENTER")
    assert [row[1] for row in till.rows] == ["3 × 3.50", "5 × 3.50"]

    # a second one replaces the first, CLEAR takes it back, digits without X are never one.
    till.press("7 X 4 X").scan("1002")
    assert till.rows[-1] == ("Water", "4 × 2.00", "8.00")
    assert till.press("9 X CLEAR").scan("1002").rows[-1] == ("Water", "1 × 2.00", "2.00")
    till.press("9").scan("1002")
    assert (len(till.rows), till.notice) == (4, "X missing - press X, or CLEAR")
    assert till.press("CLEAR CASH").stored().sale.total_minor == 1050 + 1750 + 800 + 200


def phones_code_is_scanned() -> Till:
    """A till that waits for the answer to a payment of 3.50 by phone."""
    return Till().scan("1001").press("MOBILE").stored().scan("284712345678901234")


def phones_payments(till: Till) -> list[str]:
    """The intents that were sent to a terminal to be paid."""
    return [each.intent.intent_id for each in till.all_effects if isinstance(each, PayIntent)]


def test_an_unanswered_payment_is_never_charged_twice_and_never_lost() -> None:
    """It is on record before it is asked, sent once, asked for over a power cut, and taken back
    before the sale is paid otherwise. Against a gateway that charges and does not answer:
    tests/appliance/test_mobile.py; with the box killed at each hop:
    tests/daemon/test_mobile_killed.py.
    """
    till = phones_code_is_scanned()
    assert till.kinds == [EntryKind.PAYMENT_SENT]
    assert phones_payments(till) == ["till-1-0-1-boot"]
    till.terminal(PaymentOutcome.UNKNOWN, "no_answer")
    assert till.screen.title == "UNKNOWN: payment 3.50"

    till = till.restarted()
    assert till.screen.title == "UNKNOWN: payment 3.50", "it is not lost"
    till.press("CLEAR CLEAR CASH").stored()
    assert [tender.kind for tender in till.sale.tenders] == [TenderKind.CASH]
    assert till.kinds.index(EntryKind.PAYMENT_REVERSING) < till.kinds.index(EntryKind.SALE)
    assert phones_payments(till) == [], "it is not sent again"

    till.asks.pop(0)
    till.terminal(PaymentOutcome.APPROVED)
    assert till.notice == "3.50 charged late - it goes back"
    till.terminal(PaymentOutcome.REVERSED)
    assert books_of(till.journal).open == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"intent_id": "till-1-0-2-boot"},
        {"refund_id": "till-1-0-2-boot"},
        {"amount_minor": 349},
        {"currency": "EUR"},
        {"amount_minor": 0, "currency": ""},
    ],
)
def test_an_answer_for_another_intent_is_refused(wrong: dict[str, str | int]) -> None:
    """However well it is signed: it is not this payment that was approved, so this one stays
    unknown. On the wire: tests/drivers/test_payment_gateway.py.
    """
    till = phones_code_is_scanned().terminal(PaymentOutcome.APPROVED, **wrong)
    assert till.screen.title == "UNKNOWN: payment 3.50"
    assert till.done == ["AskPayment"]
    assert till.session.basket.tenders == ()
    till.terminal(PaymentOutcome.APPROVED).settled()
    assert [tender.reference for tender in till.sale.tenders] == ["till-1-0-1-boot"]


def test_a_retried_points_commit_counts_once() -> None:
    """The power goes while the sale is on its way to the disk, and it is there or it is not: what
    the customer pays again is the same sale, and a receipt moves an account once.
    """
    till, member = served(points=1_000)
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER").answered()
    (asked,) = till.of(StoreEntries)
    lost = till.restarted().settled()
    assert lost.total == ("TOTAL", "10.00")
    lost.press("SUBTOTAL MEMBER").settled().press("ENTER").settled()
    assert lost.holds(member.points) == 10
    with pytest.raises(AssertionError):
        lost.put(*asked.entries, at=asked.at)
    lost.store.execute("ROLLBACK")
    assert lost.kinds.count(EntryKind.ACCOUNT_REDEEMED) == 1
    assert lost.holds(member.points) == 10


def test_buying_and_refunding_in_a_loop_earns_nothing() -> None:
    till, member = served(points=250)
    for number in range(1, 9, 2):
        till.known(member)
        till.press("3 X 1003 ENTER SUBTOTAL MEMBER").settled().press("ENTER CASH").settled()
        assert till.holds(member.points) == 50 + 30
        till.press(f"{number} MENU 11").settled().press("SUBTOTAL SUBTOTAL ENTER").settled()
        assert till.holds(member.points) == 250
        assert till.account(member.points).debt == 0


def test_buying_and_refunding_in_a_loop_earns_no_coupon() -> None:
    """Each sale of 120.00 brings a coupon of 3.00, which is used before the sale is given back, all
    of it, or as much of it as leaves nothing that earns a coupon.
    """
    till = WalletTill()
    for number, part in ((1, "SUBTOTAL"), (4, "3 X ENTER"), (7, "SUBTOTAL")):
        till.press("12 X 1003 ENTER CASH").settled()
        (brought,) = till.sale.coupons
        till.scan("1003", brought.number).settled().press("CASH").settled()
        saved_minor = 1_000 - till.sale.total_minor
        till.press(f"{number} MENU 11").settled().press(f"{part} CASH").settled()
        till.press("ENTER").settled()
        kept, cash = till.sale.tenders
        assert (kept.kind, kept.amount_minor) == (TenderKind.WITHHELD, saved_minor)
        assert kept.amount_minor + cash.amount_minor == till.sale.total_minor


def test_a_count_card_is_paid_back_once() -> None:
    """Without its receipt nobody's visits would go, and the receipt would pay it out again."""
    till, member = served()
    till.scan("CUTS10").press("CASH").settled()
    till.press("MENU 12").scan("CUTS10").press("CASH CLEAR MENU 14").settled()
    till.press("1 MENU 11").settled().press("SUBTOTAL CASH").settled()
    till.press("1 MENU 11").settled().press("SUBTOTAL CASH")
    assert till.kinds.count(EntryKind.REFUND) == 1
    assert till.holds(member.count_card("CUTS10")) == 0


def test_a_gift_card_never_exceeds_its_balance() -> None:
    """Not by one payment, not by several in a sale, not by what expired while the sale was open."""
    till = WalletTill().lease(GIFT, 700)
    till.press("2 X 1003 ENTER")
    for part in (500, 300, 200):
        till.press(f"{part} MENU 52").scan(GIFT_CARD).settled().press("CLEAR")
    assert [tender.amount_minor for tender in till.session.basket.tenders] == [500, 200]
    till.press("CASH").settled()
    assert till.holds(GIFT) == 0
    assert sum(each.amount_minor for each in till.sale.tenders if each.account) == 700


def test_what_is_gone_when_the_sale_is_stored_pays_nothing() -> None:
    """As at midnight: the payment is taken back on record, and the sale goes on."""
    till = WalletTill().lease(GIFT, 700)
    till.scan("1003").press("MENU 52").scan(GIFT_CARD).settled().press("CASH")
    till.feed(AccountsAnswered(till.now(), ()))
    assert till.notice == "Only 0.00 here - key the cash again"
    assert till.total == ("TOTAL", "10.00")


def test_hold_and_cancel_move_no_points() -> None:
    till, member = served(points=500)
    till.lease(coupon(), 1)
    till.scan("1003", COUPON).settled()
    before = till.store.execute("SELECT count(*) FROM account_movement").fetchone()
    till.press("MENU 18").settled().press("MENU 19").settled().press("SUBTOTAL MEMBER").settled()
    till.press("ENTER VOID CLEAR MENU 14").settled()
    assert till.store.execute("SELECT count(*) FROM account_movement").fetchone() == before
    assert (till.holds(member.points), till.holds(coupon())) == (500, 1)


def test_a_redeemed_balance_shows_at_once() -> None:
    till, member = served(points=500)
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER CASH").settled()
    till.known(member).press("MENU 49")
    assert ("Points to use here", "", "10") in till.rows
    till.press("CLEAR").scan("1003").press("SUBTOTAL MEMBER").settled()
    assert till.rows[0] == ("1. Points", "10", "")


def test_two_tills_never_share_a_receipt_number() -> None:
    """A number is a till's own: the receipt names the till, and no other till takes it back."""
    tills = [Till(replace(SHOP, device=device)) for device in ("till-1", "till-2")]
    codes = []
    for till in tills:
        till.sell("1001")
        codes.append(receipt_code(till.facts.shop.device, till.sale.receipt_no))
        assert f"[QR {codes[-1]}]" in till.receipt
    assert len(set(codes)) == len(codes)
    for till, others in zip(tills, reversed(codes), strict=True):
        till.press("MENU 11").scan(others)
        assert till.notice.startswith("Sold at till till-")
