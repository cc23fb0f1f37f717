"""Figures side by side: ours, the floor of the same run, the ratio and the aim."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

HEADS = ("measure", "ours", "floor", "ratio", "aim", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `met` is None where there is no aim."""

    measure: str
    ours: str
    floor: str = ""
    ratio: float | None = None
    aim: str = ""
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = {None: "", True: "met", False: "MISSED"}[self.met]
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}x"
        return self.measure, self.ours, self.floor, ratio, self.aim, verdict


def lines_of(figures: Sequence[Figure]) -> list[str]:
    """The table, its columns aligned."""
    rows = [HEADS, *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return [lines[0], "-" * max(map(len, lines)), *lines[1:]]


def p50(values: Sequence[float]) -> float:
    return statistics.median(values)


def p99(values: Sequence[float]) -> float:
    """The smallest value that 99 % of them do not exceed."""
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]


def ms(seconds: float) -> str:
    return f"{seconds * 1e3:.3f} ms"


def p50_p99(values: Sequence[float]) -> str:
    return f"p50 {ms(p50(values))}, p99 {ms(p99(values))}"
