"""What is sold as a promise is no turnover: it is told apart on X and Z, and spent only once."""

from dataclasses import replace

from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.paper.receipt_layout import lay_out
from edge.checkout.records import EntryKind, Promise, sale_entry, sale_from
from edge.checkout.shifts.shift import ShiftReport
from edge.checkout.shifts.shift_report import write_x
from edge.checkout.shifts.shift_totals import Figure, Parts, ShiftTotals, counts_of, parts_of
from edge.checkout.shop import Language, Shop
from tests.support.goods import DEPOSIT, LEMONADE, GoodsTill
from tests.support.playbook import CATALOGUE, FIVES_SHOP, NET_SHOP, NOON_MS, SHOP
from tests.support.shifts import ShiftBooks
from tests.support.turnover import STOCKED, day
from tests.support.wallets import GIFT, GIFT_CARD, WalletTill, served

AT = Instant(NOON_MS, "boot", 1, ClockQuality.SYNCED)


def books(till: WalletTill) -> ShiftBooks:
    made = ShiftBooks()
    made.take(till.journal)
    return made


def parts(till: WalletTill) -> Parts:
    return parts_of(books(till).totals)


def promises(till: WalletTill) -> list[tuple[Promise, int]]:
    return [(line.promise, line.bonus_minor) for line in till.sale.lines]


def paper(till: WalletTill, shop: Shop = SHOP) -> list[str]:
    return paper_of(books(till), shop)


def paper_of(made: ShiftBooks, shop: Shop = SHOP) -> list[str]:
    report = write_x(ShiftReport(made.state(), "CNY"), AT, shop, copy=False)
    return [line.strip() for line in lay_out(report, 32)]


def about_tax(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith(("Net", "Tax", "Not turnover"))]


X = """\
Receipts                   1 - 9
Sales 6                   456.50
Refunds 3                -110.25
IN ALL                   ¥346.25
--------------------------------
Goods and services         56.00
Goods given back          -10.00
TURNOVER                  ¥46.00
Top-ups 2                 150.00
Top-ups given back 1     -100.00
Count cards sold 1        250.00
PREPAID SOLD             ¥300.00
Bonus on top, free 2       20.00
Bonus taken back 1        -15.00
Deposits taken 2            0.50
Deposits returned 1        -0.25
--------------------------------
Card 1                    250.00
Cash 3                    156.50
Cash given back 2        -100.25
Count card 1               30.00
Stored value 1             20.00
Stored value given back 1 -10.00
PREPAID SPENT             ¥40.00
--------------------------------
"""


def test_the_paper_tells_turnover_prepaid_and_deposits_apart() -> None:
    assert X in "\n".join(paper(day()))


def test_everything_adds_up() -> None:
    """By hand: what was keyed, not what the till says."""
    assert parts(day()) == Parts(
        turnover_minor=3_000 + 2 * 1_000 - 1_000 + 2 * 300,
        prepaid_sold_minor=5_000 + 10_000 - 10_000 + 25_000,
        prepaid_bonus_minor=500 + 1_500 - 1_500,
        prepaid_spent_minor=3_000 + 2_000 - 1_000,
        deposits_taken_minor=2 * 25,
        deposits_returned_minor=25,
    )


def test_in_chinese() -> None:
    lines = [line.split() for line in paper(day(), replace(SHOP, language=Language.CHINESE))]
    assert ["营业额", "¥46.00"] in lines
    assert ["预收款", "¥300.00"] in lines
    assert ["预收款消费", "¥40.00"] in lines
    assert ["退押金", "1", "-0.25"] in lines


def test_tax_of_turnover_stands_apart_from_what_a_taxed_count_card_was_charged() -> None:
    """Its visits are taxed when they are made: who taxes the card as well, sees it here."""
    assert about_tax(paper(day())) == [
        "Net A 13%                  40.71",
        "Tax A 13%                   5.29",
        "Not turnover, net A 13%   221.24",
        "Not turnover, tax A 13%    28.76",
        "Net Z 0%                    0.00",
        "Tax Z 0%                    0.00",
        "Not turnover, net Z 0%     50.25",
    ]


def test_a_shift_that_only_takes_a_count_card_back_has_its_tax_below_zero() -> None:
    """It was sold before the last Z."""
    till, _ = served()
    till.scan("CUTS10").press("CASH").settled()
    before = len(till.journal)
    till.press("1 MENU 11").settled().press("SUBTOTAL CASH").settled()
    made = ShiftBooks()
    made.take(till.journal[before:])
    assert about_tax(paper_of(made)) == [
        "Net A 13%                   0.00",
        "Tax A 13%                   0.00",
        "Not turnover, net A 13%  -221.24",
        "Not turnover, tax A 13%   -28.76",
    ]


def test_payments_and_taxes_come_to_what_was_sold_before_cash_was_rounded() -> None:
    till = WalletTill(FIVES_SHOP).scan("1004").press("CASH").settled()
    totals = books(till).totals
    assert (totals.sum_minor(Figure.ROUNDING), totals.drawer_minor) == (1, 100)
    assert totals.sum_minor(Figure.SALE) == 99
    assert totals.sum_minor(Figure.TAKEN) == 99
    assert totals.sum_minor(Figure.NET) + totals.sum_minor(Figure.TAX) == 99


