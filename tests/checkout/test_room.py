"""The largest sales that a till takes, and the message that they have to fit."""

from dataclasses import replace
from random import Random

import pytest

from edge.checkout.goods.catalogue import Catalogue, Product
from edge.checkout.loyalty.told import ToldPoints
from edge.checkout.records import (
    NO_PACK,
    EntryKind,
    IssuedCoupon,
    Pack,
    Promise,
    Sale,
    TaxTotal,
    Tender,
    TenderKind,
    Unit,
    sale_entry,
)
from edge.checkout.sale.basket import Basket, BasketKind, Deal, Line
from edge.checkout.sale.offs import Off
from edge.checkout.sale.pricing import finish
from edge.checkout.sale.room import ROOM_BYTES, fits_a_message, most_bytes
from edge.checkout.session import State
from edge.checkout.shop import Language, Limits
from edge.wire.batches import pack_batch
from edge.wire.codec import MAX_WIRE_BYTES
from tests.support.playbook import SHOP, Till
from tests.support.records import record_with

CHINESE = replace(SHOP, language=Language.CHINESE, limits=Limits(max_lines=900))
LETTERS = "".join(map(chr, range(33, 127)))
MOST_TENDERS, MOST_TAXES, MOST_ISSUED = 40, 16, 8


def noise(random: Random, characters: int) -> str:
    """Chinese that does not compress."""
    return "".join(chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(characters))


def letters(random: Random, characters: int) -> str:
    return "".join(random.choices(LETTERS, k=characters))


def full_basket(
    lines: int, name: int, promotion: int, others: int = 3, *, packs: bool = False
) -> Basket:
    """Lines with names of so many characters and nothing in common; each has a promotion of its
    own, with an id and a name of so many, and those of the whole sale cut it as well. With `packs`
    each says all that a GS1 code can say of one.
    """
    random = Random(lines)
    sold = tuple(
        Line(
            number=number,
            product=Product(
                letters(random, 14), "", noise(random, name), random.randrange(10**7), "A", Unit.KG
            ),
            code=letters(random, 14),
            quantity_milli=random.randrange(1, 9_999_000),
            price_minor=random.randrange(10**6, 10**7),
            staff=str(random.randrange(10**4)),
            pack=Pack(
                letters(random, 20),
                letters(random, 20),
                f"20{random.randrange(10, 99)}-{random.randrange(10, 99)}-01T12:{number % 60:02}",
                f"20{random.randrange(10, 99)}-{random.randrange(10, 99)}-01",
            )
            if packs
            else NO_PACK,
        )
        for number in range(1, lines + 1)
    )
    own = [
        Off(
            letters(random, promotion), noise(random, promotion), "line", random.randrange(99), part
        )
        for part in (
            ((number, random.randrange(9_999), random.randrange(10**6)),)
            for number in range(1, lines + 1)
        )
        if promotion
    ]
    whole = [
        Off(
            letters(random, 40),
            noise(random, 40),
            "order",
            1,
            tuple((each, 1, random.randrange(10**6)) for each in range(1, lines + 1)),
        )
        for _ in range(others)
    ]
    offs = (*own, *whole)
    off_by_line = {line.number: random.randrange(10**5) if offs else 0 for line in sold}
    return Basket(
        BasketKind.SALE, 1, sold, lines + 1, deal=Deal(offs=offs, off_by_line=off_by_line)
    )


def with_all_that_comes_at_the_end(sale: Sale) -> Sale:
    random, any_of = Random(7), Random(8)
    return replace(
        sale,
        # What a line promises is known when it is sold.
        lines=tuple(replace(line, promise=any_of.choice(list(Promise))) for line in sale.lines),
        taxes=tuple(
            TaxTotal(letters(random, 4), *(random.randrange(10**10) for _ in range(4)))
            for _ in range(MOST_TAXES)
        ),
        tenders=tuple(
            Tender(
                TenderKind.STORED_VALUE,
                *(random.randrange(10**11) for _ in range(3)),
                letters(random, 40),
                letters(random, 32),
                random.randrange(10**9),
                # Each line is paid for by a visit.
                tuple((line.line, 0, 1) for line in sale.lines[number::MOST_TENDERS]),
            )
            for number in range(MOST_TENDERS)
        ),
        told=ToldPoints(
            *(random.randrange(10**9) for _ in range(7)),
            noise(random, 40),
            random.randrange(10**9),
            tuple(
                (f"20{random.randrange(10, 99)}-01-01", random.randrange(10**8)) for _ in range(9)
            ),
        ),
        coupons=tuple(
            IssuedCoupon(letters(random, 16), letters(random, 16), noise(random, 40), "2027-01-01")
            for _ in range(MOST_ISSUED)
        ),
        staff=letters(random, 10),
        shift=9_999,
        member=letters(random, 10),
    )


def most_lines(name: int, promotion: int, others: int) -> int:
    """How many the till takes of them, up to the most that settings allow."""
    fits, not_all = 1, 901
    while not_all - fits > 1:
        middle = (fits + not_all) // 2
        if fits_a_message(full_basket(middle, name, promotion, others), CHINESE):
            fits = middle
        else:
            not_all = middle
    return fits


