"""What of sales and refunds is no turnover, and what accounts paid; read from the records."""

import json
from collections.abc import Iterator, Sequence
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
    for kind, name in TABLES.items():
        trade = sa.table(name, *map(sa.column, (*PLACE, *ADDED)))
        at_place = [trade.c[each] == sa.bindparam(f"at_{each}") for each in PLACE]
        for page in _pages(connection, kind, trade):
            if changes := [change for record in page if (change := _change(record))]:
                connection.execute(sa.update(trade).where(*at_place), changes)


def _pages(
    connection: sa.Connection, kind: str, trade: sa.TableClause
) -> Iterator[Sequence[sa.Row[Any]]]:
    """Every record of the kind of which there is a row in `trade`."""
    both = sa.and_(*(RECORDS.c[each] == trade.c[each] for each in PLACE))
    query = sa.select(RECORDS).join(trade, both).where(RECORDS.c.kind == kind)
    last: tuple[str, int, int] = ("", 0, 0)
    page = query.order_by(*KEY).limit(PAGE_RECORDS)
    while rows := connection.execute(page.where(sa.tuple_(*KEY) > last)).all():
        yield rows
        last = (rows[-1].device, rows[-1].epoch, rows[-1].seq)


def _change(record: sa.Row[Any]) -> dict[str, Any]:
    """The figures for the row at the record's place; empty where they are 0, or none."""
    parts = _parts(record.body)
    if not 0 < max(parts.values()) <= LARGEST_INTEGER:
        return {}
    return {f"at_{name}": getattr(record, name) for name in PLACE} | parts


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
