"""What `edge journal restore` does with a store that was put back from a copy."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.ports import Clock, StoreRefused
from edge.store.connection import claim, connect, explained
from edge.store.migrate import migrations
from edge.store.till_store import open_store

# As many digits as a receipt's code can name.
MAX_RECEIPT_NO: Final = 10**12 - 1
# A Z a day for thousands of years; an X has three digits more, and still fits every integer.
MAX_Z_NO: Final = 999_999


@dataclass(frozen=True, slots=True)
class Restored:
    """The epoch that was opened, where the one before ended, and the receipt and the Z that come
    next.
    """

    epoch: int
    of_epoch: int
    of_seq: int
    next_receipt_no: int
    next_z_no: int


async def restore(
    path: Path,
    clock_from: Callable[[int], Clock],
    next_receipt_no: int | None = None,
    next_z_no: int | None = None,
) -> Restored:
    """Begin a new epoch in the store at `path`, whoever's it is; `clock_from` makes a clock that
    never runs behind the newest record (UTC ms).

    Raises StoreRefused with nothing on record (StoreLive for an open store), or StoreError.
    """
    device, currency, newest_utc_ms = _whose(path)
    clock = clock_from(newest_utc_ms)
    async with open_store(path, clock=clock, device=device, currency=currency) as store:
        first_no = store.state().next_receipt_no
        chosen_no = first_no if next_receipt_no is None else next_receipt_no
        if not first_no <= chosen_no <= MAX_RECEIPT_NO:
            raise StoreRefused(
                path, f"receipt {chosen_no} can't come next, only {first_no} to {MAX_RECEIPT_NO}"
            )
        first_z_no = (await store.shift_state()).z_no
        if next_z_no is not None and not first_z_no <= next_z_no <= MAX_Z_NO:
            raise StoreRefused(
                path, f"Z {next_z_no} can't come next, only {first_z_no} to {MAX_Z_NO}"
            )
        last = await store.journal_head()
        await store.open_new_epoch(clock.now(), chosen_no, next_z_no)
        opened = await store.journal_head()
    z_no = first_z_no if next_z_no is None else next_z_no
    return Restored(opened.epoch, last.epoch, last.last_seq, chosen_no, z_no)


def _whose(path: Path) -> tuple[str, str, int]:
    """Device, currency and the newest record's time. A missing file is refused: opening would make
    a store.
    """
    if not path.exists():
        raise StoreRefused(path, "no such file")
    try:
        with closing(connect(path)) as conn:
            if claim(conn, path, newest=len(migrations())) == 0:
                raise StoreRefused(path, "a store without a journal")
            found: tuple[str, str, int] | None = conn.execute(
                "SELECT device, currency, (SELECT at FROM journal ORDER BY position DESC LIMIT 1)"
                " FROM epoch ORDER BY epoch DESC LIMIT 1"
            ).fetchone()
    except sqlite3.Error as error:
        raise explained(path, error) from error
    if found is None:
        raise StoreRefused(path, "a store without its first record")
    return found
