"""A five-line sale onto the disk, against SQLite and the disk themselves."""

import asyncio
import gzip
import os
import sqlite3
import time
from pathlib import Path
from random import Random

import zstandard
from shop import SEED
from table import Figure, ms, p50, p50_p99

from edge.checkout.canonical import canonical_json
from edge.checkout.instant import Instant
from edge.checkout.money import CURRENCIES
from edge.checkout.records import Entry, EntryKind, Tender, TenderKind, sale_entry
from edge.checkout.sale.basket import Basket, BasketKind
from edge.checkout.sale.pricing import basket_total, finish
from edge.checkout.shop import Shop, TaxMode, TaxRate
from edge.clock import SystemClock
from edge.store.catalogue_cache import Article
from edge.store.connection import connect
from edge.store.journal import fields_of, records_behind
from edge.store.till_store import TillStore, open_store

ROUNDS = 500
LINES = 5
# Past the first page faults and the file's first extents.
WARM_UP = 20


def measure(directory: Path, articles: list[Article]) -> list[Figure]:
    """Commit, bare insert and bare sync take turns on the same disk."""
    entries = [_sale(articles, number) for number in range(1, ROUNDS + 1)]
    row_bytes = len(canonical_json(_row(entries[0])))
    commits, inserts, syncs = asyncio.run(_measure(directory, entries, b"x" * row_bytes))
    ratio = p50(commits) / p50(inserts)
    return [
        Figure(
            f"durable commit of a {LINES}-line sale",
            p50_p99(commits),
            f"bare insert {p50_p99(inserts)}",
            ratio,
            "<= 2x",
            ratio <= 2,
        ),
        Figure(
            "  the same",
            f"p50 {ms(p50(commits))}",
            f"bare fdatasync {p50_p99(syncs)}",
            p50(commits) / p50(syncs),
        ),
        *_sizes(directory / "sales.db"),
    ]


def _sale(articles: list[Article], number: int) -> Entry:
    """As the core makes it."""
    random = Random(SEED + number)
    rates = {"A": TaxRate("A", 2000)}
    shop = Shop("Corner Shop", "till-001", CURRENCIES["GBP"], TaxMode.INCLUDED, rates)
    basket = Basket(BasketKind.SALE, number)
    for article in random.sample(articles, LINES):
        product, units = article.product, random.choice((1, 1, 1, 2, 3))
        basket = basket.add(product, article.codes[0], units * 1000, product.price_minor)
    due = basket_total(basket, shop)
    tendered = -(-due // 1000) * 1000
    paid = Tender(TenderKind.CASH, due, tendered, tendered - due)
    return sale_entry(finish(Basket(BasketKind.SALE, number, basket.lines, 9, (paid,)), shop))


def _row(entry: Entry) -> dict[str, object]:
    """A record of that body: only its length matters."""
    return {
        "epoch": 1,
        "seq": 1_000,
        "at": 1_800_000_000_000,
        "boot": "0" * 36,
        "mono_ms": 1_000_000,
        "clock": "synced",
        "kind": entry.kind.value,
        "body": entry.body,
        "prev": "0" * 64,
        "hash": "0" * 64,
    }


async def _measure(
    directory: Path, entries: list[Entry], row: bytes
) -> tuple[list[float], list[float], list[float]]:
    clock = SystemClock(0)
    bare = connect(directory / "bare.db", mode="rwc")
    for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
        bare.execute(f"PRAGMA {pragma}").fetchall()
    bare.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, bytes TEXT NOT NULL)")
    text = row.decode()
    file = os.open(directory / "bare.bin", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    commits, inserts, syncs = [], [], []
    async with open_store(
        directory / "sales.db", clock=clock, device="till-001", currency="GBP"
    ) as store:
        for entry in entries:
            begun = time.perf_counter()
            await _commit(store, clock.now(), entry)
            commits.append(time.perf_counter() - begun)
            inserts.append(_insert(bare, text))
            syncs.append(_sync(file, row))
    bare.close()
    os.close(file)
    return commits[WARM_UP:], inserts[WARM_UP:], syncs[WARM_UP:]


async def _commit(store: TillStore, at: Instant, entry: Entry) -> None:
    await store.commit(at, (entry,), ends_basket=True, opens_drawer=True, prints_receipt=True)


def _insert(bare: sqlite3.Connection, text: str) -> float:
    begun = time.perf_counter()
    bare.execute("INSERT INTO row (bytes) VALUES (?)", (text,))
    return time.perf_counter() - begun


def _sync(file: int, row: bytes) -> float:
    begun = time.perf_counter()
    os.write(file, row)
    os.fdatasync(file)
    return time.perf_counter() - begun


def _sizes(store: Path) -> list[Figure]:
    """Bytes a sale: as JSON, packed, a hundred packed together as on the wire, and on disk."""
    conn = connect(store)
    rows = [
        canonical_json(fields_of(record))
        for record in records_behind(conn, 0, -1)
        if record.kind == EntryKind.SALE
    ]
    bodies = [
        len(body.encode()) for (body,) in conn.execute("SELECT body FROM journal WHERE kind='sale'")
    ]
    conn.close()
    pack = zstandard.ZstdCompressor(level=3).compress
    batches = [b",".join(rows[first : first + 100]) for first in range(0, len(rows), 100)]
    packed = p50([len(pack(row)) for row in rows])
    gzipped = p50([len(gzip.compress(row)) for row in rows])
    together = sum(len(pack(batch)) for batch in batches) / len(rows)
    return [
        Figure(
            f"journal bytes a {LINES}-line sale",
            f"row {p50([len(row) for row in rows]):.0f}, its body {p50(bodies):.0f}",
            f"gzip {gzipped:.0f}, zstd {packed:.0f}",
        ),
        Figure("  a hundred in one batch, zstd", f"{together:.0f} a sale"),
        Figure("  the whole store's file", f"{store.stat().st_size / len(rows):.0f} a sale"),
    ]
