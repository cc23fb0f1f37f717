"""Journals, what is sold and refunded by them, the devices and their alarms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device_cursors",
        sa.Column("device", sa.String(64), primary_key=True),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("through", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("quarantined_at", sa.BigInteger),
        sa.Column("fork_epoch", sa.BigInteger),
        sa.Column("fork_seq", sa.BigInteger),
    )
    op.create_table(
        "records",
        *_place(),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("boot", sa.String(128), nullable=False),
        sa.Column("mono_ms", sa.BigInteger, nullable=False),
        sa.Column("clock", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(128), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    for name in ("sales", "refunds"):
        op.create_table(
            name,
            *_place(),
            sa.Column("at", sa.BigInteger, nullable=False),
            sa.Column("receipt_no", sa.BigInteger, nullable=False),
            sa.Column("of_receipt_no", sa.BigInteger, nullable=False),
            sa.Column("currency", sa.String(3), nullable=False),
            sa.Column("total_minor", sa.BigInteger, nullable=False),
            sa.Column("rounding_minor", sa.BigInteger, nullable=False),
            sa.Column("units", sa.BigInteger, nullable=False),
        )
    op.create_table(
        "device_states",
        sa.Column("device", sa.String(64), primary_key=True),
        sa.Column("online", sa.Boolean, nullable=False),
        sa.Column("boot", sa.String(128), nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(128), nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.Column("first_at", sa.BigInteger, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_index("alarms_device_kind", "alarms", ["device", "kind"], unique=True)


def _place() -> tuple[SchemaItem, ...]:
    return (
        sa.Column("device", sa.String(64), primary_key=True),
        sa.Column("epoch", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    )
