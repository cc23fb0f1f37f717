"""What a daemon left on its disk, read by SQL of our own from a copy, so that nothing is mended."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from edge.store.tools import verify

OPENS_DRAWER = {"drawer.no_sale", "cash.paid_in", "cash.paid_out"}


@dataclass(frozen=True, slots=True)
class Effect:
    effect: str
    receipt_no: int | None
    state: str


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A store as a crash left it; `draft` holds the codes of the open basket, None without one."""

    problems: tuple[str, ...]
    records: tuple[tuple[int, int, str], ...]
    bodies: tuple[tuple[str, dict[str, Any]], ...]
    effects: tuple[Effect, ...]
    draft: tuple[str, ...] | None
    acked: tuple[int, int]

    @property
    def totals(self) -> dict[int, int]:
        """Receipt number -> total of every stored sale, in the journal's order."""
        return {body["receipt_no"]: body["total_minor"] for _, body in self._of("sale")}

    @property
    def last_codes(self) -> tuple[str, ...]:
        """The codes of the last sale."""
        return tuple(line["code"] for line in self._of("sale")[-1][1]["lines"])

    @property
    def drawer_records(self) -> int:
        """How many records open the drawer."""
        cash = [
            body
            for _, body in self._of("sale")
            if any(tender["kind"] == "cash" for tender in body["tenders"])
        ]
        return len(cash) + sum(kind in OPENS_DRAWER for kind, _ in self.bodies)

    @property
    def pending(self) -> set[int]:
        """The receipts that are to be offered as copies at the next start."""
        return {
            effect.receipt_no
            for effect in self.effects
            if effect.state == "pending" and effect.receipt_no is not None
        }

    @property
    def pending_pulses(self) -> int:
        return sum(
            effect.effect == "drawer" and effect.state == "pending" for effect in self.effects
        )

    def _of(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        return [(each, body) for each, body in self.bodies if each == kind]


def left_behind(store: Path) -> LeftBehind:
    """Read the store of a daemon that is gone."""
    with TemporaryDirectory(prefix="left-") as directory:
        copy = Path(directory) / store.name
        shutil.copy(store, copy)
        log = store.with_name(f"{store.name}-wal")
        if log.exists():
            shutil.copy(log, copy.with_name(log.name))
        problems = verify(copy).problems
        with closing(sqlite3.connect(copy)) as conn:
            return _read(conn, problems)


def _read(conn: sqlite3.Connection, problems: tuple[str, ...]) -> LeftBehind:
    journal = conn.execute("SELECT epoch, seq, hash, kind, body FROM journal ORDER BY position")
    rows = journal.fetchall()
    effects = conn.execute("SELECT effect, number, state FROM effect_log ORDER BY id")
    draft = conn.execute("SELECT basket FROM draft").fetchone()
    (acked,) = conn.execute("SELECT acked_epoch, acked_through FROM uplink")
    return LeftBehind(
        problems=problems,
        records=tuple(row[:3] for row in rows),
        bodies=tuple((row[3], json.loads(row[4])) for row in rows),
        effects=tuple(Effect(*row) for row in effects),
        draft=draft and tuple(line["code"] for line in json.loads(draft[0])["lines"]),
        acked=acked,
    )
