"""A sale's or refund's record, read for the figures that headquarters keeps of it."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Table

from edge.checkout.canonical import LARGEST_INTEGER
from edge.checkout.records import EntryKind, Promise
from edge.checkout.shifts.shift_totals import PREPAID, PREPAID_TENDERS
from edge.hq.tables import REFUNDS, SALES
from edge.wire.messages import Record

Whole: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
# 900 lines of 999,999 pieces at most: far below what the database's integers hold.
Units: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000_000)]

TRADE_TABLES: dict[str, Table] = {EntryKind.SALE.value: SALES, EntryKind.REFUND.value: REFUNDS}


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    paid: list[tuple[Units, Whole]]
    # Empty in records from before lines said so.
    promise: str = ""
    bonus_minor: Whole = 0

    @property
    def paid_minor(self) -> int:
        return sum(units * minor for units, minor in self.paid)


class _Tender(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    kind: str
    amount_minor: Whole


class _Trade(BaseModel):
    """What is read of the body that edge.checkout.records writes; the rest is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    receipt_no: Whole
    of_receipt_no: Whole
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    total_minor: Whole
    rounding_minor: int = Field(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)
    lines: list[_Line]
    tenders: list[_Tender]

    @property
    def parts(self) -> dict[str, int]:
        """What of it is no turnover, and what of its payments was on accounts."""
        return {
            "prepaid_minor": self._promised(*PREPAID),
            "bonus_minor": sum(line.bonus_minor for line in self.lines),
            "deposit_minor": self._promised(Promise.DEPOSIT),
            "spent_minor": sum(
                tender.amount_minor for tender in self.tenders if tender.kind in PREPAID_TENDERS
            ),
        }

    def _promised(self, *promises: str) -> int:
        return sum(line.paid_minor for line in self.lines if line.promise in promises)


def trade_row(device: str, record: Record, body: bytes) -> dict[str, int | str] | None:
    """The row for `TRADE_TABLES[record.kind]`; None when `body`, the record's as JSON, is not one
    of a sale.
    """
    try:
        trade = _Trade.model_validate_json(body)
    except ValidationError:
        return None
    units = sum(units for line in trade.lines for units, _minor in line.paid)
    parts = trade.parts
    if max(parts.values()) > LARGEST_INTEGER:
        return None
    return {
        "device": device,
        "epoch": record.epoch,
        "seq": record.seq,
        "at": record.at,
        "receipt_no": trade.receipt_no,
        "of_receipt_no": trade.of_receipt_no,
        "currency": trade.currency,
        "total_minor": trade.total_minor,
        "rounding_minor": trade.rounding_minor,
        "units": units,
        **parts,
    }
