"""Draw some of the scripted day's papers side by side: what customers and the shop get."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from edge.checkout.paper.receipt import Receipt
from edge.checkout.paper.receipt_layout import lay_out
from edge.demo.day import DAY
from edge.demo.house import logging_to, open_house
from edge.demo.papers import COLUMNS
from edge.demo.script import Player
from edge.drivers.printers.receipt_picture import beside, draw_receipt
from edge.hq.local_broker import BrokerMissingError

PICTURE: Final = Path(__file__).parents[1] / "docs/pictures/receipts.png"
# What stands on the papers that are worth a picture, column by column.
TYPICAL: Final = (
    ("Snacks: 3 for 2", "Spring coupon"),
    ("Count card", "REFUND"),
    ("Points used", "COPY"),
    ("Z REPORT",),
)
GAP: Final = 16
COUNTER: Final = 208


async def the_days_papers(directory: Path) -> list[Receipt]:
    """All that the scripted day prints."""
    async with open_house(directory, _no_broker) as house:
        player = Player(house, io.StringIO())
        await player.play(DAY)
        return player.papers


@asynccontextmanager
async def _no_broker() -> AsyncIterator[int]:
    raise BrokerMissingError("no headquarters in a picture")
    yield


def the_first_with(papers: Sequence[Receipt], words: str) -> Receipt:
    """Raises StopIteration where no paper has the words."""
    return next(paper for paper in papers if words in "\n".join(lay_out(paper, COLUMNS)))


def below(papers: Sequence[Receipt]) -> Image.Image:
    """The papers one below the other, on the counter."""
    drawn = [draw_receipt(paper, COLUMNS) for paper in papers]
    height = sum(paper.height + GAP for paper in drawn) - GAP
    column = Image.new("L", (drawn[0].width, height), COUNTER)
    top = 0
    for paper in drawn:
        column.paste(paper, (0, top))
        top += paper.height + GAP
    return column


def main() -> None:
    with (
        TemporaryDirectory(prefix="edge-papers-") as directory,
        logging_to(Path(directory) / "demo.log"),
    ):
        papers = asyncio.run(the_days_papers(Path(directory)))
    columns = [below([the_first_with(papers, words) for words in column]) for column in TYPICAL]
    beside(columns).quantize(4).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
