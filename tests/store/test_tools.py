"""`edge journal verify|show|export`: what they say of a sound store, and of each kind of damage."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge.checkout.canonical import canonical_json, record_hash
from edge.checkout.records import EntryKind
from edge.ports import StoreRefused
from edge.store import tools
from edge.store.migrate import migrations
from tests.support.store import (
    SteppedClock,
    adjusted,
    articles,
    paid,
    record,
    refund,
    sale,
    sell,
    till,
)

TEN_FIELDS = ("epoch", "seq", "at", "boot", "mono_ms", "clock", "kind", "body", "prev", "hash")


async def fill(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await store.replace_catalogue(articles(3), "v1", clock.now())
        await record(store, clock, adjusted("000001", 5_000), paid(EntryKind.CASH_PAID_IN, 2_000))
        await sell(store, clock, sale(1, units=2))
        await sell(store, clock, refund(2, 1, {1: 1}))
        await store.open_new_epoch(clock.now())
        await sell(store, clock, sale(3))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("filled") / "till.db"
    asyncio.run(fill(path))
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, filled: bytes) -> Path:
    path = tmp_path / "till.db"
    path.write_bytes(filled)
    return path


def tamper(path: Path, *statements: str) -> None:
    """Change the file as somebody does who knows his way: without triggers and foreign keys."""
    triggers = (
        "journal_is_never_changed",
        "journal_is_never_shortened",
        "journal_only_grows_at_its_end",
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        for trigger in triggers:
            conn.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            conn.execute(statement)
            assert conn.total_changes >= 1, statement


def test_a_sound_store(path: Path) -> None:
    report = tools.verify(path)
    assert report.ok
    assert (report.records, report.receipts, report.epoch, report.seq) == (8, 3, 2, 2)
    assert report.hash == json.loads(list(tools.export(path))[-1])["hash"]


def test_an_export_is_canonical_json_with_the_ten_fields(path: Path) -> None:
    for line in tools.export(path):
        fields = json.loads(line)
        assert canonical_json(fields).decode() == line
        assert sorted(fields) == sorted(TEN_FIELDS)


def test_show_is_a_line_for_people(path: Path) -> None:
    lines = list(tools.show(path))
    assert len(lines) == 8
    assert lines[3] == (
        "       1/4  2023-11-14 22:13:20 synced  cash.paid_in      amount_minor=2000"
    )
    assert list(tools.show(path, last=2)) == lines[-2:]
    assert list(tools.show(path, receipt_no=1)) == lines[4:6]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (
            "UPDATE journal SET at = at + 1 WHERE position = 3",
            "record 1/3: hash does not fit the content",
        ),
        (
            "UPDATE journal SET body = '{\"version\":1.5}' WHERE position = 2",
            "record 1/2: not canonical: no canonical JSON for float",
        ),
        (
            "UPDATE journal SET body = '{\"a' WHERE position = 5",
            "record behind 1/4: body is no JSON: Unterminated string",
        ),
        (
            "UPDATE journal SET prev = hash WHERE position = 4",
            "record 1/4: prev is not the hash of the record before it",
        ),
        ("DELETE FROM journal WHERE position = 4", "record 1/5: stands behind 1/3"),
        ("DELETE FROM journal WHERE position = 1", "record 1/2: stands behind 0/0"),
        ("UPDATE journal SET seq = 5 WHERE position = 4", "record 1/5: stands behind 1/3"),
        ("UPDATE journal SET epoch = 4 WHERE position = 7", "record 4/1: stands behind 1/6"),
        (
            "UPDATE journal SET kind = 'sale' WHERE position = 7",
            "record 2/1: an epoch begins with epoch.opened, and only there",
        ),
        ("DELETE FROM journal", "the journal is empty"),
    ],
)
def test_the_first_record_that_is_wrong_is_named(path: Path, statement: str, problem: str) -> None:
    tamper(path, statement)
    (found,) = tools.verify(path).problems
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("statement", "problems"),
    [
        (
            "UPDATE stock SET quantity_milli = 7 WHERE plu = '000001'",
            [
                "table stock: holds ('000001', 7), the journal does not",
                "table stock: lacks ('000001', 3000), the journal has it",
            ],
        ),
        (
            "DELETE FROM drawer WHERE cause = 'refund'",
            ["table drawer: lacks ('refund', 1, -199), the journal has it"],
        ),
        (
            "UPDATE refunded SET line = 2",
            [
                "table refunded: holds (1, 2, 1000), the journal does not",
                "table refunded: lacks (1, 1, 1000), the journal has it",
            ],
        ),
        (
            "INSERT INTO sale VALUES (4, 8, 'sale', 1, 0)",
            ["table sale: holds (4, 8, 'sale', 1, 0), the journal does not"],
        ),
        (
            "UPDATE epoch SET store_id = 'x', first_position = 3 WHERE epoch = 1",
            [
                "table epoch: holds (1, 3, 'till-07', 'GBP', 'x', 1), the journal does not",
                "table epoch: lacks (1, 1, 'till-07', 'GBP', '{store_id}', 1), the journal has it",
            ],
        ),
    ],
)
def test_a_projection_that_is_not_what_the_journal_says_is_named(
    path: Path, statement: str, problems: list[str]
) -> None:
    store_id = json.loads(next(tools.export(path)))["body"]["store_id"]
    tamper(path, statement)
    expected = [problem.replace("{store_id}", store_id) for problem in problems]
    assert list(tools.verify(path).problems) == expected


def rechained(path: Path, position: int, old: str, new: str) -> None:
    """A forger's work: one body changed and every hash behind it made to fit."""
    tamper(
        path,
        f"UPDATE journal SET body = replace(body, '{old}', '{new}') WHERE position = {position}",
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.row_factory = sqlite3.Row
        prev = None
        for row in conn.execute("SELECT * FROM journal ORDER BY position").fetchall():
            fields = dict(row)
            place = fields.pop("position")
            fields["body"] = json.loads(fields["body"])
            fields["prev"] = prev or fields["prev"]
            prev = record_hash(fields)
            conn.execute(
                "UPDATE journal SET prev = ?, hash = ? WHERE position = ?",
                (fields["prev"], prev, place),
            )


def test_a_receipt_number_twice_is_named_though_the_chain_holds(path: Path) -> None:
    rechained(path, 6, '"receipt_no":2', '"receipt_no":1')
    (problem,) = tools.verify(path).problems
    assert problem == "record 1/6: AssertionError: receipt 1 where 2 comes next"


def test_a_figure_changed_with_all_hashes_is_found_in_the_projections(path: Path) -> None:
    rechained(path, 4, "2000", "9000")
    assert list(tools.verify(path).problems) == [
        "table drawer: holds ('cash.paid_in', 1, 2000), the journal does not",
        "table drawer: lacks ('cash.paid_in', 1, 9000), the journal has it",
        "table shift_total: holds ('drawer', 'cash.paid_in', 1, 2000), the journal does not",
        "table shift_total: lacks ('drawer', 'cash.paid_in', 1, 9000), the journal has it",
    ]


def test_a_body_that_is_no_sale_is_named(path: Path) -> None:
    rechained(path, 5, '"lines"', '"goods"')
    (problem,) = tools.verify(path).problems
    assert problem == "record 1/5: KeyError: 'lines'"


def test_problems_are_listed_up_to_a_limit(path: Path) -> None:
    tamper(
        path,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90)"
        " INSERT INTO stock SELECT 'x' || i, 1 FROM n",
    )
    assert len(tools.verify(path).problems) == tools.LISTED_PROBLEMS


def test_what_is_no_store_is_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match="no such file"):
        tools.verify(tmp_path / "nothing.db")
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA user_version=0")
    newest = len(migrations())
    reason = f"schema 0, this software reads {newest}: start the till once"
    with pytest.raises(StoreRefused, match=reason):
        list(tools.export(path))


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match="no such file"):
        tools.verify(tmp_path)


def test_reading_leaves_the_file_as_it_is(path: Path, filled: bytes) -> None:
    tools.verify(path)
    list(tools.export(path))
    list(tools.show(path))
    assert path.read_bytes() == filled


def test_a_path_that_can_not_be_looked_at_is_refused_in_one_line(tmp_path: Path) -> None:
    """As is a file in a folder of the daemon's, for who is neither it nor root."""
    endless = tmp_path / ("x" * 300)
    with pytest.raises(StoreRefused) as caught:
        tools.verify(endless)
    assert str(caught.value) == f"{endless}: can't be read: File name too long"
