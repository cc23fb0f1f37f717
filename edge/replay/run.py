"""`edge replay`: rolls in, figures out."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from edge.appliance import StopRequest
from edge.clock import SystemClock, VirtualClock
from edge.compose import BUILD_UTC_MS, House, build_house
from edge.drivers.simulated import SimulatedKeypad, SimulatedPrinter, SimulatedScanner
from edge.hq.database import DatabaseError
from edge.hq.reports import DeviceFigures
from edge.ports import StoreError, StoreRefused
from edge.replay.cashier import Cashier, Watch
from edge.replay.figures import figures
from edge.replay.files import open_report, read_rolls
from edge.replay.headquarters import broker_address, delivered, own_headquarters
from edge.replay.progress import Progress
from edge.replay.refused import ReplayRefused
from edge.replay.rolls import MOST_LINES, Rolls
from edge.replay.shop import articles, shop_settings

__all__ = ["ReplayRefused", "run_replay"]

# The catalogue's version, on record with the journal's second record.
CATALOGUE = "rolls"
DEFAULT_REPORT = "rejected-rows.csv"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is replayed, and to where."""

    rolls: Rolls
    store: Path
    broker: tuple[str, int] | None
    scratch: Path
    progress: Progress


def run_replay(
    files: Sequence[Path], *, store: Path | None, uplink: str | None, report: Path | None
) -> dict[str, Any]:
    """Replay the files; the figures, by the names that `edge replay` prints. Raises ReplayRefused.

    The store stays at `store`, else it goes. Rejected rows are named in `report`; by default that
    is beside the store, else in the working directory.
    """
    broker = broker_address(uplink) if uplink is not None else None
    if store is not None and store.exists():
        raise ReplayRefused(f"{store}: is there already; a replay makes its own store")
    report = report or _default_report(store)
    progress = Progress(sys.stderr)
    with TemporaryDirectory(prefix="edge-replay-") as scratch, open_report(report) as rows:
        rolls = read_rolls(files, rows)
        check_sizes(rolls)
        kept = store or Path(scratch) / "store.db"
        plan = Plan(rolls, kept, broker, Path(scratch), progress)
        try:
            headquarters = asyncio.run(_replay(plan))
            progress.end()
            found, problems = figures(kept, rolls.rejected_rows, headquarters)
        except (StoreRefused, StoreError, DatabaseError) as error:
            raise ReplayRefused(str(error)) from error
        finally:
            progress.end()
    for problem in problems:
        sys.stderr.write(f"{kept}: {problem}\n")
    sys.stderr.write(f"{rolls.rejected_rows} rejected rows are named in {report}\n")
    return found


def _default_report(store: Path | None) -> Path:
    return Path(DEFAULT_REPORT) if store is None else store.with_name(f"{store.name}.rejected.csv")


def check_sizes(rolls: Rolls) -> None:
    """Raises ReplayRefused, before anything is sold, for an invoice that no till has room for."""
    for invoice in rolls.invoices:
        if len(invoice.lines) > MOST_LINES:
            raise ReplayRefused(
                f"invoice {invoice.number}: {len(invoice.lines)} lines, a till takes {MOST_LINES}"
            )


async def _replay(plan: Plan) -> DeviceFigures | None:
    """Headquarters' figures, None without one."""
    async with AsyncExitStack() as stack:
        headquarters = None
        if plan.broker is not None:
            headquarters = await stack.enter_async_context(
                own_headquarters(plan.broker, plan.scratch)
            )
        await _run_house(plan)
        return await headquarters.figures() if headquarters else None


async def _run_house(plan: Plan) -> None:
    """Build the till, run it, serve every customer, and stop it in its own order."""
    settings = shop_settings(plan.store, plan.broker)
    invoices = plan.rolls.invoices
    clock = VirtualClock(invoices[0].at_utc_ms if invoices else BUILD_UTC_MS)
    stop, watch = StopRequest(), Watch()
    async with build_house(
        settings,
        stop=stop,
        clock=clock,
        network_clock=SystemClock(BUILD_UTC_MS),
        wrap=watch,
    ) as house:
        await house.store.replace_catalogue(articles(plan.rolls.products), CATALOGUE, clock.now())
        scanner, keypad = house.devices.scanners[0], house.devices.keypads[0]
        assert isinstance(scanner, SimulatedScanner)
        assert isinstance(keypad, SimulatedKeypad)
        hands = (scanner, keypad)
        cashier = Cashier(house, watch.eyes, clock, hands, inbox_limit=settings.limits.inbox)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(house.appliance.run())
                await house.appliance.ready.wait()
                await _serve(plan, house, cashier)
                stop.stop()
        except BaseExceptionGroup as group:
            raise _first(group) from group


async def _serve(plan: Plan, house: House, cashier: Cashier) -> None:
    receipts = 0
    for done, invoice in enumerate(plan.rolls.invoices):
        plan.progress.show("selling", done, len(plan.rolls.invoices))
        await cashier.ring_up(invoice, plan.rolls.products)
        receipts += bool(invoice.lines)
    await cashier.finish()
    printer = house.devices.printers[0]
    assert isinstance(printer, SimulatedPrinter)
    assert printer.printed == receipts, f"{printer.printed} of {receipts} receipts on paper"
    plan.progress.show("selling", 1, 1)
    if plan.broker is not None:
        plan.progress.end()
        await delivered(
            house.store, lambda acked, of: plan.progress.show("headquarters", acked, of)
        )


def _first(error: BaseException) -> BaseException:
    """The first leaf of a group of errors."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
