"""The open basket: lines, discounts, payments taken so far, and the evidence that goes on record
with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from edge.checkout.goods.catalogue import Product
from edge.checkout.instant import Instant
from edge.checkout.promotions.outcome import BonusPoints, GiftOffer, Missed
from edge.checkout.promotions.sale import ManualDiscount
from edge.checkout.promotions.uses import NOBODYS, MemberUses
from edge.checkout.records import NO_PACK, Entry, Pack, Tender
from edge.checkout.sale.offs import Off


class BasketKind(StrEnum):
    """Which way goods and money go."""

    SALE = "sale"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Line:
    """A product in the basket. `price_minor` is what is charged for a thousand thousandths;
    it differs from the product's own price after an override or for a price-embedded code. `staff`
    did the service; `of_line` is the line whose deposit this is, 0 elsewhere. A line with a
    `holder` tops up the stored value of that number, which is a member's when he is its `owner`.
    """

    number: int
    product: Product
    code: str
    quantity_milli: int
    price_minor: int
    staff: str = ""
    of_line: int = 0
    holder: str = ""
    owner: str = ""
    pack: Pack = NO_PACK


@dataclass(frozen=True, slots=True)
class Deal:
    """What the discounts in force make of the lines: which ones, and by line what they take off.
    The rest is what the customer may be told: points on top, gifts, what was missed by how much.
    """

    offs: tuple[Off, ...] = ()
    off_by_line: Mapping[int, int] = field(default_factory=dict)
    uses: Mapping[str, int] = field(default_factory=dict)
    bonus: tuple[BonusPoints, ...] = ()
    gifts: tuple[GiftOffer, ...] = ()
    missed: tuple[Missed, ...] = ()


NO_DEAL: Final = Deal()


@dataclass(frozen=True, slots=True)
class Buyer:
    """The member whose sale it is, as he was when he was looked up: number, tier, the segments of
    the day, a name that others may see, and how often he `used` which promotions before.
    """

    member: str
    tier: str = ""
    segments: tuple[str, ...] = ()
    masked_name: str = ""
    used: Mapping[str, MemberUses] = field(default_factory=lambda: NOBODYS)


@dataclass(frozen=True, slots=True)
class Basket:
    """Everything that a power cut must not lose. `evidence` holds the entries (voids, overrides,
    corrections) that are committed together with the sale, or with its cancellation. `coupons` are
    the campaigns whose coupons were shown, `counted_coupons` the accounts of those that are good
    once, by campaign; `manual` is what a person takes off, `allowed_bp` the share of it that
    somebody allowed who may; `priced_at` is when the deal was made, by the wall clock alone. Into
    one for empty `bottles` go deposits and nothing else.
    """

    kind: BasketKind
    receipt_no: int
    lines: tuple[Line, ...] = ()
    next_number: int = 1
    tenders: tuple[Tender, ...] = ()
    evidence: tuple[Entry, ...] = ()
    deal: Deal = NO_DEAL
    buyer: Buyer | None = None
    coupons: tuple[str, ...] = ()
    counted_coupons: tuple[tuple[str, str], ...] = ()
    manual: tuple[ManualDiscount, ...] = ()
    bottles: bool = False
    allowed_bp: int = 0
    priced_at: Instant | None = None

    def off_minor(self, line: Line) -> int:
        """What the discounts take off a line."""
        return self.deal.off_by_line.get(line.number, 0)

    def add(
        self,
        product: Product,
        code: str,
        quantity_milli: int,
        price_minor: int,
        *,
        staff: str = "",
        of_line: int = 0,
        pack: Pack = NO_PACK,
    ) -> "Basket":
        """With one line more, at the end."""
        line = Line(
            self.next_number,
            product,
            code,
            quantity_milli,
            price_minor,
            staff,
            of_line,
            pack=pack,
        )
        return replace(self, lines=(*self.lines, line), next_number=self.next_number + 1)

    def article(self, selected: int) -> int:
        """The index of the line under the marker, -1 the last one: the article's, for its deposit
        goes where it goes.
        """
        last = len(self.lines) - 1
        index = last if selected < 0 else min(selected, last)
        return index - 1 if index >= 0 and self.lines[index].of_line else index

    def whole(self, index: int) -> tuple[int, ...]:
        """The indices of an article's line and of its deposit's, which stands behind it."""
        behind = self.lines[index + 1 : index + 2]
        if behind and behind[0].of_line == self.lines[index].number:
            return index, index + 1
        return (index,)

    def without(self, index: int, evidence: Entry) -> "Basket":
        """Without the line at `index`, and with the evidence of its going."""
        return replace(
            self,
            lines=self.lines[:index] + self.lines[index + 1 :],
            evidence=(*self.evidence, evidence),
        )

    def with_line(self, index: int, line: Line, evidence: Entry) -> "Basket":
        """With another line at `index`, and with the evidence of the change."""
        return replace(
            self,
            lines=(*self.lines[:index], line, *self.lines[index + 1 :]),
            evidence=(*self.evidence, evidence),
        )
