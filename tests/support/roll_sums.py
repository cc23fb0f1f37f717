"""The figures of till rolls, summed with nothing but the standard library and none of the till."""

import csv
import gzip
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any


def sums(paths: Iterable[Path]) -> dict[str, Any]:
    """What `edge replay` is to print of readable rows, without `journal_*` and `hq`; beside it the
    records that the journal must have.
    """
    sold: dict[str, int] = {}
    returned: dict[str, int] = {}
    figures = dict.fromkeys(
        ("sold_units", "returned_units", "adjusted_units", "rejected_rows", "adjustments"), 0
    )
    prices: dict[str, dict[int, int]] = {}
    priced: list[tuple[str, int]] = []
    for row in rows_of(paths):
        invoice, units = row["InvoiceNo"], int(row["Quantity"])
        pence = Decimal(row["UnitPrice"]) * 100
        whole = pence == pence.to_integral_value()
        if whole and pence > 0:
            tally = prices.setdefault(row["StockCode"], {})
            tally[int(pence)] = tally.get(int(pence), 0) + 1
        if invoice[0] == "A" or pence < 0 or not whole:
            figures["rejected_rows"] += 1
        elif pence == 0:
            figures["adjusted_units"] += units
            figures["adjustments"] += 1
        elif (units < 0) != (invoice[0] == "C"):
            figures["rejected_rows"] += 1
        else:
            trade, name = (sold, "sold_units") if units > 0 else (returned, "returned_units")
            trade[invoice] = trade.get(invoice, 0) + int(pence) * abs(units)
            figures[name] += abs(units)
            priced.append((row["StockCode"], int(pence)))
    return {
        "sales": len(sold),
        "refunds": len(returned),
        "sales_minor": sum(sold.values()),
        "refunds_minor": sum(returned.values()),
        "overrides": overrides(prices, priced),
        **figures,
    }


def overrides(prices: dict[str, dict[int, int]], priced: list[tuple[str, int]]) -> int:
    """How many were not at their product's most common price, of equals the lowest."""
    usual = {
        code: min(tally, key=lambda pence: (-tally[pence], pence)) for code, tally in prices.items()
    }
    return sum(usual[code] != pence for code, pence in priced)


def rows_of(paths: Iterable[Path]) -> Iterable[dict[str, str]]:
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def journal_records(figures: dict[str, Any]) -> int:
    """The epoch, the catalogue, every receipt, every override and every adjustment."""
    counted = ("sales", "refunds", "overrides", "adjustments")
    return 2 + sum(figures[name] for name in counted)
