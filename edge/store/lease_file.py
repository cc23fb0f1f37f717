"""Leases from a file of JSON lines, taken whole or refused whole."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from edge.checkout.balances.accounts import MOST_HELD
from edge.store import accounts
from edge.store.shop_bytes import read_within
from edge.wire.leases import Lease, LeaseRefused, read_lease

# A shop's members with a lease each, several times over; a line is some 250 bytes.
LARGEST_FILE_BYTES: Final = 64 * 1024 * 1024
MOST_LEASES: Final = 250_000
LISTED_ERRORS: Final = 20


class LeasesRefused(ValueError):  # noqa: N818 - a refusal: nothing of the file was taken
    """Leases that this till does not take; a line for each of the first errors, with file, row and
    reason.
    """


def read_leases(path: Path, public_keys: Sequence[bytes] = ()) -> tuple[tuple[int, Lease], ...]:
    """The leases with their rows, which count from 1; empty lines are skipped. With headquarters'
    keys each line must be signed.

    Raises LeasesRefused, OSError.
    """
    data = read_within(path, LARGEST_FILE_BYTES, LeasesRefused)
    found: list[tuple[int, Lease]] = []
    errors: list[str] = []
    for row, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append((row, read_lease(line, public_keys)))
        except LeaseRefused as error:
            errors.append(f"{path}: row {row}: {error}")
        if len(found) > MOST_LEASES:
            errors.append(f"{path}: row {row}: {MOST_LEASES} leases are the limit")
        if len(errors) >= LISTED_ERRORS or len(found) > MOST_LEASES:
            break
    if not found and not errors:
        errors.append(f"{path}: no leases in it")
    if errors:
        raise LeasesRefused("\n".join(errors))
    return tuple(found)


def foreign(row: int, lease: Lease, device: str) -> str:
    """What to say of a lease that is another till's."""
    return f"row {row}: device: a lease of {lease.device}, not of {device}"


def check_leases(
    conn: sqlite3.Connection, leases: Sequence[tuple[int, Lease]], device: str, epoch: int
) -> list[str]:
    """What is wrong with new leases on this till, a line each; nothing when all can be taken."""
    errors = []
    twice = {
        lease for lease, times in Counter(each.lease for _, each in leases).items() if times > 1
    }
    held: Counter[str] = Counter()
    for row, lease in leases:
        account = accounts.load(conn, lease.ref.id)
        held[lease.ref.id] += lease.amount
        if lease.device != device:
            errors.append(foreign(row, lease, device))
        elif lease.epoch != epoch:
            errors.append(f"row {row}: epoch: for epoch {lease.epoch}, the journal is in {epoch}")
        elif lease.lease in twice:
            errors.append(f"row {row}: lease: stands in the file twice")
        elif account is not None and account.ref != lease.ref:
            errors.append(f"row {row}: owner or terms: are not those of the account")
        elif held[lease.ref.id] + (account.held if account else 0) > MOST_HELD:
            errors.append(f"row {row}: amount: more than an account can hold")
    return errors[:LISTED_ERRORS]
