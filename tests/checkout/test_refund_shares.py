"""To which payments a refund's money goes, worked out: in the end each has back what it paid."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.money import round_to_step, runs, share
from edge.checkout.payments.giving_back import (
    MONEY,
    Coins,
    coins_left,
    is_another_way,
    is_onto,
    tenders_back,
    ways_back,
)
from edge.checkout.records import EntryKind, Sale, SoldLine, Tender, TenderKind, Unit
from edge.checkout.sale.returns import covered, give_back, pieces_left, pieces_of

CASH, CARD, POINTS = TenderKind.CASH, TenderKind.CARD, TenderKind.POINTS
EACH = Coins(1, 0, 0)
VALUE, VISIT = TenderKind.STORED_VALUE, TenderKind.COUNT_CARD


def paid_with(*tenders: Tender) -> Sale:
    total_minor = sum(tender.amount_minor for tender in tenders)
    return Sale(EntryKind.SALE, 1, "CNY", (), (), total_minor, 0, tenders)


def tender(kind: TenderKind, minor: int, reference: str = "", account: str = "") -> Tender:
    return Tender(kind, minor, minor, 0, reference, account)


def rounding_of(tenders: Iterable[Tender]) -> int:
    """What came in or went out beside the amounts."""
    return sum(each.tendered_minor - each.change_minor - each.amount_minor for each in tenders)


# --- worked out


def test_what_was_paid_twice_by_one_kind_is_one_way_unless_it_can_be_told_apart() -> None:
    ways = ways_back(
        paid_with(tender(CASH, 300), tender(CASH, 200), tender(CARD, 100, "1"), tender(CARD, 50)),
        (),
    )
    assert [(way.kind, way.reference, way.left_minor) for way in ways] == [
        (CASH, "", 500),
        (CARD, "1", 100),
        (CARD, "", 50),
    ]


def test_what_an_account_paid_goes_back_to_it_whatever_key_is_pressed() -> None:
    ways = ways_back(paid_with(tender(CASH, 600), tender(POINTS, 400, account="points:9")), ())
    assert tenders_back(ways, 500, EACH, tender(CARD, 0)) == (
        tender(CARD, 300),
        tender(POINTS, 200, account="points:9"),
    )
    assert is_another_way(ways, CARD)
    assert not is_another_way(ways, CASH)


def test_money_paid_out_another_way_is_off_the_other_ways() -> None:
    sale = paid_with(tender(CARD, 500, "1"), tender(CARD, 300, "2"))
    ways = ways_back(sale, (tender(CASH, 400),))
    assert [way.left_minor for way in ways] == [250, 150]
    assert tenders_back(ways, 400, EACH, tender(CASH, 0)) == (tender(CASH, 400),)
    assert [way.left_minor for way in ways_back(sale, (tender(CARD, 600),))] == [0, 200]


def test_goods_that_cost_nothing_come_back_for_nothing() -> None:
    ways = ways_back(paid_with(tender(CARD, 0)), ())
    assert tenders_back(ways, 0, EACH) == (tender(CARD, 0),)
    assert tenders_back(ways, 0, EACH, tender(CASH, 0)) == (tender(CASH, 0),)


def test_a_payment_without_a_reference_is_not_that_of_another_card() -> None:
    sale = paid_with(tender(CARD, 500, "77"), tender(CARD, 1_500))
    ways = ways_back(sale, (tender(CARD, 250, "77"), tender(CARD, 750)))
    assert [way.left_minor for way in ways] == [250, 750]
    assert [way.left_minor for way in ways_back(sale, (tender(CARD, 1_600),))] == [400, 0]


def test_many_small_parts_in_cash_are_no_more_coins_than_the_card_has_paid() -> None:
    sale, back = paid_with(tender(CARD, 300, "77")), []
    for _ in range(100):
        back += tenders_back(ways_back(sale, back), 3, coins_left(sale, back, 5), tender(CASH, 0))
    assert sum(each.tendered_minor for each in back) == 300
    assert {each.tendered_minor for each in back} == {0, 5}


def test_the_coins_are_those_of_today_whatever_they_were_at_the_sale() -> None:
    """11.83 came in while there were coins of 1."""
    sale, back = paid_with(tender(CASH, 1_183)), []
    for minor in (98, 1_000, 85):
        back += tenders_back(ways_back(sale, back), minor, coins_left(sale, back, 5))
    assert [each.tendered_minor for each in back] == [100, 1_000, 85]


def test_what_an_earlier_refund_paid_out_too_much_is_not_asked_back() -> None:
    sale, back = paid_with(tender(CASH, 1_000)), (Tender(CASH, 980, 1_000, 0),)
    assert tenders_back(ways_back(sale, back), 10, coins_left(sale, back, 5)) == (
        Tender(CASH, 10, 0, 0),
    )


def test_money_that_went_onto_the_account_that_also_paid_is_not_what_it_paid() -> None:
    own = tender(VALUE, 300, account="stored_value:9")
    sale = paid_with(tender(VALUE, 600, account="stored_value:9"), tender(CASH, 1_400))
    ways = ways_back(sale, ())
    first = tenders_back(ways, 1_000, EACH, tender(VALUE, 0, account="stored_value:9"))
    assert first == (tender(VALUE, 700, account="stored_value:9"), replace(own, units=300))
    ways = ways_back(sale, first)
    assert [way.left_minor for way in ways] == [300, 700]
    assert tenders_back(ways, 1_000, EACH) == (replace(own, units=300), tender(CASH, 700))


KINDS = st.sampled_from([CASH, CARD, TenderKind.VOUCHER, POINTS])
PAID = st.lists(
    st.builds(
        lambda kind, minor: tender(kind, minor, account="points:9" if kind is POINTS else ""),
        KINDS,
        st.integers(1, 5_000),
    ),
    min_size=1,
    max_size=5,
)


@given(PAID, st.sampled_from([1, 5, 10]), st.data())
def test_any_parts_are_in_the_end_what_was_paid(
    paid: list[Tender], step_minor: int, data: st.DataObject
) -> None:
    """Whichever way each part goes out: the sums are exact, no account gets what it did not pay,
    and where nothing went another way, each payment and the drawer have back what they took.
    """
    cash_minor = sum(each.amount_minor for each in paid if each.kind is CASH)
    rounding = round_to_step(cash_minor, step_minor) - cash_minor
    if cash_minor:
        last = max(place for place, each in enumerate(paid) if each.kind is CASH)
        came = paid[last].amount_minor + rounding
        if came < 0:
            return
        paid[last] = Tender(CASH, paid[last].amount_minor, came, 0)
    sale = paid_with(*paid)
    left, back = sale.total_minor, []
    instead = data.draw(st.sampled_from([None, tender(CASH, 0), tender(CARD, 0)]))
    for parts_left in range(5, 0, -1):
        now_minor = data.draw(st.integers(1, left)) if left and parts_left > 1 else left
        if not now_minor:
            break
        ways = ways_back(sale, back)
        out = tenders_back(ways, now_minor, coins_left(sale, back, step_minor), instead)
        assert sum(each.amount_minor for each in out) == now_minor
        assert all(each.amount_minor > 0 and each.tendered_minor >= 0 for each in out)
        back += out
        left -= now_minor
    assert all(way.left_minor == 0 for way in ways_back(sale, back))

    def taken(tenders: list[Tender], kind: TenderKind) -> tuple[int, int]:
        mine = [each for each in tenders if each.kind is kind]
        return sum(each.amount_minor for each in mine), sum(each.tendered_minor for each in mine)

    for kind in (CASH, CARD, TenderKind.VOUCHER, POINTS) if instead is None else (POINTS,):
        assert taken(back, kind) == taken(paid, kind)


NAMED = {
    CASH: st.just(("", "")),
    CARD: st.sampled_from([("", ""), ("77", ""), ("88", "")]),
    TenderKind.MOBILE: st.sampled_from([("till-1-1", ""), ("till-1-2", "")]),
    TenderKind.VOUCHER: st.sampled_from([("V1", ""), ("V2", "")]),
    POINTS: st.just(("", "points:9")),
    VALUE: st.sampled_from([("", "stored_value:9"), ("", "stored_value:8")]),
}
NAMED_PAID = st.lists(
    st.sampled_from(sorted(NAMED)).flatmap(
        lambda kind: st.builds(
            lambda names, minor: tender(kind, minor, *names), NAMED[kind], st.integers(1, 500)
        )
    ),
    min_size=1,
    max_size=5,
)
INSTEAD = st.sampled_from(
    [
        *(None, None, tender(CASH, 0), tender(CARD, 0)),
        *(tender(VALUE, 0, account="stored_value:9"), tender(VALUE, 0, account="stored_value:7")),
    ]
)


def sums(tenders: Iterable[Tender]) -> Counter[tuple[TenderKind, str, str]]:
    by_way: Counter[tuple[TenderKind, str, str]] = Counter()
    for each in tenders:
        by_way[each.kind, each.reference, each.account] += each.amount_minor
    return by_way


@given(NAMED_PAID, st.data())
def test_no_way_ever_gets_back_more_than_it_paid(paid: list[Tender], data: st.DataObject) -> None:
    """Whatever key each part is paid out by. As it came: not one card more than it took. Another
    way: no account but for what is put onto it, and no coin above the money.
    The cash came in while there were other coins.
    """
    sale, step_minor = paid_with(*paid), 5
    money_minor = sum(each.amount_minor for each in paid if each.kind in MONEY)
    left, back, as_it_came, onto = sale.total_minor, [], [], 0
    only_as_it_came = data.draw(st.booleans())
    while left:
        now_minor = data.draw(st.integers(1, left)) if len(back) < 12 else left
        instead = None if only_as_it_came else data.draw(INSTEAD)
        coins = coins_left(sale, back, step_minor)
        out = tenders_back(ways_back(sale, back), now_minor, coins, instead)
        assert sum(each.amount_minor for each in out) == now_minor
        onto += sum(each.amount_minor for each in out if is_onto(each))
        as_it_came += [each for each in out if instead is None or each.kind not in MONEY]
        back += out
        left -= now_minor
    of_its_own = [each for each in as_it_came if not is_onto(each)]
    assert sums(of_its_own) <= sums(paid)
    if only_as_it_came:
        assert sums(back) == sums(paid)
    accounts = [each for each in back if each.account and not is_onto(each)]
    assert sums(accounts) == sums(each for each in paid if each.account)
    assert sum(each.amount_minor for each in back if each.kind is CASH) + onto <= money_minor
    assert abs(rounding_of(back)) < step_minor


@given(
    st.integers(1, 2_000),
    st.integers(0, 2_000),
    st.sampled_from([1, 5, 10]),
    st.lists(st.tuples(st.integers(1, 500), INSTEAD), max_size=12),
    INSTEAD,
)
def test_what_went_out_is_what_came_in_to_half_a_coin(
    cash_minor: int,
    card_minor: int,
    step_minor: int,
    parts: list[tuple[int, Tender | None]],
    last: Tender | None,
) -> None:
    """Whatever key each part is paid out by: no part is off by a coin, all together are what was
    paid to half a coin; and exactly, where all of it goes back as it came.
    """
    in_minor = round_to_step(cash_minor, step_minor)
    paid = [Tender(CASH, cash_minor, in_minor, 0), tender(CARD, card_minor, "77")]
    sale = paid_with(*(each for each in paid if each.amount_minor))
    left, back = sale.total_minor, []
    for minor, instead in [*parts, (sale.total_minor, last)]:
        if minor := min(minor, left):
            coins = coins_left(sale, back, step_minor)
            back += (out := tenders_back(ways_back(sale, back), minor, coins, instead))
            left -= minor
            assert abs(rounding_of(out)) <= 2 * (step_minor // 2)
            assert not any(each.tendered_minor % step_minor for each in out if each.kind is CASH)
    assert abs(rounding_of(back) - rounding_of(paid)) <= step_minor // 2
    if not any(instead for _, instead in [*parts, (0, last)]):
        assert rounding_of(back) == rounding_of(paid)


# --- what was paid for by itself


def sold_line(number: int, units: int, paid_minor: int) -> SoldLine:
    return SoldLine(
        line=number,
        plu=str(number),
        code=str(number),
        name="x",
        unit=Unit.EACH,
        quantity_milli=units * 1_000,
        price_minor=1,
        list_price_minor=1,
        amount_minor=paid_minor,
        tax_code="A",
        tax_rate_bp=0,
        tax_minor=0,
        paid=runs(paid_minor, units),
    )


def test_what_settled_another_sum_than_its_pieces_cost_is_shared_like_any_other() -> None:
    visit = replace(tender(VISIT, 600, account="count_card:9:C"), covers=((1, 0, 1),))
    sale = replace(paid_with(visit, tender(CASH, 400)), lines=(sold_line(1, 2, 1_000),))
    ways = ways_back(sale, (), pieces_left(sale, {}), {1: (0, 1)})
    assert [each.amount_minor for each in tenders_back(ways, 500, EACH)] == [300, 200]


@st.composite
def bound_sales(draw: st.DrawFn) -> Sale:
    """Lines of which visits paid for some pieces; the rest was paid for by anything."""
    lines: list[SoldLine] = []
    covers: list[tuple[int, int, int]] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        units = draw(st.integers(1, 4))
        lines.append(sold_line(number, units, draw(st.integers(units, 3_000))))
        first = draw(st.integers(0, units - 1))
        covers.append((number, first, draw(st.integers(0, units - first))))
    sale = replace(paid_with(), lines=tuple(lines))
    bound: list[Tender] = []
    for cover in covers:
        if cover[2]:
            visits = Tender(VISIT, 0, 0, 0, "", f"count_card:{cover[0]}:C", cover[2], (cover,))
            minor = covered(sale, visits, pieces_left(sale, {}))[1]
            bound.append(replace(visits, amount_minor=minor, tendered_minor=minor))
    rest = sum(line.paid_minor for line in lines) - sum(each.amount_minor for each in bound)
    free = draw(NAMED_PAID)
    parts = share(rest, [each.amount_minor for each in free])
    others = [
        replace(each, amount_minor=part, tendered_minor=part)
        for each, part in zip(free, parts, strict=True)
        if part
    ]
    tenders = tuple(draw(st.permutations([*bound, *others])))
    return replace(sale, tenders=tenders, total_minor=sum(each.amount_minor for each in tenders))


@given(bound_sales(), st.data())
def test_a_visit_comes_back_exactly_with_its_piece_and_never_otherwise(
    sale: Sale, data: st.DataObject
) -> None:
    """Whatever comes back in whatever order, by whatever key: each part pays what its pieces cost,
    and in the end each payment has back what it paid.
    """
    gone_milli: dict[int, int] = {}
    back: list[Tender] = []
    instead = data.draw(st.sampled_from([None, tender(CASH, 0), tender(CARD, 0)]))
    pieces = [line.line for line in sale.lines for _ in range(line.quantity_milli // 1_000)]
    pieces = data.draw(st.permutations(pieces))
    while pieces:
        part = data.draw(st.integers(1, len(pieces)))
        picks, pieces = Counter(pieces[:part]), pieces[part:]
        refund = give_back(sale, gone_milli, picks, 2)
        now = pieces_of(refund, sale, gone_milli)
        ways = ways_back(sale, back, pieces_left(sale, gone_milli), now)
        out = tenders_back(ways, refund.total_minor, EACH, instead)
        assert sum(each.amount_minor for each in out) == refund.total_minor
        visits = {each.account: each.amount_minor for each in out if each.kind is VISIT}
        own = {each.account: covered(sale, each, now)[1] for each in sale.tenders if each.covers}
        assert visits == {account: minor for account, minor in own.items() if minor}
        back += out
        for line, units in picks.items():
            gone_milli[line] = gone_milli.get(line, 0) + units * 1_000
    accounts = [each for each in back if each.account]
    assert sums(accounts) == sums(each for each in sale.tenders if each.account)
    if instead is None:
        assert sums(back) == sums(sale.tenders)