@pytest.mark.parametrize(
    ("name", "promotion", "others"),
    [(1, 0, 0), (12, 0, 1), (20, 0, 3), (28, 10, 1), (40, 64, 3), (120, 0, 0), (120, 200, 3)],
)
def test_the_largest_sale_of_each_make_fits_with_all_that_comes_at_its_end(
    name: int, promotion: int, others: int
) -> None:
    lines = most_lines(name, promotion, others)
    sale = finish(full_basket(lines, name, promotion, others), CHINESE)
    _, payload = pack_batch([record_with(sale_entry(with_all_that_comes_at_the_end(sale)).body)])
    spare = MAX_WIRE_BYTES - len(payload.body)
    print(  # noqa: T201 - for whoever runs it with -s: the figures of the decision record
        f"names of {name}, promotions of {promotion}: {lines} lines, {len(payload.body)} bytes, "
        f"{spare} to spare"
    )
    assert spare >= 384


@pytest.mark.parametrize(("name", "promotion"), [(1, 0), (28, 10), (40, 64), (120, 200)])
def test_what_is_not_packed_to_know_it_takes_no_more_than_its_estimate(
    name: int, promotion: int
) -> None:
    basket = full_basket(50, name, promotion)
    _, payload = pack_batch([record_with(sale_entry(finish(basket, CHINESE)).body)])
    assert len(payload.body) <= most_bytes(basket, CHINESE) + 1024


@pytest.mark.parametrize("lines", [50, 300])
def test_what_packs_say_takes_no_more_than_its_estimate(lines: int) -> None:
    basket = full_basket(lines, 12, 0, 0, packs=True)
    _, payload = pack_batch([record_with(sale_entry(finish(basket, CHINESE)).body)])
    assert len(payload.body) <= most_bytes(basket, CHINESE) + 1024
    without = full_basket(lines, 12, 0, 0)
    assert most_bytes(basket, CHINESE) > most_bytes(without, CHINESE)


@pytest.mark.parametrize("name", [12, 20, 28])
def test_payments_do_not_make_a_basket_too_large_that_is_full(name: int) -> None:
    full = full_basket(most_lines(name, 10, 1), name, 10, 1)
    card = Tender(TenderKind.CARD, 1, 1, 0, letters(Random(1), 40))
    assert fits_a_message(replace(full, tenders=(card,) * MOST_TENDERS), CHINESE)


def test_500_lines_of_a_shop_as_shops_are_fit() -> None:
    """Names of twelve characters of the three thousand in use, and cents."""
    random = Random(3)
    product = [
        Product(
            str(60_000 + n), "", noise(random, 12), random.randrange(100, 9_999), "A", Unit.EACH
        )
        for n in range(500)
    ]
    lines = tuple(
        Line(n, each, f"69{random.randrange(10**11):011}", 1000, each.price_minor)
        for n, each in enumerate(product, start=1)
    )
    assert fits_a_message(Basket(BasketKind.SALE, 1, lines, 501), CHINESE)


def long_names(products: int) -> Catalogue:
    random = Random(2)
    return Catalogue(
        "1",
        {
            str(10_000 + n): Product(str(10_000 + n), "", noise(random, 120), 100, "A", Unit.EACH)
            for n in range(products)
        },
    )


def test_a_line_that_would_make_the_record_too_large_is_refused_and_the_rest_is_sold() -> None:
    till = Till(CHINESE, long_names(400))
    codes = list(till.facts.catalogue.by_code)
    taken = 0
    while not till.notice:
        till.scan(codes[taken])
        taken += 1
    assert till.notice == "购物车已满 - 先结账"
    assert 100 < len(till.session.basket.lines) == taken - 1
    assert till.scan(codes[0]).notice == "购物车已满 - 先结账"
    assert till.press("CASH").stored().state is State.IDLE
    _, payload = pack_batch([record_with(sale_entry(till.sale).body)])
    assert ROOM_BYTES * 0.9 < len(payload.body) <= MAX_WIRE_BYTES


def test_a_basket_that_became_too_large_is_not_paid_for_until_lines_are_gone() -> None:
    """As when a member's discounts come to it, or a draft of before is taken up."""
    catalogue = long_names(240)
    lines = tuple(
        Line(number, product, product.plu, 1000, 100)
        for number, product in enumerate(catalogue.by_code.values(), start=1)
    )
    till = Till(CHINESE, catalogue, draft=Basket(BasketKind.SALE, 1, lines, 241))
    for keys in ("CASH", "CARD", "100 CASH"):
        till.press(keys)
        assert till.notice == "购物车已满 - 先结账"
        assert till.session.basket.tenders == ()
        till.press("CLEAR")
    for _ in range(240 - 150):
        till.press("VOID")
    assert len(till.session.basket.lines) == 150
    assert till.press("CASH").stored().state is State.IDLE
    assert till.kinds[-1] is EntryKind.SALE
