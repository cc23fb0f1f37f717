"""The open basket: lines, payments taken so far, and the evidence that goes on record with it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from edge.checkout.catalogue import Product
from edge.checkout.records import (
    Entry,
    EntryKind,
    JsonObject,
    Tender,
    TenderKind,
    Unit,
)


class BasketKind(StrEnum):
    """Which way goods and money go."""

    SALE = "sale"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Line:
    """A product in the basket. `price_minor` is what is charged for a thousand thousandths;
    it differs from the product's own price after an override or for a price-embedded code.
    """

    number: int
    product: Product
    code: str
    quantity_milli: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class Basket:
    """Everything that a power cut must not lose. `evidence` holds the entries (voids, overrides,
    corrections) that are committed together with the sale, or with its cancellation.
    """

    kind: BasketKind
    receipt_no: int
    lines: tuple[Line, ...] = ()
    next_number: int = 1
    tenders: tuple[Tender, ...] = ()
    evidence: tuple[Entry, ...] = ()

    def add(self, product: Product, code: str, quantity_milli: int, price_minor: int) -> "Basket":
        """With one line more, at the end."""
        line = Line(self.next_number, product, code, quantity_milli, price_minor)
        return replace(self, lines=(*self.lines, line), next_number=self.next_number + 1)

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


def basket_body(basket: Basket) -> JsonObject:
    """The basket as JSON, for the draft."""
    return {
        "kind": basket.kind.value,
        "receipt_no": basket.receipt_no,
        "next_number": basket.next_number,
        "lines": [
            {
                "number": line.number,
                "code": line.code,
                "quantity_milli": line.quantity_milli,
                "price_minor": line.price_minor,
                "product": {
                    "plu": line.product.plu,
                    "name_en": line.product.name_en,
                    "name_zh": line.product.name_zh,
                    "price_minor": line.product.price_minor,
                    "tax_code": line.product.tax_code,
                    "unit": line.product.unit.value,
                },
            }
            for line in basket.lines
        ],
        "tenders": [
            {
                "kind": tender.kind.value,
                "amount_minor": tender.amount_minor,
                "tendered_minor": tender.tendered_minor,
                "change_minor": tender.change_minor,
                "reference": tender.reference,
            }
            for tender in basket.tenders
        ],
        "evidence": [{"kind": entry.kind.value, "body": entry.body} for entry in basket.evidence],
    }


def basket_from(body: Any) -> Basket:
    """The inverse of `basket_body`. Raises KeyError, TypeError or ValueError on anything else."""
    return Basket(
        kind=BasketKind(body["kind"]),
        receipt_no=body["receipt_no"],
        next_number=body["next_number"],
        lines=tuple(
            Line(
                number=line["number"],
                product=Product(**{**line["product"], "unit": Unit(line["product"]["unit"])}),
                code=line["code"],
                quantity_milli=line["quantity_milli"],
                price_minor=line["price_minor"],
            )
            for line in body["lines"]
        ),
        tenders=tuple(
            Tender(**{**tender, "kind": TenderKind(tender["kind"])}) for tender in body["tenders"]
        ),
        evidence=tuple(
            Entry(EntryKind(entry["kind"]), entry["body"]) for entry in body["evidence"]
        ),
    )
