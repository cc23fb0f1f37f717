"""What headquarters keeps, for SQLite and PostgreSQL alike."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.sql.schema import SchemaItem

METADATA = MetaData()

DEVICE_LENGTH = 64
HASH_LENGTH = 64
NAME_LENGTH = 128


def _of_device() -> Column[str]:
    return Column("device", String(DEVICE_LENGTH), primary_key=True)


def _at_place() -> tuple[SchemaItem, ...]:
    return (
        _of_device(),
        Column("epoch", BigInteger, primary_key=True, autoincrement=False),
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
    )


# How far each device's journal is here. Locked by whoever takes in a batch of that device.
CURSORS = Table(
    "device_cursors",
    METADATA,
    _of_device(),
    Column("epoch", BigInteger, nullable=False),
    Column("through", BigInteger, nullable=False),
    Column("hash", String(HASH_LENGTH), nullable=False),
    Column("quarantined_at", BigInteger),
    Column("fork_epoch", BigInteger),
    Column("fork_seq", BigInteger),
)

# The journals, as they came. Everything else about sales is derived from these.
RECORDS = Table(
    "records",
    METADATA,
    *_at_place(),
    Column("at", BigInteger, nullable=False),
    Column("boot", String(NAME_LENGTH), nullable=False),
    Column("mono_ms", BigInteger, nullable=False),
    Column("clock", String(NAME_LENGTH), nullable=False),
    Column("kind", String(NAME_LENGTH), nullable=False),
    Column("body", Text, nullable=False),
    Column("prev", String(HASH_LENGTH), nullable=False),
    Column("hash", String(HASH_LENGTH), nullable=False),
)


def _trade(name: str) -> Table:
    return Table(
        name,
        METADATA,
        *_at_place(),
        Column("at", BigInteger, nullable=False),
        Column("receipt_no", BigInteger, nullable=False),
        Column("of_receipt_no", BigInteger, nullable=False),
        Column("currency", String(3), nullable=False),
        Column("total_minor", BigInteger, nullable=False),
        Column("rounding_minor", BigInteger, nullable=False),
        Column("units", BigInteger, nullable=False),
        # What of the total is no turnover: what was paid for in advance (beside it what came on top
        # for nothing), deposits; and what of the payments was on accounts.
        Column("prepaid_minor", BigInteger, nullable=False),
        Column("bonus_minor", BigInteger, nullable=False),
        Column("deposit_minor", BigInteger, nullable=False),
        Column("spent_minor", BigInteger, nullable=False),
    )


SALES = _trade("sales")
REFUNDS = _trade("refunds")

# What each box said of itself when it last came or went.
DEVICE_STATES = Table(
    "device_states",
    METADATA,
    _of_device(),
    Column("online", Boolean, nullable=False),
    Column("boot", String(NAME_LENGTH), nullable=False),
    Column("said", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
)

# The last that each box told of how it is.
DEVICE_HEALTH = Table(
    "device_health",
    METADATA,
    _of_device(),
    Column("said", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
)

# One row for each kind of trouble of each device, with how often it was seen.
ALARMS = Table(
    "alarms",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("device", String(DEVICE_LENGTH), nullable=False),
    Column("kind", String(NAME_LENGTH), nullable=False),
    Column("times", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),
    Index("alarms_device_kind", "device", "kind", unique=True),
)
