"""A till that is driven anywhere, and what must hold of it after every step.

An action is a text: keys, `scan CODE`, or what the world does, after a `!`.
"""

import json
from dataclasses import replace
from typing import Any

from edge.checkout.effects import (
    Effect,
    OpenDrawer,
    PrintReceipt,
    SaveDraft,
    ShowScreens,
    StoreEntries,
    WakeUplink,
)
from edge.checkout.inputs import InboxOverflowed, Input, SaleStored
from edge.checkout.paper.width import display_width
from edge.checkout.records import EntryKind, Sale, TenderKind, sale_entry, sale_from
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.draft import basket_body, basket_from
from edge.checkout.sale.pricing import basket_total, paid_so_far
from edge.checkout.screens import CUSTOMER_COLUMNS
from edge.checkout.session import Session, State
from edge.checkout.shop import Shop
from tests.support.playbook import SHOP, Till
from tests.support.shifts import ShiftTill

SCANS = (
    "1001",
    "1002",
    "9520000010010",
    "2200101003506",
    "2100202012509",
    "2001",
    "9520000010011",
    "4111111111111111",
    "ET1:till-1:1",
    "ET1:till-2:1",
    "",
)
KEYS = (
    *("1", "2", "5", "9", "00", ".", "X", "ENTER", "CLEAR", "VOID", "SUBTOTAL", "CASH", "CARD"),
    *("MOBILE", "MEMBER", "MENU", "UP", "DOWN"),
)
PHRASES = (
    *("3 X", "0.5 X", "1001 ENTER", "1000 CASH", "100 CASH", "100 CARD", "CARD ENTER", "SUBTOTAL"),
    *("MENU 11", "MENU 12", "MENU 13", "MENU 14", "150 MENU 15", "MENU 21", "500 MENU 22"),
    *("500 MENU 23", "MENU 31", "MENU 32", "MENU 91", "1 ENTER", "2 ENTER", "1 MENU 11"),
    *("MENU 33", "0 X", "5 MENU 34", "MENU 72"),
    *("2 X ENTER", "SUBTOTAL CASH", "103 MENU 15", "102 MENU 15", "104 CASH", "102 CASH"),
    *("1001 ENTER 103 MENU 15 104 CASH", "1001 ENTER 102 MENU 15 102 CASH"),
)
WORLD = ("!answer", "!printed", "!not_printed", "!news", "!restart", "!disk_fails")
ACTIONS = (*(f"scan {code}" for code in SCANS), *KEYS, *PHRASES, *WORLD)
AFTER_THE_DISK = (OpenDrawer, PrintReceipt, WakeUplink)


class Walk:
    """Whatever may happen to a till, one action after the other, over restarts. `trail` holds
    each step: the session before it, its cause, the session after it.
    """

    def __init__(self, shop: Shop = SHOP, till: "WatchedTill | None" = None) -> None:
        self.till = till or WatchedTill(shop)
        self.trail = self.till.trail

    def act(self, *actions: str) -> None:
        for action in actions:
            self._act(action)

    def _act(self, action: str) -> None:
        till = self.till
        if action.startswith("scan "):
            till.scan(action.removeprefix("scan "))
        elif not action.startswith("!"):
            till.press(action)
        elif action == "!answer" and till.waits_for_disk:
            till.answered()
        elif action == "!printed" and till.printing:
            till.printed()
        elif action == "!not_printed" and till.printing:
            till.not_printed()
        elif action == "!news":
            till.feed(InboxOverflowed(till.now(), 1))
        elif action == "!disk_fails":
            till.disk_fails()
        elif action == "!taxes_gone":
            shop = replace(till.facts.shop, tax_rates={})
            till.facts = replace(till.facts, shop=shop)
        elif action == "!restart":
            self.till = till.restarted()
            self.trail += self.till.trail
            self.till.trail = self.trail


