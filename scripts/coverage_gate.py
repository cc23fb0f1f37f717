"""Print how much of each room the tests run, and fail on any line or branch of the core that
they don't.
"""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

GATED = "edge/checkout/"


def measured() -> dict[str, Any]:
    """File -> figures, as coverage has them in JSON."""
    report = Path("build/coverage.json")
    report.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(report)]
    subprocess.run(command, check=True)
    files: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["files"]
    return files


def room_of(file: str) -> str:
    """The folder of a file of the package, `edge/` for those at its top."""
    return str(Path(file).parent) + "/"


def room_table(files: dict[str, Any]) -> list[str]:
    """A line per room: statements run, branches taken, and both as a percentage."""
    rooms: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for file, figures in files.items():
        summary = figures["summary"]
        for index, key in enumerate(
            ("covered_lines", "num_statements", "covered_branches", "num_branches")
        ):
            rooms[room_of(file)][index] += summary[key]
    width = max(len(room) for room in rooms)
    return [
        f"{room:{width}} {lines:6}/{statements:<6} lines {taken:6}/{branches:<6} branches"
        f" {100 * (lines + taken) / max(1, statements + branches):6.1f} %"
        for room, (lines, statements, taken, branches) in sorted(rooms.items())
    ]


def ranges(lines: list[int]) -> str:
    """`3-5, 9` for 3, 4, 5 and 9."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def gaps(files: dict[str, Any]) -> list[str]:
    """A line for each gated file with something that no test runs: the lines, and the branches
    never taken from lines that were run (a negative end is the function's own).
    """
    found = []
    for file, figures in sorted(files.items()):
        if not file.startswith(GATED):
            continue
        lines = figures["missing_lines"]
        branches = [
            f"{start}->{end}"
            for start, end in figures["missing_branches"]
            if start not in lines and end not in lines
        ]
        if lines or branches:
            found.append(f"{file}: not run: {'; '.join(filter(None, [ranges(lines), *branches]))}")
    return found


def main() -> int:
    files = measured()
    print("\n".join(room_table(files)))
    missing = gaps(files)
    for gap in missing:
        print(gap, file=sys.stderr)
    if missing:
        print(f"coverage: {GATED} must be run to 100 % of its branches", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
