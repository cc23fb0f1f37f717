"""Stored papers as documents for the printer: receipts, and every kind of slip."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from edge.checkout.balances.account_names import reward_names
from edge.checkout.balances.rewarding import write_coupon
from edge.checkout.inputs import PendingReceipt
from edge.checkout.instant import Instant
from edge.checkout.loyalty.member_slip import write_card
from edge.checkout.paper.receipt import Align, Receipt, Text
from edge.checkout.paper.receipt_writer import write_receipt
from edge.checkout.paper.slip import Slip
from edge.checkout.records import EntryKind
from edge.checkout.session import Facts
from edge.checkout.shifts.shift_report import x_slip, z_slip
from edge.checkout.words.texts import text
from edge.checkout.words.texts_training import TrainingWord

# A slip's record becomes paper: the slip, when it was made, the facts, and whether it is a copy.
SlipWriter: TypeAlias = Callable[[Slip, Instant, Facts, bool], Receipt]

SLIP_WRITERS: Final[Mapping[EntryKind, SlipWriter]] = {
    EntryKind.SHIFT_REPORTED: x_slip,
    EntryKind.SHIFT_CLOSED: z_slip,
    EntryKind.MEMBER_CARD_PRINTED: write_card,
    EntryKind.COUPON_PRINTED: write_coupon,
}


def write_paper(pending: PendingReceipt, facts: Facts, *, copy: bool) -> Receipt:
    """The document of a stored sale, refund or slip; one of training says so first and last."""
    paper = pending.paper
    if isinstance(paper, Slip):
        document = SLIP_WRITERS[paper.kind](paper, pending.made_at, facts, copy)
    else:
        document = write_receipt(
            paper,
            pending.made_at,
            facts.shop,
            copy=copy,
            served_by=facts.staff.shown(paper.staff),
            rewards=reward_names(facts, facts.shop.language),
        )
    if not facts.shop.training:
        return document
    mark = Text(text(TrainingWord.MARK, facts.shop.language), Align.CENTRE, bold=True)
    return replace(document, elements=(mark, *document.elements, mark))
