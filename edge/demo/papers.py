"""The day's papers in a folder: each as text and as a picture, and all of them side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from edge.checkout.paper.receipt import Receipt
from edge.checkout.paper.receipt_layout import lay_out
from edge.drivers.printers.receipt_picture import FontMissingError, beside, draw_receipt

COLUMNS: Final = 40
# So many papers side by side are as wide as a desk's screen.
IN_A_ROW: Final = 8


def save_papers(papers: Sequence[Receipt], folder: Path) -> str:
    """Write them, in place of those of the day before; what was written, in a line."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("paper-*.txt"), *folder.glob("paper*.png")):
        old.unlink()
    for number, paper in enumerate(papers, 1):
        lines = "\n".join(line.rstrip() for line in lay_out(paper, COLUMNS))
        (folder / f"paper-{number:02}.txt").write_text(f"{lines}\n", encoding="utf-8")
    try:
        pictures = [draw_receipt(paper, COLUMNS) for paper in papers]
    except FontMissingError as error:
        return f"{len(papers)} papers as text in {folder}; no pictures: {error}"
    for number, picture in enumerate(pictures, 1):
        picture.convert("1").save(folder / f"paper-{number:02}.png", optimize=True)
    for row, first in enumerate(range(0, len(pictures), IN_A_ROW), 1):
        beside(pictures[first : first + IN_A_ROW]).save(folder / f"papers-{row}.png", optimize=True)
    return f"{len(papers)} papers as text and pictures in {folder}"
