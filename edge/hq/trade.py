"""A sale's or refund's record, read for the figures that headquarters keeps of it."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Table

from edge.checkout.canonical import LARGEST_INTEGER
from edge.checkout.records import EntryKind
from edge.hq.tables import REFUNDS, SALES
from edge.wire.messages import Record

Whole: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
# 900 lines of 999,999 pieces at most: far below what the database's integers hold.
Units: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000_000)]

TRADE_TABLES: dict[str, Table] = {EntryKind.SALE.value: SALES, EntryKind.REFUND.value: REFUNDS}


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    paid: list[tuple[Units, Whole]]


class _Trade(BaseModel):
    """What is read of the body that edge.checkout.records writes; the rest is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    receipt_no: Whole
    of_receipt_no: Whole
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    total_minor: Whole
    rounding_minor: int = Field(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)
    lines: list[_Line]


def trade_row(device: str, record: Record, body: bytes) -> dict[str, int | str] | None:
    """The row for `TRADE_TABLES[record.kind]`; None when `body`, the record's as JSON, is not one
    of a sale.
    """
    try:
        trade = _Trade.model_validate_json(body)
    except ValidationError:
        return None
    units = sum(units for line in trade.lines for units, _minor in line.paid)
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
    }
