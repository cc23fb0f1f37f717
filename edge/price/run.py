"""`edge price REQUEST.json`: the answer on stdout as JSON, or why there is none on stderr."""

import sys
from pathlib import Path
from typing import Final

from edge.price.pricing import price
from edge.price.reading import PriceRefused, read_request

WELL: Final = 0
REFUSED: Final = 2


def run_price(path: Path) -> int:
    """0 with the answer, 2 with a line for each of the first errors."""
    try:
        request = read_request(path)
    except PriceRefused as refused:
        for line in refused.lines:
            sys.stderr.write(f"{line}\n")
        return REFUSED
    sys.stdout.write(price(request).model_dump_json(indent=2) + "\n")
    return WELL
