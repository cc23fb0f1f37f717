"""`make bench`: the figures, with the floor beside each, in one run on this machine."""

import logging
import os
import platform
import sqlite3
import time
from pathlib import Path
from tempfile import TemporaryDirectory

# Started as a script, with the folder of this file as the place to import from.
import committing
import full_scan
import lookup
import members
import printing
import promotions
import redrawing
import replaying
import scanning
import searching
import starting
import wires
from shop import articles_of, barcodes
from table import Figure, lines_of

from edge.log import configure_logging
from edge.store.catalogue_cache import catalogue_of

# On the repository's own disk: a temporary directory may be memory, which is no disk to sync.
BUILD = Path(__file__).parents[1] / "build"


def main() -> None:
    """Measure everything, one after the other, and print one table."""
    configure_logging(logging.CRITICAL)
    begun = time.monotonic()
    codes, what = barcodes()
    articles = articles_of(codes)
    BUILD.mkdir(exist_ok=True)
    figures: list[Figure] = []
    with TemporaryDirectory(prefix="bench-", dir=BUILD) as name:
        directory = Path(name)
        store = directory / "till.db"
        starting.fill(store, articles)
        figures += lookup.measure(catalogue_of("benchmark", articles), codes)
        figures += searching.measure(catalogue_of("benchmark", articles))
        figures += scanning.measure(store, codes)
        figures += full_scan.measure(store, codes)
        figures += wires.measure(directory, store, codes)
        figures += redrawing.measure(directory)
        figures += printing.measure()
        figures += committing.measure(directory, articles)
        figures += members.measure(directory)
        figures += promotions.measure()
        figures += starting.measure(directory, store)
        figures += replaying.measure(directory)
    print(f"{len(codes):,} {what}; {machine()}; {time.monotonic() - begun:.0f} s")
    print("\n".join(lines_of(figures)))
    missed = [figure.measure for figure in figures if figure.met is False]
    print(f"aims missed: {', '.join(missed)}" if missed else "all aims met")


def machine() -> str:
    """What matters of this machine, without its name."""
    return (
        f"{os.cpu_count()} cores {platform.machine()}, {platform.system()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


if __name__ == "__main__":
    main()
