"""What headquarters has of the demo's till, as its pane and the day's end show it."""

from dataclasses import dataclass

from sqlalchemy import literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncEngine

from edge.checkout.records import EntryKind
from edge.hq.cursors import read_cursor
from edge.hq.reports import SalesReport, sales_report
from edge.hq.tables import DEVICE_STATES, REFUNDS, SALES


@dataclass(frozen=True, slots=True)
class HqReceipt:
    """A sale or refund that has arrived; `kind` is the record's."""

    kind: str
    receipt_no: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class HqView:
    """`through` is the last record that is here, `online` what the box or its will said last, and
    `latest` the newest receipts, newest first.
    """

    online: bool
    through: int
    report: SalesReport
    latest: tuple[HqReceipt, ...]


async def look_at_hq(engine: AsyncEngine, device: str, receipts: int = 20) -> HqView:
    """Headquarters' tables as they are at this moment."""
    report = await sales_report(engine)
    arrived = union_all(
        *(
            select(
                literal(kind.value).label("kind"), table.c.receipt_no, table.c.total_minor
            ).where(table.c.device == device)
            for kind, table in ((EntryKind.SALE, SALES), (EntryKind.REFUND, REFUNDS))
        )
    ).subquery()
    async with engine.connect() as connection:
        cursor = await read_cursor(connection, device)
        online = await connection.scalar(
            select(DEVICE_STATES.c.online).where(DEVICE_STATES.c.device == device)
        )
        rows = await connection.execute(
            select(arrived).order_by(arrived.c.receipt_no.desc()).limit(receipts)
        )
        latest = tuple(HqReceipt(row.kind, row.receipt_no, row.total_minor) for row in rows)
    return HqView(bool(online), cursor.through, report, latest)
