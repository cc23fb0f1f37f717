"""The command line. Each command imports what it needs when it runs, so that none waits for
another's libraries.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from edge import __version__
from edge.device_commands import add_devices
from edge.hq_commands import add_hq
from edge.plain_words import counted
from edge.selftest_commands import add_selftest
from edge.staff_commands import add_staff

Command: TypeAlias = Callable[[argparse.Namespace], int]
# argparse gives what add_subparsers returns no public name.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001

WELL, FINDING, REFUSED = 0, 1, 2
# What a shell says of a tool that SIGPIPE ended.
CUT_SHORT = 128 + 13


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 is well, 1 is a finding, 2 is something that can't be used; 141 when
    whoever reads its output has had enough, as `head` has.
    """
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        status = command(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python writes what is left when it ends, and would complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CUT_SHORT
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="edge", description="A shop's checkout as an appliance.")
    parser.add_argument("--version", action="version", version=f"edge-till {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_daemon(commands)
    _add_demo(commands)
    _add_journal(commands)
    _add_screen(commands)
    _add_replay(commands)
    _add_price(commands)
    add_selftest(commands)
    add_devices(commands)
    add_staff(commands)
    add_hq(commands)
    return parser


def _refused(*lines: str) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return REFUSED


# --- the daemon


def _add_daemon(commands: Commands) -> None:
    run = commands.add_parser("run", help="sell, until stopped")
    run.add_argument("--config", type=Path, required=True, metavar="EDGE.TOML")
    run.set_defaults(command=_run)
    check = commands.add_parser("check-config", help="explain every error of a settings file")
    check.add_argument("--config", type=Path, required=True, metavar="EDGE.TOML")
    check.set_defaults(command=_check_config)


def _run(options: argparse.Namespace) -> int:
    from edge.daemon import run_daemon
    from edge.log import configure_logging
    from edge.settings import SettingsRefused, read_settings

    configure_logging()
    try:
        return run_daemon(read_settings(options.config))
    except SettingsRefused as refused:
        return _refused(*refused.lines)


def _check_config(options: argparse.Namespace) -> int:
    from edge.file_checks import check_files
    from edge.settings import SettingsRefused, read_settings

    try:
        settings = read_settings(options.config)
    except SettingsRefused as refused:
        return _refused(*refused.lines)
    checked = check_files(settings, options.config)
    if checked.errors:
        return _refused(*checked.errors)
    for warning in checked.warnings:
        print(warning, file=sys.stderr)
    devices = counted(len(settings.devices), "device")
    warned = f", {counted(len(checked.warnings), 'warning')}" if checked.warnings else ""
    print(f"{options.config}: well; {devices}, store {settings.store.path}{warned}")
    return WELL


# --- the demo


def _add_demo(commands: Commands) -> None:
    demo = commands.add_parser("demo", help="a till in the terminal; without one, a scripted day")
    demo.add_argument("--script", action="store_true", help="the scripted day in a terminal too")
    demo.add_argument(
        "--receipts", type=Path, metavar="FOLDER", help="the scripted day's papers, text and PNG"
    )
    demo.set_defaults(command=_demo)


def _demo(options: argparse.Namespace) -> int:
    from edge.demo.run import run_demo

    return run_demo(
        scripted=options.script or not (sys.stdin.isatty() and sys.stdout.isatty()),
        receipts=options.receipts,
    )


# --- the journal


def _add_journal(commands: Commands) -> None:
    journal = commands.add_parser("journal", help="check, read or export a till's journal")
    verbs = journal.add_subparsers(required=True, metavar="VERB")
    for verb, command, text in (
        ("verify", _verify, "check the chain, and the tables against it"),
        ("show", _show, "a line for each record"),
        ("export", _export, "one record a line, as JSON"),
    ):
        parser = verbs.add_parser(verb, help=text)
        parser.add_argument("--store", type=Path, required=True, metavar="FILE")
        parser.set_defaults(command=_over_store, over=command)
        if verb == "show":
            parser.add_argument("--receipt", type=int, metavar="NO", help="only this receipt's")
            parser.add_argument("--last", type=int, metavar="N", help="only the last N")
    restore = verbs.add_parser("restore", help="make a backup that was put back fit to sell")
    restore.add_argument("--store", type=Path, required=True, metavar="FILE")
    restore.add_argument("--next-receipt", type=int, metavar="NO", help="behind the last one used")
    restore.add_argument("--next-z", type=int, metavar="NO", help="behind the last Z report")
    restore.set_defaults(command=_restore)


def _over_store(options: argparse.Namespace) -> int:
    """Read the store itself; where a daemon has it open, a copy that the daemon makes."""
    from edge.control import ControlRefused, copy_of
    from edge.ports import StoreError, StoreRefused
    from edge.store.connection import StoreLive

    over: Callable[[argparse.Namespace, Path], int] = options.over
    try:
        try:
            return over(options, options.store)
        except StoreLive:
            with copy_of(options.store) as copy:
                return over(options, copy)
    except (StoreRefused, StoreError, ControlRefused) as refused:
        return _refused(str(refused))


def _verify(options: argparse.Namespace, store: Path) -> int:
    from edge.store.tools import verify

    report = verify(store)
    for problem in report.problems:
        print(f"{options.store}: {problem}", file=sys.stderr)
    print(
        f"{options.store}: {report.records} records to {report.epoch}/{report.seq}, "
        f"{report.receipts} receipts, head {report.hash[:16]}: "
        f"{'verified' if report.ok else 'NOT VERIFIED'}"
    )
    return WELL if report.ok else FINDING


def _show(options: argparse.Namespace, store: Path) -> int:
    from edge.store.tools import show

    for line in show(store, receipt_no=options.receipt, last=options.last):
        print(line)
    return WELL


def _export(options: argparse.Namespace, store: Path) -> int:
    from edge.store.tools import export

    del options
    for line in export(store):
        print(line)
    return WELL


def _restore(options: argparse.Namespace) -> int:
    import asyncio

    from edge.clock import SystemClock
    from edge.ports import StoreError, StoreRefused
    from edge.store.restoring import restore

    try:
        restored = asyncio.run(
            restore(options.store, SystemClock, options.next_receipt, options.next_z)
        )
    except (StoreRefused, StoreError) as refused:
        return _refused(str(refused))
    print(
        f"{options.store}: epoch {restored.epoch} follows on {restored.of_epoch}/{restored.of_seq},"
        f" receipt {restored.next_receipt_no} comes next, and Z {restored.next_z_no}"
    )
    return WELL


# --- the cashier's screen


def _add_screen(commands: Commands) -> None:
    screen = commands.add_parser("screen", help="what the cashier sees now, as a picture")
    screen.add_argument("--store", type=Path, required=True, metavar="FILE", help="the till's")
    screen.add_argument("--png", type=Path, required=True, metavar="FILE")
    screen.add_argument("--size", type=_size, default=(800, 480), metavar="800x480")
    screen.set_defaults(command=_screen)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 800x480")
    return int(width), int(height)


def _screen(options: argparse.Namespace) -> int:
    from edge.control import ControlRefused
    from edge.screen_shot import shoot_screen

    try:
        shoot_screen(options.store, options.png, options.size)
    except (ControlRefused, OSError, ValueError) as refused:
        return _refused(str(refused))
    return WELL


# --- the replay


def _add_replay(commands: Commands) -> None:
    replay = commands.add_parser(
        "replay", help="put a retailer's till rolls through the whole till"
    )
    replay.add_argument("files", type=Path, nargs="+", metavar="FILE.csv[.gz]")
    replay.add_argument("--store", type=Path, metavar="FILE", help="keep the store there")
    replay.add_argument("--uplink", metavar="HOST:PORT", help="through this broker into an own HQ")
    replay.add_argument("--report", type=Path, metavar="FILE", help="where rejected rows are named")
    replay.set_defaults(command=_replay)


def _replay(options: argparse.Namespace) -> int:
    import logging

    from edge.log import configure_logging
    from edge.replay.run import ReplayRefused, run_replay

    configure_logging(logging.WARNING)
    try:
        figures = run_replay(
            options.files, store=options.store, uplink=options.uplink, report=options.report
        )
    except ReplayRefused as refused:
        return _refused(str(refused))
    print(json.dumps(figures))
    return WELL if figures["journal_verified"] else FINDING


# --- the price of one basket


def _add_price(commands: Commands) -> None:
    price = commands.add_parser("price", help="price one basket: try a promotion before it is live")
    price.add_argument("request", type=Path, metavar="REQUEST.json")
    price.set_defaults(command=_price)


def _price(options: argparse.Namespace) -> int:
    from edge.price.run import run_price

    return run_price(options.request)


if __name__ == "__main__":
    sys.exit(main())
