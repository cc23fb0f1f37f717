"""`edge demo`: in a terminal a till to play with, without one a scripted day."""

import asyncio
import io
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TextIO

from edge.checkout.money import CURRENCIES, write_amount
from edge.demo.day import DAY
from edge.demo.house import DEVICE, SHOP_NAME, DemoHouse, StartBroker, logging_to, open_house
from edge.demo.hq_view import look_at_hq
from edge.demo.papers import save_papers
from edge.demo.script import NotAsExpected, Player
from edge.demo.steps import DayStep
from edge.demo.totals import Totals, read_totals
from edge.hq.local_broker import local_broker

WELL, FINDING = 0, 1
# How sales and refunds part, and the figures of it.
PARTS: Final = (
    ("turnover", "turnover_minor"),
    ("prepaid sold", "prepaid_sold_minor"),
    ("bonus on top", "prepaid_bonus_minor"),
    ("prepaid spent", "prepaid_spent_minor"),
    ("deposits taken", "deposits_taken_minor"),
    ("deposits returned", "deposits_returned_minor"),
)
# What a shell says of a program that SIGINT ended.
INTERRUPTED = 130


def run_demo(
    *,
    scripted: bool,
    start_broker: StartBroker = local_broker,
    out: TextIO | None = None,
    day: Sequence[DayStep] = DAY,
    receipts: Path | None = None,
) -> int:
    """The exit status: 0 when the day went as it has to and the figures of till and headquarters
    agree, or when the cashier leaves the till. `out` is standard output unless it is given; the
    day's papers go to the folder `receipts` as text and as pictures.
    """
    out = out or sys.stdout
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(errors="replace")  # a terminal without Chinese shows the rest
    # textual draws on the error stream, whatever the output is.
    scripted = scripted or not sys.stderr.isatty()
    try:
        with TemporaryDirectory(prefix="edge-demo-") as directory:
            plan = Plan(day, receipts) if scripted else None
            return asyncio.run(_run(Path(directory), out, start_broker, plan))
    except KeyboardInterrupt:
        return INTERRUPTED


@dataclass(frozen=True, slots=True)
class Plan:
    """A scripted day, and the folder for its papers."""

    day: Sequence[DayStep]
    receipts: Path | None


async def _run(directory: Path, out: TextIO, start_broker: StartBroker, plan: Plan | None) -> int:
    _leave_in_order_when_told()
    with logging_to(directory / "demo.log"):
        async with open_house(directory, start_broker) as house:
            if plan is not None:
                return await _scripted_day(house, out, plan)
            from edge.demo.app import TillApp  # noqa: PLC0415 - textual takes a third of a second

            app = TillApp(house)
            await app.run_async()
            return app.return_code or WELL


def _leave_in_order_when_told() -> None:
    """A closed terminal and a kill end the demo as Ctrl-C does: no broker is left behind."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)


async def _scripted_day(house: DemoHouse, out: TextIO, plan: Plan) -> int:
    player = Player(house, out)
    player.tell(f"{SHOP_NAME}, till {DEVICE}: a day on simulated devices, pressed key by key.")
    if house.no_hq:
        player.tell(f"Offline: {house.no_hq}; the till sells without headquarters.")
    try:
        await player.play(plan.day)
        if house.hq is not None:
            await player.delivered()
    except NotAsExpected as finding:
        player.tell(f"\nNOT AS EXPECTED: {finding}")
        return FINDING
    except TimeoutError:
        player.tell("\nNOT AS EXPECTED: the till or headquarters did not answer")
        return FINDING
    copy = house.directory / "copy.db"
    await house.till.store.copy_to(copy)
    totals = await asyncio.to_thread(read_totals, copy)
    _tell_totals(player, totals)
    agree = await _agree(player, house, totals)
    if plan.receipts is not None:
        player.tell(await asyncio.to_thread(save_papers, player.papers, plan.receipts))
    return WELL if agree else FINDING


def _tell_totals(player: Player, totals: Totals) -> None:
    player.tell("\nTHE DAY, by the till's journal")
    _tell_figures(player, totals.figures)
    player.tell("    cash in the drawer")
    for cause, times, amount_minor in totals.drawer:
        player.tell(f"      {cause:15} {times:3} {_yuan(amount_minor)}")
    player.tell(f"      {'must be in it':19} {_yuan(totals.cash_minor)}")


def _tell_figures(player: Player, figures: Mapping[str, Any]) -> None:
    """The till's, or headquarters'."""
    for name in ("sales", "refunds"):
        player.tell(f"    {name:14}{figures[name]:4} {_yuan(figures[f'{name}_minor'])}")
    for name, figure in PARTS:
        player.tell(f"    {name:18} {_yuan(figures[figure])}")


async def _agree(player: Player, house: DemoHouse, totals: Totals) -> bool:
    """Whether the journal is sound, and headquarters, if there is one, has the same figures."""
    verified = totals.verified
    for problem in verified.problems:
        player.tell(f"    {problem}")
    player.tell(
        f"    journal  {verified.records} records to {verified.epoch}/{verified.seq}:"
        f" {'verified' if verified.ok else 'NOT VERIFIED'}"
    )
    if house.hq is None:
        player.tell("\nHEADQUARTERS was not there; the journal keeps everything until it is.")
        return verified.ok
    hq = await look_at_hq(house.hq.engine, DEVICE)
    report = hq.report
    player.tell("\nHEADQUARTERS, by what came over MQTT")
    _tell_figures(player, report)
    player.tell(f"    journal  {hq.through} records")
    agree = hq.through == verified.seq and _same(totals, report)
    player.tell(f"\nTill and headquarters {'agree' if agree else 'DO NOT AGREE'}.")
    return agree and verified.ok


def _same(totals: Totals, report: Mapping[str, object]) -> bool:
    return all(report[name] == figure for name, figure in totals.figures.items())


def _yuan(amount_minor: int) -> str:
    return f"{write_amount(amount_minor, CURRENCIES['CNY']):>10}"
