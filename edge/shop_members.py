"""The shop's members and this till's leases from their files, taken whole or refused whole."""

import asyncio
from functools import partial
from pathlib import Path

import structlog

from edge.checkout.balances.accounts import civil_day
from edge.ports import Clock
from edge.settings import Settings
from edge.shop_file import check_file, old_ones_stay, version_of
from edge.store.lease_file import LISTED_ERRORS, LeasesRefused, foreign, read_leases
from edge.store.loyalty_settings import LoyaltySettings
from edge.store.member_file import ImportedMember, MembersRefused, read_members
from edge.store.members import MemberDesk
from edge.store.till_store import TillStore
from edge.wire.leases import Lease
from edge.wire.member_codes import CodeReader


async def load_members(
    store: TillStore,
    settings: Settings,
    loyalty: LoyaltySettings,
    clock: Clock,
    *,
    is_lesson: bool = False,
) -> MemberDesk:
    """The members' side of the store, with what the files say, and without what has expired. A file
    that is refused leaves what was there and says why in the log. A lesson has all of this
    till's leases as a new one's.
    """
    desk = store.members(CodeReader(loyalty.public_keys()), loyalty.till)
    log = structlog.get_logger("edge.members")
    if loyalty.members is not None:
        with old_ones_stay(log, "members_refused", OSError, MembersRefused):
            await _load_members(desk, loyalty, loyalty.members, clock)
    if loyalty.leases is not None:
        with old_ones_stay(log, "leases_refused", OSError, LeasesRefused):
            keys = loyalty.public_keys()
            leases = await asyncio.to_thread(read_leases, loyalty.leases, keys)
            if is_lesson:
                leases = tuple((row, as_new(lease)) for row, lease in leases)
            await desk.take_leases(loyalty.leases, leases, settings.device.id, clock.now())
    await _expire(desk, settings.shop.utc_offset_minutes, clock)
    return desk


def as_new(lease: Lease) -> Lease:
    """The lease for a store that was just made."""
    return lease.model_copy(update={"epoch": 1})


async def _load_members(
    desk: MemberDesk, loyalty: LoyaltySettings, path: Path, clock: Clock
) -> None:
    version, members = await asyncio.to_thread(_read, path, loyalty, await desk.members_version())
    if members:
        await desk.load_members(members, version, clock.now())


def _read(
    path: Path, loyalty: LoyaltySettings, in_force: str
) -> tuple[str, tuple[ImportedMember, ...]]:
    """The file's version and members; nobody where that version is in force already."""
    version = version_of(path.read_bytes())
    return version, () if version == in_force else read_members(path, loyalty.phone_plan)


async def _expire(desk: MemberDesk, utc_offset_minutes: int, clock: Clock) -> None:
    at = clock.now()
    today = civil_day(at, utc_offset_minutes)
    while today is not None and await desk.expire(today, at):
        pass


def check_members(settings: Settings) -> tuple[ImportedMember, ...] | None:
    """What the settings name, None where that is nothing. Raises SettingsRefused when it would be
    refused.
    """
    loyalty = settings.loyalty
    if loyalty is None:
        return None
    return check_file(
        loyalty.members, partial(read_members, plan=loyalty.phone_plan), MembersRefused
    )


def check_leases(settings: Settings) -> None:
    """Raises SettingsRefused when the settings name leases that would be refused, whatever the
    store holds.
    """
    loyalty = settings.loyalty
    if loyalty is not None:
        read = partial(_own_leases, loyalty=loyalty, device=settings.device.id)
        check_file(loyalty.leases, read, LeasesRefused)


def _own_leases(path: Path, loyalty: LoyaltySettings, device: str) -> None:
    leases = read_leases(path, loyalty.public_keys())
    errors = [foreign(row, lease, device) for row, lease in leases if lease.device != device]
    if errors:
        raise LeasesRefused("\n".join(f"{path}: {error}" for error in errors[:LISTED_ERRORS]))
