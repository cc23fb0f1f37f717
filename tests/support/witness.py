"""Whoever looks at paper, drawer and disk over many lives of a daemon, for contradictions."""

import asyncio
import math
from dataclasses import dataclass

from tests.support.daemon import CASH, CLEAR, ENTER, NAMES, Box
from tests.support.kiosk import Printed
from tests.support.left_behind import LeftBehind, left_behind

# What was scanned longer ago than this is on disk.
KEPT_AFTER_S = 1.0


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code that the customer's display showed, and when, on the event loop's clock."""

    code: str
    at_s: float


class Witness:
    """Remembers what was seen, and holds each life's end against it."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.basket: list[Scanned] = []
        self.copies = 0
        self.left: LeftBehind | None = None
        self.lives = self.baskets_back = 0
        self._pulses = 0

    # --- what the cashier does

    async def scan(self, name: str) -> None:
        """Another article; it may be one that the display does not show already."""
        await self.box.put_in_basket(name)
        code = next(code for code, each in NAMES.items() if each == name)
        self.basket.append(Scanned(code, asyncio.get_running_loop().time()))

    async def pay(self, keys: str = CASH) -> Printed:
        """The basket is sold; its receipt."""
        papers = len(self.box.printer.whole)
        self.box.press(keys)
        receipt = (await self.box.until_printed(papers + 1))[-1]
        self.basket.clear()
        return receipt

    async def catch_up(self, left: LeftBehind) -> None:
        """What a cashier finds after a restart: the open basket, which is sold, and then each
        receipt that may not be on paper, which is printed as a copy.
        """
        if self.basket:
            self.baskets_back += 1
            await self.box.until_shown(NAMES[self.basket[-1].code])
            receipt = await self.pay()
            assert (receipt.receipt_no, receipt.copy) == (len(left.totals) + 1, False)
        else:
            await self.box.until_shown("Kiosk", "Welcome")
        offered: set[int | None] = set()
        while len(offered) < len(left.pending):
            papers = len(self.box.printer.whole)
            # CLEAR takes the word about the copy before away, so that the next one is offered.
            self.box.press(CLEAR + ENTER if offered else ENTER)
            copy = (await self.box.until_printed(papers + 1))[-1]
            assert copy.copy
            offered.add(copy.receipt_no)
            self.copies += 1
        assert offered == left.pending

    # --- what is left when the daemon is gone

    def look(self, killed_at_s: float = -math.inf) -> LeftBehind:
        """Look at disk, paper and drawer after a life. Raises AssertionError with what is wrong."""
        left = left_behind(self.box.store)
        assert left.problems == ()
        self._check_nothing_stored_is_lost(left)
        self._check_paper(left)
        self._check_drawer(left)
        self._check_basket(left, killed_at_s)
        self.left, self._pulses = left, self.box.printer.pulses
        self.basket = [Scanned(code, -math.inf) for code in left.draft or ()]
        self.lives += 1
        return left

    def figures(self) -> str:
        """What was seen, in one line."""
        assert self.left is not None
        printed = self.box.printer.printed
        return (
            f"{self.lives} lives: {len(self.left.totals)} sales, {self._pulses} pulses of"
            f" {self.left.drawer_records} drawer records, {len(self.left.records)} records,"
            f" {sum(not each.copy and each.whole for each in printed)} receipts,"
            f" {sum(not each.whole for each in printed)} torn, {self.copies} copies after a crash,"
            f" {self.baskets_back} baskets back"
        )

    def _check_nothing_stored_is_lost(self, left: LeftBehind) -> None:
        before = self.left.records if self.left else ()
        assert left.records[: len(before)] == before, "a record is gone"
        assert list(left.totals) == list(range(1, len(left.totals) + 1)), "a gap in the numbers"

    def _check_paper(self, left: LeftBehind) -> None:
        assert self.box.printer.complaints == []
        originals = [each for each in self.box.printer.printed if not each.copy and each.receipt_no]
        numbers = [each.receipt_no for each in originals]
        assert len(numbers) == len(set(numbers)), f"printed twice: {numbers[-5:]}"
        for each in self.box.printer.printed:
            if each.receipt_no is not None:
                assert each.receipt_no in left.totals, f"a receipt without a sale: {each}"
            if each.receipt_no is not None and each.total_minor is not None:
                assert each.total_minor == left.totals[each.receipt_no]
        on_paper = {each.receipt_no for each in self.box.printer.whole}
        assert left.totals.keys() - on_paper <= left.pending, "neither on paper nor offered"

    def _check_drawer(self, left: LeftBehind) -> None:
        pulses, records = self.box.printer.pulses, left.drawer_records
        before = self.left.drawer_records if self.left else 0
        assert pulses <= records, "a pulse without a record"
        assert pulses - self._pulses <= records - before, "a pulse of an earlier life"

    def _check_basket(self, left: LeftBehind, killed_at_s: float) -> None:
        codes = tuple(scanned.code for scanned in self.basket)
        sold_before = len(self.left.totals) if self.left else 0
        if len(left.totals) > sold_before and left.draft is None and codes == left.last_codes:
            return
        draft = left.draft or ()
        assert draft == codes[: len(draft)], "another basket came back"
        kept = [each.code for each in self.basket if each.at_s < killed_at_s - KEPT_AFTER_S]
        ages_s = [round(killed_at_s - each.at_s, 3) for each in self.basket]
        assert len(draft) >= len(kept), f"of scans {ages_s} s old only {len(draft)} came back"
