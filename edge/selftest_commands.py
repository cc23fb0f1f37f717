"""`edge selftest`: every device of a box, with a technician or without one."""

import argparse
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Final

WELL: Final = 0
FINDING: Final = 1
REFUSED: Final = 2
STDOUT: Final = "-"


def add_selftest(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Put the command among the others."""
    selftest = commands.add_parser("selftest", help="whether every device works; daemon stopped")
    selftest.add_argument("--config", type=Path, required=True, metavar="EDGE.TOML")
    selftest.add_argument(
        "--unattended", action="store_true", help="what needs no hands; nobody is asked"
    )
    selftest.add_argument("--json", metavar="FILE", help="the report as JSON; - for stdout")
    selftest.set_defaults(command=_selftest)


def _selftest(options: argparse.Namespace) -> int:
    import logging

    from edge import event_loop
    from edge.log import configure_logging
    from edge.ports import StoreRefused
    from edge.selftest.run import Means, run_selftest
    from edge.settings import SettingsRefused, read_settings
    from edge.store.connection import StoreLive

    configure_logging(logging.ERROR)
    # With the report on stdout, what is said on the way goes beside it.
    say = partial(print, file=sys.stderr if options.json == STDOUT else sys.stdout, flush=True)
    typed = None if options.unattended else _keyboard()
    try:
        settings = read_settings(options.config)
        result = event_loop.run(run_selftest(settings, Means(say, typed)))
    except SettingsRefused as refused:
        return _refused(*refused.lines)
    except StoreLive as live:
        return _refused(f"{live}; stop it first: systemctl stop edge")
    except StoreRefused as refused:
        return _refused(str(refused))
    except KeyboardInterrupt:
        return _refused("stopped; nothing is on record")
    written = json.dumps(result.json, ensure_ascii=False, indent=2)
    if options.json == STDOUT:
        print(written)
    elif options.json is not None:
        try:
            Path(options.json).write_text(written + "\n", encoding="utf-8")
        except OSError as error:
            print(f"{options.json}: can't be written: {error.strerror}", file=sys.stderr)
            return FINDING
    return WELL if result.report.is_well else FINDING


def _keyboard() -> int:
    """Where somebody may type; without a terminal he has the till's keypad."""
    return sys.stdin.fileno() if sys.stdin is not None else os.open(os.devnull, os.O_RDONLY)


def _refused(*lines: str) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return REFUSED
