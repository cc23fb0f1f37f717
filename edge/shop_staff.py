"""The shop's people from their file: put in force whole, or refused whole; and their PINs."""

import asyncio
from collections.abc import Callable, Mapping

import structlog

from edge.checkout.effects import CheckPin
from edge.checkout.inputs import PinChecked
from edge.checkout.people.staff import NO_STAFF, Staff
from edge.effect_runner import Lookup
from edge.ports import Clock, PinChecker
from edge.settings import Settings, SettingsRefused
from edge.shop_file import check_file, lines_of, version_of
from edge.store.staff_file import (
    StaffRefused,
    open_to_all,
    parse_staff,
    read_bytes,
    read_staff,
)
from edge.store.till_store import TillStore


async def load_staff(store: TillStore, settings: Settings, clock: Clock) -> Callable[[], Staff]:
    """Who is in force, after the file's people were put there, unless they are already. A file that
    is refused or gone leaves the old ones in force and says why in the log.

    Raises SettingsRefused when there are no old ones: no till opens for everybody because its
    staff file is broken.
    """
    path = settings.shop.staff
    if path is None:
        return lambda: NO_STAFF
    desk = store.people()
    log = structlog.get_logger("edge.staff")
    try:
        if await asyncio.to_thread(open_to_all, path):
            log.warning("staff_readable_by_all", path=str(path))
        content = await asyncio.to_thread(read_bytes, path)
        version = version_of(content)
        if version != desk.staff().version:
            people = await asyncio.to_thread(parse_staff, content, str(path))
            await desk.replace(people, version, clock.now())
    except (OSError, StaffRefused) as error:
        if not desk.staff():
            raise SettingsRefused(lines_of(path, error)) from error
        log.error("staff_refused", reason=str(error))  # noqa: TRY400 - no bug, no traceback
    return desk.staff


def check_staff(settings: Settings) -> None:
    """Raises SettingsRefused when the settings name a staff file that would be refused."""
    check_file(settings.shop.staff, read_staff, StaffRefused)


def staff_warnings(settings: Settings) -> list[str]:
    """What is not well with the staff file, and yet keeps no till from starting."""
    path = settings.shop.staff
    return [] if path is None else [line for line in (open_to_all(path),) if line]


def staff_lookups(pins: PinChecker, clock: Clock) -> Mapping[type, Lookup]:
    """The lookup of a PIN."""

    async def check_pin(effect: CheckPin) -> PinChecked:
        right = await pins.check(effect.pin_hash, effect.pin)
        return PinChecked(clock.now(), effect.staff, right)

    return {CheckPin: check_pin}
