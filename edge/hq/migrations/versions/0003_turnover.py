"""What of sales and refunds is no turnover, and what was paid for before; read from the records."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = {"sale": "sales", "refund": "refunds"}
ADDED = ("prepaid_minor", "bonus_minor", "deposit_minor", "spent_minor")
PREPAID = ("top_up", "count_card")
PREPAID_TENDERS = ("stored_value", "count_card")
# RFC 8259, section 6; no amount of a till's is larger.
LARGEST_INTEGER = 2**53 - 1
# Some megabytes of sales in memory, however many years of them there are.
PAGE_RECORDS = 1_000

PLACE = ("device", "epoch", "seq")
RECORDS = sa.table("records", *map(sa.column, (*PLACE, "kind", "body")))
KEY = tuple(RECORDS.c[name] for name in PLACE)


def upgrade() -> None:
    for table in TABLES.values():
        for name in ADDED:
            added = sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
            op.add_column(table, added)
    connection = op.get_bind()
    for record in _records(connection):
        parts = _parts(record.body)
        if not 0 < max(parts.values()) <= LARGEST_INTEGER:
            continue
        trade = sa.table(TABLES[record.kind], *map(sa.column, (*PLACE, *ADDED)))
        at_place = [trade.c[name] == getattr(record, name) for name in PLACE]
        connection.execute(sa.update(trade).where(*at_place).values(parts))


def _records(connection: sa.Connection) -> Iterator[sa.Row[Any]]:
    """Every sale and refund of which there is a row, a page at a time."""
    for kind, name in TABLES.items():
        table = sa.table(name, *map(sa.column, PLACE))
        both = sa.and_(*(RECORDS.c[each] == table.c[each] for each in PLACE))
        query = sa.select(RECORDS).join(table, both).where(RECORDS.c.kind == kind)
        last: tuple[str, int, int] = ("", 0, 0)
        page = query.order_by(*KEY).limit(PAGE_RECORDS)
        while rows := connection.execute(page.where(sa.tuple_(*KEY) > last)).all():
            yield from rows
            last = (rows[-1].device, rows[-1].epoch, rows[-1].seq)


def _parts(text: str) -> dict[str, int]:
    """Of what a till did not write, nothing: it counted before, and stays as it was."""
    try:
        body = json.loads(text)
        paid = [
            (line.get("promise", ""), sum(units * minor for units, minor in line["paid"]))
            for line in body["lines"]
        ]
        bonuses = [line.get("bonus_minor", 0) for line in body["lines"]]
        spent = [
            tender["amount_minor"]
            for tender in body["tenders"]
            if tender["kind"] in PREPAID_TENDERS
        ]
        return {
            "prepaid_minor": sum(minor for promise, minor in paid if promise in PREPAID),
            "bonus_minor": sum(bonuses),
            "deposit_minor": sum(minor for promise, minor in paid if promise == "deposit"),
            "spent_minor": sum(spent),
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        return dict.fromkeys(ADDED, 0)