class WatchedTill(ShiftTill):
    """A till whose every step is checked."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.trail: list[tuple[Session, Input, Session]] = []
        super().__init__(*args, **options)

    def feed(self, cause: Input) -> "Till":
        before = self.session
        super().feed(cause)
        self.trail.append((before, cause, self.session))
        self._check_order(cause)
        for effect in self.effects:
            self._check_effect(effect)
        basket = self.session.basket
        if basket is not None and self.state is not State.STOPPED:
            assert paid_so_far(basket) <= basket_total(basket, self.facts.shop)
        self._check_draft()
        assert len(self._asked) <= 1
        assert self.waits_for_disk == (self.state in {State.STORING, State.FINDING})
        return self

    def _check_draft(self) -> None:
        """A power cut costs nothing of an open basket but what the commit under way ends."""
        basket, storing = self.session.basket, self.session.storing
        if basket is None or self.state is State.STOPPED or (storing and storing.ends_basket):
            return
        if basket.lines or basket.evidence:
            assert self.draft == basket

    def _check_order(self, cause: Input) -> None:
        """Drawer, printer and uplink move for what has just been stored, and for nothing else."""
        for effect in self.effects:
            if isinstance(effect, AFTER_THE_DISK):
                assert isinstance(cause, SaleStored), effect
                assert not isinstance(effect, OpenDrawer) or effect.effect_id == cause.drawer_effect
                assert (
                    not isinstance(effect, PrintReceipt) or effect.effect_id == cause.receipt_effect
                )
        assert len(self.of(OpenDrawer)) <= 1
        assert len(self.of(PrintReceipt)) <= 1

    def _check_effect(self, effect: Effect) -> None:
        if isinstance(effect, SaveDraft):
            check_draft(effect.basket)
        elif isinstance(effect, StoreEntries):
            assert effect.entries
            for entry in effect.entries:
                if entry.kind in {EntryKind.SALE, EntryKind.REFUND}:
                    sale = sale_from(entry.kind, json.loads(json.dumps(entry.body)))
                    assert sale_entry(sale) == entry
                    assert sale.receipt_no == self.session.next_receipt_no
                    check_sale(sale, self.facts.shop)
        elif isinstance(effect, ShowScreens):
            customer = effect.customer
            assert display_width(customer.upper) == display_width(customer.lower)
            assert display_width(customer.upper) == CUSTOMER_COLUMNS
            assert sum(row.selected for row in effect.cashier.rows) <= 1


def check_draft(basket: Basket) -> None:
    """A basket comes back from its JSON as it was, without what only the screen was told of."""
    kept = replace(basket, deal=replace(basket.deal, gifts=(), missed=()))
    assert basket_from(json.loads(json.dumps(basket_body(basket)))) == kept


def check_sale(sale: Sale, shop: Shop) -> None:
    """All sums of a sale agree, and every amount is an integer of 0 or more."""
    assert sale.lines
    assert sale.total_minor == sum(line.paid_minor for line in sale.lines)
    assert sale.total_minor == sum(tax.gross_minor for tax in sale.taxes)
    assert sale.total_minor == sum(tender.amount_minor for tender in sale.tenders)
    came_in = sum(tender.tendered_minor - tender.change_minor for tender in sale.tenders)
    assert came_in - sale.total_minor == sale.rounding_minor
    # The coins of a refund are the difference of two rounded sums.
    is_part = sale.of_receipt_no > 0
    assert abs(sale.rounding_minor) <= (
        shop.cash_step_minor - 1 if is_part else shop.cash_step_minor // 2
    )
    if all(tender.kind is TenderKind.CARD for tender in sale.tenders):
        assert sale.rounding_minor == 0
    for tax in sale.taxes:
        lines = [line for line in sale.lines if line.tax_code == tax.code]
        assert sum(line.tax_minor for line in lines) == tax.tax_minor
        assert tax.net_minor + tax.tax_minor == tax.gross_minor
    for line in sale.lines:
        figures = [line.quantity_milli, line.price_minor, line.amount_minor, line.tax_minor]
        figures += [figure for run in line.paid for figure in run]
        assert all(type(figure) is int and figure >= 0 for figure in figures)
        assert len(line.paid) <= 2
    for tender in sale.tenders:
        figures = [tender.amount_minor, tender.tendered_minor, tender.change_minor]
        assert all(type(figure) is int and figure >= 0 for figure in figures)
        if tender.kind is TenderKind.CASH:
            assert tender.tendered_minor % shop.cash_step_minor == 0
            assert tender.change_minor % shop.cash_step_minor == 0