def test_a_day_of_goods_alone_has_no_line_of_what_is_not_turnover() -> None:
    till = WalletTill().scan("1003").press("CASH").settled()
    lines = paper(till)
    assert "TURNOVER                  ¥10.00" in lines
    assert not [line for line in lines if line.startswith(("PREPAID", "Bonus", "Deposits", "Not"))]


# --- what a record says


def test_a_line_says_what_it_promises_and_what_came_on_top() -> None:
    till, _ = served()
    till.scan("1003").press("5000 MENU 48 ENTER").settled().scan("CUTS10").press("CASH").settled()
    assert promises(till) == [(Promise.NONE, 0), (Promise.TOP_UP, 500), (Promise.COUNT_CARD, 0)]
    body = sale_entry(till.sale).body
    assert sale_from(EntryKind.SALE, body) == till.sale
    assert ["promise" in line for line in body["lines"]] == [False, True, True]


def test_a_refund_takes_the_promise_back_with_its_bonus() -> None:
    till, member = served()
    till.press("5000 MENU 48 ENTER").settled().press("CASH").settled()
    till.press("1 MENU 11").settled().press("SUBTOTAL CASH").settled()
    assert promises(till) == [(Promise.TOP_UP, 500)]
    assert till.holds(member.stored_value) == 0
    assert parts(till) == Parts(0, 0, 0, 0, 0, 0)


def test_money_of_a_refund_that_goes_onto_an_account_is_spent_less() -> None:
    """What is owed to holders rises by it, and no turnover comes of it."""
    till, member = served()
    till.scan("1003").press("CASH").settled()
    till.press("1 MENU 11").settled().press("SUBTOTAL SUBTOTAL MEMBER").settled()
    assert till.holds(member.stored_value) == 1_000
    made = parts(till)
    assert (made.turnover_minor, made.prepaid_spent_minor) == (0, -1_000)


def test_what_accounts_paid_is_prepaid_spent_whatever_it_paid() -> None:
    """A bottle with its deposit is no turnover, and off the account all the same."""
    till = WalletTill(catalogue=STOCKED)
    member = till.with_member()
    till.lease(member.stored_value, 5_000).known(member)
    till.scan("3002").press("SUBTOTAL MEMBER").settled().press("1 ENTER").settled()
    made = parts(till)
    assert (made.turnover_minor, made.deposits_taken_minor) == (300, 25)
    assert made.prepaid_spent_minor == 5_000 - till.holds(member.stored_value) == 325


def test_a_top_up_that_comes_back_onto_an_account_is_spent_less_and_sold_less() -> None:
    till, member = served()
    till.press("5000 MENU 48 ENTER").settled().press("CASH").settled()
    till.press("1 MENU 11").settled().press("SUBTOTAL SUBTOTAL MEMBER").settled()
    made = parts(till)
    assert till.holds(member.stored_value) == 5_000
    assert (made.turnover_minor, made.prepaid_sold_minor) == (0, 0)
    assert made.prepaid_spent_minor == -5_000


def test_deposits_are_known_in_a_shop_without_members() -> None:
    till = GoodsTill().scan("3002").press("CASH").stored()
    assert [line.promise for line in till.sale.lines] == [Promise.NONE, Promise.DEPOSIT]
    till.scan("90").press("CASH").stored()
    assert [line.promise for line in till.sale.lines] == [Promise.DEPOSIT]


def test_an_empty_bottle_is_a_deposit_whatever_catalogue_it_is_from() -> None:
    """In one that was not read here, a deposit may not say that it is one."""
    own = {**CATALOGUE.by_code, "3002": LEMONADE, "90": replace(DEPOSIT, deposit_plu="")}
    till = GoodsTill(SHOP, Catalogue("1", own)).press("MENU 72").scan("3002").press("CASH").stored()
    assert [line.promise for line in till.sale.lines] == [Promise.DEPOSIT]


def test_added_tax_is_part_of_what_is_promised() -> None:
    till = WalletTill(NET_SHOP)
    member = till.with_member()
    till.known(member).scan("CUTS10").scan("1003").press("CASH").settled()
    made = parts(till)
    assert (made.turnover_minor, made.prepaid_sold_minor) == (1_130, 28_250)
    assert till.sale.total_minor == 1_130 + 28_250


def test_records_from_before_say_nothing_of_it_and_count_as_they_did() -> None:
    """A Z that was closed before is still the sum of what it covers."""
    till = day()
    totals = ShiftTotals({})
    for entry in till.journal:
        if entry.kind not in {EntryKind.SALE, EntryKind.REFUND}:
            continue
        lines = [
            {key: value for key, value in line.items() if key not in {"promise", "bonus_minor"}}
            for line in entry.body["lines"]
        ]
        totals = totals.plus(counts_of(entry.kind, {**entry.body, "lines": lines}))
    assert not [figure for figure, _ in totals.tallies if "promised" in figure or "bonus" in figure]
    made = parts_of(totals)
    assert made.turnover_minor == 45_650 - 11_025
    assert (made.prepaid_sold_minor, made.deposits_taken_minor) == (0, 0)


def test_a_gift_card_is_worth_what_was_paid_and_turnover_once() -> None:
    till = WalletTill().press("3000 MENU 48").scan(GIFT_CARD).settled().press("CASH").settled()
    assert parts(till).turnover_minor == 0
    for _ in range(3):
        till.scan("1003").press("MENU 52").scan(GIFT_CARD).settled()
    assert till.holds(GIFT) == 0
    made = parts(till)
    assert (made.turnover_minor, made.prepaid_sold_minor, made.prepaid_spent_minor) == (3_000,) * 3
