"""Whatever is scanned, keyed, answered, lost or cut off: the till never breaks its rules.

The rules themselves stand in `tests/support/walk.py`; they are checked after every step.
"""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.goods.catalogue import Product
from edge.checkout.records import (
    Entry,
    EntryKind,
    Sale,
    SoldLine,
    TaxTotal,
    Tender,
    TenderKind,
    Unit,
    sale_entry,
    sale_from,
)
from edge.checkout.sale.basket import Basket, BasketKind, Line
from edge.checkout.sale.draft import basket_body, basket_from
from edge.checkout.shop import Shop
from tests.support.playbook import FIVES_SHOP, NET_SHOP, SHOP
from tests.support.walk import ACTIONS, Walk

MINOR = st.integers(0, 10**11)
TEXT = st.text(max_size=12)
TENDERS = st.builds(Tender, st.sampled_from(TenderKind), MINOR, MINOR, MINOR, TEXT)


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from(ACTIONS), min_size=10, max_size=60),
    st.sampled_from([SHOP, NET_SHOP, FIVES_SHOP]),
)
def test_no_sequence_breaks_the_rules(actions: list[str], shop: Shop) -> None:
    walk = Walk(shop)
    for action in actions:
        walk.act(action)
    receipts = [
        entry.body["receipt_no"]
        for entry in walk.till.journal
        if entry.kind in {EntryKind.SALE, EntryKind.REFUND}
    ]
    assert receipts == list(range(1, len(receipts) + 1))


@settings(max_examples=100)
@given(
    st.builds(
        Sale,
        kind=st.sampled_from([EntryKind.SALE, EntryKind.REFUND]),
        receipt_no=MINOR,
        currency=TEXT,
        lines=st.lists(
            st.builds(
                SoldLine,
                line=MINOR,
                plu=TEXT,
                code=TEXT,
                name=TEXT,
                unit=st.sampled_from(Unit),
                quantity_milli=MINOR,
                price_minor=MINOR,
                list_price_minor=MINOR,
                amount_minor=MINOR,
                tax_code=TEXT,
                tax_rate_bp=MINOR,
                tax_minor=MINOR,
                paid=st.lists(st.tuples(MINOR, MINOR), max_size=2).map(tuple),
                of_line=MINOR,
            ),
            max_size=3,
        ).map(tuple),
        taxes=st.lists(st.builds(TaxTotal, TEXT, MINOR, MINOR, MINOR, MINOR), max_size=3).map(
            tuple
        ),
        total_minor=MINOR,
        rounding_minor=st.integers(-50, 50),
        tenders=st.lists(TENDERS, max_size=3).map(tuple),
        of_receipt_no=MINOR,
    )
)
def test_a_sale_comes_back_from_its_record(sale: Sale) -> None:
    entry = sale_entry(sale)
    assert sale_from(entry.kind, json.loads(json.dumps(entry.body))) == sale


@settings(max_examples=100)
@given(
    st.builds(
        Basket,
        kind=st.sampled_from(BasketKind),
        receipt_no=MINOR,
        lines=st.lists(
            st.builds(
                Line,
                number=MINOR,
                product=st.builds(Product, TEXT, TEXT, TEXT, MINOR, TEXT, st.sampled_from(Unit)),
                code=TEXT,
                quantity_milli=MINOR,
                price_minor=MINOR,
            ),
            max_size=3,
        ).map(tuple),
        next_number=MINOR,
        tenders=st.lists(TENDERS, max_size=3).map(tuple),
        evidence=st.lists(
            st.builds(
                Entry,
                st.sampled_from(EntryKind),
                st.dictionaries(TEXT, st.integers(-(10**9), 10**9), max_size=3),
            ),
            max_size=3,
        ).map(tuple),
    )
)
def test_a_basket_comes_back_from_its_draft(basket: Basket) -> None:
    assert basket_from(json.loads(json.dumps(basket_body(basket)))) == basket
